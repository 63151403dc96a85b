#if OpenCL
  /// How the elements of a matrix lie in memory; the numbers are those of `A_LAYOUT` and `B_LAYOUT` in
  /// the kernels (gemm.h).
  enum MatrixLayout: Int, Hashable, Sendable {
    /// Any strides.
    case strided = 0
    /// The elements of a row are consecutive: column stride 1.
    case rowMajor = 1
    /// The elements of a column are consecutive: row stride 1.
    case columnMajor = 2
  }
#endif
