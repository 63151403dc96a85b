#if OpenCL
  internal import CKernels

  /// How a printed kernel accesses an operand's elements.
  enum OperandAccess: UInt64 {
    /// The element at the item's index.
    case contiguous
    /// One element for all.
    case constant
    /// By strides; along the innermost axis elements are consecutive, constant, or neither.
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

  /// The key of a kernel among those that a device made of one program.
  struct ProgramKey: Equatable, Sendable {
    private let kind: UInt64
    // Eight bits an input, four an output: no program has more than 16 of either.
    private var inputs: (UInt64, UInt64) = (0, 0)
    private var outputs: UInt64 = 0

    init(kind: UInt64) { self.kind = kind }

    mutating func add(_ dtype: DType, _ access: OperandAccess) {
      inputs.1 = inputs.1 << 8 | inputs.0 >> 56
      inputs.0 = inputs.0 << 8 | access.rawValue << 4 | UInt64(dtype.rawValue) | 0x80
    }

    mutating func addOutput(_ dtype: DType) { outputs = outputs << 4 | UInt64(dtype.rawValue) + 1 }

    static func == (left: ProgramKey, right: ProgramKey) -> Bool {
      left.kind == right.kind && left.inputs == right.inputs && left.outputs == right.outputs
    }
  }
#endif
