import Slope
import SlopeCore

/// Members of tensors of every element type.
extension CallList {
  func addElementCalls<Element: TensorElement>(_ type: Element.Type) {
    addMaking(type)
    addProperties(type)
    addViews(type)
    addRearranging(type)
    addSelection(type)
    addReductions(type)
    addOperators(type)
  }

  private func addMaking<Element: TensorElement>(_ type: Element.Type) {
    add("Tensor.init(_:)") { $0.use(Tensor($0.element(type))) }
    add("Tensor.init(_:)") { draw in
      draw.use(Tensor((0..<draw.below(5)).map { _ in draw.element(type) }))
    }
    add("Tensor.init(_:)") { draw in
      draw.use(
        Tensor(
          (0..<draw.below(4)).map { _ in
            Array(repeating: draw.element(type), count: draw.once(in: 4) ? draw.below(3) : 2)
          }))
    }
    add("Tensor.init(_:)") { draw in
      draw.use(
        Tensor(
          (0..<draw.below(3)).map { _ in
            (0..<draw.below(3)).map { _ in
              Array(repeating: draw.element(type), count: draw.once(in: 4) ? draw.below(3) : 2)
            }
          }))
    }
    add("Tensor.init(shape:scalars:)") { draw in
      draw.use(
        Tensor(
          shape: draw.shape(),
          scalars: Array(repeating: draw.element(type), count: draw.one(of: [0, 1, 2, 6, 24]))))
    }
    add("Tensor.full(_:_:)") { draw in draw.use(Tensor.full(draw.shape(), draw.element(type))) }
    add("Tensor.zeros(_:)") { $0.use(Tensor<Element>.zeros($0.shape())) }
    add("Tensor.cast(to:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(tensor.cast(to: Float.self))
      draw.use(tensor.cast(to: Int.self))
      draw.use(tensor.cast(to: Bool.self))
    }
    add("Tensor.to(_:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(tensor.to(draw.bool() ? .cpu : draw.tensors.device))
    }
  }

  private func addProperties<Element: TensorElement>(_ type: Element.Type) {
    add("Tensor.description") { _ = $0.tensor(type).description }
    add("Tensor.plot(title:mark:x:)") { draw in
      let mark: Chart.Mark = draw.one(of: [.line, .points, .bars])
      let places = draw.bool() ? nil : draw.tensor(type)
      _ = draw.tensor(type).plot(title: "", mark: mark, x: places).svg().count
    }
    add("Tensor.scalars") { _ = $0.tensor(type).scalars.count }
    add("Tensor.withScalars(_:)") { _ = $0.tensor(type).withScalars { $0.count } }
    add("Tensor.item()") { _ = $0.tensor(type).item() }
    add("Tensor.detached()") { $0.use($0.tensor(type).detached()) }
    add("Tensor.graph") { _ = $0.tensor(type).graph.description.count }
    add("ComputationGraph.dot") { _ = $0.tensor(type).graph.dot.count }
    add("ComputationGraph.description") { _ = $0.tensor(type).graph.description }
    add("Tensor.count") { _ = $0.tensor(type).count }
    add("Tensor.device") { _ = $0.tensor(type).device.description }
    add("Tensor.dtype") { _ = $0.tensor(type).dtype }
    add("Tensor.isFailed") { _ = $0.tensor(type).isFailed }
    add("Tensor.rank") { _ = $0.tensor(type).rank }
    add("Tensor.requiresGradient") { _ = $0.tensor(type).requiresGradient }
    add("Tensor.shape") { _ = $0.tensor(type).shape.elementCount }
  }

  private func addViews<Element: TensorElement>(_ type: Element.Type) {
    add("Tensor.subscript(_:)") { draw in
      let tensor = draw.tensor(type)
      switch draw.below(5) {
      case 0: draw.use(tensor[draw.index()])
      case 1, 2: draw.use(tensor[draw.index(), draw.index()])
      case 3: draw.use(tensor[draw.index(), draw.index(), draw.index()])
      default: draw.use(tensor[])
      }
    }
    add("Tensor.subscript(_:)") { $0.use($0.tensor(type)[...]) }
    add("Tensor.reshaped(to:)") { $0.use($0.tensor(type).reshaped(to: $0.shape())) }
    add("Tensor.expanded(to:)") { $0.use($0.tensor(type).expanded(to: $0.shape())) }
    add("Tensor.flattened()") { $0.use($0.tensor(type).flattened()) }
    add("Tensor.transposed()") { $0.use($0.tensor(type).transposed()) }
    add("Tensor.transposed(_:_:)") { $0.use($0.tensor(type).transposed($0.int(), $0.int())) }
    add("Tensor.permuted(_:)") { $0.use($0.tensor(type).permuted($0.ints(9))) }
    add("Tensor.squeezed()") { $0.use($0.tensor(type).squeezed()) }
    add("Tensor.squeezed(at:)") { $0.use($0.tensor(type).squeezed(at: $0.int())) }
    add("Tensor.unsqueezed(at:)") { $0.use($0.tensor(type).unsqueezed(at: $0.int())) }
    add("Tensor.diagonal(offset:axes:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        draw.bool()
          ? tensor.diagonal(offset: draw.int())
          : tensor.diagonal(offset: draw.int(), axes: (draw.int(), draw.int())))
    }
  }

  private func addRearranging<Element: TensorElement>(_ type: Element.Type) {
    add("Tensor.flipped(axes:)") { $0.use($0.tensor(type).flipped(axes: $0.axes())) }
    add("Tensor.rolled(by:axis:)") {
      $0.use($0.tensor(type).rolled(by: $0.int(), axis: $0.int()))
    }
    add("Tensor.split(sizes:axis:)") {
      $0.use($0.tensor(type).split(sizes: $0.ints(), axis: $0.int()))
    }
    add("Tensor.split(size:axis:)") {
      $0.use($0.tensor(type).split(size: $0.int(), axis: $0.int()))
    }
    add("Tensor.chunked(into:axis:)") {
      $0.use($0.tensor(type).chunked(into: $0.int(), axis: $0.int()))
    }
    add("Tensor.tiled(_:)") { $0.use($0.tensor(type).tiled($0.ints(9))) }
    add("Tensor.repeatInterleaved(_:axis:)") {
      $0.use($0.tensor(type).repeatInterleaved($0.int(), axis: $0.int()))
    }
    add("Tensor.padded(_:with:)") { draw in
      let tensor = draw.tensor(type)
      let count = draw.once(in: 6) ? draw.below(9) : tensor.rank
      let margins = (0..<count).map { _ in (before: draw.int(), after: draw.int()) }
      draw.use(tensor.padded(margins, with: draw.element(type)))
    }
    add("Tensor.lowerTriangle(diagonal:)") {
      $0.use($0.tensor(type).lowerTriangle(diagonal: $0.int()))
    }
    add("Tensor.upperTriangle(diagonal:)") {
      $0.use($0.tensor(type).upperTriangle(diagonal: $0.int()))
    }
    add("concatenate(_:axis:)") { $0.use(concatenate($0.several(type), axis: $0.int())) }
    add("stack(_:axis:)") { $0.use(stack($0.several(type), axis: $0.int())) }
  }

  private func addSelection<Element: TensorElement>(_ type: Element.Type) {
    add("Tensor.taking(_:axis:)") {
      $0.use($0.tensor(type).taking($0.tensor(Int.self), axis: $0.int()))
    }
    add("Tensor.takingAlong(_:axis:)") {
      $0.use($0.tensor(type).takingAlong($0.tensor(Int.self), axis: $0.int()))
    }
    add("Tensor.masked(by:)") { $0.use($0.tensor(type).masked(by: $0.tensor(Bool.self))) }
    add("Tensor.maskedFill(_:with:)") {
      $0.use($0.tensor(type).maskedFill($0.tensor(Bool.self), with: $0.element(type)))
    }
    add("Tensor.where(_:_:_:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(Tensor.where(draw.tensor(Bool.self), tensor, draw.tensor(like: tensor)))
    }
    add("Tensor.argsort(axis:descending:)") {
      $0.use($0.tensor(type).argsort(axis: $0.int(), descending: $0.bool()))
    }
    add("Tensor.sorted(axis:descending:)") {
      $0.use($0.tensor(type).sorted(axis: $0.int(), descending: $0.bool()))
    }
    add("Tensor.topK(_:axis:largest:)") {
      let found = $0.tensor(type).topK($0.int(), axis: $0.int(), largest: $0.bool())
      $0.use(found.values)
      $0.use(found.indices)
    }
  }

  private func addReductions<Element: TensorElement>(_ type: Element.Type) {
    add("Tensor.sum()") { $0.use($0.tensor(type).sum()) }
    add("Tensor.sum(axes:keepingAxes:)") {
      $0.use($0.tensor(type).sum(axes: $0.ints(3), keepingAxes: $0.bool()))
    }
    add("Tensor.sum(axis:keepingAxes:)") {
      $0.use($0.tensor(type).sum(axis: $0.int(), keepingAxes: $0.bool()))
    }
    add("Tensor.product()") { $0.use($0.tensor(type).product()) }
    add("Tensor.product(axes:keepingAxes:)") {
      $0.use($0.tensor(type).product(axes: $0.ints(3), keepingAxes: $0.bool()))
    }
    add("Tensor.product(axis:keepingAxes:)") {
      $0.use($0.tensor(type).product(axis: $0.int(), keepingAxes: $0.bool()))
    }
    add("Tensor.any(axis:keepingAxes:)") {
      $0.use($0.tensor(type).any(axis: $0.int(), keepingAxes: $0.bool()))
    }
    add("Tensor.all(axis:keepingAxes:)") {
      $0.use($0.tensor(type).all(axis: $0.int(), keepingAxes: $0.bool()))
    }
    add("Tensor.countNonzero(axis:keepingAxes:)") {
      $0.use($0.tensor(type).countNonzero(axis: $0.int(), keepingAxes: $0.bool()))
    }
    add("Tensor.any(axes:keepingAxes:)") {
      $0.use($0.tensor(type).any(axes: $0.axes(), keepingAxes: $0.bool()))
    }
    add("Tensor.all(axes:keepingAxes:)") {
      $0.use($0.tensor(type).all(axes: $0.axes(), keepingAxes: $0.bool()))
    }
    add("Tensor.max()") { $0.use($0.tensor(type).max()) }
    add("Tensor.max(axes:keepingAxes:)") {
      $0.use($0.tensor(type).max(axes: $0.ints(3), keepingAxes: $0.bool()))
    }
    add("Tensor.max(axis:keepingAxes:)") {
      $0.use($0.tensor(type).max(axis: $0.int(), keepingAxes: $0.bool()))
    }
    add("Tensor.min()") { $0.use($0.tensor(type).min()) }
    add("Tensor.min(axes:keepingAxes:)") {
      $0.use($0.tensor(type).min(axes: $0.ints(3), keepingAxes: $0.bool()))
    }
    add("Tensor.min(axis:keepingAxes:)") {
      $0.use($0.tensor(type).min(axis: $0.int(), keepingAxes: $0.bool()))
    }
    add("Tensor.countNonzero(axes:keepingAxes:)") {
      $0.use($0.tensor(type).countNonzero(axes: $0.axes(), keepingAxes: $0.bool()))
    }
    add("Tensor.cumulativeProduct(axis:)") {
      $0.use($0.tensor(type).cumulativeProduct(axis: $0.int()))
    }
  }

  private func addOperators<Element: TensorElement>(_ type: Element.Type) {
    typealias Pair = (Tensor<Element>, Tensor<Element>)
    typealias Mixed = (Tensor<Element>, Element)
    let pairs: [(String, (Pair) -> Tensor<Element>)] = [
      ("Tensor.+(_:_:)", { $0.0 + $0.1 }), ("Tensor.*(_:_:)", { $0.0 * $0.1 }),
      ("maximum(_:_:)", { maximum($0.0, $0.1) }), ("minimum(_:_:)", { minimum($0.0, $0.1) }),
      ("matmul(_:_:)", { matmul($0.0, $0.1) }),
      (
        "Tensor.+=(_:_:)",
        {
          var left = $0.0
          left += $0.1
          return left
        }
      ),
      (
        "Tensor.*=(_:_:)",
        {
          var left = $0.0
          left *= $0.1
          return left
        }
      ),
    ]
    for (name, function) in pairs {
      add(name) { draw in
        let tensor = draw.tensor(type)
        draw.use(function((tensor, draw.tensor(like: tensor))))
      }
    }
    let mixed: [(String, (Mixed) -> Tensor<Element>)] = [
      ("Tensor.+(_:_:)", { $0.0 + $0.1 }), ("Tensor.*(_:_:)", { $0.0 * $0.1 }),
      (
        "Tensor.+=(_:_:)",
        {
          var left = $0.0
          left += $0.1
          return left
        }
      ),
      (
        "Tensor.*=(_:_:)",
        {
          var left = $0.0
          left *= $0.1
          return left
        }
      ),
    ]
    for (name, function) in mixed {
      add(name) { $0.use(function(($0.tensor(type), $0.element(type)))) }
    }
    add("Tensor.+(_:_:)") { $0.use($0.element(type) + $0.tensor(type)) }
    add("Tensor.*(_:_:)") { $0.use($0.element(type) * $0.tensor(type)) }

    let comparisons:
      [(String, (Pair) -> Tensor<Bool>, (Mixed) -> Tensor<Bool>, (Mixed) -> Tensor<Bool>)] = [
        (".<", { $0.0 .< $0.1 }, { $0.0 .< $0.1 }, { $0.1 .< $0.0 }),
        (".<=", { $0.0 .<= $0.1 }, { $0.0 .<= $0.1 }, { $0.1 .<= $0.0 }),
        (".>", { $0.0 .> $0.1 }, { $0.0 .> $0.1 }, { $0.1 .> $0.0 }),
        (".>=", { $0.0 .>= $0.1 }, { $0.0 .>= $0.1 }, { $0.1 .>= $0.0 }),
        (".==", { $0.0 .== $0.1 }, { $0.0 .== $0.1 }, { $0.1 .== $0.0 }),
        (".!=", { $0.0 .!= $0.1 }, { $0.0 .!= $0.1 }, { $0.1 .!= $0.0 }),
      ]
    for (name, both, left, right) in comparisons {
      add("Tensor.\(name)(_:_:)") { draw in
        let tensor = draw.tensor(type)
        draw.use(both((tensor, draw.tensor(like: tensor))))
      }
      add("Tensor.\(name)(_:_:)") { $0.use(left(($0.tensor(type), $0.element(type)))) }
      add("Tensor.\(name)(_:_:)") { $0.use(right(($0.tensor(type), $0.element(type)))) }
    }
  }
}
