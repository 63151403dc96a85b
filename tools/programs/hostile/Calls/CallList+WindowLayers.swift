import Slope
import SlopeCore
import SlopeNN

/// Layers of windows, and losses of margins.
extension CallList {
  func addWindowLayers<Element: FloatingElement>(_ type: Element.Type) {
    func layer(_ name: String, line: Int, _ make: @escaping (inout Draw) -> any Layer<Element>) {
      add(name, line: line) { draw in
        let layer = make(&draw)
        draw.use(differentiable: layer(draw.planes(type)))
        _ = layer.description
      }
    }
    layer(
      "Conv2d.init(_:_:kernel:stride:padding:dilation:groups:bias:generator:)", line: #line
    ) {
      Conv2d<Element>(
        $0.int(), $0.int(), kernel: $0.pair(), stride: $0.pair(), padding: $0.padding(),
        dilation: $0.pair(), groups: $0.bool() ? 1 : $0.int(), bias: $0.bool())
    }
    layer(
      "Conv1d.init(_:_:kernel:stride:padding:dilation:groups:bias:generator:)", line: #line
    ) {
      Conv1d<Element>(
        $0.int(), $0.int(), kernel: $0.int(), stride: $0.int(), padding: $0.padding(),
        dilation: $0.int(), groups: $0.bool() ? 1 : $0.int(), bias: $0.bool())
    }
    layer(
      "ConvTranspose2d.init(_:_:kernel:stride:padding:outputPadding:groups:bias:dilation:generator:)",
      line: #line
    ) {
      ConvTranspose2d<Element>(
        $0.int(), $0.int(), kernel: $0.pair(), stride: $0.pair(), padding: $0.pair(),
        outputPadding: $0.pair(), groups: $0.bool() ? 1 : $0.int(), bias: $0.bool(),
        dilation: $0.pair())
    }
    layer(
      "ConvTranspose1d.init(_:_:kernel:stride:padding:outputPadding:groups:bias:dilation:generator:)",
      line: #line
    ) {
      ConvTranspose1d<Element>(
        $0.int(), $0.int(), kernel: $0.int(), stride: $0.int(), padding: $0.int(),
        outputPadding: $0.int(), groups: $0.bool() ? 1 : $0.int(), bias: $0.bool(),
        dilation: $0.int())
    }
    layer("MaxPool2d.init(_:stride:padding:dilation:ceilMode:)", line: #line) {
      MaxPool2d<Element>(
        $0.pair(), stride: $0.bool() ? nil : $0.pair(), padding: $0.margin(), dilation: $0.pair(),
        ceilMode: $0.bool())
    }
    layer("MaxPool1d.init(_:stride:padding:dilation:ceilMode:)", line: #line) {
      MaxPool1d<Element>(
        $0.int(), stride: $0.bool() ? nil : $0.int(), padding: $0.int(), dilation: $0.int(),
        ceilMode: $0.bool())
    }
    layer("AvgPool2d.init(_:stride:padding:ceilMode:countsPadding:divisor:)", line: #line) {
      AvgPool2d<Element>(
        $0.pair(), stride: $0.bool() ? nil : $0.pair(), padding: $0.margin(), ceilMode: $0.bool(),
        countsPadding: $0.bool(), divisor: $0.bool() ? nil : $0.int())
    }
    layer("AvgPool1d.init(_:stride:padding:ceilMode:countsPadding:)", line: #line) {
      AvgPool1d<Element>(
        $0.int(), stride: $0.bool() ? nil : $0.int(), padding: $0.int(), ceilMode: $0.bool(),
        countsPadding: $0.bool())
    }
    layer("AdaptiveAvgPool2d.init(rows:columns:)", line: #line) {
      AdaptiveAvgPool2d<Element>(rows: $0.int(), columns: $0.bool() ? nil : $0.int())
    }
    layer("AdaptiveAvgPool2d.init(_:)", line: #line) { AdaptiveAvgPool2d<Element>($0.int()) }
    layer("AdaptiveMaxPool2d.init(rows:columns:)", line: #line) {
      AdaptiveMaxPool2d<Element>(rows: $0.int(), columns: $0.bool() ? nil : $0.int())
    }
    layer("AdaptiveMaxPool2d.init(_:)", line: #line) { AdaptiveMaxPool2d<Element>($0.int()) }
    layer("AdaptiveAvgPool1d.init(_:)", line: #line) { AdaptiveAvgPool1d<Element>($0.int()) }
    layer("AdaptiveMaxPool1d.init(_:)", line: #line) { AdaptiveMaxPool1d<Element>($0.int()) }
    layer("UnfoldWindows.init(_:dilation:padding:stride:)", line: #line) {
      UnfoldWindows<Element>(
        $0.pair(), dilation: $0.pair(), padding: $0.margin(), stride: $0.pair())
    }
    layer("FoldWindows.init(_:kernel:dilation:padding:stride:)", line: #line) {
      FoldWindows<Element>(
        $0.pair(), kernel: $0.pair(), dilation: $0.pair(), padding: $0.margin(),
        stride: $0.pair())
    }
    layer("PixelShuffle.init(_:)", line: #line) { PixelShuffle<Element>($0.int()) }
    layer("PixelUnshuffle.init(_:)", line: #line) { PixelUnshuffle<Element>($0.int()) }
    layer("Unflatten.init(axis:_:)", line: #line) {
      Unflatten<Element>(axis: $0.int(), $0.shape())
    }
    layer("Upsample.init(to:mode:alignsCorners:)", line: #line) {
      Upsample<Element>(
        to: $0.ints(3), mode: $0.one(of: InterpolationMode.allCases), alignsCorners: $0.bool())
    }
    layer("Upsample.init(by:mode:alignsCorners:)", line: #line) {
      Upsample<Element>(
        by: [$0.number()], mode: $0.one(of: InterpolationMode.allCases), alignsCorners: $0.bool())
    }
    layer(
      "InstanceNorm2d.init(_:epsilon:momentum:affine:tracksStatistics:)", line: #line
    ) {
      InstanceNorm2d<Element>(
        $0.int(), epsilon: $0.number(), momentum: $0.number(), affine: $0.bool(),
        tracksStatistics: $0.bool())
    }
    layer(
      "InstanceNorm1d.init(_:epsilon:momentum:affine:tracksStatistics:)", line: #line
    ) {
      InstanceNorm1d<Element>(
        $0.int(), epsilon: $0.number(), momentum: $0.number(), affine: $0.bool(),
        tracksStatistics: $0.bool())
    }
    layer("Dropout2d.init(p:generator:)", line: #line) { Dropout2d<Element>(p: $0.number()) }
    layer("Dropout1d.init(p:generator:)", line: #line) { Dropout1d<Element>(p: $0.number()) }
    add("Bilinear.init(_:_:_:bias:generator:)") { draw in
      _ = Bilinear<Element>(draw.int(), draw.int(), draw.int(), bias: draw.bool()).description
    }
    add("Bilinear.callAsFunction(_:_:)") { draw in
      let module = Bilinear<Element>(3, 3, 2)
      draw.use(differentiable: module(draw.tensor(type), draw.tensor(type)))
    }
    addNormMembers(type)
    addLayerCalls(type)
  }

  /// The calls and descriptions of each layer, and what a normalisation shows.
  private func addLayerCalls<Element: FloatingElement>(_ type: Element.Type) {
    let layers: [(String, any Layer<Element>)] = [
      ("Conv2d", Conv2d<Element>(1, 2, kernel: 2)), ("Conv1d", Conv1d<Element>(3, 2, kernel: 1)),
      ("ConvTranspose2d", ConvTranspose2d<Element>(1, 2, kernel: 2)),
      ("ConvTranspose1d", ConvTranspose1d<Element>(3, 2, kernel: 1)),
      ("MaxPool2d", MaxPool2d<Element>(1)), ("MaxPool1d", MaxPool1d<Element>(1)),
      ("AvgPool2d", AvgPool2d<Element>(1)), ("AvgPool1d", AvgPool1d<Element>(1)),
      ("AdaptiveAvgPool2d", AdaptiveAvgPool2d<Element>(2)),
      ("AdaptiveMaxPool2d", AdaptiveMaxPool2d<Element>(2)),
      ("AdaptiveAvgPool1d", AdaptiveAvgPool1d<Element>(2)),
      ("AdaptiveMaxPool1d", AdaptiveMaxPool1d<Element>(2)),
      ("UnfoldWindows", UnfoldWindows<Element>(1)),
      ("FoldWindows", FoldWindows<Element>(2, kernel: 1)),
      ("PixelShuffle", PixelShuffle<Element>(1)), ("PixelUnshuffle", PixelUnshuffle<Element>(1)),
      ("Unflatten", Unflatten<Element>(axis: 0, [1, -1])),
      ("Upsample", Upsample<Element>(by: [2])), ("InstanceNorm2d", InstanceNorm2d<Element>(1)),
      ("InstanceNorm1d", InstanceNorm1d<Element>(3)), ("Dropout2d", Dropout2d<Element>()),
      ("Dropout1d", Dropout1d<Element>()),
    ]
    for (name, layer) in layers {
      add("\(name).callAsFunction(_:)") { draw in
        draw.use(differentiable: layer(draw.planes(type)))
      }
      add("\(name).description") { _ in _ = layer.description }
    }
    add("Bilinear.description") { _ in _ = Bilinear<Element>(1, 1, 1).description }
  }

  private func addNormMembers<Element: FloatingElement>(_ type: Element.Type) {
    let (plane, line) = (
      InstanceNorm2d<Element>(2, affine: true, tracksStatistics: true),
      InstanceNorm1d<Element>(2, affine: true, tracksStatistics: true)
    )
    add("InstanceNorm2d.epsilon") { _ in _ = plane.epsilon }
    add("InstanceNorm2d.momentum") { _ in _ = plane.momentum }
    add("InstanceNorm2d.weight") { _ in _ = plane.weight }
    add("InstanceNorm2d.bias") { _ in _ = plane.bias }
    add("InstanceNorm2d.runningMean") { $0.use(plane.runningMean?.tensor ?? .ones([])) }
    add("InstanceNorm2d.runningVariance") { $0.use(plane.runningVariance?.tensor ?? .ones([])) }
    add("InstanceNorm2d.customMirror") { _ in _ = plane.customMirror.children.count }
    add("InstanceNorm1d.epsilon") { _ in _ = line.epsilon }
    add("InstanceNorm1d.momentum") { _ in _ = line.momentum }
    add("InstanceNorm1d.weight") { _ in _ = line.weight }
    add("InstanceNorm1d.bias") { _ in _ = line.bias }
    add("InstanceNorm1d.runningMean") { $0.use(line.runningMean?.tensor ?? .ones([])) }
    add("InstanceNorm1d.runningVariance") { $0.use(line.runningVariance?.tensor ?? .ones([])) }
    add("InstanceNorm1d.customMirror") { _ in _ = line.customMirror.children.count }
  }

  func addMarginLosses<Element: FloatingElement>(_ type: Element.Type) {
    typealias Pairs = (Tensor<Element>, Tensor<Element>) -> Tensor<Element>
    let pairs: [(String, String, (inout Draw) -> Pairs)] = [
      (
        "HingeEmbeddingLoss", "margin:reduction:",
        {
          HingeEmbeddingLoss<Element>(margin: $0.number(), reduction: reduction(&$0))
            .callAsFunction
        }
      ),
      (
        "SoftMarginLoss", "reduction:",
        { SoftMarginLoss<Element>(reduction: reduction(&$0)).callAsFunction }
      ),
      (
        "PoissonNLLLoss", "takesLogarithms:full:epsilon:reduction:",
        {
          PoissonNLLLoss<Element>(
            takesLogarithms: $0.bool(), full: $0.bool(), epsilon: $0.number(),
            reduction: reduction(&$0)
          ).callAsFunction
        }
      ),
      (
        "MultiLabelSoftMarginLoss", "weight:reduction:",
        {
          MultiLabelSoftMarginLoss<Element>(
            weight: $0.bool() ? nil : $0.tensor(type), reduction: reduction(&$0)
          ).callAsFunction
        }
      ),
    ]
    for (name, labels, make) in pairs {
      add("\(name).init(\(labels))") { draw in _ = make(&draw) }
      add("\(name).callAsFunction(_:_:)") { draw in
        let tensor = draw.tensor(type)
        let loss = make(&draw)
        draw.use(differentiable: loss(tensor, draw.tensor(like: tensor)))
      }
    }
    add("SoftMarginLoss.formula") {
      $0.use(differentiable: SoftMarginLoss<Element>().formula($0.tensor(type), $0.tensor(type)))
    }
    typealias Triples = (Tensor<Element>, Tensor<Element>, Tensor<Element>) -> Tensor<Element>
    let triples: [(String, String, (inout Draw) -> Triples)] = [
      (
        "MarginRankingLoss", "margin:reduction:",
        {
          MarginRankingLoss<Element>(margin: $0.number(), reduction: reduction(&$0))
            .callAsFunction
        }
      ),
      (
        "CosineEmbeddingLoss", "margin:reduction:",
        {
          CosineEmbeddingLoss<Element>(margin: $0.number(), reduction: reduction(&$0))
            .callAsFunction
        }
      ),
      (
        "TripletMarginLoss", "margin:p:epsilon:swap:reduction:",
        {
          TripletMarginLoss<Element>(
            margin: $0.number(), p: $0.number(), epsilon: $0.number(), swap: $0.bool(),
            reduction: reduction(&$0)
          ).callAsFunction
        }
      ),
      (
        "GaussianNLLLoss", "full:epsilon:reduction:",
        {
          GaussianNLLLoss<Element>(
            full: $0.bool(), epsilon: $0.number(), reduction: reduction(&$0)
          ).callAsFunction
        }
      ),
    ]
    for (name, labels, make) in triples {
      add("\(name).init(\(labels))") { draw in _ = make(&draw) }
      add("\(name).callAsFunction(_:_:_:)") { draw in
        let tensor = draw.tensor(type)
        let loss = make(&draw)
        draw.use(
          differentiable: loss(tensor, draw.tensor(like: tensor), draw.tensor(like: tensor)))
      }
    }
    add("MultiMarginLoss.init(p:margin:weight:reduction:)") { draw in
      _ = MultiMarginLoss<Element>(
        p: draw.int(), margin: draw.number(), weight: draw.bool() ? nil : draw.tensor(type),
        reduction: reduction(&draw))
    }
    add("MultiMarginLoss.callAsFunction(_:_:)") { draw in
      let loss = MultiMarginLoss<Element>(
        p: draw.bool() ? 1 : 2, weight: draw.bool() ? nil : draw.tensor(type),
        reduction: reduction(&draw))
      draw.use(differentiable: loss(draw.tensor(type), draw.tensor(Int.self)))
    }
    add("MultiLabelMarginLoss.init(reduction:)") {
      _ = MultiLabelMarginLoss<Element>(reduction: reduction(&$0))
    }
    add("MultiLabelMarginLoss.callAsFunction(_:_:)") { draw in
      let loss = MultiLabelMarginLoss<Element>(reduction: reduction(&draw))
      draw.use(differentiable: loss(draw.tensor(type), draw.tensor(Int.self)))
    }
  }
}

private func reduction(_ draw: inout Draw) -> LossReduction {
  draw.one(of: [.mean, .sum, .batchMean, .none])
}
