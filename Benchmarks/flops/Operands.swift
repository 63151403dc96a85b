import Slope

/// The size of arrays that do not fit into any cache.
struct ArraySize: Equatable {
  /// The columns of every matrix that fills an array.
  static let columns = 4096

  /// The bytes of the device's last cache.
  let cacheBytes: Int
  /// The bytes of one array: whole rows of every element type.
  let byteCount: Int

  /// A size for a device.
  ///
  /// It is four times the last cache, which is J. D. McCalpin's rule for the triad, at least 128
  /// MiB and at most a 32nd of the memory, since some dozen arrays are held at the same time.
  init(cacheBytes: Int, memoryBytes: Int) {
    self.cacheBytes = cacheBytes
    let row = 8 * ArraySize.columns
    let most = min(memoryBytes / 32, 1 << 30)
    byteCount = max(min(max(4 * cacheBytes, 128 << 20), most) / row * row, row)
  }

  func rows(of dtype: DType) -> Int { byteCount / dtype.byteCount / ArraySize.columns }

  /// Whether work on `bytes` bytes is limited by memory; a percentage of its peak is printed only
  /// then.
  func isBeyondCache(bytes: Double) -> Bool { bytes >= 4 * Double(cacheBytes) }
}

/// The operands of workloads.
///
/// Workloads that ask for the same operand share it.
final class Operands {
  private var tensors: [String: Any] = [:]

  /// Small numbers around zero, on the default device.
  func tensor<Element: NumericElement>(_ shape: [Int], seed: Int, of type: Element.Type) -> Tensor<
    Element
  > {
    let key = "\(Element.dtype) \(shape) \(seed)"
    if let tensor = tensors[key] as? Tensor<Element> { return tensor }
    let columns = shape.last ?? 1
    let rows = shape.dropLast().reduce(1, *)
    // The device adds a column and a row, since computing that many numbers on the host would take
    // long.
    let row = (0..<columns).map { Element(clamping: Double(($0 * 37 + seed) % 17) / 8 - 1) }
    let column = (0..<rows).map { Element(clamping: Double($0 % 3) / 8) }
    let sum =
      Tensor<Element>(shape: [1, columns], scalars: row)
      + Tensor<Element>(shape: [rows, 1], scalars: column)
    let tensor = sum.reshaped(to: Shape(shape))
    tensors[key] = tensor
    return tensor
  }
}
