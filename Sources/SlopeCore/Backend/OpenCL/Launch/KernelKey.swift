#if OpenCL
  /// The key of a backend's kernels, except those of programs (ProgramKey.swift).
  enum KernelKey: Hashable, Sendable {
    case named(String)
    /// Compares numbers: building a text of all of them takes longer than enqueueing a small
    /// product.
    case product(ProductKernel)
  }

  /// What is compiled into a kernel of a matrix product.
  struct ProductKernel: Hashable, Sendable {
    let name: String
    let dtype: DType
    let activation: Activation?
    private let hasBias: Bool
    private let aLayout: MatrixLayout
    /// Nil if B is a vector.
    private let bLayout: MatrixLayout?
    private let plan: MatMulPlan?
    private let widths: SIMD4<UInt8>

    /// The key of a kernel by its name and parameters.
    ///
    /// `aLayout` and `bLayout` are the matrix layouts `A_LAYOUT` and `B_LAYOUT`. `widths` are the
    /// elements that are read and written at a time, or the items of a group, where the plan does
    /// not say.
    init(
      _ name: String, _ output: Output, _ bias: Value?, aLayout: MatrixLayout,
      bLayout: MatrixLayout? = nil,
      _ plan: MatMulPlan? = nil, widths: [Int] = []
    ) {
      self.name = name
      dtype = output.dtype
      activation = output.activation
      hasBias = bias != nil
      self.aLayout = aLayout
      self.bLayout = bLayout
      self.plan = plan
      var packed = SIMD4<UInt8>()
      for (index, width) in widths.enumerated() { packed[index] = UInt8(width) }
      self.widths = packed
    }

    /// The macros that all product kernels need.
    var defines: String {
      OpenCLSource.element(dtype) + "#define A_LAYOUT \(aLayout.rawValue)\n"
        + (bLayout.map { "#define B_LAYOUT \($0.rawValue)\n" } ?? "")
        + "#define HAS_BIAS \(hasBias ? 1 : 0)\n"
    }
  }
#endif
