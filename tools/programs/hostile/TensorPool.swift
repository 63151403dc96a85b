import Slope
import SlopeCore

/// Tensors of every type for calls: small ones, views of more elements than any memory has, failed
/// ones, and for floating-point types some with gradients.
final class TensorPool {
  typealias Named<Element: TensorElement> = (name: String, tensor: Tensor<Element>)

  let device: Device
  /// The values for a size, an index or a count, in addition to small numbers.
  let extremes: [Int]
  /// Extents of a view's axis that exceed any memory.
  private let many: Int
  private var lists: [ObjectIdentifier: Any] = [:]

  /// A pool of tensors.
  ///
  /// - Parameters:
  ///   - device: the device of the tensors.
  ///   - isLimited: whether the address space is limited; if not, no size is drawn that the
  ///     machine's memory would hold.
  init(on device: Device, isLimited: Bool) {
    self.device = device
    many = isLimited ? 1 << 31 : 1 << 41
    let middle = [1 << 31, (1 << 31) - 1, 1 << 32, 1 << 29]
    extremes =
      [
        -(1 << 31), 1 << 58, 1 << 62, -(1 << 62), Int.min, Int.min + 1, Int.max, Int.max - 1,
        Int.max / 16, Int.max / 2, 1_000_000_000_000, 1 << 40,
      ] + (isLimited ? middle : [])
  }

  func list<Element: TensorElement>(_ type: Element.Type) -> [Named<Element>] {
    if let list = lists[ObjectIdentifier(type)] as? [Named<Element>] { return list }
    let list = withDevice(device) { made(type) }
    lists[ObjectIdentifier(type)] = list
    return list
  }

  /// Small numbers and the extremes of the type.
  func element<Element: TensorElement>(_ type: Element.Type, _ draw: inout Draw) -> Element {
    let list = TensorPool.numbers(type)
    return list[draw.below(list.count)]
  }

  private static func numbers<Element: TensorElement>(_: Element.Type) -> [Element] {
    if Element.self == Bool.self, let list = [false, true] as? [Element] { return list }
    func all<N: NumericElement>(_: N.Type) -> Any {
      let list: [N] = [
        0, 1, 2, 3, 7, N(clamping: -1), N(clamping: -3), N(clamping: 0.5),
        N(clamping: .infinity), N(clamping: -.infinity), N(clamping: .nan), N(clamping: 1e30),
      ]
      return list
    }
    guard let type = Element.self as? any NumericElement.Type, let list = all(type) as? [Element]
    else {
      return []
    }
    return list
  }

  private func small<Element: TensorElement>(_ shape: Shape, _: Element.Type) -> Tensor<Element> {
    let numbers = TensorPool.numbers(Element.self)
    let scalars = (0..<shape.elementCount).map { numbers[($0 * 7 + 1) % numbers.count] }
    return Tensor(shape: shape, scalars: scalars)
  }

  private func made<Element: TensorElement>(_ type: Element.Type) -> [Named<Element>] {
    let plain: [Shape] = [
      [], [0], [1], [3], [2, 3], [3, 2], [3, 3], [2, 3, 4], [0, 3], [3, 0], [2, 1, 3],
      [1, 1, 1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2, 2, 2], [40, 30],
    ]
    var list = plain.map { (name: "\($0)", tensor: small($0, type)) }
    let (one, row, column) = (small([1], type), small([1, 3], type), small([3, 1], type))
    func view(_ name: String, _ tensor: Tensor<Element>) { list.append((name, tensor)) }
    view("transposed", small([3, 2], type).transposed())
    view("backwards", small([5], type)[stride(from: 4, through: 0, by: -2)])
    view("diagonal", small([3, 3], type).diagonal())
    view("[2^58]", one.expanded(to: [1 << 58]))
    view("many", one.expanded(to: [many]))
    // A list with that many rows is refused for lack of memory, as that of `many` is.
    let rows = many > 1 << 31 ? many : 1 << 29
    view("[rows, 2^58 / rows]", one.expanded(to: [rows, (1 << 58) / rows]))
    view("[Int.max / 16]", one.expanded(to: [Int.max / 16]))
    view("[many, 3]", row.expanded(to: [many, 3]))
    view("[3, many]", column.expanded(to: [3, many]))
    view("[many, 3] transposed", row.expanded(to: [many, 3]).transposed())
    view("2^56 of rank 8", one.expanded(to: [128, 128, 128, 128, 128, 128, 128, 128]))
    view("[0, 2^58]", small([0, 1], type).expanded(to: [0, 1 << 58]))
    view("[2^58, 0]", small([1, 0], type).expanded(to: [1 << 58, 0]))
    let long = device == .cpu ? 1 << 18 : 1 << 12
    view("[long, 1]", small([long, 1], type))
    view("[1, long]", small([1, long], type))
    view("failed", Tensor<Element>.failed)
    if device != .cpu { view("on the CPU", withDevice(.cpu) { small([2, 3], type) }) }
    return list + recorded(type)
  }

  private func recorded<Element: TensorElement>(_ type: Element.Type) -> [Named<Element>] {
    func all<F: FloatingElement>(_ type: F.Type) -> Any {
      let parameter = Parameter(small([2, 3], type))
      let one = Parameter(small([1], type))
      let list: [Named<F>] = [
        ("parameter", parameter.tensor), ("3 of a parameter", Parameter(small([3], type)).tensor),
        ("recorded", parameter.tensor * 2), ("recorded [2^58]", one.tensor.expanded(to: [1 << 58])),
        ("recorded many", one.tensor.expanded(to: [many])),
      ]
      return list
    }
    guard let floating = Element.self as? any FloatingElement.Type else { return [] }
    return all(floating) as? [Named<Element>] ?? []
  }
}
