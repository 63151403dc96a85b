import Foundation
import SlopeCore
import SlopeNN
import Testing

/// Losses with weights, smoothing, ignored rows and probabilities, beside PyTorch's numbers.
///
/// tools/make-loss-cases.py wrote the file.
@Suite struct StoredLossTests {
  private struct File: Decodable {
    let tensors: [String: Stored]
    let cases: [Case]
  }

  private struct Stored: Decodable {
    let shape: [Int]
    let values: [Double]
  }

  private struct Case: Decodable {
    let op: String
    let x: String
    let y: String
    let weight: String?
    let positive: String?
    let smoothing: Double?
    let ignored: Int?
    let reduction: String
    let losses: [Double]
    let shape: [Int]
    let xGradient: [Double]
    let yGradient: [Double]?
  }

  private let file: File

  init() throws {
    let folder = #filePath.dropLast("/SlopeNNTests/Losses/StoredLossTests.swift".count)
    let path = String(folder) + "/Fixtures/loss-cases.json"
    let data = try #require(FileManager.default.contents(atPath: path))
    file = try JSONDecoder().decode(File.self, from: data)
  }

  @Test func doublesAreThoseOfPyTorch() throws { try check(Double.self, 1e-12) }
  @Test func floatsAreThoseOfPyTorch() throws { try check(Float.self, 4e-6) }
  // The operands are rounded to 16 bits, and logarithms to up to 8 are.
  @Test func halvesAreThoseOfPyTorch() throws { try check(Float16.self, 0.01) }
  @Test func brainFloatsAreThoseOfPyTorch() throws { try check(BFloat16.self, 0.08) }

  private func check<Element: FloatingElement>(_ type: Element.Type, _ tolerance: Double) throws {
    #expect(file.cases.count == 180)
    for entry in file.cases {
      let x = Parameter<Element>(try numbers(entry.x))
      let y = entry.y.hasPrefix("labels") ? nil : Parameter<Element>(try numbers(entry.y))
      let losses = try losses(entry, x.tensor, y?.tensor)
      let place =
        "\(entry.op) \(entry.x) \(entry.y) \(entry.weight ?? "-") \(entry.positive ?? "-") "
        + "\(entry.smoothing ?? 0) \(entry.ignored ?? 0) \(entry.reduction)"
      #expect(losses.shape.elementsEqual(entry.shape), "\(place)")
      expectClose(losses, entry.losses, tolerance, place)
      let cotangent = (1...losses.count).map { Element(clamping: Double($0 % 2 == 0 ? -$0 : $0)) }
      let weights = Tensor<Element>(shape: losses.shape, scalars: cotangent)
      (losses * weights).sum().backward()
      expectClose(x.grad, entry.xGradient, tolerance, "\(place), gradient")
      if let wanted = entry.yGradient {
        expectClose(y?.grad, wanted, tolerance, "\(place), target's gradient")
      }
    }
  }

  private func losses<Element: FloatingElement>(
    _ entry: Case, _ x: Tensor<Element>, _ y: Tensor<Element>?
  ) throws -> Tensor<Element> {
    let weight: Tensor<Element>? = try entry.weight.map(numbers)
    let reduction: LossReduction =
      entry.reduction == "mean" ? .mean : entry.reduction == "sum" ? .sum : .none
    let ignored = entry.ignored ?? -100
    switch entry.op {
    case "cross_entropy":
      let loss = CrossEntropyLoss(
        weight: weight, ignoreIndex: ignored, labelSmoothing: entry.smoothing ?? 0,
        reduction: reduction)
      if let y { return loss(x, y) }
      return loss(x, try labels(entry.y))
    case "nll_loss":
      return NLLLoss(weight: weight, ignoreIndex: ignored, reduction: reduction)(
        x, try labels(entry.y))
    case "bce_loss": return BCELoss(weight: weight, reduction: reduction)(x, try #require(y))
    default:
      return BCEWithLogitsLoss(
        weight: weight, posWeight: try entry.positive.map(numbers), reduction: reduction)(
          x, try #require(y))
    }
  }

  private func numbers<Element: FloatingElement>(_ name: String) throws -> Tensor<Element> {
    let stored = try #require(file.tensors[name])
    return Tensor(
      shape: Shape(stored.shape), scalars: stored.values.map { Element(clamping: $0) })
  }

  private func labels(_ name: String) throws -> Tensor<Int> {
    let stored = try #require(file.tensors[name])
    return Tensor(shape: Shape(stored.shape), scalars: stored.values.map { Int($0) })
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
