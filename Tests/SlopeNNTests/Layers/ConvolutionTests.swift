import SlopeCore
import SlopeNN
import Testing

/// Expected parameters are PyTorch 2.15's after seed 7.
struct ConvolutionLayerTests {
  private var generator: Generator { Generator(seed: 7) }

  @Test func initialValuesAreThoseOfPyTorch() {
    let weights: [Float] = [
      0.04938792809844017, -0.4259566068649292, 0.22515933215618134, 0.2218763530254364,
    ]
    let biases: [Float] = [-0.37793222069740295, -0.10597917437553406]
    let plane = Conv2d<Float>(2, 2, kernel: [1, 2], groups: 2, generator: generator)
    #expect(plane.weight.shape == [2, 1, 1, 2] && plane.weight.tensor.scalars == weights)
    #expect(plane.bias?.tensor.scalars == biases)
    let line = Conv1d<Float>(1, 2, kernel: 2, generator: generator)
    #expect(line.weight.shape == [2, 1, 2] && line.weight.tensor.scalars == weights)
    #expect(line.bias?.tensor.scalars == biases)
    let transposed = ConvTranspose2d<Float>(2, 1, kernel: [2, 1], generator: generator)
    #expect(transposed.weight.shape == [2, 1, 2, 1])
    #expect(transposed.weight.tensor.scalars == weights)
    #expect(transposed.bias?.tensor.scalars == [-0.37793222069740295])
    let wide = ConvTranspose1d<Float>(1, 2, kernel: 2, generator: generator)
    #expect(wide.weight.shape == [1, 2, 2])
    #expect(
      wide.weight.tensor.scalars == [
        0.03492254018783569, -0.301196813583374, 0.15921169519424438, 0.15689027309417725,
      ])
    #expect(wide.bias?.tensor.scalars == [-0.26723843812942505, -0.07493859529495239])
    let pairs = Bilinear<Float>(2, 1, 2, generator: generator)
    #expect(pairs.weight.shape == [2, 2, 1] && pairs.weight.tensor.scalars == weights)
    #expect(pairs.bias?.tensor.scalars == biases)
  }

  @Test func withoutABiasNothingIsDrawnForIt() {
    for makes in [
      { _ = Conv2d<Float>(1, 2, kernel: [1, 3], bias: false, generator: $0) },
      { _ = ConvTranspose1d<Float>(1, 2, kernel: 3, bias: false, generator: $0) },
      { _ = Bilinear<Float>(1, 3, 2, bias: false, generator: $0) },
    ] as [(Generator) -> Void] {
      let (used, other) = (generator, generator)
      makes(used)
      _ = other.uniformFloat(count: 6)
      #expect(used.next32() == other.next32())
    }
    #expect(Conv2d<Float>(1, 2, kernel: 3, bias: false).bias == nil)
  }

  @Test func channelsThatGroupsDoNotDivideAreRefused() {
    func message(_ body: () -> Void) -> String? {
      #expect(throws: TensorError.self) { try checked(body) }?.description
    }
    #expect(
      message { _ = Conv2d<Float>(3, 4, kernel: 2, groups: 2) }
        == "Conv2d: 3 and 4 channels in 2 groups, kernel [2, 2]")
    #expect(
      message { _ = Conv1d<Float>(4, 3, kernel: 2, groups: 2) }
        == "Conv1d: 4 and 3 channels in 2 groups, kernel [2]")
    #expect(
      message { _ = ConvTranspose2d<Float>(-1, 4, kernel: 2) }
        == "ConvTranspose2d: -1 and 4 channels in 1 groups, kernel [2, 2]")
    #expect(
      message { _ = ConvTranspose1d<Float>(2, 2, kernel: -1) }
        == "ConvTranspose1d: 2 and 2 channels in 1 groups, kernel [-1]")
    #expect(
      message { _ = Conv1d<Float>(2, 2, kernel: 1, groups: 0) }
        == "Conv1d: 2 and 2 channels in 0 groups, kernel [1]")
    #expect(
      message { _ = Bilinear<Float>(0, 2, 2) } == "Bilinear: 0 and 2 inputs and 2 outputs")
  }

  @Test func dropoutTakesChannelsAsPyTorchDoes() {
    let plane = Dropout2d<Float>(p: 0.5, generator: generator)
    let dropped = plane(Tensor<Float>.ones([2, 4, 1, 2]))
    #expect(
      dropped.scalars == [2, 2, 0, 0, 0, 0, 2, 0].flatMap { [$0, $0] })
    let used = generator
    _ = Dropout2d<Float>(p: 0.5, generator: used)(Tensor<Float>.ones([2, 4, 1, 2]))
    #expect(
      Dropout1d<Float>(p: 0.5, generator: used)(Tensor<Float>.ones([4, 2])).scalars
        == [0, 0, 0, 0, 2, 2, 2, 2])
    plane.eval()
    #expect(plane(Tensor<Float>.ones([1, 2, 2])).scalars == [1, 1, 1, 1])
    let message = #expect(throws: TensorError.self) {
      try checked { _ = Dropout1d<Float>()(Tensor<Float>.ones([1, 1, 1, 2])) }
    }
    #expect(message?.description == "Dropout1d: [1, 1, 1, 2] has not two or three axes")
  }

  @Test func descriptionsHaveTheOptions() {
    let texts: [(any Layer<Float>, String)] = [
      (
        Conv2d(2, 4, kernel: [3, 5], padding: .same, groups: 2),
        "Conv2d(2, 4, kernel: [3, 5], stride: [1, 1], padding: same, dilation: [1, 1], groups: 2, "
          + "bias: true)"
      ),
      (
        Conv1d(2, 4, kernel: 3, stride: 2, bias: false),
        "Conv1d(2, 4, kernel: 3, stride: 2, padding: [0, 0], dilation: 1, groups: 1, bias: false)"
      ),
      (
        ConvTranspose2d(2, 4, kernel: 3, outputPadding: 1, dilation: 2),
        "ConvTranspose2d(2, 4, kernel: [3, 3], stride: [1, 1], padding: [0, 0], "
          + "outputPadding: [1, 1], groups: 1, bias: true, dilation: [2, 2])"
      ),
      (
        ConvTranspose1d(4, 2, kernel: 3, groups: 2),
        "ConvTranspose1d(4, 2, kernel: 3, stride: 1, padding: 0, outputPadding: 0, groups: 2, "
          + "bias: true, dilation: 1)"
      ),
      (
        MaxPool2d(3, stride: 2),
        "MaxPool2d([3, 3], stride: [2, 2], padding: [0, 0], dilation: [1, 1], ceilMode: false)"
      ),
      (MaxPool1d(3), "MaxPool1d(3, stride: 3, padding: 0, dilation: 1, ceilMode: false)"),
      (
        AvgPool2d([1, 2]),
        "AvgPool2d([1, 2], stride: [1, 2], padding: [0, 0], ceilMode: false, countsPadding: true)"
      ),
      (
        AvgPool1d(2, ceilMode: true),
        "AvgPool1d(2, stride: 2, padding: 0, ceilMode: true, countsPadding: true)"
      ),
      (AdaptiveAvgPool2d(rows: nil, columns: 2), "AdaptiveAvgPool2d(rows: nil, columns: 2)"),
      (AdaptiveMaxPool2d(3), "AdaptiveMaxPool2d(rows: 3, columns: 3)"),
      (AdaptiveAvgPool1d(3), "AdaptiveAvgPool1d(3)"),
      (AdaptiveMaxPool1d(3), "AdaptiveMaxPool1d(3)"),
      (
        UnfoldWindows(2), "UnfoldWindows([2, 2], dilation: [1, 1], padding: [0, 0], stride: [1, 1])"
      ),
      (
        FoldWindows([4, 5], kernel: 2),
        "FoldWindows([4, 5], kernel: [2, 2], dilation: [1, 1], padding: [0, 0], stride: [1, 1])"
      ),
      (PixelShuffle(2), "PixelShuffle(2)"), (PixelUnshuffle(3), "PixelUnshuffle(3)"),
      (Unflatten(axis: 1, [2, -1]), "Unflatten(axis: 1, [2, -1])"),
      (ZeroPad2d(1), "ZeroPad2d(left: 1, right: 1, top: 1, bottom: 1)"),
      (Upsample(by: [2]), "Upsample(by: [2.0], mode: nearest, alignsCorners: false)"),
      (
        Upsample(to: [4, 5], mode: .linear),
        "Upsample(to: [4, 5], mode: linear, alignsCorners: false)"
      ),
      (
        InstanceNorm2d(3, affine: true),
        "InstanceNorm2d(3, epsilon: 1e-05, momentum: 0.1, affine: true, tracksStatistics: false)"
      ),
      (Dropout2d(p: 0.2), "Dropout2d(p: 0.2)"), (Dropout1d(), "Dropout1d(p: 0.5)"),
    ]
    for (layer, text) in texts { #expect(layer.description == text) }
    #expect(Bilinear<Float>(2, 3, 4).description == "Bilinear(2, 3, 4, bias: true)")
  }

  @Test func axesAreUnflattened() {
    let x = Tensor<Float>.zeros([2, 12])
    #expect(Unflatten<Float>(axis: -1, [3, -1])(x).shape == [2, 3, 4])
    #expect(Unflatten<Float>(axis: 0, [1, 2])(x).shape == [1, 2, 12])
    for (axis, shape) in [(2, [2, 6]), (1, [5, -1]), (1, [2, 5]), (1, []), (1, [-1, -1])]
      as [(Int, Shape)]
    {
      let error = #expect(throws: TensorError.self) {
        try checked { _ = Unflatten<Float>(axis: axis, shape)(x) }
      }
      let reason = axis == 2 ? "shape [2, 12] has no axis 2" : "axis \(axis) of [2, 12] as \(shape)"
      #expect(error?.description == "unflatten: \(reason)")
    }
  }
}
