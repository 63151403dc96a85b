#if OpenCL
  extension OpenCLBackend {
    /// The elements of a block, and the blocks of a span, in scan.cl.
    private static let blockLength = 64

    package func scan(
      _ source: Value, isExclusive: Bool, isReversed: Bool, output: Buffer
    ) -> Bool {
      let (extent, inner) = (source.shape[1], source.shape[2])
      let lanes = source.shape[0] * inner
      guard lanes > 0, extent > 0 else { return true }
      func groups(_ count: Int) -> Int { (count - 1) / Self.blockLength + 1 }
      let blocks = groups(extent)
      let spans = groups(blocks)
      let isLong = blocks > 1
      let size = source.dtype == .float64 ? 16 : 8
      // A row of one block needs none of these.
      guard let blockTotals = isLong ? allocate(byteCount: lanes * blocks * size) : output,
        let spanTotals = isLong ? allocate(byteCount: lanes * spans * size) : output,
        let wrong = isLong ? allocate(byteCount: lanes * 4) : output
      else { return false }
      let preamble =
        OpenCLSource.element(source.dtype, hasDouble: device.hasDouble)
        + (isReversed ? "#define REVERSE\n" : "") + (isExclusive ? "#define EXCLUSIVE\n" : "")
      func find(_ name: String) -> OpenCLKernel? {
        namedKernel("\(name) \(source.dtype) \(isReversed) \(isExclusive)") {
          kernel(name, "cumulativeSum") { preamble + OpenCLSource.file("scan.cl") }
        }
      }
      func run(_ name: String, parts: Int, _ setArguments: (inout KernelArguments) -> Void) {
        guard let kernel = find(name) else { return }
        let most = min(device.maximumGroupSize, 64)
        let isAlongLanes = lanes >= 16 || parts == 1
        let range = LaunchRange(lanes, parts, local: isAlongLanes ? (most, 1, 1) : (1, most, 1))
        launch(kernel, range, "cumulativeSum", setArguments)
      }
      func setElements(_ arguments: inout KernelArguments) {
        arguments.buffer(source.buffer)
        arguments.word(source.layout.offset)
      }
      func setExtents(_ arguments: inout KernelArguments) {
        arguments.word(lanes)
        arguments.word(extent)
        arguments.word(inner)
      }
      if isLong {
        run("scan_blocks", parts: blocks) { arguments in
          setElements(&arguments)
          arguments.buffer(blockTotals)
          setExtents(&arguments)
        }
        run("scan_spans", parts: spans) { arguments in
          arguments.buffer(blockTotals)
          arguments.buffer(spanTotals)
          arguments.word(lanes)
          arguments.word(blocks)
        }
        run("scan_rows", parts: 1) { arguments in
          arguments.buffer(spanTotals)
          arguments.buffer(wrong)
          arguments.word(lanes)
          arguments.word(spans)
        }
      }
      run("scan_sums", parts: blocks) { arguments in
        setElements(&arguments)
        arguments.buffer(output)
        arguments.buffer(blockTotals)
        arguments.buffer(spanTotals)
        arguments.buffer(wrong)
        setExtents(&arguments)
      }
      guard isLong, source.dtype == .float64 else { return true }
      run("scan_again", parts: 1) { arguments in
        setElements(&arguments)
        arguments.buffer(output)
        arguments.buffer(wrong)
        setExtents(&arguments)
      }
      return true
    }
  }
#endif
