#if OpenCL
  import Testing

  @testable import SlopeCore

  @Suite struct LoopNestTests {
    private func strides(_ numbers: [Int]) -> InlineArray<8, Int> {
      var result = InlineArray<8, Int>(repeating: 0)
      for (index, number) in numbers.enumerated() { result[index] = number }
      return result
    }

    private func nest(_ shape: Shape, _ operands: [[Int]], split: Int = 0) -> LoopNest {
      LoopNest(shape, operands.map(strides), split: split)
    }

    @Test func contiguousOperandsAreOneAxis() {
      let nest = nest([2, 3, 4], [[12, 4, 1], [12, 4, 1]])
      #expect(nest.extents == [24] && nest.strides == [[1], [1]] && nest.rank == 1)
      #expect(nest.isContiguous(0) && !nest.isConstant(0))
    }

    @Test func axesThatOneOperandWalksDifferentlyStayApart() {
      let nest = nest([2, 3, 4], [[12, 4, 1], [0, 4, 1]])
      #expect(nest.extents == [2, 12] && nest.strides == [[12, 1], [0, 1]])
      #expect(nest.isContiguous(0) && !nest.isContiguous(1) && !nest.isConstant(1))
    }

    @Test func axesOfOneElementAreGone() {
      let nest = nest([1, 5, 1, 2], [[99, 2, 77, 1], [0, 0, 0, 0]])
      #expect(nest.extents == [10] && nest.strides == [[1], [0]] && nest.isConstant(1))
    }

    @Test func nothingIsOneElement() {
      let nest = nest([1, 1], [[5, 5]])
      #expect(nest.extents == [1] && nest.strides == [[0]] && nest.isConstant(0))
      #expect(self.nest([], []).extents == [1])
    }

    @Test func axesBeforeTheSplitStayApartFromThoseBehind() {
      let nest = nest([2, 3, 4, 5], [[60, 20, 5, 1]], split: 2)
      #expect(nest.extents == [6, 20] && nest.leading == 1 && nest.strides == [[20, 1]])
      let all = self.nest([2, 3], [[3, 1]], split: 0)
      #expect(all.extents == [6] && all.leading == 0)
      let kept = self.nest([2, 3], [[3, 1]], split: 2)
      #expect(kept.extents == [6] && kept.leading == 1)
      let one = self.nest([1, 3], [[3, 1]], split: 1)
      #expect(one.extents == [3] && one.leading == 0)
    }

    @Test func columnsArePreferredWhereKeptElementsAreNeighbours() {
      #expect(nest([4, 3], [[1, 4]], split: 1).prefersColumns)
      #expect(!nest([4, 3], [[3, 1]], split: 1).prefersColumns)
      #expect(!nest([4, 3], [[-3, 1]], split: 1).prefersColumns)
      #expect(nest([4, 3], [[-1, 4]], split: 1).prefersColumns)
      #expect(!nest([4, 3], [[0, 1]], split: 1).prefersColumns)
      #expect(!nest([12], [[1]], split: 0).prefersColumns)
    }

    @Test func reductionsAreCutByTheirExtentsAlone() {
      func plan(
        _ shape: KernelShape, _ kept: Int, _ reduced: Int, columns: Bool = false
      ) -> (Bool, Int, Int) {
        let plan = ReductionPlan(
          shape: shape, kept: kept, reduced: reduced, isByColumns: columns,
          canGroup: shape == .simt)
        return (plan.usesGroups, plan.chunks, plan.chunk)
      }
      #expect(plan(.wide, 1, 100) == (false, 1, 100))
      #expect(plan(.wide, 1, 1 << 20) == (false, 64, 16384))
      #expect(plan(.wide, 1, 10000) == (false, 2, 5000))
      #expect(plan(.wide, 64, 1 << 20) == (false, 1, 1 << 20))
      #expect(plan(.wide, 16, 1 << 20) == (false, 4, 1 << 18))
      #expect(plan(.simt, 1, 63) == (false, 1, 63))
      #expect(plan(.simt, 1, 64) == (true, 1, 64))
      #expect(plan(.simt, 2, 1 << 20) == (true, 128, 8192))
      #expect(plan(.simt, 512, 1 << 20) == (true, 1, 1 << 20))
      #expect(plan(.simt, 100, 1000, columns: true) == (false, 15, 67))
      #expect(plan(.simt, 5, 0) == (false, 1, 1))
    }
  }
#endif
