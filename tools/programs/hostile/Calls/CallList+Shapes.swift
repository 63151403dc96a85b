import Slope
import SlopeCore

/// Shapes, margins, grids and products of tensors of every element type, and the layers that pad.
extension CallList {
  func addShapeCalls<Element: TensorElement>(_ type: Element.Type) {
    addAxes(type)
    addParts(type)
    addJoining(type)
    addCreation(type)
  }

  private func addAxes<Element: TensorElement>(_ type: Element.Type) {
    add("Tensor.axisMoved(from:to:)") {
      $0.use($0.tensor(type).axisMoved(from: $0.int(), to: $0.int()))
    }
    add("Tensor.axesMoved(from:to:)") {
      $0.use($0.tensor(type).axesMoved(from: $0.ints(), to: $0.ints()))
    }
    add("Tensor.rotated(by:axes:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        draw.bool()
          ? tensor.rotated(by: draw.int())
          : tensor.rotated(by: draw.int(), axes: (draw.int(), draw.int())))
    }
    add("Tensor.squeezed(at:)") { $0.use($0.tensor(type).squeezed(at: $0.ints())) }
    add("Tensor.unsqueezed(at:)") { $0.use($0.tensor(type).unsqueezed(at: $0.ints(9))) }
    add("Tensor.unflattened(axis:to:)") {
      $0.use($0.tensor(type).unflattened(axis: $0.int(), to: $0.shape()))
    }
    add("Tensor.flattened(from:through:)") {
      $0.use($0.tensor(type).flattened(from: $0.int(), through: $0.int()))
    }
    add("Tensor.withRank(atLeast:)") { $0.use($0.tensor(type).withRank(atLeast: $0.int())) }
    add("Tensor.diagonalEmbedded(offset:axes:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        draw.bool()
          ? tensor.diagonalEmbedded(offset: draw.int())
          : tensor.diagonalEmbedded(offset: draw.int(), axes: (draw.int(), draw.int())))
    }
    add("Tensor.diag(offset:)") { $0.use($0.tensor(type).diag(offset: $0.int())) }
    add("Tensor.padded(_:mode:)") { draw in
      let tensor = draw.tensor(type)
      let count = draw.bool() ? tensor.rank : draw.below(4)
      let isMild = draw.bool()
      draw.use(
        tensor.padded(
          (0..<count).map { _ in
            (isMild ? draw.below(4) - 1 : draw.int(), isMild ? draw.below(4) - 1 : draw.int())
          }, mode: draw.one(of: PaddingMode.allCases)))
    }
    add("Tensor.rolled(by:axes:)") {
      $0.use($0.tensor(type).rolled(by: $0.ints(), axes: $0.ints()))
    }
  }

  private func addParts<Element: TensorElement>(_ type: Element.Type) {
    add("Tensor.narrowed(axis:from:count:)") {
      $0.use($0.tensor(type).narrowed(axis: $0.int(), from: $0.int(), count: $0.int()))
    }
    add("Tensor.selected(_:axis:)") {
      $0.use($0.tensor(type).selected($0.int(), axis: $0.int()))
    }
    add("Tensor.unstacked(axis:)") { $0.use($0.tensor(type).unstacked(axis: $0.int())) }
    add("Tensor.split(into:axis:)") {
      $0.use($0.tensor(type).split(into: $0.int(), axis: $0.int()))
    }
    add("Tensor.split(at:axis:)") {
      $0.use($0.tensor(type).split(at: $0.ints(), axis: $0.int()))
    }
    add("Tensor.hsplit(into:)") { $0.use($0.tensor(type).hsplit(into: $0.int())) }
    add("Tensor.hsplit(at:)") { $0.use($0.tensor(type).hsplit(at: $0.ints())) }
    add("Tensor.vsplit(into:)") { $0.use($0.tensor(type).vsplit(into: $0.int())) }
    add("Tensor.vsplit(at:)") { $0.use($0.tensor(type).vsplit(at: $0.ints())) }
    add("Tensor.dsplit(into:)") { $0.use($0.tensor(type).dsplit(into: $0.int())) }
    add("Tensor.dsplit(at:)") { $0.use($0.tensor(type).dsplit(at: $0.ints())) }
    add("Tensor.combinations(of:withReplacement:)") {
      $0.use($0.tensor(type).combinations(of: $0.int(), withReplacement: $0.bool()))
    }
  }

  private func addJoining<Element: TensorElement>(_ type: Element.Type) {
    add("broadcast(_:)") { $0.use(broadcast($0.several(type))) }
    add("hstack(_:)") { $0.use(hstack($0.several(type))) }
    add("vstack(_:)") { $0.use(vstack($0.several(type))) }
    add("dstack(_:)") { $0.use(dstack($0.several(type))) }
    add("columnStack(_:)") { $0.use(columnStack($0.several(type))) }
    add("blockDiagonal(_:)") { $0.use(blockDiagonal($0.several(type))) }
    add("meshgrid(_:indexing:)") {
      $0.use(meshgrid($0.several(type), indexing: $0.one(of: GridIndexing.allCases)))
    }
    add("cartesianProduct(_:)") { $0.use(cartesianProduct($0.several(type))) }
    add("kron(_:_:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(kron(tensor, draw.tensor(like: tensor)))
    }
    add("tensordot(_:_:axes:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(tensordot(tensor, draw.tensor(like: tensor), axes: draw.int()))
    }
    add("tensordot(_:_:axes:)") { draw in
      let tensor = draw.tensor(type)
      let axes = draw.ints()
      draw.use(
        tensordot(
          tensor, draw.tensor(like: tensor), axes: (axes, draw.bool() ? axes : draw.ints())))
    }
    add("Tensor.trace()") { $0.use($0.tensor(type).trace()) }
    add("Tensor.matrixPower(_:)") { $0.use($0.tensor(type).matrixPower($0.int())) }
  }

  private func addCreation<Element: TensorElement>(_ type: Element.Type) {
    add("Tensor.eye(_:_:offset:)") { draw in
      draw.use(
        Tensor<Element>.eye(draw.int(), draw.bool() ? nil : draw.int(), offset: draw.int()))
    }
    add("Tensor.zeros(like:)") { $0.use(Tensor.zeros(like: $0.tensor(type))) }
    add("Tensor.full(like:_:)") { $0.use(Tensor.full(like: $0.tensor(type), $0.element(type))) }
  }

  /// Those of element types with arithmetic.
  func addNumericShapeCalls<Element: NumericElement>(_ type: Element.Type) {
    add("Tensor.ones(like:)") { $0.use(Tensor.ones(like: $0.tensor(type))) }
    add("Tensor.linspace(_:_:count:)") {
      $0.use(Tensor<Element>.linspace($0.element(type), $0.element(type), count: $0.int()))
    }
    add("Tensor.logspace(_:_:count:base:)") {
      $0.use(
        Tensor<Element>.logspace(
          $0.element(type), $0.element(type), count: $0.int(), base: $0.number()))
    }
    add("cross(_:_:axis:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(cross(tensor, draw.tensor(like: tensor), axis: draw.int()))
    }
    add("Tensor.vandermonde(columns:increasing:)") {
      $0.use(
        $0.tensor(type).vandermonde(columns: $0.bool() ? nil : $0.int(), increasing: $0.bool()))
    }
  }

  /// Those of one element type.
  func addSingleShapeCalls() {
    add("Tensor.ones(like:)") { $0.use(Tensor.ones(like: $0.tensor(Bool.self))) }
    add("Tensor.lowerTriangleIndices(_:_:offset:)") {
      $0.use(Tensor<Int>.lowerTriangleIndices($0.int(), $0.int(), offset: $0.int()))
    }
    add("Tensor.upperTriangleIndices(_:_:offset:)") {
      $0.use(Tensor<Int>.upperTriangleIndices($0.int(), $0.int(), offset: $0.int()))
    }
  }

  /// Layers that pad, with any margins.
  func addPaddingLayerCalls<Element: FloatingElement>(_ type: Element.Type) {
    func layer(
      _ name: String, line: Int = #line, _ make: @escaping (inout Draw) -> any Layer<Element>
    ) {
      add(name, line: line) { draw in
        let layer = make(&draw)
        draw.use(differentiable: layer(draw.tensor(type)))
      }
    }
    layer("ReflectionPad1d.init(_:)") { ReflectionPad1d<Element>($0.int()) }
    layer("ReflectionPad1d.init(left:right:)") {
      ReflectionPad1d<Element>(left: $0.int(), right: $0.int())
    }
    layer("ReflectionPad2d.init(_:)") { ReflectionPad2d<Element>($0.int()) }
    layer("ReflectionPad2d.init(left:right:top:bottom:)") {
      ReflectionPad2d<Element>(left: $0.int(), right: $0.int(), top: $0.int(), bottom: $0.int())
    }
    layer("ReplicationPad1d.init(_:)") { ReplicationPad1d<Element>($0.int()) }
    layer("ReplicationPad1d.init(left:right:)") {
      ReplicationPad1d<Element>(left: $0.int(), right: $0.int())
    }
    layer("ReplicationPad2d.init(_:)") { ReplicationPad2d<Element>($0.int()) }
    layer("ReplicationPad2d.init(left:right:top:bottom:)") {
      ReplicationPad2d<Element>(left: $0.int(), right: $0.int(), top: $0.int(), bottom: $0.int())
    }
    layer("CircularPad1d.init(_:)") { CircularPad1d<Element>($0.int()) }
    layer("CircularPad1d.init(left:right:)") {
      CircularPad1d<Element>(left: $0.int(), right: $0.int())
    }
    layer("CircularPad2d.init(_:)") { CircularPad2d<Element>($0.int()) }
    layer("CircularPad2d.init(left:right:top:bottom:)") {
      CircularPad2d<Element>(left: $0.int(), right: $0.int(), top: $0.int(), bottom: $0.int())
    }
    layer("ConstantPad1d.init(_:value:)") {
      ConstantPad1d<Element>($0.int(), value: $0.element(type))
    }
    layer("ConstantPad1d.init(left:right:value:)") {
      ConstantPad1d<Element>(left: $0.int(), right: $0.int(), value: $0.element(type))
    }
    layer("ConstantPad2d.init(_:value:)") {
      ConstantPad2d<Element>($0.int(), value: $0.element(type))
    }
    layer("ConstantPad2d.init(left:right:top:bottom:value:)") {
      ConstantPad2d<Element>(
        left: $0.int(), right: $0.int(), top: $0.int(), bottom: $0.int(), value: $0.element(type))
    }
    layer("ZeroPad1d.init(_:)") { ZeroPad1d<Element>($0.int()) }
    layer("ZeroPad1d.init(left:right:)") { ZeroPad1d<Element>(left: $0.int(), right: $0.int()) }
    layer("ZeroPad2d.init(_:)") { ZeroPad2d<Element>($0.int()) }
    layer("ZeroPad2d.init(left:right:top:bottom:)") {
      ZeroPad2d<Element>(left: $0.int(), right: $0.int(), top: $0.int(), bottom: $0.int())
    }
    let made: [(String, any Layer<Element>)] = [
      ("ReflectionPad1d", ReflectionPad1d<Element>(1)),
      ("ReflectionPad2d", ReflectionPad2d<Element>(1)),
      ("ReplicationPad1d", ReplicationPad1d<Element>(2)),
      ("ReplicationPad2d", ReplicationPad2d<Element>(2)),
      ("CircularPad1d", CircularPad1d<Element>(1)), ("CircularPad2d", CircularPad2d<Element>(1)),
      ("ConstantPad1d", ConstantPad1d<Element>(1, value: 2)),
      ("ConstantPad2d", ConstantPad2d<Element>(1, value: 2)),
      ("ZeroPad1d", ZeroPad1d<Element>(1)), ("ZeroPad2d", ZeroPad2d<Element>(1)),
    ]
    for (name, layer) in made {
      add("\(name).callAsFunction(_:)") { $0.use(differentiable: layer($0.tensor(type))) }
      add("\(name).description") { _ in _ = layer.description }
    }
    let (lines, images) = (ConstantPad1d<Element>(1, value: 2), ConstantPad2d<Element>(1, value: 2))
    add("ConstantPad1d.value") { _ in _ = lines.value }
    add("ConstantPad2d.value") { _ in _ = images.value }
  }
}
