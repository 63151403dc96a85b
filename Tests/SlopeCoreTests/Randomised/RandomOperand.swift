import ConformanceKit
import Slope

/// An operand that can be made on any device: a tensor, viewed through a random layout.
///
/// The layout has its axes in any order, reads the outermost stored one in steps of 1, 2 or −1, may
/// repeat one element along another, and may be the inner part of a larger tensor.
struct RandomOperand: Sendable {
  let shape: [Int]
  private let stored: TensorData
  /// The shape of the inner part, around which each axis has one more element on both sides; nil
  /// for all of it.
  private let inner: [Int]?
  private let order: [Int]
  private let step: Int
  /// The shape after the steps, to which an axis of extent 1 is expanded.
  private let whole: [Int]

  init(
    _ shape: [Int], _ dtype: DType, in domain: ClosedRange<Double>? = nil,
    _ random: inout RandomNumbers
  ) {
    self.shape = shape
    order = Array(0..<shape.count).shuffled(using: &random)
    step = shape.isEmpty ? 1 : [1, 1, 2, -1].randomElement(using: &random) ?? 1
    whole = order.map { shape[$0] }
    var stored = whole
    if !stored.isEmpty { stored[0] *= abs(step) }
    if stored.count > 1, Int.random(in: 0..<4, using: &random) == 0 {
      stored[Int.random(in: 1..<stored.count, using: &random)] = 1
    }
    inner = Bool.random(using: &random) ? nil : stored
    if inner != nil { stored = stored.map { $0 + 2 } }
    let elements = random.elements(stored.reduce(1, *), dtype, in: domain)
    self.stored = TensorData(dtype: dtype, shape: stored, bytes: elements.bytes)
  }

  /// The operand on the current device; 64-bit integers that are not the main type are indices.
  func tensor<Element: TensorElement>(as type: Element.Type) throws -> any AnyTensor {
    switch stored.dtype {
    case Element.dtype: try view(Tensor<Element>(stored))
    case .bool: try view(Tensor<Bool>(stored))
    default: try view(Tensor<Int>(stored))
    }
  }

  private func view<Element: TensorElement>(_ tensor: Tensor<Element>) -> Tensor<Element> {
    var tensor = tensor
    for (axis, extent) in (inner ?? []).enumerated() {
      tensor = tensor.split(sizes: [1, extent, 1], axis: axis)[1]
    }
    guard let first = (inner ?? stored.shape).first else { return tensor }
    var inverse = order
    for (position, axis) in order.enumerated() { inverse[axis] = position }
    let stepped =
      step > 0
      ? tensor[stride(from: 0, to: first, by: step)]
      : tensor[stride(from: first - 1, through: 0, by: step)]
    return stepped.expanded(to: Shape(whole)).permuted(inverse)
  }
}
