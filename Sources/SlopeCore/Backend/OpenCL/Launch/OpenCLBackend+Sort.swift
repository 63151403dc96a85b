#if OpenCL
  extension OpenCLBackend {
    package func argsort(_ source: Value, descending: Bool, output: Buffer) -> Bool {
      let (rows, count) = (source.shape[0], source.shape[1])
      guard rows > 0, count > 0 else { return true }
      var padded = 1
      while padded < count { padded *= 2 }
      let entries = rows * padded
      guard let keys = allocate(byteCount: entries * 8),
        let order = allocate(byteCount: entries * 8)
      else { return false }
      let make = { (name: String) -> OpenCLKernel? in
        self.namedKernel("\(name) \(source.dtype) \(descending)") {
          self.kernel(name, "argsort") {
            Self.sortPreamble(source.dtype, descending) + OpenCLSource.file("sort.cl")
          }
        }
      }
      guard let first = make("sort_keys"), let step = make("sort_step") else { return true }
      let local = min(device.maximumGroupSize, 64)
      let wholes = LaunchRange(padded, rows, local: (local, 1, 1))
      launch(first, wholes, "argsort") { arguments in
        arguments.buffer(source.buffer)
        arguments.word(source.layout.offset)
        arguments.buffer(keys)
        arguments.buffer(order)
        arguments.word(rows)
        arguments.word(count)
        arguments.word(padded)
      }
      let pairs = LaunchRange(padded / 2, rows, local: (local, 1, 1))
      var length = 2
      while length <= padded {
        var distance = length / 2
        while distance > 0 {
          launch(step, pairs, "argsort") { arguments in
            arguments.buffer(keys)
            arguments.buffer(order)
            arguments.word(rows)
            arguments.word(padded)
            arguments.word(length)
            arguments.word(distance)
          }
          distance /= 2
        }
        length *= 2
      }
      let whole = Value(Layout([rows, padded]), .int64, order)
      let sorted = Slice(whole.shape, axis: 1, from: 0, count: count).applied(to: whole.layout)
      copy(Value(sorted, .int64, order), to: output, Layout(source.shape))
      return true
    }

    private static func sortPreamble(_ dtype: DType, _ descending: Bool) -> String {
      let unsigned: DType =
        switch dtype.byteCount {
        case 1: .uint8
        case 2: .uint16
        case 4: .uint32
        default: .uint64
        }
      let kind =
        switch dtype {
        case .bool, .uint8, .uint16, .uint32, .uint64: "UNSIGNED"
        case .int8, .int16, .int32, .int64: "SIGNED"
        case .float16: "FLOATING 0x7C00"
        case .bfloat16: "FLOATING 0x7F80"
        case .float32: "FLOATING 0x7F800000"
        case .float64: "FLOATING 0x7FF0000000000000"
        }
      // Only the bits matter: the device need not have the type.
      let bits = unsigned.openCLStorageType
      return "#define S \(bits)\n#define BITS \(bits)\n#define KEY_\(kind)\n"
        + (descending ? "#define DESCENDING\n" : "")
    }
  }
#endif
