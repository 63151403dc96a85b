import Slope

/// The size of arrays that no cache holds.
struct ArraySize: Equatable {
  /// The columns of every matrix that fills an array.
  static let columns = 4096

  /// The last cache of the device.
  let cacheBytes: Int
  /// Bytes of one array, whole rows of every element type.
  let byteCount: Int

  /// Arrays of four times the last cache, which is J. D. McCalpin's rule for the triad, at least
  /// 128 MiB and at most a 32nd of the memory: some dozen of them are held at once.
  init(cacheBytes: Int, memoryBytes: Int) {
    self.cacheBytes = cacheBytes
    let row = 8 * ArraySize.columns
    let most = min(memoryBytes / 32, 1 << 30)
    byteCount = max(min(max(4 * cacheBytes, 128 << 20), most) / row * row, row)
  }

  func rows(of dtype: DType) -> Int { byteCount / dtype.byteCount / ArraySize.columns }

  /// Whether work on so many bytes is limited by memory; a share of its peak is told only then.
  func isBeyondCache(bytes: Double) -> Bool { bytes >= 4 * Double(cacheBytes) }
}

/// What workloads compute with. Those that ask for the same operand share it.
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
    // The device adds a column and a row: on the host, so many numbers would take long.
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
