#if OpenCL
  import Testing

  @testable import SlopeCore

  /// The check of a tuner's candidates, on a device and without one.
  @Suite struct MatMulTrialTests {
    private let device: OpenCLDescription

    init() throws { device = try #require(try Device.gpu.backend as? OpenCLBackend).device }

    private func trial(
      _ variant: KernelVariant, _ dtype: DType = .float32,
      damage: @escaping (inout [UInt8]) -> Void = { _ in }
    ) throws -> MatMulTrial { try MatMulTrial(device, variant, dtype, damage: damage) }

    /// The error of a measurement, as text; nil if there is none.
    private func problem(
      _ trial: MatMulTrial, _ plan: MatMulPlan, _ products: MatMulClass = .small,
      isThorough: Bool = false
    ) -> String? {
      do {
        _ = try trial.measure(plan, against: nil, products, isThorough: isThorough, seconds: 0)
        return nil
      } catch { return "\(error)" }
    }

    // MARK: On a device

    @Test func rightPlansHaveTheirTimesBesideAnother() throws {
      let trial = try trial(.wide)
      let plan = MatMulPlan.wide(WideTiles(6, 2, panelDepth: 64, blockSide: 64))
      let rate = try trial.measure(
        plan, against: .wide(WideTiles()), .small, isThorough: true, seconds: 0)
      #expect(rate.gigaflops > 0 && (rate.baselineGigaflops ?? 0) > 0 && (rate.share ?? 0) > 0)
      let alone = try trial.measure(plan, against: nil, .flat, isThorough: false, seconds: 0)
      #expect(alone.gigaflops > 0 && alone.baselineGigaflops == nil && alone.share == nil)
    }

    @Test func aShareIsTheLesserOfTheBestAndTheMedian() {
      func rate(_ turns: [(Double, Double?)]) -> MatMulTrial.Rate {
        MatMulTrial.Rate(operations: 4e9, turns: turns.map { (plan: $0.0, baseline: $0.1) })
      }
      let lucky = rate([(1, 3), (2, 2), (2, 2)])
      #expect(lucky.gigaflops == 4 && lucky.baselineGigaflops == 2 && lucky.share == 1)
      let steady = rate([(2, 3), (2, 3), (2, 2.5), (2, 9)])
      #expect(steady.gigaflops == 2 && steady.baselineGigaflops == 1.6 && steady.share == 1.25)
      #expect(rate([(3, nil), (7, nil)]).gigaflops == 1.33)
    }

    @Test(arguments: [DType.float64, .float16, .bfloat16, .int8, .uint64, .bool])
    func plansAreRightInAllTypes(dtype: DType) throws {
      let trial = try trial(.wide, dtype)
      #expect(problem(trial, .wide(WideTiles(8, 2, panelDepth: 128))) == nil)
    }

    @Test func oneWrongElementIsRejected() throws {
      // x·Wᵀ of [31, 277] · [277, 69] and the memory after it.
      let last = (31 * 69 - 1) * 4 + 3
      for (place, words) in [
        (3, "element [0, 0, 0] is "), (last, "element [0, 30, 68] is "),
        (last + 1, "written behind the end"),
      ] {
        let trial = try trial(.wide) { $0[place] ^= 1 }
        let found = problem(trial, .wide(WideTiles(14, 2)))
        #expect(
          found?.hasPrefix("x·Wᵀ of [31, 277] · [277, 69]: \(words)") == true, "\(found ?? "")")
      }
    }

    /// Of a large product, elements at regular distances are checked, and the last one.
    @Test func theLastElementOfALargeProductCounts() throws {
      let trial = try trial(.wide) { if $0.count > 1 << 22 { $0[$0.count - 4096 - 1] ^= 1 } }
      let found = problem(trial, .wide(WideTiles(14, 2)), .large)
      #expect(found?.contains("element [0, 1023, 1023] is ") == true, "\(found ?? "")")
    }

    @Test func aKernelThatTheDriverRefusesIsRejected() throws {
      let found = problem(try trial(.wide), .wide(WideTiles(17, 2)))
      #expect(found?.contains("BUILD_PROGRAM_FAILURE (-11)") == true)
    }

    @Test func everyPlanGivesTheSameBits() throws {
      func product(_ plan: MatMulPlan, _ variant: KernelVariant) throws -> [Float] {
        let backend = try OpenCLBackend(device, variant: variant)
        backend.matmulPlans.trial = plan
        return withDevice(Device(backend)) {
          let generator = Generator(seed: 5)
          let a = Tensor<Float>.uniform([70, 300], generator: generator)
          let b = Tensor<Float>.uniform([300, 90], generator: generator)
          return matmul(a, b).scalars
        }
      }
      let plans: [(MatMulPlan, KernelVariant)] = [
        (.wide(WideTiles(12, 2)), .wide),
        (.wide(WideTiles(4, 3, panelDepth: 32, blockSide: 64, unrolling: 1)), .wide),
        (.simt(SimtTiles()), .simt),
        (.simt(SimtTiles(itemRows: 8, depth: 64, stagesLeft: 0)), .simt),
      ]
      let results = try plans.map { try product($0, $1) }
      // Sums run in the order of the depth, for any tiles.
      for result in results { #expect(result == results[0]) }
    }

    // MARK: The reference

    /// The fault of a number as the product of a row and a column, after others.
    private func reference(
      _ left: [Double], _ right: [Double], _ dtype: DType
    ) -> (Double) -> String? {
      let others = left.map { _ in 7.0 }
      let reference = MatMulReference(
        .floating(others + left), .floating(others + others + right), inner: left.count, dtype)
      return { reference.difference(.floating([0, $0]), 1, row: 1, column: 2) }
    }

    @Test func resultsMayErrByRoundingsAlone() {
      // Four terms of 1: (√4 + 2) units of 2^-24 of 4.
      let float = reference([1, 1, 1, 1], [1, 1, 1, 1], .float32)
      #expect(float(4) == nil && float(4 + 15 * 0x1p-24) == nil && float(4 - 15 * 0x1p-24) == nil)
      #expect(float(4 + 17 * 0x1p-24) != nil && float(.nan) != nil && float(.infinity) != nil)
      let double = reference([1, 1, 1, 1], [1, 1, 1, 1], .float64)
      #expect(double(4 + 15 * 0x1p-53) == nil && double(4 + 24 * 0x1p-53) != nil)
      let half = reference([1, 1, 1, 1], [1, 1, 1, 1], .float16)
      #expect(half(4 + 0x1p-9) == nil && half(4 + 0x1p-8) != nil)
      let brain = reference([1, 1, 1, 1], [1, 1, 1, 1], .bfloat16)
      #expect(brain(4 + 0x1p-6) == nil && brain(4 + 0x1p-5) != nil)
    }

    @Test func theReferenceIsExact() {
      // In Double, 1e16 + 1 - 1e16 is 0.
      let exact = reference([1e16, 1, -1e16], [1, 1, 1], .float64)
      #expect(exact(100)?.hasPrefix("is 100.0, not 1.0 ±") == true && exact(3) == nil)
      let tail = 1 + 0x1p-30
      let square = MatMulReference(
        .floating([tail, -1]), .floating([tail, 1]), inner: 2, .float64)
      let found = square.difference(
        .floating([1]), 0, row: 0, column: 0, bias: .floating([-0x1p-29]))
      #expect(found?.contains("not \(0x1p-60) ±") == true)
    }

    @Test func integersWrapAndTruthsAreOrs() {
      let bytes = MatMulReference(.words([100, 100]), .words([100, 100]), inner: 2, .int8)
      func byte(_ found: UInt64) -> String? {
        bytes.difference(.words([found]), 0, row: 0, column: 0, bias: .words([1]))
      }
      #expect(byte(33) == nil && byte(34) == "is 34, not 33")
      let words = MatMulReference(.words([.max]), .words([3]), inner: 1, .uint64)
      #expect(words.difference(.words([.max - 2]), 0, row: 0, column: 0) == nil)
      func truth(_ left: [UInt64], _ right: [UInt64], bias: UInt64, _ found: UInt64) -> String? {
        MatMulReference(.words(left), .words(right), inner: 2, .bool)
          .difference(.words([found]), 0, row: 0, column: 0, bias: .words([bias]))
      }
      #expect(truth([1, 1], [1, 1], bias: 1, 1) == nil)
      #expect(truth([1, 1], [1, 1], bias: 1, 0) == "is 0, not 1")
      #expect(
        truth([1, 0], [0, 1], bias: 0, 0) == nil && truth([1, 0], [0, 1], bias: 1, 1) == nil)
    }
  }
#endif
