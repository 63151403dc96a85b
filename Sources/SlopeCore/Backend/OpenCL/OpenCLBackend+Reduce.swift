#if OpenCL
  extension OpenCLBackend {
    /// The items of a group that reduces a row together.
    static let reductionGroup = 256

    package func reduce(
      _ kind: Reduction, prologue: Program?, _ inputs: Span<Value>, scalars: Span<UInt64>,
      nest shape: Shape, reducedRank: Int, output: Output
    ) {
      let operands = list(inputs)
      let nest = LoopNest(
        shape, operands.map { $0.layout.strides(broadcastTo: shape) },
        split: shape.rank - reducedRank)
      let kept = nest.extents.prefix(nest.leading).reduce(1, *)
      // An empty extent is never joined away.
      let reduced = nest.extents.dropFirst(nest.leading).reduce(1, *)
      guard kept > 0 else { return }
      let printed = PrintedReduction(
        kind, prologue, nest, inputs: operands.map(\.dtype), output: output.dtype,
        hasDouble: device.hasDouble, hasGroups: canGroup)
      let plan = ReductionPlan(
        shape: self.shape, kept: kept, reduced: reduced, isByColumns: nest.prefersColumns,
        canGroup: canGroup)
      let name = plan.usesGroups ? "reduce_rows" : "reduce_items"
      let find = { (name: String) -> OpenCLKernel? in
        let make = {
          self.kernel(name, "\(kind)") { printed.source(hasDouble: self.device.hasDouble) }
        }
        // A program's kernels live as long as it.
        guard let prologue else { return self.namedKernel(printed.key + name, make: make) }
        return prologue.deviceKernel(printed.form(name, on: self), make: make)
      }
      guard let kernel = find(name) else { return }
      // With one chunk nothing is written there.
      let scratchSize = plan.chunks > 1 ? kept * plan.chunks * printed.carrierByteCount : 0
      guard let scratch = allocate(byteCount: scratchSize) else {
        reportFailure(operation: "\(kind)", "no memory for \(scratchSize) bytes on \(self.name)")
        return
      }
      launch(kernel, plan.range(kept), "\(kind)") { arguments in
        arguments.buffer(scratch)
        arguments.buffer(output.buffer)
        arguments.word(kept)
        arguments.word(reduced)
        arguments.word(plan.chunk)
        arguments.word(plan.chunks)
        for extent in nest.extents { arguments.word(extent) }
        for (index, operand) in operands.enumerated() {
          arguments.buffer(operand.buffer)
          arguments.word(operand.layout.offset)
          for stride in nest.strides[index] { arguments.word(stride) }
        }
        let width = (prologue?.dtype ?? operands[0].dtype).computeType.byteCount
        for index in 0..<scalars.count { arguments.bits(scalars[index], byteCount: width) }
      }
      guard plan.chunks > 1, let combine = find("combine") else { return }
      launch(combine, LaunchRange(kept, local: (16, 1, 1)), "\(kind)") { arguments in
        arguments.buffer(scratch)
        arguments.buffer(output.buffer)
        arguments.word(kept)
        arguments.word(reduced)
        arguments.word(plan.chunks)
      }
    }

    /// Whether groups of the usual size are possible.
    var canGroup: Bool {
      shape == .simt && device.maximumGroupSize >= OpenCLBackend.reductionGroup
    }
  }

  /// How a reduction is cut: by its extents alone, so that results do not depend on the device's load.
  struct ReductionPlan {
    let usesGroups: Bool
    let chunks: Int
    let chunk: Int
    private let localSize: Int

    init(shape: KernelShape, kept: Int, reduced: Int, isByColumns: Bool, canGroup: Bool) {
      usesGroups = canGroup && !isByColumns && reduced >= 64
      // Enough pieces of work for the device, none of them too short to be worth a partial result.
      let (wanted, least) =
        switch (shape, usesGroups) {
        case (.wide, _): (64, 4096)
        case (.simt, true): (512, 8192)
        case (.simt, false): (16384, 64)
        }
      let possible = reduced / least
      let count = kept >= wanted ? 1 : max(1, min(wanted / kept, possible))
      chunk = max(1, (reduced + count - 1) / count)
      chunks = max(1, (reduced + chunk - 1) / chunk)
      localSize = usesGroups ? OpenCLBackend.reductionGroup : shape == .simt ? 64 : 1
    }

    func range(_ kept: Int) -> LaunchRange {
      LaunchRange(usesGroups ? kept * localSize : kept, chunks, local: (localSize, 1, 1))
    }
  }

  extension LoopNest {
    /// Whether most operands are nearer to contiguous along the last leading axis than along the
    /// last axis of all.
    var prefersColumns: Bool {
      guard leading > 0, leading < rank else { return false }
      var votes = 0
      for operand in strides {
        let (kept, reduced) = (operand[leading - 1].magnitude, operand[rank - 1].magnitude)
        if kept == 0 || reduced == 0 { continue }
        votes += kept < reduced ? 1 : -1
      }
      return votes > 0
    }
  }

  /// The preamble of reduce.cl for a reduction.
  struct PrintedReduction {
    private let kind: Reduction
    private let program: Program?
    private let rank: Int
    private let leading: Int
    private let isUnitStride: [Bool]
    private let inputs: [DType]
    private let output: DType
    private let compute: DType
    private let carriesDouble: Bool
    private let hasGroups: Bool
    private let hasDouble: Bool

    init(
      _ kind: Reduction, _ program: Program?, _ nest: LoopNest, inputs: [DType], output: DType,
      hasDouble: Bool, hasGroups: Bool
    ) {
      self.kind = kind
      self.program = program
      self.inputs = inputs
      self.output = output
      self.hasGroups = hasGroups
      self.hasDouble = hasDouble
      compute = (program?.dtype ?? inputs[0]).computeType
      rank = nest.rank
      leading = nest.leading
      isUnitStride = nest.strides.map { $0[nest.rank - 1] == 1 && nest.leading < nest.rank }
      carriesDouble = compute == .float32 && hasDouble
    }

    /// What tells the kernels of one program apart.
    var key: String {
      var key = "r\(kind.rawValue).\(rank).\(leading).\(output.rawValue)"
      for (type, isUnit) in zip(inputs, isUnitStride) {
        key += "\(isUnit ? "u" : "s")\(type.rawValue)"
      }
      return key
    }

    /// The same for a program's own list.
    func form(_ name: String, on backend: OpenCLBackend) -> KernelForm {
      // The pointwise forms of a program are their rank alone, which is at most 8.
      let place: UInt64 = name == "reduce_items" ? 1 : name == "reduce_rows" ? 2 : 3
      var form = KernelForm(
        on: backend,
        kind: place << 24 | UInt64(kind.rawValue) << 16 | UInt64(rank) << 8 | UInt64(leading))
      for (type, isUnit) in zip(inputs, isUnitStride) {
        form.add(type, isUnit ? .neighbours : .strided)
      }
      form.addOutput(output)
      return form
    }

    /// The size of one partial result.
    var carrierByteCount: Int {
      switch kind {
      case .argMaximum, .argMinimum, .sum, .mean: 16
      case .product: 8
      case .maximum, .minimum: compute.byteCount
      }
    }

    /// The element type of a finished number.
    private var carrier: DType {
      switch kind {
      case .argMaximum, .argMinimum: return .int64
      case .maximum, .minimum: return compute
      case .sum, .product, .mean:
        if compute.isFloating { return carriesDouble ? .float64 : compute }
        if kind == .mean { return hasDouble ? .float64 : .float32 }
        return compute.isSignedInteger ? .int64 : .uint64
      }
    }

    private var kindName: String {
      switch kind {
      case .sum: "KIND_SUM"
      case .mean: "KIND_MEAN"
      case .product: "KIND_PRODUCT"
      case .maximum: "KIND_MAXIMUM"
      case .minimum: "KIND_MINIMUM"
      case .argMaximum: "KIND_ARG_MAXIMUM"
      case .argMinimum: "KIND_ARG_MINIMUM"
      }
    }

    /// The least and greatest numbers of the compute type.
    private var bounds: (String, String) {
      if compute.isFloating { return ("(T)-INFINITY", "(T)INFINITY") }
      let bits = UInt64(compute.byteCount * 8)
      guard compute.isSignedInteger else { return ("(T)0", "(T)~(T)0") }
      let greatest = UInt64.max >> (65 - bits)
      return ("(T)(-(long)\(greatest) - 1)", "(T)\(greatest)")
    }

    func source(hasDouble: Bool) -> String {
      var text = OpenCLSource.types(hasDouble: hasDouble)
      text += OpenCLSource.primitives(program?.steps.map(\.primitive) ?? [], compute)
      text += "#define \(kindName)\n#define OUTPUT \(output.openCLStorageType)\n"
      text += "#define LEAST \(bounds.0)\n#define GREATEST \(bounds.1)\n"
      text += "#define WIDE \(compute.isSignedInteger ? "long" : "ulong")\n"
      text += "#define QUOTIENT_TYPE \(hasDouble ? "double" : "float")\n"
      if carriesDouble { text += "#define CARRY_DOUBLE\n" }
      if compute == .float64 { text += "#define T_IS_DOUBLE\n" }
      if hasGroups { text += "#define GROUP \(OpenCLBackend.reductionGroup)\n" }
      let finished = OpenCLSource.converted(
        "((\(carrier.openCLComputeType))(x))", from: carrier, to: output)
      text += "#define STORE_RESULT(index, x) STORE_\(output)(output, index, \(finished))\n"
      text += valueFunction
      return text + OpenCLSource.file(.reduce)
    }

    /// The function that reads one value, and the macros through which reduce.cl calls it.
    private var valueFunction: String {
      let reducedAxes = leading..<rank
      var parameters = ""
      var passed = ""
      var bases = ""
      var function = "ulong r"
      for axis in 0..<rank { parameters += ", ulong n\(axis)" }
      for axis in reducedAxes {
        function += ", ulong n\(axis)"
        passed += ", n\(axis)"
      }
      // Kept axes: the position along each of them, last first.
      bases += "ulong kept_rest = (k);"
      for axis in (0..<leading).reversed() {
        if axis > 0 {
          bases += " ulong k\(axis) = kept_rest % n\(axis); kept_rest /= n\(axis);"
        } else {
          bases += " ulong k0 = kept_rest;"
        }
      }
      var loads = ""
      for (index, type) in inputs.enumerated() {
        let element = "global const \(type.openCLStorageType) *input\(index)"
        parameters += ", \(element), long offset\(index)"
        function += ", \(element), long base\(index)"
        passed += ", input\(index), base\(index)"
        for axis in 0..<rank { parameters += ", long s\(index)_\(axis)" }
        bases += " long base\(index) = offset\(index)"
        for axis in 0..<leading { bases += " + (long)k\(axis) * s\(index)_\(axis)" }
        bases += ";"
        var place = "base\(index)"
        for axis in reducedAxes {
          if axis == rank - 1, isUnitStride[index] {
            place += " + (long)j\(axis)"
          } else {
            function += ", long s\(index)_\(axis)"
            passed += ", s\(index)_\(axis)"
            place += " + (long)j\(axis) * s\(index)_\(axis)"
          }
        }
        let load = "LOAD_\(type)(input\(index), \(place))"
        let value = OpenCLSource.converted(load, from: type, to: program?.dtype ?? type)
        loads += "  const T r\(index) = \(value);\n"
      }
      let scalars = program?.scalarCount ?? 0
      for index in 0..<scalars {
        let name = "r\(inputs.count + index)"
        parameters += ", T \(name)"
        function += ", T \(name)"
        passed += ", \(name)"
      }
      var decode = ""
      for axis in reducedAxes.reversed() {
        if axis > leading {
          decode += "  ulong j\(axis) = r % n\(axis);\n  r /= n\(axis);\n"
        } else {
          decode += "  ulong j\(axis) = r;\n"
        }
      }
      let result = program?.outputRegisters[0] ?? 0
      return """
        static inline T value(\(function)) {
        \(decode)\(loads)\(program?.openCLSteps("T") ?? "")  return r\(result);
        }
        #define VALUE_PARAMETERS \(parameters)
        #define KEPT_BASES(k) \(bases)
        #define VALUE(r) value(r\(passed))

        """
    }
  }
#endif
