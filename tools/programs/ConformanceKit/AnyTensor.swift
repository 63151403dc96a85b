import Slope

/// A tensor whose element type is known only at run time.
public protocol AnyTensor: Sendable {
  /// The type of the elements.
  var dtype: DType { get }

  /// The elements in row-major order.
  var data: TensorData { get }

  /// Runs backward from this tensor; throws `Unsupported` if it is not floating point.
  func pullBack(_ cotangent: TensorData) throws
}

extension Tensor: AnyTensor {
  /// The elements in row-major order.
  ///
  /// Copies, and waits for the device.
  public var data: TensorData {
    TensorData(
      dtype: dtype, shape: Array(shape), bytes: scalars.withUnsafeBytes { Array($0) })
  }

  /// Runs backward from this tensor, which must be floating point, with `cotangent` as the seed.
  public func pullBack(_ cotangent: TensorData) throws {
    guard let type = Element.self as? any FloatingElement.Type else {
      throw Unsupported("a gradient through \(dtype)")
    }
    func start<F: FloatingElement>(_: F.Type) throws {
      guard let tensor = self as? Tensor<F> else { return }
      tensor.backward(seed: try Tensor<F>(cotangent), retainGraph: true)
    }
    try start(type)
  }

  /// The tensor of the given elements, which must have this element type.
  public init(_ data: TensorData) throws {
    guard data.dtype == Element.dtype else {
      throw Unsupported("an operand of \(data.dtype) where \(Element.dtype) is taken")
    }
    let scalars = [Element](unsafeUninitializedCapacity: data.count) { buffer, count in
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: data.bytes)
      count = data.count
    }
    self.init(shape: Shape(data.shape), scalars: scalars)
  }
}

extension TensorData {
  /// The tensor of this element type; 64-bit integers become `Int64`.
  func tensor() throws -> any AnyTensor {
    switch dtype {
    case .bool: try Tensor<Bool>(self)
    case .uint8: try Tensor<UInt8>(self)
    case .uint16: try Tensor<UInt16>(self)
    case .uint32: try Tensor<UInt32>(self)
    case .uint64: try Tensor<UInt64>(self)
    case .int8: try Tensor<Int8>(self)
    case .int16: try Tensor<Int16>(self)
    case .int32: try Tensor<Int32>(self)
    case .int64: try Tensor<Int64>(self)
    case .float16: try Tensor<Float16>(self)
    case .bfloat16: try Tensor<BFloat16>(self)
    case .float32: try Tensor<Float>(self)
    case .float64: try Tensor<Double>(self)
    }
  }
}
