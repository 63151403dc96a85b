#if OpenCL
  /// A matrix of random numbers on a device and on the host, for a product whose result is known.
  struct TrialMatrix {
    /// `[batch, rows, columns]`.
    let value: Value
    private let bytes: [UInt8]

    init?(
      _ shape: (batch: Int, rows: Int, columns: Int), _ matrixLayout: MatrixLayout, _ dtype: DType,
      seed: UInt64,
      on backend: OpenCLBackend
    ) {
      let (batch, rows, columns) = shape
      var strides = InlineArray<8, Int>(repeating: 0)
      var offset = 0
      switch matrixLayout {
      case .rowMajor: (strides[0], strides[1], strides[2]) = (rows * columns, columns, 1)
      case .columnMajor: (strides[0], strides[1], strides[2]) = (rows * columns, 1, rows)
      case .strided:
        offset = 3
        (strides[1], strides[2]) = (2 * columns + 1, 2)
        strides[0] = rows * strides[1]
      }
      let count = offset + batch * (matrixLayout == .strided ? strides[0] : rows * columns)
      bytes = TrialNumbers.random(count, dtype, seed: seed)
      guard let buffer = backend.allocate(byteCount: bytes.count) else { return nil }
      bytes.withUnsafeBytes { backend.upload($0, to: buffer) }
      value = Value(
        Layout(shape: [batch, rows, columns], strides: strides, offset: offset), dtype, buffer)
    }

    /// The numbers of one matrix of the batch, row by row or column by column.
    func numbers(_ batch: Int, byColumns: Bool) -> TrialNumbers {
      let layout = value.layout
      let (outer, inner) = byColumns ? (2, 1) : (1, 2)
      let start = layout.offset + batch * layout.strides[0]
      let (rowStride, stride) = (layout.strides[outer], layout.strides[inner])
      let inners = layout.shape.extents[inner]
      let places = (0..<layout.shape.extents[outer] * inners).lazy.map {
        start + $0 / inners * rowStride + $0 % inners * stride
      }
      return TrialNumbers(bytes, value.dtype, at: places)
    }
  }

  /// Elements of any type: floating-point numbers as Double, others as words.
  enum TrialNumbers {
    case floating([Double])
    case words([UInt64])

    /// The bytes of random elements: uniform from -1 to 1, or any bits.
    ///
    /// One Bool in 16 is true, so that not every sum is.
    static func random(_ count: Int, _ dtype: DType, seed: UInt64) -> [UInt8] {
      // SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
      var state = seed &* 0x9e37_79b9_7f4a_7c15
      func word() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
      }
      func number() -> Double { Double(Int64(bitPattern: word()) >> 11) * 0x1p-52 }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(count * dtype.byteCount)
      for _ in 0..<count {
        let bits: UInt64 =
          switch dtype {
          case .bool: word() & 15 == 0 ? 1 : 0
          case .float16: UInt64(Float16(number()).bitPattern)
          // Truncated, which also gives a number of the type.
          case .bfloat16: UInt64(Float(number()).bitPattern >> 16)
          case .float32: UInt64(Float(number()).bitPattern)
          case .float64: number().bitPattern
          default: word()
          }
        for place in 0..<dtype.byteCount {
          bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * place)))
        }
      }
      return bytes
    }

    /// The elements at some positions in memory.
    init(_ bytes: [UInt8], _ dtype: DType, at places: some Sequence<Int>) {
      let size = dtype.byteCount
      func word(_ place: Int) -> UInt64 {
        var bits: UInt64 = 0
        for byte in (0..<size).reversed() { bits = bits << 8 | UInt64(bytes[place * size + byte]) }
        return bits
      }
      switch dtype {
      case .float16:
        self = .floating(
          places.map { Double(Float16(bitPattern: UInt16(truncatingIfNeeded: word($0)))) })
      case .bfloat16:
        self = .floating(
          places.map { Double(Float(bitPattern: UInt32(truncatingIfNeeded: word($0)) << 16)) })
      case .float32:
        self = .floating(
          places.map { Double(Float(bitPattern: UInt32(truncatingIfNeeded: word($0)))) })
      case .float64: self = .floating(places.map { Double(bitPattern: word($0)) })
      default: self = .words(places.map(word))
      }
    }
  }
#endif
