#if OpenCL
  extension OpenCLBackend {
    package func draw(_ draw: RandomDraw, source: Value?, count: Int, output: Output) {
      let dtype = output.dtype
      let (name, define) =
        switch draw.numbers {
        case .mask: ("draw_mask", source == nil ? "MASK" : "MASK\n#define HAS_SOURCE")
        case .uniform: ("draw_uniform", "UNIFORM")
        case .normal: ("draw_normal", "NORMAL")
        }
      let make = {
        self.kernel(name, "draw") {
          OpenCLSource.element(dtype) + "#define \(define)\n" + OpenCLSource.file("draw.cl")
        }
      }
      guard let kernel = namedKernel("\(name) \(source != nil) \(dtype)", make: make) else {
        return
      }
      let blocks = Int(RandomDraw.blockCount(draw.numbers, dtype, count: count))
      let range = LaunchRange(blocks, local: (min(device.maximumGroupSize, 64), 1, 1))
      let (first, second) = draw.operands
      let size = dtype.computeType.byteCount
      launch(kernel, range, "draw") { arguments in
        if let source {
          arguments.buffer(source.buffer)
          arguments.word(source.layout.offset)
        }
        arguments.buffer(output.buffer)
        arguments.word(count)
        arguments.bits(draw.key, byteCount: 8)
        arguments.bits(draw.block, byteCount: 8)
        if case .mask = draw.numbers {
          arguments.bits(draw.limit, byteCount: 8)
          arguments.bits(dtype.computeBits(of: dtype.rounded(first)), byteCount: size)
        } else {
          arguments.bits(dtype.computeBits(of: first), byteCount: size)
          arguments.bits(dtype.computeBits(of: second), byteCount: size)
        }
      }
    }
  }

  extension DType {
    /// The nearest number that a floating type holds.
    fileprivate func rounded(_ number: Double) -> Double {
      switch self {
      case .float16: Double(Float16(Float(number)))
      case .bfloat16: BFloat16(Float(number)).doubleValue
      default: number
      }
    }
  }
#endif
