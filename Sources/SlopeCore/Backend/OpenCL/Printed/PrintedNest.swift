#if OpenCL
  /// The parts of a kernel that walks a nest.
  enum PrintedNest {
    /// `, ulong n0, …`: the extents, innermost first.
    static func extentParameters(_ rank: Int) -> String {
      (0..<rank).map { "ulong n\($0)" }.joined(separator: ", ")
    }

    /// Returns in items beyond the extents, and declares the index `i0`, `i1`, … along each axis.
    static func indices(_ rank: Int) -> String {
      "  size_t i0 = get_global_id(0);\n  if (i0 >= n0) return;\n" + outerIndices(rank)
    }

    /// The same for all axes but the innermost.
    static func outerIndices(_ rank: Int) -> String {
      var text = ""
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

    /// The index of the item in the order of the nest.
    static func flat(_ rank: Int) -> String {
      (0..<rank - 1).reversed().reduce("i\(rank - 1)") { "(\($0) * n\($1) + i\($1))" }
    }

    /// The index of an element in memory, by strides `NAME0`, `NAME1`, …
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
#endif
