import Foundation
import SlopeCore
import SlopeNN
import TestSupport
import Testing

@testable import SlopeTraining

/// What the nodes of layers of sequences and images are told.
struct ONNXWindowTests {
  /// The nodes of a layer, one on a line.
  private static func nodes(_ layer: some Layer<Float>, _ shape: Shape) throws -> [String] {
    try ONNXModel(layer, inputShape: shape).description.split(separator: "\n").map { String($0) }
      .filter { !$0.hasPrefix("input ") && !$0.hasPrefix("output ") }
  }

  @Test func convolutionsTellKernelStridesMarginsDilationsAndGroups() throws {
    let layer = Conv2d<Float>(
      4, 6, kernel: [2, 3], stride: [1, 2], padding: [3, 4], dilation: [5, 1], groups: 2)
    layer.bias?.tensor = Tensor([1, 2, 3, 4, 5, 6])
    #expect(
      try Self.nodes(layer, [4, 6, 7]) == [
        "Conv = Conv(input, weight[6, 2, 2, 3], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "
          + "kernel_shape: [2, 3], strides: [1, 2], pads: [3, 4, 3, 4], dilations: [5, 1], group: 2)"
      ])
    // Of an odd number of zeros one more is after the sequence than before.
    #expect(
      try Self.nodes(
        Conv1d<Float>(2, 9, kernel: 4, padding: .same, dilation: 3, bias: false), [2, 8]) == [
          "Conv = Conv(input, weight[9, 2, 4], kernel_shape: [4], strides: [1], pads: [4, 5], "
            + "dilations: [3], group: 1)"
        ])
    #expect(
      try Self.nodes(
        Conv1d<Float>(2, 9, kernel: 2, stride: 3, padding: [7, 1], bias: false), [2, 8]) == [
          "Conv = Conv(input, weight[9, 2, 2], kernel_shape: [2], strides: [3], pads: [1, 1], "
            + "dilations: [1], group: 1)"
        ])
    #expect(
      try Self.nodes(
        ConvTranspose2d<Float>(
          2, 4, kernel: [2, 3], stride: [4, 2], padding: [0, 1], outputPadding: [3, 1], groups: 2,
          bias: false, dilation: [1, 2]), [2, 3, 3]) == [
          "ConvTranspose = ConvTranspose(input, weight[2, 2, 2, 3], kernel_shape: [2, 3], "
            + "strides: [4, 2], pads: [0, 1, 0, 1], dilations: [1, 2], output_padding: [3, 1], "
            + "group: 2)"
        ])
  }

  @Test func poolsTellWhetherMarginsCount() throws {
    func average(_ layer: AvgPool2d<Float>) throws -> [String] {
      try Self.nodes(layer, [2, 5, 6])
    }
    #expect(
      try average(AvgPool2d([3, 2], stride: [2, 1], padding: [1, 0])) == [
        "AveragePool = AveragePool(input, kernel_shape: [3, 2], strides: [2, 1], "
          + "pads: [1, 0, 1, 0], count_include_pad: 1)"
      ])
    #expect(
      try average(AvgPool2d(3, padding: 1, countsPadding: false)) == [
        "AveragePool = AveragePool(input, kernel_shape: [3, 3], strides: [3, 3], "
          + "pads: [1, 1, 1, 1], count_include_pad: 0)"
      ])
    #expect(
      try average(AvgPool2d(3, padding: 1, countsPadding: false, divisor: 4)) == [
        "AveragePool = AveragePool(input, kernel_shape: [3, 3], strides: [3, 3], "
          + "pads: [1, 1, 1, 1], count_include_pad: 1)",
        "Mul = Mul(AveragePool, 2.25)",
      ])
    #expect(
      try Self.nodes(MaxPool2d([3, 2], stride: [2, 1], padding: [1, 0], dilation: 2), [2, 5, 6])
        == [
          "MaxPool = MaxPool(input, kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 1, 0], "
            + "dilations: [2, 2])"
        ])
  }

  /// Versions of ONNX differ in what `ceil_mode` means: the plane gets the elements that windows lack.
  @Test func windowsBeyondTheEndHaveElementsOfTheirOwn() throws {
    #expect(
      try Self.nodes(MaxPool1d(3, stride: 2, padding: 1, ceilMode: true), [2, 8]) == [
        "Pad = Pad(input, [0, 0, 1, 0, 0, 2], -inf, mode: constant)",
        "MaxPool = MaxPool(Pad, kernel_shape: [3], strides: [2], pads: [0, 0], dilations: [1])",
      ])
    // The last window counts its margin, and not what is beyond it: 3 / 2.
    #expect(
      try Self.nodes(AvgPool1d(3, stride: 2, padding: 1, ceilMode: true), [2, 8]) == [
        "Pad = Pad(input, [0, 0, 1, 0, 0, 2], 0.0, mode: constant)",
        "AveragePool = AveragePool(Pad, kernel_shape: [3], strides: [2], pads: [0, 0], "
          + "count_include_pad: 1)",
        "Mul = Mul(AveragePool, [1.0, 1.0, 1.0, 1.0, 1.5])",
      ])
    // A window that would begin in the margin is none.
    #expect(
      try Self.nodes(MaxPool1d(2, padding: 1, ceilMode: true), [2, 5]) == [
        "MaxPool = MaxPool(input, kernel_shape: [2], strides: [2], pads: [1, 1], dilations: [1])"
      ])
  }

  @Test func marginsAreListedBeforeAndAfter() throws {
    #expect(
      try Self.nodes(ZeroPad2d(left: 1, right: 2, top: 3, bottom: 4), [2, 5, 6]) == [
        "Pad = Pad(input, [0, 0, 3, 1, 0, 0, 4, 2], 0.0, mode: constant)"
      ])
    #expect(
      try Self.nodes(ReflectionPad1d(left: 1, right: 2), [5]) == [
        "Pad = Pad(input, [0, 1, 0, 2], mode: reflect)"
      ])
    #expect(
      try Self.nodes(ReplicationPad1d(left: 1, right: 0), [5]) == [
        "Pad = Pad(input, [0, 1, 0, 0], mode: edge)"
      ])
    // The mode "wrap" came with a later version of ONNX, and none cuts elements.
    #expect(
      try Self.nodes(CircularPad1d(left: 2, right: 1), [2, 3]) == [
        "Gather = Gather(input, [1, 2, 0, 1, 2, 0], axis: 2)"
      ])
    #expect(
      try Self.nodes(ReplicationPad1d(left: -1, right: 1), [3]) == [
        "Gather = Gather(input, [1, 2, 2], axis: 1)"
      ])
  }

  @Test func meansOfWholeImagesAreOneNode() throws {
    #expect(
      try Self.nodes(AdaptiveAvgPool2d(1), [3, 4, 5]) == [
        "ReduceMean = ReduceMean(input, axes: [-1, -2], keepdims: 1)"
      ])
    #expect(
      try Self.nodes(AdaptiveMaxPool1d(2), [3]) == [
        "Gather = Gather(input, [2, 2][0, 1, 1, 2], axis: 1)",
        "ReduceMax = ReduceMax(Gather, axes: [2], keepdims: 0)",
      ])
    // An axis that stays is left out.
    #expect(try Self.nodes(AdaptiveAvgPool2d(rows: 4, columns: 2), [1, 4, 4]).count == 1)
    #expect(try Self.nodes(Upsample(to: [3, 6]), [1, 3, 3]).count == 1)
    #expect(try Self.nodes(Upsample(by: [1, 2]), [1, 3, 3]).count == 1)
  }

  @Test func aModeIsAText() throws {
    let file = try ONNXFile(ONNXModel(ZeroPad1d<Float>(1), inputShape: [2]).encoded())
    let modes = file.nodes.compactMap { $0.attributes["mode"] }
    #expect(modes.map(\.type) == [3] && modes.map(\.texts) == [["constant"]])
  }

  private static func refusal<Element: FloatingElement>(
    _ layer: some Layer<Element>, _ shape: Shape
  ) -> String {
    do {
      _ = try ONNXModel(layer, inputShape: shape)
      return "exported"
    } catch { return "\(error)" }
  }

  @Test func doublesThatOnnxruntimeDoesNotComputeAreRefused() {
    #expect(
      Self.refusal(Conv1d<Double>(1, 2, kernel: 3), [1, 4])
        == "Conv1d(1, 2, kernel: 3, stride: 1, padding: [0, 0], dilation: 1, groups: 1, bias: true) "
        + "of Double is not exported to ONNX, only of Float")
    for text in [
      Self.refusal(ConvTranspose1d<Double>(1, 2, kernel: 3), [1, 4]),
      Self.refusal(AvgPool1d<Double>(2), [1, 4]),
      Self.refusal(UnfoldWindows<Double>(2), [1, 4, 4]),
      Self.refusal(FoldWindows<Double>(4, kernel: 2), [4, 9]),
    ] { #expect(text.hasSuffix("of Double is not exported to ONNX, only of Float")) }
  }

  @Test func layersOfWindowsCheckTheirInput() {
    func isRefused(_ layer: some Layer<Float>, _ shape: Shape) -> Bool {
      Self.refusal(layer, shape).contains("does not take an input of shape [N, ")
    }
    // Rows are neither channels nor part of a plane.
    #expect(isRefused(Conv1d(3, 2, kernel: 1), [3]) && isRefused(Conv1d(3, 2, kernel: 1), [2, 4]))
    #expect(isRefused(Conv2d(1, 2, kernel: 5), [1, 4, 4]))
    #expect(isRefused(ConvTranspose2d(3, 2, kernel: 1), [3, 4]))
    #expect(isRefused(ConvTranspose1d(3, 2, kernel: 1, padding: 4), [3, 2]))
    #expect(isRefused(MaxPool2d(2), [4]) && isRefused(MaxPool1d(5), [4]))
    #expect(isRefused(AvgPool2d(2), [4]) && isRefused(AvgPool1d(5), [4]))
    #expect(isRefused(AdaptiveAvgPool2d(2), [4]) && isRefused(AdaptiveMaxPool2d(2), [4]))
    #expect(isRefused(AdaptiveMaxPool1d(0), [4]))
    #expect(isRefused(ReflectionPad1d(4), [4]) && isRefused(ZeroPad2d(1), [4]))
    #expect(isRefused(ZeroPad1d(-2), [4]) && isRefused(CircularPad2d(3), [2, 4]))
    #expect(isRefused(UnfoldWindows(2), [4, 4]) && isRefused(FoldWindows(4, kernel: 2), [4]))
    #expect(isRefused(FoldWindows(4, kernel: 2), [4, 8]))
    #expect(isRefused(PixelShuffle(2), [4, 4]) && isRefused(PixelShuffle(3), [4, 4, 4]))
    #expect(isRefused(PixelUnshuffle(2), [4, 4]) && isRefused(PixelUnshuffle(3), [4, 4, 4]))
    #expect(isRefused(Unflatten(axis: 0, [-1, 1]), [4]) && isRefused(Unflatten(axis: 1, [3]), [4]))
    #expect(isRefused(Unflatten(axis: -2, [-1, 1]), [4]))
    #expect(isRefused(Upsample(by: [2]), [4]) && isRefused(Upsample(to: [2, 2]), [2, 4]))
    #expect(isRefused(GLU(), [5]) && isRefused(GLU(axis: 0), [4]) && isRefused(GLU(axis: -2), [4]))
    #expect(isRefused(Softmin(axis: 2), [4]))
    #expect(isRefused(InstanceNorm1d(3), [3]) && isRefused(InstanceNorm2d(3), [3, 4]))
    #expect(isRefused(InstanceNorm1d(3), [2, 4]) && isRefused(InstanceNorm2d(3), [3, 1, 1]))
    #expect(isRefused(Dropout1d(), [2, 3, 4]))
    #expect(isRefused(BatchEnsembleLinear(3, 2, members: 2), [4]))
    #expect(isRefused(BatchEnsembleLinear(3, 2, members: 2), [2, 3]))
    let chain = Sequential<Float>(
      BatchEnsembleLinear(3, 4, members: 2), BatchEnsembleLinear(4, 2, members: 3))
    #expect(isRefused(chain, [3]) == false)
    #expect(Self.refusal(chain, [3]).contains("an input of shape [2, N, 4]"))
    // What has members first has no rows for windows.
    let pooled = Sequential<Float>(BatchEnsembleLinear(3, 4, members: 2), MaxPool1d(2))
    #expect(Self.refusal(pooled, [3]).contains("an input of shape [2, N, 4]"))
  }

  @Test func constantsThatNoFileCanHaveAreRefused() {
    for text in [
      Self.refusal(Upsample<Float>(to: [60_000], mode: .linear), [1, 20_000]),
      Self.refusal(AdaptiveAvgPool1d<Double>(60_000), [20_000]),
      Self.refusal(FoldWindows<Float>([1, 40_000], kernel: [1, 40_000]), [40_000, 1]),
      Self.refusal(UnfoldWindows<Float>([1, 40_000]), [1, 1, 40_000]),
    ] {
      #expect(
        text.hasSuffix(" needs a constant of 2 GiB or more, which ONNX cannot have"), "\(text)")
    }
  }

  /// The names of the layers in the sources are those of the cases.
  @Test func everyLayerIsExported() throws {
    // This file is three folders down.
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let folder = URL(filePath: "/\(root)/Sources/SlopeNN")
    var names: Set<String> = []
    for place in ["Layers", "Modules"] {
      let files = try FileManager.default.contentsOfDirectory(
        at: folder.appending(path: place), includingPropertiesForKeys: nil)
      for file in files {
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
          guard let match = line.firstMatch(of: /^public (?:struct|final class) (\w+)<.*: Layer\b/)
          else { continue }
          names.insert(String(match.1))
        }
      }
    }
    var exported: Set<String> = []
    func add(_ layer: any Layer<Float>) {
      exported.insert(String("\(type(of: layer))".prefix { $0 != "<" }))
      if let chain = layer as? Sequential<Float> { chain.layers.forEach(add) }
    }
    for layerCase in ONNXLayerCase<Float>.all { add(layerCase.layer()) }
    #expect(names.count > 60 && names.subtracting(exported).isEmpty)
    #expect(exported.subtracting(names).isEmpty)
  }
}
