#if OpenCL
  internal import CKernels

  /// How a printed kernel finds an operand's elements.
  enum OperandAccess: UInt64 {
    /// At the index of the item.
    case contiguous
    /// One element for all items.
    case constant
    /// By strides; elements are neighbours, equal, or neither along the innermost axis.
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

  /// The key of one of the kernels that a device made of one program: element types and accesses.
  struct ProgramKey: Equatable, Sendable {
    private let kind: UInt64
    // Eight bits per input, four per output: no program has more than 16 of either.
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
