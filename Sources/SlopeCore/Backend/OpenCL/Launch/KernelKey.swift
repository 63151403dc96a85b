#if OpenCL
  /// The key of a backend's kernel; kernels of programs have a `ProgramKey`.
  enum KernelKey: Hashable, Sendable {
    case named(String)
    /// Numbers: to format a string of all of them takes longer than to enqueue a small product.
    case product(ProductKernel)
  }

  /// What is compiled into a kernel of a matrix product.
  struct ProductKernel: Hashable, Sendable {
    let name: String
    let dtype: DType
    let activation: Activation?
    private let hasBias: Bool
    private let aForm: Int
    /// Nil where B is a vector.
    private let bForm: Int?
    private let plan: MatMulPlan?
    private let widths: SIMD4<UInt8>

    /// - Parameters:
    ///   - aForm: `A_LAYOUT` of the kernel.
    ///   - bForm: `B_LAYOUT`.
    ///   - widths: the elements that are read and written at a time, or the items of a group, where
    ///     the plan does not say.
    init(
      _ name: String, _ output: Output, _ bias: Value?, aForm: Int, bForm: Int? = nil,
      _ plan: MatMulPlan? = nil, widths: [Int] = []
    ) {
      self.name = name
      dtype = output.dtype
      activation = output.activation
      hasBias = bias != nil
      self.aForm = aForm
      self.bForm = bForm
      self.plan = plan
      var packed = SIMD4<UInt8>()
      for (index, width) in widths.enumerated() { packed[index] = UInt8(width) }
      self.widths = packed
    }

    /// The macros that all kernels of products need.
    var defines: String {
      OpenCLSource.element(dtype) + "#define A_LAYOUT \(aForm)\n"
        + (bForm.map { "#define B_LAYOUT \($0)\n" } ?? "")
        + "#define HAS_BIAS \(hasBias ? 1 : 0)\n"
    }
  }
#endif
