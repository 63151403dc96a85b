#if OpenCL
  internal import CKernels

  /// How an operand's elements are found in a kernel that was printed for it.
  enum OperandAccess: UInt64 {
    /// The element of the item's own number.
    case contiguous
    /// One element for all.
    case constant
    /// By strides; along the innermost axis elements are neighbours, the same, or neither.
    case neighbours
    case repeated
    case strided

    init(_ nest: LoopNest, _ operand: Int) {
      if nest.isConstant(operand) {
        self = .constant
      } else if nest.isContiguous(operand) {
        self = .contiguous
      } else {
        switch nest.strides[operand][nest.rank - 1] {
        case 1: self = .neighbours
        case 0: self = .repeated
        default: self = .strided
        }
      }
    }
  }

  extension OpenCLBackend {
    package func pointwise(
      _ program: Program, _ inputs: Span<Value>, scalars: Span<UInt64>, shape: Shape,
      outputs: Span<Output>
    ) {
      guard shape.elementCount > 0 else { return }
      let operands = list(inputs)
      let results = list(outputs)
      let (nest, accesses) = walk(operands, shape)
      var form = KernelForm(on: self, kind: UInt64(nest.rank))
      for (operand, access) in zip(operands, accesses) { form.add(operand.dtype, access) }
      for result in results { form.addOutput(result.dtype) }
      guard
        let kernel = program.deviceKernel(
          form,
          make: {
            kernel("pointwise", "pointwise") {
              PrintedPointwise(
                program, rank: nest.rank, inputs: operands.map(\.dtype),
                outputs: results.map(\.dtype), accesses: accesses
              ).source(hasDouble: device.hasDouble)
            }
          })
      else { return }
      let width = program.dtype.computeType.byteCount
      launch(kernel, range(nest), "pointwise") { arguments in
        for axis in (0..<nest.rank).reversed() { arguments.word(nest.extents[axis]) }
        for (index, operand) in operands.enumerated() {
          arguments.buffer(operand.buffer)
          arguments.word(operand.layout.offset)
          switch accesses[index] {
          case .contiguous, .constant: break
          case .neighbours, .repeated, .strided:
            for axis in (0..<nest.rank).reversed() { arguments.word(nest.strides[index][axis]) }
          }
        }
        for index in 0..<scalars.count { arguments.bits(scalars[index], byteCount: width) }
        for result in results { arguments.buffer(result.buffer) }
      }
    }

    /// The nest over `shape`, and how each operand is found in it.
    private func walk(_ operands: [Value], _ shape: Shape) -> (LoopNest, [OperandAccess]) {
      // The frequent case needs no look at strides.
      var accesses: [OperandAccess] = []
      accesses.reserveCapacity(operands.count)
      for operand in operands {
        if operand.layout.count == 1 {
          accesses.append(.constant)
        } else if operand.layout.isContiguous, operand.layout.shape == shape {
          accesses.append(.contiguous)
        } else {
          let nest = LoopNest(shape, operands.map { $0.layout.strides(broadcastTo: shape) })
          return (nest, operands.indices.map { OperandAccess(nest, $0) })
        }
      }
      return (LoopNest(count: shape.elementCount), accesses)
    }

    /// The items of a nest: the innermost axis, the one before it, and all others together.
    func range(_ nest: LoopNest) -> LaunchRange {
      let inner = nest.extents[nest.rank - 1]
      let middle = nest.rank > 1 ? nest.extents[nest.rank - 2] : 1
      let outer = nest.extents.dropLast(2).reduce(1, *)
      let largest = min(device.maximumGroupSize, 256)
      if nest.rank > 1, inner < 64, largest >= 256 {
        return LaunchRange(inner, middle, outer, local: (16, 16, 1))
      }
      return LaunchRange(inner, middle, outer, local: (largest, 1, 1))
    }

    package func copy(_ source: Value, to destination: Buffer, _ layout: Layout) {
      guard source.count > 0 else { return }
      let nest = LoopNest(source.shape, [source.layout.strides, layout.strides])
      let type: DType =
        switch source.dtype.byteCount {
        case 1: .uint8
        case 2: .uint16
        case 4: .uint32
        default: .uint64
        }
      let key = "copy \(type) \(nest.rank)"
      guard
        let kernel = namedKernel(
          key,
          make: {
            kernel("copy", "copy") {
              OpenCLSource.types(hasDouble: device.hasDouble)
                + PrintedNest.copySource(type, nest.rank)
            }
          })
      else { return }
      launch(kernel, range(nest), "copy") { arguments in
        for extent in nest.extents.reversed() { arguments.word(extent) }
        arguments.buffer(source.buffer)
        arguments.word(source.layout.offset)
        for stride in nest.strides[0].reversed() { arguments.word(stride) }
        arguments.buffer(destination)
        arguments.word(layout.offset)
        for stride in nest.strides[1].reversed() { arguments.word(stride) }
      }
    }

    // Never inlined: Swift 6.3's optimiser stops at a loop over a span in a larger function.
    @inline(never)
    func list(_ span: Span<Value>) -> [Value] { (0..<span.count).map { span[$0] } }
    @inline(never)
    private func list(_ span: Span<Output>) -> [Output] { (0..<span.count).map { span[$0] } }
  }

  /// What tells the kernels that devices made of one program apart.
  struct KernelForm: Equatable, Sendable {
    private let backend: UInt64
    private let kind: UInt64
    // Eight bits an input, four an output: no program has more than 16 of either.
    private var inputs: (UInt64, UInt64) = (0, 0)
    private var outputs: UInt64 = 0

    init(on backend: OpenCLBackend, kind: UInt64) {
      self.backend = backend.number
      self.kind = kind
    }

    mutating func add(_ dtype: DType, _ access: OperandAccess) {
      inputs.1 = inputs.1 << 8 | inputs.0 >> 56
      inputs.0 = inputs.0 << 8 | access.rawValue << 4 | UInt64(dtype.rawValue) | 0x80
    }

    mutating func addOutput(_ dtype: DType) { outputs = outputs << 4 | UInt64(dtype.rawValue) + 1 }

    static func == (left: KernelForm, right: KernelForm) -> Bool {
      left.backend == right.backend && left.kind == right.kind && left.inputs == right.inputs
        && left.outputs == right.outputs
    }
  }

  /// The parts of a kernel that walks a nest.
  enum PrintedNest {
    /// `, ulong n0, …`: the extents, innermost first.
    static func extentParameters(_ rank: Int) -> String {
      (0..<rank).map { "ulong n\($0)" }.joined(separator: ", ")
    }

    /// Leaves items beyond the extents, and declares the index `i0`, `i1`, … along each axis.
    static func indices(_ rank: Int) -> String {
      var text = "  size_t i0 = get_global_id(0);\n  if (i0 >= n0) return;\n"
      if rank > 1 { text += "  size_t i1 = get_global_id(1);\n  if (i1 >= n1) return;\n" }
      if rank == 3 {
        text += "  size_t i2 = get_global_id(2);\n"
      } else if rank > 3 {
        text += "  size_t rest = get_global_id(2);\n"
        for axis in 2..<rank - 1 {
          text += "  size_t i\(axis) = rest % n\(axis);\n  rest /= n\(axis);\n"
        }
        text += "  size_t i\(rank - 1) = rest;\n"
      }
      return text
    }

    /// The number of the item in the nest's own order.
    static func flat(_ rank: Int) -> String {
      (0..<rank - 1).reversed().reduce("i\(rank - 1)") { "(\($0) * n\($1) + i\($1))" }
    }

    /// The place of an element by strides `NAME0`, `NAME1`, …
    static func place(_ offset: String, _ name: String, _ axes: Range<Int>) -> String {
      axes.reduce(offset) { "\($0) + (long)i\($1) * \(name)\($1)" }
    }

    static func strideParameters(_ name: String, _ rank: Int) -> String {
      (0..<rank).map { ", long \(name)\($0)" }.joined()
    }

    static func copySource(_ type: DType, _ rank: Int) -> String {
      let element = type.openCLStorageType
      return """
        kernel void copy(
            \(extentParameters(rank)), global const \(element) *source,
            long sourceOffset\(strideParameters("s", rank)), global \(element) *target,
            long targetOffset\(strideParameters("t", rank))) {
        \(indices(rank))
          target[\(place("targetOffset", "t", 0..<rank))] =
              source[\(place("sourceOffset", "s", 0..<rank))];
        }

        """
    }
  }

  /// A pointwise program as the text of a kernel.
  struct PrintedPointwise {
    let program: Program
    let accesses: [OperandAccess]
    private let rank: Int
    private let inputs: [DType]
    private let outputs: [DType]

    init(
      _ program: Program, rank: Int, inputs: [DType], outputs: [DType], accesses: [OperandAccess]
    ) {
      self.program = program
      self.accesses = accesses
      self.inputs = inputs
      self.outputs = outputs
      self.rank = rank
    }

    func source(hasDouble: Bool) -> String {
      let compute = program.dtype
      var parameters = PrintedNest.extentParameters(rank)
      var loads = ""
      for (index, type) in inputs.enumerated() {
        parameters +=
          ",\n    global const \(type.openCLStorageType) *input\(index), long offset\(index)"
        let place: String
        switch accesses[index] {
        case .contiguous: place = "offset\(index) + flat"
        case .constant: place = "offset\(index)"
        case .neighbours, .repeated, .strided:
          parameters += PrintedNest.strideParameters("s\(index)_", rank)
          let outer = PrintedNest.place("offset\(index)", "s\(index)_", 1..<rank)
          place =
            switch accesses[index] {
            case .neighbours: outer + " + (long)i0"
            case .repeated: outer
            default: PrintedNest.place("offset\(index)", "s\(index)_", 0..<rank)
            }
        }
        let load = "LOAD_\(type)(input\(index), \(place))"
        loads += "  const T r\(index) = \(OpenCLSource.converted(load, from: type, to: compute));\n"
      }
      for index in 0..<program.scalarCount {
        parameters += ", \(compute.openCLComputeType) r\(inputs.count + index)"
      }
      for (index, type) in outputs.enumerated() {
        parameters += ",\n    global \(type.openCLStorageType) *output\(index)"
      }
      var stores = ""
      for (index, register) in program.outputRegisters.enumerated() {
        let type = outputs[index]
        let value = OpenCLSource.converted("r\(register)", from: compute, to: type)
        stores += "  STORE_\(type)(output\(index), flat, \(value));\n"
      }
      return OpenCLSource.types(hasDouble: hasDouble)
        + OpenCLSource.primitives(program.steps.map(\.primitive), compute) + """
          kernel void pointwise(
              \(parameters)) {
          \(PrintedNest.indices(rank))
            const size_t flat = \(PrintedNest.flat(rank));
          \(loads)\(program.openCLSteps)\(stores)}

          """
    }
  }

  extension Program {
    /// The kernel that a device made of this program in a form; nil where it cannot.
    func deviceKernel(_ form: KernelForm, make: () -> OpenCLKernel?) -> OpenCLKernel? {
      let known = deviceKernels.withLock { list -> OpenCLKernel? in
        for entry in list where entry.form == form { return entry.kernel }
        return nil
      }
      if let known { return known }
      guard let kernel = make() else { return nil }
      deviceKernels.withLock { $0.append((form, kernel)) }
      return kernel
    }

    /// The steps as statements on registers `r0`, `r1`, …, whose inputs and scalars are declared.
    var openCLSteps: String {
      var text = ""
      let first = inputCount + scalarCount
      for (index, bits) in constantBits.enumerated() {
        text += "  const T r\(first + index) = \(OpenCLSource.literal(bits, dtype));\n"
      }
      let temporaries = first + constantBits.count..<max(registerCount, first + constantBits.count)
      for register in temporaries { text += "  T r\(register);\n" }
      for step in steps {
        let arguments = (0..<3).map { $0 < step.arguments.count ? "r\(step.arguments[$0])" : "0" }
        text +=
          "  r\(step.destination) = primitive_\(step.primitive)(\(arguments.joined(separator: ", ")));\n"
      }
      return text
    }
  }
#endif
