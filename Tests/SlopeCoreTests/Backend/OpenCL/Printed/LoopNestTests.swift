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

    @Test func copiesThatTransposeAreKnown() throws {
      func plan(_ shape: Shape, _ source: [Int], _ target: [Int]) -> Transposition? {
        Transposition(nest(shape, [source, target]))
      }
      let matrix = try #require(plan([8, 9], [1, 8], [9, 1]))
      #expect(matrix.extents == [9, 8, 1, 1])
      #expect(matrix.sourceStrides == [8, 1, 0, 0] && matrix.targetStrides == [1, 9, 0, 0])
      let batch = try #require(plan([2, 8, 3, 9], [600, 1, 8, 24], [216, 27, 9, 1]))
      #expect(batch.extents == [9, 8, 3, 2])
      #expect(batch.sourceStrides == [24, 1, 8, 600] && batch.targetStrides == [1, 27, 9, 216])
      let reversed = try #require(plan([8, 9], [1, -8], [9, 1]))
      #expect(reversed.sourceStrides == [-8, 1, 0, 0])
      // Too short, contiguous in both, contiguous along no axis of one of them, too many axes.
      #expect(plan([7, 9], [1, 7], [9, 1]) == nil && plan([9, 7], [1, 9], [7, 1]) == nil)
      #expect(plan([8, 9], [10, 1], [9, 1]) == nil && plan([8, 9], [2, 16], [9, 1]) == nil)
      #expect(plan([8, 9], [1, 8], [18, 2]) == nil)
      #expect(plan([8, 2, 2, 2, 9], [1, 70, 20, 9, 200], [200, 100, 50, 20, 1]) == nil)
    }

    @Test func reductionsAreCutByTheirExtentsAlone() {
      /// The form, the number of chunks, their size, and the global and local size of the launch.
      func plan(
        _ variant: KernelVariant, _ extents: Shape, _ strides: [Int], kept: Int, split: Int = 1,
        group: Int = 256
      ) -> [Int] {
        let nest = nest(extents, [strides], split: split)
        let leading = nest.extents.prefix(nest.leading).reduce(1, *)
        #expect(leading == kept)
        let plan = ReductionPlan(
          nest, kept: kept, reduced: extents.elementCount / max(kept, 1), variant: variant,
          group: group, lanes: 16)
        #expect(plan.range.global.2 == 1 && plan.range.local.1 == 1)
        return [
          Int(plan.kernel.number), plan.chunks, plan.chunk, plan.range.global.0,
          plan.range.global.1,
          plan.range.local.0,
        ]
      }
      let (items, groups, rows, columns) = (1, 2, 3, 4)
      #expect(plan(.wide, [100], [1], kept: 1, split: 0) == [rows, 1, 128, 1, 1, 1])
      #expect(plan(.wide, [1 << 20], [1], kept: 1, split: 0) == [rows, 64, 16384, 1, 64, 1])
      #expect(plan(.wide, [10000], [1], kept: 1, split: 0) == [rows, 2, 5056, 1, 2, 1])
      #expect(plan(.wide, [15], [1], kept: 1, split: 0) == [items, 1, 64, 1, 1, 1])
      #expect(plan(.wide, [64, 1 << 20], [1 << 20, 1], kept: 64) == [rows, 1, 1 << 20, 64, 1, 1])
      #expect(plan(.wide, [15, 1 << 20], [1 << 20, 1], kept: 15) == [rows, 5, 209728, 15, 5, 1])
      #expect(plan(.wide, [1024, 1024], [1024, 1], kept: 1024) == [rows, 1, 1024, 1024, 1, 16])
      #expect(plan(.wide, [1024, 1025], [1025, 1], kept: 1024) == [rows, 1, 1088, 1024, 1, 1])
      #expect(plan(.wide, [1023, 1024], [1024, 1], kept: 1023) == [rows, 1, 1024, 1023, 1, 1])
      #expect(plan(.wide, [5000, 3], [3, 1], kept: 5000) == [items, 1, 64, 5008, 1, 16])
      // 2,049 columns are three blocks of 1,024.
      #expect(plan(.wide, [2049, 640], [1, 2049], kept: 2049) == [columns, 10, 64, 3, 10, 1])
      #expect(plan(.wide, [2048, 6400], [1, 2048], kept: 2048) == [columns, 25, 256, 2, 25, 1])
      #expect(plan(.simt, [1, 63], [63, 1], kept: 1) == [items, 1, 64, 64, 1, 64])
      #expect(plan(.simt, [1, 64], [64, 1], kept: 1) == [groups, 1, 64, 256, 1, 256])
      #expect(
        plan(.simt, [1, 64], [64, 1], kept: 1, group: 0) == [items, 1, 64, 64, 1, 64])
      #expect(plan(.simt, [1, 64], [64, 1], kept: 1, group: 16) == [groups, 1, 64, 16, 1, 16])
      #expect(
        plan(.simt, [2, 1 << 20], [1 << 20, 1], kept: 2) == [groups, 128, 8192, 512, 128, 256])
      #expect(
        plan(.simt, [512, 1 << 20], [1 << 20, 1], kept: 512) == [
          groups, 1, 1 << 20, 131072, 1, 256,
        ])
      #expect(plan(.simt, [100, 1000], [1, 100], kept: 100) == [items, 8, 128, 128, 8, 64])
      #expect(plan(.simt, [5, 0], [0, 1], kept: 5) == [items, 1, 64, 64, 1, 64])
    }
  }
#endif
