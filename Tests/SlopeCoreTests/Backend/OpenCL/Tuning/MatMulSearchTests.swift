#if OpenCL
  import Testing

  @testable import SlopeCore

  @Suite struct MatMulSearchTests {
    private let limits = MatMulLimits(
      variant: .wide, vendorName: "", computeUnits: 2, localByteCount: 1 << 20,
      maximumGroupSize: 1024)

    private func search() -> MatMulSearch { MatMulSearch(.flat, .float32, limits) }

    private func wide(_ rows: Int, _ vectors: Int) -> MatMulPlan { .wide(WideTiles(rows, vectors)) }

    @Test func theBuiltInPlanIsFirstAndNothingComesTwice() {
      var search = search()
      var tried: [MatMulPlan] = []
      while let plan = search.next() { tried.append(plan) }
      #expect(tried.first == search.builtIn && tried.first == wide(4, 6))
      #expect(tried.count == WideTiles.seeds.count && Set(tried).count == tried.count)
      #expect(tried.allSatisfy { $0.isValid(.float32, limits) })
    }

    @Test func neighboursOfTheBestFollowUntilNoneIsBetter() {
      var search = search()
      // Best at 8x1, two steps from the seed 6x1.
      func rate(_ plan: MatMulPlan) -> Double {
        guard case .wide(let tiles) = plan else { return 0 }
        let distance = abs(tiles.rows - 8) + 10 * (tiles.vectors - 1)
        return Double(1000 - distance - abs(tiles.panelDepth - 384) - abs(tiles.unrolling - 4))
      }
      var tried: [MatMulPlan] = []
      while let plan = search.next() {
        tried.append(plan)
        search.note(plan, rate: rate(plan))
      }
      let goal = WideTiles(8, 1, panelDepth: 384)
      #expect(search.finalists(1) == [.wide(goal)])
      #expect(Set(tried).count == tried.count)
      // The neighbours of the goal are the last that were tried.
      #expect(Set(MatMulPlan.wide(goal).neighbours).isSubset(of: tried) && tried.count < 60)
    }

    @Test func wrongPlansAreNoCentre() {
      var search = search()
      _ = search.next()
      search.note(search.builtIn, rate: 1)
      var count = 1
      // All others fail: the built-in plan's neighbours follow.
      while let plan = search.next() {
        count += 1
        #expect(count <= 11 || search.builtIn.neighbours.contains(plan))
      }
      #expect(count > 15 && search.finalists(3) == [])
    }

    @Test func finalistsAreFasterThanTheBuiltInPlan() {
      var search = search()
      search.note(search.builtIn, rate: 10)
      search.note(wide(12, 2), rate: 10.4)
      search.note(wide(14, 2), rate: 10.6)
      search.note(wide(14, 1), rate: 12)
      search.note(wide(8, 3), rate: 11)
      #expect(search.finalists(2) == [wide(14, 1), wide(8, 3)])
      #expect(search.finalists(9) == [wide(14, 1), wide(8, 3), wide(14, 2)])
    }

    @Test func withoutARateOfTheBuiltInPlanAllOthersAreFinalists() {
      var search = search()
      search.note(wide(12, 2), rate: 3)
      search.note(wide(14, 2), rate: 4)
      #expect(search.finalists(9) == [wide(14, 2), wide(12, 2)])
    }

    @Test func variantsHaveTheirOwnSeeds() {
      let groups = MatMulLimits(
        variant: .simt, vendorName: "", computeUnits: 2, localByteCount: 20000,
        maximumGroupSize: 128)
      var search = MatMulSearch(.small, .float64, groups)
      var tried: [MatMulPlan] = []
      while let plan = search.next() { tried.append(plan) }
      #expect(tried.count > 3 && tried.allSatisfy { $0.isValid(.float64, groups) })
    }
  }
#endif
