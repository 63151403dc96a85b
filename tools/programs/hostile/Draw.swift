import Glibc
import Slope
import SlopeCore

/// Draws invalid and extreme arguments, mixed with valid ones.
///
/// Everything that a call draws follows from one number, so that any call can be repeated alone.
struct Draw {
  private var state: UInt64
  let tensors: TensorPool
  /// Whether to print what is drawn.
  var isVerbose = false

  init(seed: UInt64, tensors: TensorPool) {
    state = seed
    self.tensors = tensors
  }

  /// The next word of the stream.
  ///
  /// Source: S. Vigna, SplitMix64, 2015.
  mutating func word() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// A number in `0..<bound`.
  mutating func below(_ bound: Int) -> Int { Int(word() % UInt64(bound)) }

  /// True in one of `count` cases.
  mutating func once(in count: Int) -> Bool { below(count) == 0 }

  mutating func bool() -> Bool { once(in: 2) }

  mutating func one<Item>(of items: [Item]) -> Item { items[below(items.count)] }

  private func shown<Item>(_ item: Item) -> Item {
    note("\(item)")
    return item
  }

  private func note(_ text: @autoclosure () -> String) {
    guard isVerbose else { return }
    print("  \(text())")
    // Printed before the call, which may not return.
    fflush(nil)
  }

  // MARK: Integers

  /// An axis, an extent, a count, a margin, a shift: usually small, extreme in one of three cases.
  mutating func int() -> Int {
    shown(
      once(in: 3) ? one(of: tensors.extremes) : one(of: [0, 0, 1, 1, -1, 2, 3, -2, -3, 7, 8, 9]))
  }

  mutating func ints(_ most: Int = 4) -> [Int] { (0..<below(most + 1)).map { _ in int() } }

  mutating func axes() -> [Int]? { once(in: 4) ? nil : ints(3) }

  /// Between none and nine extents.
  mutating func shape() -> Shape {
    let rank = once(in: 6) ? one(of: [8, 9]) : below(4)
    let isMild = bool()
    return shown(
      Shape(
        (0..<rank).map { _ in isMild ? one(of: [0, 1, 1, 2, 3]) : once(in: 3) ? int() : below(4) })
    )
  }

  /// An index along an axis: an integer, any kind of range, a stride, or a user's type.
  mutating func index() -> any TensorIndex {
    let (a, b) = (int(), int())
    let (low, high) = (min(a, b), max(a, b))
    switch below(10) {
    case 0: return a
    case 1: return low..<high
    case 2: return low...(high == .max ? high - 1 : high)
    case 3: return a...
    case 4: return ..<a
    case 5: return ...a
    case 6: return stride(from: a, to: b, by: step())
    case 7: return stride(from: a, through: b, by: step())
    case 8:
      return Chosen(
        choice: AxisChoice(start: a, step: b, count: below(5), removesAxis: bool()))
    default:
      return Chosen(choice: AxisChoice(start: below(3), step: b, count: int(), removesAxis: bool()))
    }
  }

  private mutating func step() -> Int {
    let step = int()
    return step == 0 ? 1 : step
  }

  // MARK: Numbers

  mutating func number() -> Double {
    shown(
      one(of: [
        0, -0.0, 1, -1, 0.5, 0.1, 1e-8, 1e-45, 5e-324, 1e38, -1e39, 1e300, .infinity, -.infinity,
        .nan, 2, 3, 65504, 1e5, -0.3,
      ]))
  }

  /// A number that the type's own initialiser accepts, including extremes.
  mutating func element<Element: TensorElement>(_ type: Element.Type) -> Element {
    tensors.element(type, &self)
  }

  mutating func text(_ texts: [String]) -> String { shown(one(of: texts)) }

  // MARK: Tensors

  mutating func tensor<Element: TensorElement>(_ type: Element.Type) -> Tensor<Element> {
    let list = tensors.list(type)
    let (name, tensor) = list[below(list.count)]
    note("\(Element.self) \(name)")
    return tensor
  }

  mutating func several<Element: TensorElement>(_ type: Element.Type) -> [Tensor<Element>] {
    let tensor = tensor(type)
    // Often the same tensor again, since tensors of different shapes seldom fit together.
    return (0..<one(of: [0, 1, 2, 2, 3, 17])).map { _ in once(in: 5) ? self.tensor(type) : tensor }
  }

  /// A tensor that may fit `other`: in half of the cases itself.
  mutating func tensor<Element: TensorElement>(like other: Tensor<Element>) -> Tensor<Element> {
    bool() ? other : tensor(Element.self)
  }

  // MARK: Results

  /// Uses a result as a caller would, in some cases: prints it, reads it, runs backward from it.
  mutating func use<Element: TensorElement>(_ result: Tensor<Element>) {
    precondition(result.count >= 0 && result.shape.allSatisfy { $0 >= 0 }, "an impossible shape")
    switch below(12) {
    case 0: _ = result.description
    case 1: _ = result.scalars.count
    case 2: _ = result.sum().scalars.first
    default: break
    }
  }

  mutating func use<Element: FloatingElement>(differentiable result: Tensor<Element>) {
    use(result)
    guard once(in: 4), result.requiresGradient, !result.isFailed else { return }
    result.sum().backward(retainGraph: bool())
  }

  mutating func use<Element: TensorElement>(_ results: [Tensor<Element>]) {
    guard !results.isEmpty else { return }
    use(results[below(results.count)])
  }
}

/// A user's index type, which may answer anything.
struct Chosen: TensorIndex {
  let choice: AxisChoice?
  func resolve(extent: Int) -> AxisChoice? { choice }
}
