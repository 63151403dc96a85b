#if OpenCL
  internal import CKernels

  /// The texts that programs are made of.
  enum OpenCLSource {
    private static let types = file("element.h")
    private static let prelude = OpenCLLibrary.source("prelude.h")
    private static let special = file("../special.h")

    /// The rows of primitives.def by their names.
    private static let primitives: [String: Substring] = {
      let text = OpenCLLibrary.source("primitives.def")
      var rows: [String: Substring] = [:]
      let start = "SLOPE_PRIMITIVE("
      for line in text.split(separator: "\n") where line.hasPrefix(start) {
        rows[String(line.dropFirst(start.count).prefix { $0 != "," })] = line
      }
      return rows
    }()

    /// What every printed program begins with: element.h.
    static func types(hasDouble: Bool) -> String {
      (hasDouble ? "#define HAS_DOUBLE\n" : "") + types
    }

    /// The preamble of a file that includes element.h, in a program for one element type.
    ///
    /// With `hasDouble` the program uses double for other types than `float64` too.
    static func element(_ dtype: DType, hasDouble: Bool = false) -> String {
      (hasDouble || dtype == .float64 ? "#define HAS_DOUBLE\n" : "")
        + "#define ELEMENT(NAME) NAME##_\(dtype)\n"
    }

    /// A file of kernels/opencl, such as `reduce.cl`, with the files that it includes.
    ///
    /// Lines that are comments are left out: a program's text is its key in the cache and the
    /// driver's input, and neither needs them.
    static func file(_ name: String) -> String {
      let path = name.hasPrefix("../") ? String(name.dropFirst(3)) : "opencl/" + name
      return OpenCLLibrary.source(path).split(
        separator: "\n", omittingEmptySubsequences: false
      ).compactMap { line in
        if line.drop(while: { $0 == " " }).hasPrefix("//") { return nil }
        guard line.hasPrefix("#include \"") else { return String(line) }
        return file(String(line.dropFirst(10).dropLast()))
      }.joined(separator: "\n")
    }

    /// The functions of the primitives named, for registers of one type.
    static func primitives(_ names: some Sequence<String>, _ dtype: DType) -> String {
      let expression = dtype.isFloating ? "FLOATING" : "INTEGER"
      var text = registerType(dtype) + prelude
      text += """
        #define SLOPE_PRIMITIVE(NAME, ARITY, FLOATING, INTEGER) \\
          static inline T primitive_##NAME(T a, T b, T c) { return \(expression); }

        """
      let names = Set(names)
      // Only where it is called: every program's text is the driver's input.
      if !names.isDisjoint(with: specialPrimitives) { text += special + "\n" }
      let rounded = hasVectors(dtype) ? names.intersection(roundedPrimitives) : []
      for name in names.subtracting(rounded).sorted() { text += (primitives[name] ?? "") + "\n" }
      guard !rounded.isEmpty else { return text }
      let rows = rounded.sorted().map { (primitives[$0] ?? "") + "\n" }.joined()
      let vector = dtype.openCLComputeType + "\(64 / dtype.byteCount)"
      return text + """
        #ifdef EXPLICIT_VECTORS
        #undef SLOPE_PRIMITIVE
        #define SLOPE_PRIMITIVE(NAME, ARITY, FLOATING, INTEGER) \\
          static inline T primitive_##NAME(T x, T y, T z) { \\
            const \(vector) a = (\(vector))(x), b = (\(vector))(y), c = (\(vector))(z); \\
            return (FLOATING).s0; \\
          }
        #endif
        \(rows)
        """
    }

    /// The preamble of programs on a device that computes with explicit vectors.
    ///
    /// A driver's functions of vectors and of scalars may differ in the last bit, so that an
    /// element's result would depend on its position: in a vector, or in the remainder of an
    /// axis. Scalars are therefore computed by the functions of vectors.
    static let explicitVectors = "#define EXPLICIT_VECTORS\n"

    /// The types whose elements programs compute as vectors.
    static func hasVectors(_ dtype: DType) -> Bool { dtype == .float32 || dtype == .float64 }

    /// The primitives that are defined in special.h.
    private static let specialPrimitives: Set = ["erfinv", "digamma", "polygamma"]

    /// The primitives whose results are not correctly rounded.
    private static let roundedPrimitives: Set = [
      "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "asin", "acos", "atan",
      "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "sigmoid",
      "sigmoidSlope", "power", "atan2", "hypot",
    ]

    /// The functions `vector_…` of the primitives named, to follow those of `primitives`.
    ///
    /// T is a vector afterwards.
    static func vectorPrimitives(
      _ names: some Sequence<String>, _ dtype: DType, lanes: Int
    ) -> String {
      let type = dtype.openCLComputeType + "\(lanes)"
      // A comparison of vectors gives -1 where it holds.
      var text = """
        #undef T
        #define T \(type)
        #undef TRUTH
        #define TRUTH(CONDITION) convert_\(type)(-(CONDITION))
        #undef SLOPE_PRIMITIVE
        #define SLOPE_PRIMITIVE(NAME, ARITY, FLOATING, INTEGER) \\
          static inline T vector_##NAME(T a, T b, T c) { return \(dtype.isFloating ? "FLOATING" : "INTEGER"); }

        """
      for name in Set(names).sorted() { text += (primitives[name] ?? "") + "\n" }
      return text
    }

    /// EPILOGUE and EPILOGUE_VECTOR for an activation, to precede a file of products.
    ///
    /// The file defines T itself. Vectors have `lanes` numbers; with 1 they are scalars. The results are
    /// those of the activation alone: computed on vectors where those are explicit, else number
    /// by number.
    static func epilogue(
      _ activation: Activation, _ dtype: DType, lanes: Int, hasExplicitVectors: Bool
    ) -> String {
      let program = activation.program(dtype)
      let names = program.steps.map(\.primitive)
      func function(_ name: String, _ type: String, _ primitives: String) -> String {
        """
        static inline \(type) \(name)(\(type) r0) {
        \(program.openCLSteps(type, function: primitives))  return r\(program.outputRegisters[0]);
        }
        #define \(name.uppercased())(VALUE) \(name)(VALUE)

        """
      }
      let type = dtype.openCLComputeType
      var text = primitives(names, dtype) + function("epilogue", type, "primitive_")
      if lanes == 1 {
        text += "#define EPILOGUE_VECTOR(VALUE) epilogue(VALUE)\n"
      } else if hasExplicitVectors {
        text += vectorPrimitives(names, dtype, lanes: lanes)
        text += function("epilogue_vector", "\(type)\(lanes)", "vector_")
      } else {
        let calls = (0..<lanes).map { "epilogue(r0.s\(String($0, radix: 16)))" }
        text += """
          static inline \(type)\(lanes) epilogue_vector(\(type)\(lanes) r0) {
            return (\(type)\(lanes))(\(calls.joined(separator: ", ")));
          }
          #define EPILOGUE_VECTOR(VALUE) epilogue_vector(VALUE)

          """
      }
      return text + "#undef T\n#undef T_IS_FLOATING\n#undef TRUTH\n#undef SLOPE_PRIMITIVE\n"
    }

    /// `T` and the other macros that prelude.h needs.
    static func registerType(_ dtype: DType) -> String {
      let type = dtype.openCLComputeType
      if dtype.isFloating { return "#define T \(type)\n#define T_IS_FLOATING 1\n" }
      let bits = dtype.byteCount * 8
      return """
        #define T \(type)
        #define T_IS_FLOATING 0
        #define U \(bits == 64 ? "ulong" : "uint")
        #define T_BITS \(bits)

        """
    }

    /// An expression of a compute type, converted to the compute type of another element type.
    static func converted(_ value: String, from: DType, to: DType) -> String {
      let (source, target) = (from.openCLComputeType, to.openCLComputeType)
      if to == .bool { return from == .bool ? value : "TO_BOOL(\(value))" }
      if source == target { return value }
      if from.isFloating && !to.isFloating { return "SATURATED(\(target), \(value))" }
      if to == .float16 || to == .bfloat16 {
        switch from {
        case .float64: return "odd_float_of_double(\(value))"
        case .uint32, .uint64: return "odd_float_of_ulong(\(value))"
        case .int32, .int64: return "odd_float_of_long(\(value))"
        default: break
        }
      }
      return "((\(target))(\(value)))"
    }

    /// A constant of a type by its bits in the compute type.
    static func literal(_ bits: UInt64, _ dtype: DType) -> String {
      switch dtype {
      case .float16, .bfloat16, .float32: return "as_float(\(UInt32(truncatingIfNeeded: bits))u)"
      case .float64: return "as_double(\(bits)ul)"
      default: return "((\(dtype.openCLComputeType))\(bits & dtype.mask)ul)"
      }
    }
  }

  extension DType {
    /// The type of elements in global memory.
    var openCLStorageType: String {
      switch self {
      case .bool, .uint8: "uchar"
      case .uint16, .bfloat16: "ushort"
      case .uint32: "uint"
      case .uint64: "ulong"
      case .int8: "char"
      case .int16: "short"
      case .int32: "int"
      case .int64: "long"
      case .float16: "half"
      case .float32: "float"
      case .float64: "double"
      }
    }

    /// The type of the numbers in registers.
    var openCLComputeType: String {
      switch self {
      case .float16, .bfloat16: "float"
      default: openCLStorageType
      }
    }

    fileprivate var mask: UInt64 { UInt64.max >> UInt64(64 - byteCount * 8) }
  }
#endif
