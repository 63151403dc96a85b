import Foundation
import SlopeCore
import SlopeNN
import Testing

/// Layers with their gradients and running statistics, beside PyTorch's numbers.
///
/// tools/make-layer-cases.py wrote the file. Each state is loaded under PyTorch's names.
@Suite struct StoredLayerTests {
  private struct File: Decodable { let layers: [Case] }

  private struct Stored: Decodable {
    let shape: [Int]
    let values: [Double]

    func tensor<Element: FloatingElement>() -> Tensor<Element> {
      Tensor(shape: Shape(shape), scalars: values.map { Element(clamping: $0) })
    }
  }

  private struct Case: Decodable {
    let op: String
    let settings: [String: Double]
    let isEvaluated: Bool
    let before: [String: Stored]
    let x: Stored
    let y: Stored
    let xGradient: [Double]
    let gradients: [String: [Double]]
    let after: [String: [Double]]

    func number(_ name: String) -> Double { settings[name] ?? .nan }
    func integer(_ name: String) -> Int { Int(clamping: Int64(number(name))) }

    var place: String { "\(op) \(settings) \(x.shape) \(isEvaluated ? "evaluated" : "")" }
  }

  private let cases: [Case]

  init() throws {
    let folder = #filePath.dropLast("/SlopeNNTests/Layers/StoredLayerTests.swift".count)
    let path = String(folder) + "/Fixtures/layer-cases.json"
    let data = try #require(FileManager.default.contents(atPath: path))
    cases = try JSONDecoder().decode(File.self, from: data).layers
  }

  @Test func doublesAreThoseOfPyTorch() throws { try check(Double.self, 1e-11) }
  @Test func floatsAreThoseOfPyTorch() throws { try check(Float.self, 2e-5) }
  // The operands are rounded to 16 bits, and a variance of few numbers may be small.
  @Test func halvesAreThoseOfPyTorch() throws { try check(Float16.self, 0.06) }
  @Test func brainFloatsAreThoseOfPyTorch() throws { try check(BFloat16.self, 0.4) }

  private func check<Element: FloatingElement>(_ type: Element.Type, _ tolerance: Double) throws {
    #expect(cases.count == 136)
    for entry in cases {
      let layer: any Layer<Element> = try layer(entry)
      try run(entry, layer, tolerance)
    }
  }

  private func run<Element: FloatingElement, L: Layer<Element>>(
    _ entry: Case, _ layer: L, _ tolerance: Double
  ) throws {
    #expect(layer.state().keys.sorted() == entry.before.keys.sorted(), "\(entry.place)")
    try layer.load(entry.before.mapValues { $0.tensor() })
    layer.train(!entry.isEvaluated)
    let x = Parameter<Element>(entry.x.tensor())
    let y = layer(x.tensor)
    #expect(y.shape.elementsEqual(entry.y.shape), "\(entry.place)")
    let bound = tolerance * max(1, entry.xGradient.reduce(1) { max($0, abs($1)) })
    expectClose(y, entry.y.values, tolerance, entry.place)
    let cotangent = (1...max(y.count, 1)).map { Element(clamping: Double($0 % 2 == 0 ? -$0 : $0)) }
    y.backward(seed: Tensor(shape: y.shape, scalars: cotangent))
    expectClose(x.grad, entry.xGradient, bound, "\(entry.place), gradient")
    #expect(layer.parameters().count == entry.gradients.count, "\(entry.place)")
    for (name, parameter) in layer.namedParameters() {
      let wanted = try #require(entry.gradients[name])
      let bound = tolerance * wanted.reduce(1) { max($0, abs($1)) }
      expectClose(parameter.grad, wanted, bound, "\(entry.place), gradient of \(name)")
    }
    for (name, value) in layer.state() {
      expectClose(value, try #require(entry.after[name]), tolerance, "\(entry.place), \(name)")
    }
  }

  private func layer<Element: FloatingElement>(_ entry: Case) throws -> any Layer<Element> {
    let (epsilon, momentum) = (entry.number("epsilon"), entry.number("momentum"))
    let (affine, count) = (entry.settings["affine"] != 0, entry.settings["count"].map { Int($0) })
    switch entry.op {
    case "ELU": return ELU<Element>(alpha: entry.number("alpha"))
    case "SELU": return SELU<Element>()
    case "LeakyReLU": return LeakyReLU<Element>(negativeSlope: entry.number("negativeSlope"))
    case "GELU": return GELU<Element>(approximate: entry.settings["tanh"] == 1 ? .tanh : .none)
    case "SiLU": return SiLU<Element>()
    case "Mish": return Mish<Element>()
    case "Softplus":
      return Softplus<Element>(beta: entry.number("beta"), threshold: entry.number("threshold"))
    case "PReLU": return count.map { PReLU<Element>($0) } ?? PReLU<Element>()
    case "Softmax": return Softmax<Element>(axis: entry.integer("axis"))
    case "LogSoftmax": return LogSoftmax<Element>(axis: entry.integer("axis"))
    case "Flatten":
      return Flatten<Element>(
        startAxis: entry.integer("startAxis"), endAxis: entry.integer("endAxis"))
    case "Identity": return Identity<Element>()
    case "BatchNorm1d":
      return BatchNorm1d<Element>(
        try #require(count), epsilon: epsilon, momentum: momentum, affine: affine)
    case "BatchNorm2d":
      return BatchNorm2d<Element>(
        try #require(count), epsilon: epsilon, momentum: momentum, affine: affine)
    case "GroupNorm":
      return GroupNorm<Element>(
        entry.integer("groups"), entry.integer("channels"), epsilon: epsilon, affine: affine)
    case "RMSNorm":
      let last = Shape(entry.x.shape.suffix(entry.integer("axes")))
      return RMSNorm<Element>(last, epsilon: entry.settings["epsilon"], affine: affine)
    default: return try windowLayer(entry)
    }
  }

  /// A layer of windows or images.
  private func windowLayer<Element: FloatingElement>(_ entry: Case) throws -> any Layer<Element> {
    func integer(_ name: String) -> Int { entry.settings[name].map { Int($0) } ?? 1 }
    let (kernel, stride) = (integer("kernel"), integer("stride"))
    let (padding, ceil) = (integer("padding"), entry.settings["ceil"] == 1)
    let (dilation, groups) = (integer("dilation"), integer("groups"))
    let (affine, count) = (entry.settings["affine"] == 1, integer("count"))
    switch entry.op {
    case "InstanceNorm1d":
      return InstanceNorm1d<Element>(
        count, epsilon: entry.number("epsilon"), momentum: entry.number("momentum"),
        affine: affine, tracksStatistics: entry.settings["tracked"] == 1)
    case "InstanceNorm2d":
      return InstanceNorm2d<Element>(
        count, epsilon: entry.number("epsilon"), momentum: entry.number("momentum"),
        affine: affine, tracksStatistics: entry.settings["tracked"] == 1)
    case "Conv1d":
      return Conv1d<Element>(
        2, 4, kernel: 3, stride: stride, padding: .margins(Pair(padding)), dilation: dilation,
        groups: groups, bias: affine)
    case "Conv2d":
      return Conv2d<Element>(
        2, 4, kernel: 3, stride: Pair(stride), padding: .margins(Pair(padding)),
        dilation: Pair(dilation), groups: groups, bias: affine)
    case "ConvTranspose1d":
      return ConvTranspose1d<Element>(
        2, 4, kernel: 3, stride: stride, padding: padding, outputPadding: padding, groups: groups,
        bias: affine, dilation: dilation)
    case "ConvTranspose2d":
      return ConvTranspose2d<Element>(
        2, 4, kernel: 3, stride: Pair(stride), padding: Pair(padding),
        outputPadding: Pair(padding), groups: groups, bias: affine, dilation: Pair(dilation))
    case "MaxPool1d":
      return MaxPool1d<Element>(kernel, stride: stride, padding: padding, ceilMode: ceil)
    case "MaxPool2d":
      return MaxPool2d<Element>(
        Pair(kernel), stride: Pair(stride), padding: Pair(padding), ceilMode: ceil)
    case "AvgPool1d":
      return AvgPool1d<Element>(kernel, stride: stride, padding: padding, ceilMode: ceil)
    case "AvgPool2d":
      return AvgPool2d<Element>(
        Pair(kernel), stride: Pair(stride), padding: Pair(padding), ceilMode: ceil)
    case "AdaptiveAvgPool1d": return AdaptiveAvgPool1d<Element>(count)
    case "AdaptiveMaxPool1d": return AdaptiveMaxPool1d<Element>(count)
    case "AdaptiveAvgPool2d": return AdaptiveAvgPool2d<Element>(count)
    case "AdaptiveMaxPool2d": return AdaptiveMaxPool2d<Element>(count)
    case "Unfold":
      return UnfoldWindows<Element>(Pair(kernel), padding: Pair(padding), stride: Pair(stride))
    case "Fold":
      return FoldWindows<Element>(
        [4, 5], kernel: Pair(kernel), padding: Pair(padding), stride: Pair(stride))
    case "PixelShuffle": return PixelShuffle<Element>(count)
    case "PixelUnshuffle": return PixelUnshuffle<Element>(count)
    case "ZeroPad2d": return ZeroPad2d<Element>(left: 1, right: 2, top: 3, bottom: 0)
    case "Upsample": return Upsample<Element>(to: [3, 5], mode: .linear, alignsCorners: true)
    default: throw CocoaError(.featureUnsupported)
    }
  }

  private func expectClose<Element: FloatingElement>(
    _ found: Tensor<Element>?, _ wanted: [Double], _ tolerance: Double, _ place: String
  ) {
    guard let found, found.count == wanted.count else {
      Issue.record("\(place): \(found?.count ?? -1) numbers, not \(wanted.count)")
      return
    }
    for (a, b) in zip(found.scalars, wanted) {
      let bound = tolerance * max(1, abs(b))
      #expect(abs(a.doubleValue - b) <= bound, "\(place): \(a), not \(b)")
    }
  }
}
