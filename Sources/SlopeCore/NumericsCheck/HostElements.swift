/// A value's elements in host memory, by position in a shape to which the value broadcasts.
struct HostElements {
  private let value: Value
  private let shape: Shape
  private let strides: InlineArray<8, Int>

  /// Waits for the device; nil, after a report, if there is no memory for a copy.
  init?(_ value: Value, as shape: Shape) {
    self.value = value.detached.copied(to: CPUBackend.shared)
    if self.value.isFailed { return nil }
    self.shape = shape
    strides = self.value.layout.strides(broadcastTo: shape)
  }

  /// What a verb has written.
  init?(_ output: Output, _ shape: Shape) {
    self.init(Value(Layout(shape), output.dtype, output.buffer), as: shape)
  }

  var count: Int { shape.elementCount }

  /// The element at a position in row-major order.
  subscript(position: Int) -> Number {
    var rest = position
    var offset = 0
    var axis = shape.rank
    while axis > 0 {
      axis -= 1
      offset += rest % shape.extents[axis] * strides[axis]
      rest /= shape.extents[axis]
    }
    let size = value.dtype.byteCount
    let bits = value.withPointer { start in
      switch size {
      case 1: UInt64(start.load(fromByteOffset: offset, as: UInt8.self))
      case 2: UInt64(start.load(fromByteOffset: offset * 2, as: UInt16.self))
      case 4: UInt64(start.load(fromByteOffset: offset * 4, as: UInt32.self))
      default: start.load(fromByteOffset: offset * 8, as: UInt64.self)
      }
    }
    return Number(value.dtype, bits: bits)
  }

  /// The position of the first NaN or infinity from `start` on.
  ///
  /// Precondition: a contiguous value of the shape, of a floating type.
  func firstNotFinite(from start: Int) -> Int? {
    switch value.dtype {
    case .float16: first(from: start, exponent: 0x7C00 as UInt16)
    case .bfloat16: first(from: start, exponent: 0x7F80 as UInt16)
    case .float32: first(from: start, exponent: 0x7F80_0000 as UInt32)
    default: first(from: start, exponent: 0x7FF0_0000_0000_0000 as UInt64)
    }
  }

  /// The position of the first element from `start` on whose exponent bits are all ones.
  @inline(__always)
  private func first<Bits: FixedWidthInteger & BitwiseCopyable>(
    from start: Int, exponent: Bits
  ) -> Int? {
    value.withPointer {
      let elements = $0.assumingMemoryBound(to: Bits.self)
      for position in start..<count where elements[position] & exponent == exponent {
        return position
      }
      return nil
    }
  }
}

extension Shape {
  /// The index along each axis of a position in row-major order.
  func index(at position: Int) -> [Int] {
    var rest = position
    var index = Array(repeating: 0, count: rank)
    for axis in (0..<rank).reversed() {
      index[axis] = rest % extents[axis]
      rest /= extents[axis]
    }
    return index
  }
}
