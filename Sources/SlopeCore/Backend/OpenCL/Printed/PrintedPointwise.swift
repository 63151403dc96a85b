#if OpenCL
  /// A pointwise program as the source of a kernel.
  ///
  /// With `lanes` an item computes a block of the innermost axis, that many neighbours at a time as
  /// one vector, and the remainder of the axis one by one. A CPU's driver also makes a loop of the
  /// items of a group, but a slower one.
  struct PrintedPointwise {
    private let program: Program
    private let accesses: [OperandAccess]
    private let rank: Int
    private let inputs: [DType]
    private let outputs: [DType]
    private let lanes: Int

    init(
      _ program: Program, rank: Int, inputs: [DType], outputs: [DType], accesses: [OperandAccess],
      lanes: Int
    ) {
      self.program = program
      self.accesses = accesses
      self.inputs = inputs
      self.outputs = outputs
      self.rank = rank
      self.lanes = lanes
    }

    /// The elements of the innermost axis that an item computes.
    static func blockCount(_ lanes: Int) -> Int { lanes == 1 ? 1 : 256 * lanes }

    /// One kernel for `count` sets of contiguous operands.
    ///
    /// Set s is computed by the items whose index along axis 1 is s.
    static func batchSource(
      _ program: Program, count: Int, inputs: [DType], outputs: [DType], lanes: Int,
      hasDouble: Bool
    ) -> String {
      let one = PrintedPointwise(
        program, rank: 1, inputs: inputs, outputs: outputs,
        accesses: Array(repeating: .contiguous, count: inputs.count), lanes: lanes)
      let scalars = (0..<program.scalarCount).map { "scalar\($0)" }
      var parameters = scalars.map { "\(program.dtype.openCLComputeType) \($0)" }
      var calls = ""
      for set in 0..<count {
        parameters.append("ulong n\(set)")
        var passed = ["n\(set)"]
        for (index, type) in inputs.enumerated() {
          let name = "input\(set)_\(index)"
          parameters.append("global const \(type.openCLStorageType) *\(name), long offset_\(name)")
          passed += [name, "offset_" + name]
        }
        passed += scalars
        for (index, type) in outputs.enumerated() {
          parameters.append("global \(type.openCLStorageType) *output\(set)_\(index)")
          passed.append("output\(set)_\(index)")
        }
        calls += "    case \(set): one(\(passed.joined(separator: ", "))); break;\n"
      }
      return one.source(hasDouble: hasDouble, head: "static inline void one(") + """
        kernel void pointwise_batch(\(parameters.joined(separator: ",\n    "))) {
          switch (get_global_id(1)) {
        \(calls)  }
        }

        """
    }

    func source(hasDouble: Bool, head name: String = "kernel void pointwise(") -> String {
      let names = program.steps.map(\.primitive)
      let head =
        (lanes > 1 ? "#define VECTOR_STORES\n" : "") + OpenCLSource.types(hasDouble: hasDouble)
        + OpenCLSource.primitives(names, program.dtype)
      let open = "\(name)\n    \(parameters)) {\n"
      let flat = "  const size_t flat = \(PrintedNest.flat(rank));\n"
      guard lanes > 1 else {
        return head + open + PrintedNest.indices(rank) + flat + scalarBody + "}\n"
      }
      return head + OpenCLSource.vectorPrimitives(names, program.dtype, lanes: lanes) + open
        + """
          size_t i0 = get_global_id(0) * \(PrintedPointwise.blockCount(lanes));
          if (i0 >= n0) return;
        \(PrintedNest.outerIndices(rank))
          const size_t end = min(i0 + \(PrintedPointwise.blockCount(lanes)), n0);
          for (; i0 + \(lanes) <= end; i0 += \(lanes)) {
          \(flat)\(vectorBody)  }
          for (; i0 < end; i0++) {
          \(flat)\(scalarBody)  }
        }

        """
    }

    private var parameters: String {
      var text = PrintedNest.extentParameters(rank)
      for (index, type) in inputs.enumerated() {
        text += ",\n    global const \(type.openCLStorageType) *input\(index), long offset\(index)"
        switch accesses[index] {
        case .contiguous, .constant: break
        case .neighbours, .repeated, .strided:
          text += PrintedNest.strideParameters("s\(index)_", rank)
        }
      }
      for index in 0..<program.scalarCount {
        text += ", \(program.dtype.openCLComputeType) scalar\(index)"
      }
      for (index, type) in outputs.enumerated() {
        text += ",\n    global \(type.openCLStorageType) *output\(index)"
      }
      return text
    }

    private func place(_ index: Int) -> String {
      switch accesses[index] {
      case .contiguous: return "offset\(index) + flat"
      case .constant: return "offset\(index)"
      case .strided: return PrintedNest.place("offset\(index)", "s\(index)_", 0..<rank)
      case .neighbours, .repeated:
        let outer = PrintedNest.place("offset\(index)", "s\(index)_", 1..<rank)
        return accesses[index] == .neighbours ? outer + " + (long)i0" : outer
      }
    }

    /// The body for one element.
    private var scalarBody: String {
      let compute = program.dtype
      let type = compute.openCLComputeType
      var text = ""
      for (index, dtype) in inputs.enumerated() {
        let load = "LOAD_\(dtype)(input\(index), \(place(index)))"
        text +=
          "  const \(type) r\(index) = \(OpenCLSource.converted(load, from: dtype, to: compute));\n"
      }
      for index in 0..<program.scalarCount {
        text += "  const \(type) r\(inputs.count + index) = scalar\(index);\n"
      }
      text += program.openCLSteps(type)
      for (index, register) in program.outputRegisters.enumerated() {
        let value = OpenCLSource.converted("r\(register)", from: compute, to: outputs[index])
        text += "  STORE_\(outputs[index])(output\(index), flat, \(value));\n"
      }
      return text
    }

    /// The body for a vector of neighbours, all of the compute type itself.
    private var vectorBody: String {
      let type = program.dtype.openCLComputeType + "\(lanes)"
      var text = ""
      for index in inputs.indices {
        let value =
          switch accesses[index] {
          case .constant, .repeated: "(\(type))(input\(index)[\(place(index))])"
          default: "vload\(lanes)(0, input\(index) + \(place(index)))"
          }
        text += "  const \(type) r\(index) = \(value);\n"
      }
      for index in 0..<program.scalarCount {
        text += "  const \(type) r\(inputs.count + index) = (\(type))(scalar\(index));\n"
      }
      text += program.openCLSteps(type, function: "vector_")
      for (index, register) in program.outputRegisters.enumerated() {
        text += "  VSTORE_\(program.dtype)(\(lanes), output\(index), flat, r\(register));\n"
      }
      return text
    }
  }

  extension Program {
    /// Whether vectors can run all steps.
    var isVectorizable: Bool {
      OpenCLSource.hasVectors(dtype)
        && !steps.contains { Program.scalarPrimitives.contains($0.primitive) }
    }

    /// Primitives that have no function for vectors.
    ///
    /// The first rows are functions with branches. Of PoCL 3.1's functions for vectors, fmod of
    /// doubles is not exact where the quotient is large (10³⁰ by 0.5 leaves 0.29), and a sine
    /// depends on the other numbers of its vector: a large one sends all of them through another
    /// computation.
    private static let scalarPrimitives: Set = [
      "floorDivide", "remainder", "erfinv", "lgamma", "digamma", "polygamma", "mantissa",
      "exponent", "ldexp", "fmod", "sin", "cos", "tan",
    ]

    /// The steps as statements on registers `r0`, `r1`, …, whose inputs and scalars are declared.
    func openCLSteps(_ type: String, function: String = "primitive_") -> String {
      var text = ""
      let first = inputCount + scalarCount
      for (index, bits) in constantBits.enumerated() {
        text +=
          "  const \(type) r\(first + index) = (\(type))\(OpenCLSource.literal(bits, dtype));\n"
      }
      let temporaries = first + constantBits.count..<max(registerCount, first + constantBits.count)
      for register in temporaries { text += "  \(type) r\(register);\n" }
      for step in steps {
        let arguments = (0..<3).map { $0 < step.arguments.count ? "r\(step.arguments[$0])" : "0" }
        text +=
          "  r\(step.destination) = \(function)\(step.primitive)(\(arguments.joined(separator: ", ")));\n"
      }
      return text
    }
  }
#endif
