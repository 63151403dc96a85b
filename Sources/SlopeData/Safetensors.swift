public import SlopeCore

/// Named tensors and text metadata in one file, in the safetensors format
/// (https://github.com/huggingface/safetensors): eight bytes with the length of a JSON header,
/// the header, then the tensors' elements, little-endian and row-major.
///
/// ```swift
/// var file = Safetensors()
/// file.insert(model.weight.tensor, as: "weight")
/// file.metadata["target"] = "price"
/// try file.write(to: "model.safetensors")
/// ```
public struct Safetensors: Sendable {
  /// One tensor: its type, its extents and its elements' bytes.
  struct Entry: Sendable {
    var dtype: DType
    var shape: [Int]
    var bytes: [UInt8]
  }

  /// The header's `__metadata__`.
  public var metadata: [String: String] = [:]
  var entries: [String: Entry] = [:]
  /// The names under which tensors were inserted that have no elements: `write` refuses them.
  package private(set) var failed: Set<String> = []

  /// An empty file.
  public init() {}

  /// The tensors' names, sorted.
  public var names: [String] { entries.keys.sorted() }

  /// The element type and shape of the tensor called `name`; nil if there is none.
  public func layout(of name: String) -> (dtype: DType, shape: [Int])? {
    entries[name].map { ($0.dtype, $0.shape) }
  }

  /// Adds `tensor` under `name`, in place of one that had it. Names are compared as text, whatever way
  /// their accents are composed.
  ///
  /// A failed tensor has nothing to write: `write(to:)` then throws, and names it.
  public mutating func insert<Element>(_ tensor: Tensor<Element>, as name: String) {
    let bytes = tensor.withScalars { scalars in
      scalars.bytes.withUnsafeBytes { [UInt8]($0) }
    }
    // A device may find only now, when it is read from, that an operation on the way failed.
    let isLate = tensor.device != .cpu && hasFailureInScope
    guard !tensor.isFailed, !isLate, bytes.count == tensor.count * Element.dtype.byteCount else {
      entries[name] = nil
      failed.insert(name)
      return
    }
    failed.remove(name)
    entries[name] = Entry(dtype: Element.dtype, shape: Array(tensor.shape), bytes: bytes)
  }

  /// The tensor called `name`; nil if there is none, or if its elements have another type.
  public func tensor<Element: TensorElement>(
    _ name: String, as element: Element.Type = Element.self
  ) -> Tensor<Element>? {
    guard let entry = entries[name], entry.dtype == Element.dtype else { return nil }
    let count = entry.bytes.count / MemoryLayout<Element>.stride
    let scalars = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      raw.copyBytes(from: entry.bytes)
      // Any byte but 0 and 1 is no Bool.
      if Element.self == Bool.self {
        for index in raw.indices { raw[index] = raw[index] == 0 ? 0 : 1 }
      }
      initialized = count
    }
    return Tensor(shape: Shape(entry.shape), scalars: scalars, on: .default)
  }
}

extension DType {
  /// The format's name for this type.
  var safetensorsName: String {
    switch self {
    case .bool: "BOOL"
    case .uint8: "U8"
    case .uint16: "U16"
    case .uint32: "U32"
    case .uint64: "U64"
    case .int8: "I8"
    case .int16: "I16"
    case .int32: "I32"
    case .int64: "I64"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .float32: "F32"
    case .float64: "F64"
    }
  }

  /// The type that the format calls `name`.
  init?(safetensorsName name: String) {
    let all: [DType] = [
      .bool, .uint8, .uint16, .uint32, .uint64, .int8, .int16, .int32, .int64, .float16,
      .bfloat16, .float32, .float64,
    ]
    guard let match = all.first(where: { $0.safetensorsName == name }) else { return nil }
    self = match
  }
}
