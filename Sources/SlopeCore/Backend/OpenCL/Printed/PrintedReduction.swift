#if OpenCL
  /// The text of a reduction: the preamble that reduce.cl needs, and that file.
  struct PrintedReduction {
    private let kind: ReductionKind
    private let program: Program?
    private let form: ReductionForm
    private let rank: Int
    private let leading: Int
    /// How elements lie along `laneAxis`.
    private let accesses: [OperandAccess]
    private let inputs: [DType]
    private let output: DType
    private let compute: DType
    private let carriesDouble: Bool
    private let hasDouble: Bool
    private let group: Int

    /// - Parameter group: the items of a group, where the form has groups; a power of two.
    init(
      _ kind: ReductionKind, _ program: Program?, _ nest: LoopNest, _ form: ReductionForm,
      group: Int, inputs: [DType], output: DType, hasDouble: Bool
    ) {
      self.group = form == .groups ? group : 1
      self.kind = kind
      self.program = program
      self.form = form
      self.inputs = inputs
      self.output = output
      self.hasDouble = hasDouble
      compute = (program?.dtype ?? inputs[0]).computeType
      rank = nest.rank
      leading = nest.leading
      let axis = PrintedReduction.laneAxis(nest, form)
      accesses = nest.strides.map { strides in
        switch strides[axis] {
        case 1: .neighbours
        case 0: .repeated
        default: .strided
        }
      }
      carriesDouble = compute == .float32 && hasDouble
    }

    /// The values of a vector.
    static func lanes(_ compute: DType) -> Int { compute.byteCount == 8 ? 8 : 16 }

    private var lanes: Int { PrintedReduction.lanes(compute) }

    /// The axis along which consecutive items or lanes are consecutive elements.
    private static func laneAxis(_ nest: LoopNest, _ form: ReductionForm) -> Int {
      form == .columns ? nest.leading - 1 : nest.rank - 1
    }

    /// The key of a kernel without a program.
    var key: String {
      var key = "r\(kind.rawValue).\(rank).\(leading).\(output.rawValue)"
      for (type, access) in zip(inputs, accesses) { key += ".\(access.rawValue).\(type.rawValue)" }
      return key + form.rawValue + ".\(group)"
    }

    /// The key of a kernel that begins with a program, among the kernels of that program.
    func programKey(isCombining: Bool) -> ProgramKey {
      // The pointwise forms of a program are their rank alone, which is at most 8.
      let place =
        UInt64(group.trailingZeroBitCount) << 8 | form.number << 1 | (isCombining ? 1 : 0)
      var result = ProgramKey(
        kind: place << 24 | UInt64(kind.rawValue) << 16 | UInt64(rank) << 8 | UInt64(leading))
      for (type, access) in zip(inputs, accesses) { result.add(type, access) }
      result.addOutput(output)
      return result
    }

    /// The size of one partial result.
    var carrierByteCount: Int {
      switch kind {
      case .argMaximum, .argMinimum, .sum, .mean: 16
      case .product: 8
      case .maximum, .minimum: compute.byteCount
      }
    }

    /// The element type of a result before it is converted to `output`.
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

    var source: String {
      var text = OpenCLSource.types(hasDouble: hasDouble)
      text += OpenCLSource.primitives(program?.steps.map(\.primitive) ?? [], compute)
      text += "#define \(kindName)\n#define OUTPUT \(output.openCLStorageType)\n"
      text += "#define LEAST \(bounds.0)\n#define GREATEST \(bounds.1)\n"
      text += "#define WIDE \(compute.isSignedInteger ? "long" : "ulong")\n"
      text += "#define QUOTIENT_TYPE \(hasDouble ? "double" : "float")\n"
      if carriesDouble { text += "#define CARRY_DOUBLE\n" }
      if compute == .float64 { text += "#define T_IS_DOUBLE\n" }
      let finished = OpenCLSource.converted(
        "((\(carrier.openCLComputeType))(x))", from: carrier, to: output)
      text += "#define STORE_RESULT(index, x) STORE_\(output)(output, index, \(finished))\n"
      text += parameters + values
      switch form {
      case .items: break
      case .groups: text += "#define GROUP \(group)\n"
      case .rows: text += "#define LANES \(lanes)\n" + rowValues
      case .columns: text += "#define LANES \(lanes)\n" + columnValues
      }
      return text + OpenCLSource.file("reduce.cl")
    }

    // MARK: Reading values

    /// VALUE_PARAMETERS and KEPT_BASES.
    private var parameters: String {
      var parameters = (0..<rank).map { ", ulong n\($0)" }.joined()
      // The index along each kept axis, last axis first.
      var bases = "ulong kept_rest = (k);"
      for axis in (0..<leading).reversed() {
        bases +=
          axis > 0
          ? " ulong k\(axis) = kept_rest % n\(axis); kept_rest /= n\(axis);"
          : " ulong k0 = kept_rest;"
      }
      for (index, type) in inputs.enumerated() {
        parameters += ", global const \(type.openCLStorageType) *input\(index), long offset\(index)"
        parameters += (0..<rank).map { ", long s\(index)_\($0)" }.joined()
        bases += " long base\(index) = offset\(index)"
        bases += (0..<leading).map { " + (long)k\($0) * s\(index)_\($0)" }.joined() + ";"
      }
      for name in scalarNames { parameters += ", T \(name)" }
      return "#define VALUE_PARAMETERS \(parameters)\n#define KEPT_BASES(k) \(bases)\n"
    }

    /// VALUE: a value by its position among all that are reduced.
    private var values: String {
      reader(
        "value", position: "r", base: "base", decoded: decoded(leading..<rank, "r"),
        axes: leading..<rank, isVector: false)
        + "#define VALUE(r) value(r\(passed("base", axes: leading..<rank)))\n"
    }

    /// RUN and what reads along it.
    private var rowValues: String {
      let last = rank - 1
      var bases = "ulong run_rest = (q);"
      for axis in (leading..<last).reversed() {
        bases +=
          axis > leading
          ? " ulong j\(axis) = run_rest % n\(axis); run_rest /= n\(axis);"
          : " ulong j\(axis) = run_rest;"
      }
      for index in inputs.indices {
        bases += " long run\(index) = base\(index)"
        bases += (leading..<last).map { " + (long)j\($0) * s\(index)_\($0)" }.joined() + ";"
      }
      let read = { (isVector: Bool) in
        reader(
          isVector ? "run_vector" : "run_value", position: "j\(last)", base: "run", decoded: "",
          axes: last..<rank, isVector: isVector)
      }
      let arguments = passed("run", axes: last..<rank)
      var text = read(false)
      if hasVectors {
        text += vectorPrimitives + read(true)
        text += "#define RUN_VECTOR(i) run_vector(i\(arguments))\n"
      }
      return text + """
        #define RUN n\(last)
        #define RUN_BASES(q) \(bases)
        #define RUN_VALUE(i) run_value(i\(arguments))

        """
    }

    /// COLUMN_RUN and what reads across it.
    private var columnValues: String {
      let axes = leading - 1..<rank
      let name = "j\(leading - 1)"
      let read = { (isVector: Bool) in
        reader(
          isVector ? "column_vector" : "column_value", position: "r, ulong \(name)", base: "base",
          decoded: decoded(leading..<rank, "r"), axes: axes, isVector: isVector)
      }
      let arguments = passed("base", axes: axes)
      var text = read(false)
      if hasVectors {
        text += vectorPrimitives + read(true)
        text += "#define COLUMN_VECTOR(r, j) column_vector(r, j\(arguments))\n"
      }
      return text + """
        #define COLUMN_RUN n\(leading - 1)
        #define COLUMN_VALUE(r, j) column_value(r, j\(arguments))

        """
    }

    private var scalarNames: [String] {
      (0..<(program?.scalarCount ?? 0)).map { "r\(inputs.count + $0)" }
    }

    /// Statements that split a position into an index along each axis.
    private func decoded(_ axes: Range<Int>, _ position: String) -> String {
      var text = ""
      for axis in axes.reversed() {
        text +=
          axis > axes.lowerBound
          ? "  ulong j\(axis) = \(position) % n\(axis);\n  \(position) /= n\(axis);\n"
          : "  ulong j\(axis) = \(position);\n"
      }
      return text
    }

    /// The arguments of a reader after the position: extents, operands with their strides along the
    /// given axes, scalars.
    private func passed(_ base: String, axes: Range<Int>) -> String {
      var text = axes.map { ", n\($0)" }.joined()
      for index in inputs.indices {
        text += ", input\(index), \(base)\(index)"
        text += axes.map { ", s\(index)_\($0)" }.joined()
      }
      return text + scalarNames.map { ", \($0)" }.joined()
    }

    /// A function that reads the operands at a position and runs the program on them.
    private func reader(
      _ name: String, position: String, base: String, decoded: String, axes: Range<Int>,
      isVector: Bool
    ) -> String {
      let laneAxis = form == .columns ? leading - 1 : rank - 1
      let vector = compute.openCLComputeType + "\(lanes)"
      let type = isVector ? vector : compute.openCLComputeType
      var parameters = "ulong \(position)" + axes.map { ", ulong n\($0)" }.joined()
      var loads = ""
      for (index, dtype) in inputs.enumerated() {
        let start = "\(base)\(index)"
        parameters += ", global const \(dtype.openCLStorageType) *input\(index), long \(start)"
        var place = start
        for axis in axes {
          parameters += ", long s\(index)_\(axis)"
          switch axis == laneAxis ? accesses[index] : .strided {
          case .neighbours: place += " + (long)j\(axis)"
          case .repeated: break
          default: place += " + (long)j\(axis) * s\(index)_\(axis)"
          }
        }
        let isLoadedWhole = isVector && accesses[index] == .neighbours
        let load =
          isLoadedWhole
          ? "VLOAD_\(dtype)(\(lanes), input\(index), \(place))"
          : OpenCLSource.converted(
            "LOAD_\(dtype)(input\(index), \(place))", from: dtype, to: program?.dtype ?? dtype)
        loads += "  const \(type) r\(index) = (\(type))(\(load));\n"
      }
      for name in scalarNames {
        let scalar = compute.openCLComputeType
        parameters += ", \(scalar) scalar_\(name)"
        loads += "  const \(type) \(name) = (\(type))(scalar_\(name));\n"
      }
      let steps = program?.openCLSteps(type, function: isVector ? "vector_" : "primitive_") ?? ""
      return """
        static inline \(type) \(name)(\(parameters)) {
        \(decoded)\(loads)\(steps)  return r\(program?.outputRegisters[0] ?? 0);
        }

        """
    }

    /// Whether values can be read and computed as vectors: of one type, consecutive or constant.
    private var hasVectors: Bool {
      let dtype = program?.dtype ?? inputs[0]
      return program?.isVectorizable ?? true && !accesses.contains(.strided)
        && inputs.allSatisfy {
          $0.openCLComputeType == dtype.openCLComputeType && ($0 == .bool) == (dtype == .bool)
        }
    }

    /// The program's primitives on vectors; T is unchanged afterwards.
    private var vectorPrimitives: String {
      guard let program, !program.steps.isEmpty else { return "" }
      return OpenCLSource.vectorPrimitives(
        program.steps.map(\.primitive), program.dtype, lanes: lanes)
        + "#undef T\n#define T \(compute.openCLComputeType)\n"
    }
  }
#endif
