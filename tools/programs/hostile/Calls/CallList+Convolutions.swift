import Slope
import SlopeCore
import SlopeNN

/// Convolutions, pools, windows and distances.
extension CallList {
  func addSlidingCalls<Element: TensorElement>(_ type: Element.Type) {
    add("Tensor.unfolded(axis:size:step:)") { draw in
      draw.use(draw.tensor(type).unfolded(axis: draw.int(), size: draw.int(), step: draw.int()))
    }
  }

  func addWindowCalls<Element: NumericElement>(_ type: Element.Type) {
    add("conv2d(_:weight:bias:stride:padding:dilation:groups:)") { draw in
      draw.use(
        conv2d(
          draw.planes(type), weight: draw.planes(type),
          bias: draw.bool() ? nil : draw.tensor(type), stride: draw.pair(), padding: draw.padding(),
          dilation: draw.pair(), groups: draw.bool() ? 1 : draw.int()))
    }
    add("conv1d(_:weight:bias:stride:padding:dilation:groups:)") { draw in
      draw.use(
        conv1d(
          draw.tensor(type), weight: draw.tensor(type),
          bias: draw.bool() ? nil : draw.tensor(type), stride: draw.int(), padding: draw.padding(),
          dilation: draw.int(), groups: draw.bool() ? 1 : draw.int()))
    }
    add("convTranspose2d(_:weight:bias:stride:padding:outputPadding:groups:dilation:)") { draw in
      draw.use(
        convTranspose2d(
          draw.planes(type), weight: draw.planes(type),
          bias: draw.bool() ? nil : draw.tensor(type), stride: draw.pair(), padding: draw.pair(),
          outputPadding: draw.bool() ? 0 : draw.pair(), groups: draw.bool() ? 1 : draw.int(),
          dilation: draw.pair()))
    }
    add("convTranspose1d(_:weight:bias:stride:padding:outputPadding:groups:dilation:)") { draw in
      draw.use(
        convTranspose1d(
          draw.tensor(type), weight: draw.tensor(type),
          bias: draw.bool() ? nil : draw.tensor(type), stride: draw.int(), padding: draw.int(),
          outputPadding: draw.bool() ? 0 : draw.int(), groups: draw.bool() ? 1 : draw.int(),
          dilation: draw.int()))
    }
    add("Tensor.maxPool2d(_:stride:padding:dilation:ceilMode:)") { draw in
      draw.use(
        draw.planes(type).maxPool2d(
          draw.pair(), stride: draw.bool() ? nil : draw.pair(), padding: draw.margin(),
          dilation: draw.pair(), ceilMode: draw.bool()))
    }
    add("Tensor.maxPool2dWithIndices(_:stride:padding:dilation:ceilMode:)") { draw in
      draw.use(
        draw.planes(type).maxPool2dWithIndices(
          draw.pair(), stride: draw.bool() ? nil : draw.pair(), padding: draw.margin(),
          dilation: draw.pair(), ceilMode: draw.bool()
        ).indices)
    }
    add("Tensor.maxPool1d(_:stride:padding:dilation:ceilMode:)") { draw in
      draw.use(
        draw.tensor(type).maxPool1d(
          draw.int(), stride: draw.bool() ? nil : draw.int(), padding: draw.margin().width,
          dilation: draw.int(), ceilMode: draw.bool()))
    }
    add("Tensor.maxPool1dWithIndices(_:stride:padding:dilation:ceilMode:)") { draw in
      draw.use(
        draw.tensor(type).maxPool1dWithIndices(
          draw.int(), stride: draw.bool() ? nil : draw.int(), padding: draw.margin().width,
          dilation: draw.int(), ceilMode: draw.bool()
        ).indices)
    }
    add("Tensor.adaptiveMaxPool2d(rows:columns:)") { draw in
      draw.use(
        draw.planes(type).adaptiveMaxPool2d(
          rows: draw.bool() ? nil : draw.int(), columns: draw.bool() ? nil : draw.int()
        ).values)
    }
    add("Tensor.adaptiveMaxPool1d(_:)") { draw in
      draw.use(draw.tensor(type).adaptiveMaxPool1d(draw.int()).indices)
    }
    add("Tensor.unfolded(kernel:dilation:padding:stride:)") { draw in
      draw.use(
        draw.planes(type).unfolded(
          kernel: draw.pair(), dilation: draw.pair(), padding: draw.pair(), stride: draw.pair()))
    }
    add("Tensor.folded(into:kernel:dilation:padding:stride:)") { draw in
      draw.use(
        draw.tensor(type).folded(
          into: draw.pair(), kernel: draw.pair(), dilation: draw.pair(), padding: draw.margin(),
          stride: draw.pair()))
    }
    add("Tensor.pixelShuffled(_:)") { $0.use($0.tensor(type).pixelShuffled($0.int())) }
    add("Tensor.pixelUnshuffled(_:)") { $0.use($0.tensor(type).pixelUnshuffled($0.int())) }
    add("Tensor.channelShuffled(groups:)") {
      $0.use($0.tensor(type).channelShuffled(groups: $0.int()))
    }
  }

  func addFloatingWindowCalls<Element: FloatingElement>(_ type: Element.Type) {
    add("Tensor.avgPool2d(_:stride:padding:ceilMode:countsPadding:divisor:)") { draw in
      draw.use(
        differentiable: draw.planes(type).avgPool2d(
          draw.pair(), stride: draw.bool() ? nil : draw.pair(), padding: draw.margin(),
          ceilMode: draw.bool(), countsPadding: draw.bool(),
          divisor: draw.bool() ? nil : draw.int()))
    }
    add("Tensor.avgPool1d(_:stride:padding:ceilMode:countsPadding:)") { draw in
      draw.use(
        differentiable: draw.tensor(type).avgPool1d(
          draw.int(), stride: draw.bool() ? nil : draw.int(), padding: draw.margin().width,
          ceilMode: draw.bool(), countsPadding: draw.bool()))
    }
    add("Tensor.adaptiveAvgPool2d(rows:columns:)") { draw in
      draw.use(
        differentiable: draw.planes(type).adaptiveAvgPool2d(
          rows: draw.bool() ? nil : draw.int(), columns: draw.bool() ? nil : draw.int()))
    }
    add("Tensor.adaptiveAvgPool1d(_:)") { draw in
      draw.use(differentiable: draw.tensor(type).adaptiveAvgPool1d(draw.int()))
    }
    add("Tensor.lpPool2d(_:kernel:stride:ceilMode:)") { draw in
      draw.use(
        differentiable: draw.planes(type).lpPool2d(
          draw.number(), kernel: draw.pair(), stride: draw.bool() ? nil : draw.pair(),
          ceilMode: draw.bool()))
    }
    add("Tensor.lpPool1d(_:kernel:stride:ceilMode:)") { draw in
      draw.use(
        differentiable: draw.tensor(type).lpPool1d(
          draw.number(), kernel: draw.int(), stride: draw.bool() ? nil : draw.int(),
          ceilMode: draw.bool()))
    }
    add("Tensor.maxUnpool2d(_:kernel:stride:padding:to:)") { draw in
      let planes = draw.planes(type)
      let (values, indices) =
        draw.bool() ? planes.maxPool2dWithIndices(1) : (planes, draw.tensor(Int.self))
      draw.use(
        differentiable: values.maxUnpool2d(
          indices, kernel: draw.pair(), stride: draw.bool() ? nil : draw.pair(),
          padding: draw.margin(), to: draw.bool() ? nil : draw.pair()))
    }
    add("Tensor.maxUnpool1d(_:kernel:stride:padding:to:)") { draw in
      let sequences = draw.tensor(type)
      let (values, indices) =
        draw.bool() ? sequences.maxPool1dWithIndices(1) : (sequences, draw.tensor(Int.self))
      draw.use(
        differentiable: values.maxUnpool1d(
          indices, kernel: draw.int(), stride: draw.bool() ? nil : draw.int(),
          padding: draw.margin().width, to: draw.bool() ? nil : draw.int()))
    }
    add("Tensor.interpolated(to:mode:alignsCorners:)") { draw in
      draw.use(
        differentiable: draw.planes(type).interpolated(
          to: draw.ints(3), mode: draw.one(of: InterpolationMode.allCases),
          alignsCorners: draw.once(in: 4)))
    }
    add("Tensor.interpolated(by:mode:alignsCorners:)") { draw in
      draw.use(
        differentiable: draw.planes(type).interpolated(
          by: (0..<draw.below(4)).map { _ in draw.number() },
          mode: draw.one(of: InterpolationMode.allCases), alignsCorners: draw.once(in: 4)))
    }
    add("Tensor.localResponseNormalized(size:alpha:beta:k:)") { draw in
      draw.use(
        differentiable: draw.tensor(type).localResponseNormalized(
          size: draw.int(), alpha: draw.number(), beta: draw.number(), k: draw.number()))
    }
    add("Tensor.normalized(_:axis:epsilon:)") { draw in
      draw.use(
        differentiable: draw.tensor(type).normalized(
          draw.number(), axis: draw.int(), epsilon: draw.number()))
    }
    add("cosineSimilarity(_:_:axis:epsilon:)") { draw in
      let x = draw.tensor(type)
      draw.use(
        differentiable: cosineSimilarity(
          x, draw.tensor(like: x), axis: draw.int(), epsilon: draw.number()))
    }
    add("pairwiseDistance(_:_:p:epsilon:keepingAxis:)") { draw in
      let x = draw.tensor(type)
      draw.use(
        differentiable: pairwiseDistance(
          x, draw.tensor(like: x), p: draw.number(), epsilon: draw.number(),
          keepingAxis: draw.bool()))
    }
    add("bilinear(_:_:weight:bias:)") { draw in
      draw.use(
        differentiable: bilinear(
          draw.tensor(type), draw.tensor(type), weight: draw.tensor(type),
          bias: draw.bool() ? nil : draw.tensor(type)))
    }
    addWindowLayers(type)
    addMarginLosses(type)
  }

  func addPairCalls() {
    add("Pair.init(_:)") { _ = Pair($0.int()).description }
    add("Pair.init(_:_:)") { _ = Pair($0.int(), $0.int()).height }
    add("Pair.init(integerLiteral:)") { _ = Pair(integerLiteral: $0.int()).width }
    add("Pair.init(arrayLiteral:)") { draw in
      let (a, b) = (draw.int(), draw.int())
      _ = draw.bool() ? Pair(arrayLiteral: a) : Pair(arrayLiteral: a, b, a)
    }
    add("Pair.description") { _ = Pair($0.int()).description }
    add("ConvolutionPadding.init(integerLiteral:)") {
      _ = ConvolutionPadding(integerLiteral: $0.int()).description
    }
    add("ConvolutionPadding.init(arrayLiteral:)") { draw in
      let (a, b) = (draw.int(), draw.int())
      _ =
        draw.bool()
        ? ConvolutionPadding(arrayLiteral: a) : ConvolutionPadding(arrayLiteral: a, b, a)
    }
    add("ConvolutionPadding.description") { _ = $0.padding().description }
  }
}

extension Draw {
  /// Two integers, usually small.
  mutating func pair() -> Pair { bool() ? Pair(int()) : Pair(int(), int()) }

  /// Two integers, usually 0.
  mutating func margin() -> Pair { bool() ? 0 : pair() }

  mutating func padding() -> ConvolutionPadding {
    switch below(4) {
    case 0: .same
    case 1: .valid
    default: .margins(margin())
    }
  }

  /// A tensor, often with a leading axis, so that there are as many as planes have.
  mutating func planes<Element: TensorElement>(_ type: Element.Type) -> Tensor<Element> {
    let tensor = tensor(type)
    guard bool(), tensor.rank > 0, tensor.rank < 4 else { return tensor }
    return tensor.reshaped(
      to: Shape(Array(repeating: 1, count: 4 - tensor.rank) + Array(tensor.shape)))
  }
}
