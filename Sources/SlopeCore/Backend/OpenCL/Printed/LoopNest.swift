#if OpenCL
  /// A loop nest over several operands, with as few axes as their strides allow.
  ///
  /// Axes of one element are left out, and consecutive axes that every operand walks as one are
  /// merged. There is at least one axis.
  struct LoopNest {
    /// Extents, outermost first.
    private(set) var extents: [Int] = []
    /// For each operand the stride of each axis.
    private(set) var strides: [[Int]]
    /// How many of the axes come before `split` of the original ones.
    private(set) var leading = 0

    /// - Parameters:
    ///   - shape: the extents, to which operands have been broadcast.
    ///   - operands: the strides of each operand.
    ///   - split: axes before it are not merged with those after it.
    init(_ shape: Shape, _ operands: [InlineArray<8, Int>], split: Int = 0) {
      strides = Array(repeating: [], count: operands.count)
      for axis in 0..<shape.rank where shape.extents[axis] != 1 {
        let extent = shape.extents[axis]
        let isJoinable = !extents.isEmpty && (axis < split || extents.count > leading)
        if isJoinable,
          operands.indices.allSatisfy({
            strides[$0][extents.count - 1] == operands[$0][axis] * extent
          })
        {
          extents[extents.count - 1] *= extent
          for index in operands.indices {
            strides[index][extents.count - 1] = operands[index][axis]
          }
        } else {
          extents.append(extent)
          for index in operands.indices { strides[index].append(operands[index][axis]) }
        }
        if axis < split { leading = extents.count }
      }
      if extents.isEmpty {
        extents = [1]
        for index in operands.indices { strides[index] = [0] }
      }
    }

    /// A nest of one axis, whose operands are all contiguous or one element: they need no strides.
    init(count: Int) {
      extents = [count]
      strides = []
    }

    var rank: Int { extents.count }

    /// Whether an operand is contiguous in the order of the nest.
    func isContiguous(_ operand: Int) -> Bool {
      var expected = 1
      for axis in extents.indices.reversed() {
        if strides[operand][axis] != expected { return false }
        expected *= extents[axis]
      }
      return true
    }

    /// Whether an operand is one element.
    func isConstant(_ operand: Int) -> Bool { strides[operand].allSatisfy { $0 == 0 } }
  }
#endif
