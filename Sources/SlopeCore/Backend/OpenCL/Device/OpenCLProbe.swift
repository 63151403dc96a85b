#if OpenCL
  /// Measures an OpenCL device's peak rates with kernels that do nothing else, for `flops`.
  package final class OpenCLProbe {
    private let backend: OpenCLBackend
    private let clock = ContinuousClock()

    init(_ backend: OpenCLBackend) { self.backend = backend }

    /// The device's name, units and driver.
    package var title: String {
      let device = backend.device
      return
        "\(device.name), \(device.computeUnits) units, \(device.platform) \(device.driverVersion)"
    }

    /// Whether the device is a processor, whose memory and caches are the host's.
    package var isProcessor: Bool { backend.device.isCPU }

    /// The device's memory in bytes.
    package var memoryByteCount: Int { backend.device.globalByteCount }

    private func kernel(_ name: String, isDouble: Bool) -> (kernel: OpenCLKernel, lanes: Int)? {
      let type = isDouble ? "double" : "float"
      let lanes = backend.variant == .wide ? (isDouble ? 8 : 16) : 1
      let vector = lanes == 1 ? type : "\(type)\(lanes)"
      let kernel = backend.namedKernel("\(name) \(vector)") {
        backend.kernel(name, "probe") {
          OpenCLSource.types(hasDouble: backend.device.hasDouble)
            + "#define T \(type)\n#define V \(vector)\n#define LANES \(lanes)\n"
            + OpenCLSource.file("probe.cl")
        }
      }
      return kernel.map { ($0, lanes) }
    }

    /// Passes over memory in one measurement, so that the device is not idle between them.
    private static let passes = 4

    private func seconds(_ body: () -> Void) -> Double {
      let time = clock.measure {
        body()
        backend.synchronize()
      }.components
      return Double(time.seconds) + Double(time.attoseconds) * 1e-18
    }

    /// Multiplications and additions per second in registers; 0 without the element type.
    ///
    /// Measures for about `duration` seconds.
    package func multiplyAdds(isDouble: Bool, duration: Double) -> Double {
      guard !isDouble || backend.device.hasDouble,
        let (kernel, lanes) = kernel("multiply_adds", isDouble: isDouble)
      else { return 0 }
      let size = isDouble ? 8 : 4
      // Enough items to occupy every unit: on a GPU many groups each.
      let items = backend.device.computeUnits * (backend.variant == .wide ? 1 : 2048)
      guard let results = backend.allocate(byteCount: items * size) else { return 0 }
      func run(_ turns: Int) -> Double {
        let range = LaunchRange(items, local: (backend.variant == .wide ? 1 : 64, 1, 1))
        return seconds {
          backend.launch(kernel, range, "probe") { arguments in
            arguments.buffer(results)
            let bits = { (number: Double) -> UInt64 in
              isDouble ? number.bitPattern : UInt64(Float(number).bitPattern)
            }
            arguments.bits(bits(0.999), byteCount: size)
            arguments.bits(bits(0.001), byteCount: size)
            arguments.word(turns)
          }
        }
      }
      var turns = 1 << 12
      _ = run(turns)
      var time = run(turns)
      while time < duration / 4, turns < 1 << 40 {
        turns *= 2
        time = run(turns)
      }
      return 24 * Double(lanes) * Double(items) * Double(turns) / time
    }

    /// Three arrays of zeros of that size; nil if there is no memory for them.
    package func arrays(byteCount: Int) -> OpenCLProbeArrays? {
      let buffers = (0..<3).compactMap { _ in backend.allocate(byteCount: byteCount) }
      guard buffers.count == 3 else { return nil }
      // Written, so that no measurement touches pages for the first time.
      let zeros = [UInt8](repeating: 0, count: byteCount)
      for buffer in buffers { zeros.withUnsafeBytes { backend.upload($0, to: buffer) } }
      return OpenCLProbeArrays(buffers: buffers, byteCount: byteCount)
    }

    /// Bytes read and written per second by a[i] = b[i] + s·c[i].
    package func triad(_ arrays: OpenCLProbeArrays) -> Double {
      guard let (kernel, lanes) = kernel("triad", isDouble: false) else { return 0 }
      let count = arrays.byteCount / (4 * lanes)
      let isWide = backend.variant == .wide
      let length = isWide ? 256 : 1
      let range = LaunchRange(
        (count + length - 1) / length,
        local: (isWide ? 1 : min(backend.device.maximumGroupSize, 64), 1, 1))
      let time = seconds {
        for _ in 0..<OpenCLProbe.passes {
          backend.launch(kernel, range, "probe") { arguments in
            for buffer in arrays.buffers { arguments.buffer(buffer) }
            arguments.bits(UInt64(Float(0.5).bitPattern), byteCount: 4)
            arguments.word(count)
            arguments.word(length)
          }
        }
      }
      return Double(OpenCLProbe.passes * 3 * count * lanes * 4) / time
    }

    /// Bytes read per second by the sum of one array.
    package func read(_ arrays: OpenCLProbeArrays) -> Double {
      guard let (kernel, lanes) = kernel("reads", isDouble: false) else { return 0 }
      let items = backend.device.computeUnits * (backend.variant == .wide ? 8 : 2048)
      let turns = arrays.byteCount / (16 * lanes * items)
      guard turns > 0 else { return 0 }
      let range = LaunchRange(items, local: (backend.variant == .wide ? 1 : 64, 1, 1))
      let time = seconds {
        for _ in 0..<OpenCLProbe.passes {
          backend.launch(kernel, range, "probe") { arguments in
            // The sums go where the triad writes.
            arguments.buffer(arrays.buffers[0])
            arguments.buffer(arrays.buffers[1])
            arguments.word(turns)
          }
        }
      }
      return Double(OpenCLProbe.passes * 16 * lanes * items * turns) / time
    }
  }

  /// The arrays that the memory probes read and write.
  package struct OpenCLProbeArrays {
    fileprivate let buffers: [Buffer]
    fileprivate let byteCount: Int
  }

#endif
