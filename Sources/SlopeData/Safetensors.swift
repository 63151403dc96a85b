public import SlopeCore

/// Named tensors and text metadata of one file in the safetensors format.
///
/// A value of this type is the contents of such a file in memory. Tensors are inserted into it and
/// written together, or read together and taken out by name:
///
/// ```swift
/// let weight = Tensor<Float>([[1, 2], [3, 4]])
/// var file = Safetensors()
/// file.insert(weight, as: "weight")
/// file.metadata["target"] = "price"
/// try file.write(to: "model.safetensors")
///
/// let loaded = try Safetensors(path: "model.safetensors")
/// print(loaded.names, loaded.metadata)
/// // ["weight"] ["target": "price"]
/// if let tensor = loaded.tensor("weight", as: Float.self) { print(tensor) }
/// // tensor([[1., 2.],
/// //         [3., 4.]])
/// ```
///
/// Together with a module's `state()` and `load(_:)` it saves and restores a model:
///
/// ```swift
/// let model = Linear<Float>(2, 2)
/// var saved = Safetensors()
/// for (name, tensor) in model.state() { saved.insert(tensor, as: name) }
/// var state: [String: Tensor<Float>] = [:]
/// for name in saved.names { state[name] = saved.tensor(name) }
/// try model.load(state)
/// ```
///
/// `insert` copies the elements to the host, and waits for the device that they are on; `tensor`
/// copies them to the default device. A file is therefore in memory in addition to its tensors. It
/// is written whole or not at all, and everything that is read is checked: no file makes the
/// program stop.
///
/// The format (https://github.com/huggingface/safetensors) is eight bytes with the length of a JSON
/// header, the header, then the tensors' elements, little-endian and row-major. PyTorch's
/// counterparts are `safetensors.torch.save_file` and `load_file`; the names of parameters are the
/// same.
public struct Safetensors: Sendable {
  /// One tensor: its element type, its extents and the bytes of its elements.
  struct Entry: Sendable {
    var dtype: DType
    var shape: [Int]
    var bytes: [UInt8]
  }

  /// Texts by name, the header's `__metadata__`.
  public var metadata: [String: String] = [:]
  var entries: [String: Entry] = [:]
  /// The names of inserted tensors that had failed, which `write` refuses.
  package internal(set) var failed: Set<String> = []

  /// A file without tensors and metadata.
  public init() {}

  /// The tensors' names, sorted.
  public var names: [String] { entries.keys.sorted() }

  /// The element type and shape of the tensor called `name`; nil if there is none.
  public func layout(of name: String) -> (dtype: DType, shape: [Int])? {
    entries[name].map { ($0.dtype, $0.shape) }
  }

  /// Adds `tensor` under `name`, and replaces a tensor of that name.
  ///
  /// Copies the elements to the host, and waits for the device. Names are compared as text, however
  /// their accents are composed. If `tensor` has failed, `write(to:)` throws an error that names
  /// it.
  public mutating func insert<Element>(_ tensor: Tensor<Element>, as name: String) {
    let bytes = tensor.withScalars { scalars in
      scalars.bytes.withUnsafeBytes { [UInt8]($0) }
    }
    // The read may be when a device reports that an earlier operation failed.
    let isLate = tensor.device != .cpu && hasFailureInScope
    guard !tensor.isFailed, !isLate, bytes.count == tensor.count * Element.dtype.byteCount else {
      entries[name] = nil
      failed.insert(name)
      return
    }
    failed.remove(name)
    entries[name] = Entry(dtype: Element.dtype, shape: Array(tensor.shape), bytes: bytes)
  }

  /// The tensor called `name`; nil if there is none, or if its element type is another.
  ///
  /// Each call copies the elements to the default device.
  public func tensor<Element: TensorElement>(
    _ name: String, as element: Element.Type = Element.self
  ) -> Tensor<Element>? {
    guard let entry = entries[name], entry.dtype == Element.dtype else { return nil }
    let count = entry.bytes.count / MemoryLayout<Element>.stride
    let scalars = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      raw.copyBytes(from: entry.bytes)
      // A Bool with another byte than 0 or 1 is undefined in Swift.
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

  /// The format's names of all types.
  static var safetensorsNames: [String] { allCases.map(\.safetensorsName) }

  /// The type that the format calls `name`.
  init?(safetensorsName name: String) {
    guard let match = Self.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
    self = match
  }
}
