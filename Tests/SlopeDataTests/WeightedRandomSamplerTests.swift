import SlopeCore
import SlopeData
import Testing

/// Expected rows are PyTorch 2.15's for these weights, two epochs of each sampler.
@Suite struct WeightedRandomSamplerTests {
  private static let weights = [0.5, 3, 0, 1, 2.5, 0, 4, 1]

  @Test(
    arguments: [
      (
        0, 12, true, [[7, 6, 4, 7, 6, 6, 1, 3, 4, 1, 4, 1], [3, 6, 4, 4, 4, 1, 6, 6, 1, 6, 1, 4]]
      ),
      (0, 5, false, [[6, 1, 4, 7, 3], [1, 6, 4, 3, 7]]),
      (0, 6, false, [[6, 1, 4, 7, 3, 0], [1, 6, 4, 3, 7, 0]]),
      (0, 1, true, [[6], [1]]),
      (0, 1, false, [[6], [1]]),
      (
        42, 12, true,
        [[1, 1, 1, 1, 4, 4, 7, 7, 1, 1, 1, 4], [6, 6, 4, 6, 1, 6, 6, 4, 1, 6, 3, 3]]
      ),
      (42, 5, false, [[1, 3, 0, 4, 6], [1, 6, 0, 3, 4]]),
      (42, 1, true, [[1], [1]]),
      (
        123_456_789_012, 12, true,
        [[4, 1, 3, 4, 6, 4, 1, 4, 0, 6, 6, 6], [6, 1, 7, 7, 6, 4, 3, 6, 6, 4, 6, 6]]
      ),
      (123_456_789_012, 6, false, [[6, 1, 4, 3, 7, 0], [0, 4, 1, 6, 3, 7]]),
      (123_456_789_012, 1, false, [[6], [0]]),
    ] as [(UInt64, Int, Bool, [[Int]])])
  func rowsAreThoseOfPyTorch(seed: UInt64, count: Int, replacement: Bool, expected: [[Int]]) {
    let sampler = WeightedRandomSampler(
      weights: Self.weights, count: count, replacement: replacement,
      generator: Generator(seed: seed))
    #expect([sampler.epoch(), sampler.epoch()] == expected)
    #expect(sampler.count == count)
  }

  @Test func weightsNeedNotSumToOne() {
    func rows(_ scale: Double, _ replacement: Bool) -> [Int] {
      WeightedRandomSampler(
        weights: Self.weights.map { $0 * scale }, count: 6, replacement: replacement,
        generator: Generator(seed: 3)
      ).epoch()
    }
    for replacement in [true, false] {
      #expect(rows(1, replacement) == rows(0x1p40, replacement))
      #expect(rows(1, replacement) == rows(0x1p-10, replacement))
    }
  }

  @Test func frequenciesAreTheWeights() {
    let sampler = WeightedRandomSampler(
      weights: [1, 0, 3], count: 40_000, generator: Generator(seed: 1))
    var seen = [0, 0, 0]
    for row in sampler.epoch() { seen[row] += 1 }
    #expect(seen[1] == 0 && abs(seen[0] - 10_000) < 400)
  }

  // MARK: In a loader

  @Test func aLoaderReadsTheDrawnRows() async {
    await #expect(processExitsWith: .success) {
      let rows = Tensor<Int>((0..<8).map { $0 })
      for dropLast in [false, true] {
        manualSeed(42)
        let loader = DataLoader(
          TensorDataset(rows, rows), batchSize: 4,
          sampler: WeightedRandomSampler(weights: [0.5, 3, 0, 1, 2.5, 0, 4, 1], count: 10),
          dropLast: dropLast)
        let expected = [
          [[1, 1, 1, 4], [4, 7, 7, 1], [1, 1]], [[6, 6, 4, 6], [1, 6, 6, 4], [1, 6]],
        ]
        for epoch in expected {
          precondition(loader.map { $0.0.scalars } == Array(epoch.prefix(dropLast ? 2 : 3)))
        }
        precondition(loader.count == (dropLast ? 2 : 3))
        // What PyTorch draws next.
        precondition(Tensor<Int>.randint(0, 1000, [1]).scalars == [707])
      }
    }
  }

  private struct Given: Sampler {
    let rows: [Int]
    var count: Int { rows.count }
    func epoch() -> [Int] { rows }
  }

  @Test func anySamplerWillDo() {
    let rows = Tensor<Int>([0, 10, 20])
    let data = TensorDataset(rows, rows)
    let loader = DataLoader(data, batchSize: 2, sampler: Given(rows: [2, 0, 2]))
    #expect(loader.map { $0.1.scalars } == [[20, 0], [20]])
    #expect(loader.count == 2 && !loader.shuffle)
    #expect(Array(DataLoader(data, sampler: Given(rows: []))).isEmpty)
    #expect(loader.underestimatedCount == 0)
    let part = Subset(data, indices: [1, 2])
    #expect(DataLoader(part, sampler: Given(rows: [1, 0])).map { $0.0.scalars } == [[20], [10]])
  }

  @Test(arguments: [3, -1])
  func aRowOutsideTheDataSetIsRefused(row: Int) {
    let rows = Tensor<Int>([0, 10, 20])
    let error = #expect(throws: TensorError.self) {
      try checked {
        let loader = DataLoader(
          TensorDataset(rows, rows), batchSize: 2, sampler: Given(rows: [0, row]))
        #expect(Array(loader).isEmpty)
      }
    }
    #expect(error?.description == "DataLoader: the sampler's row \(row) of 3 rows")
  }

  // MARK: Mistakes

  @Test(
    arguments: [
      ([1, 2], 0, true, "count 0 is not positive"),
      ([1, 2], -1, true, "count -1 is not positive"),
      ([1, -2], 3, true, "the weight -2.0 of row 1 is not a number of at least 0"),
      ([.nan, 2], 3, true, "the weight nan of row 0 is not a number of at least 0"),
      ([1, .infinity], 3, true, "the weight inf of row 1 is not a number of at least 0"),
      ([0, 0], 1, true, "2 weights sum to 0.0, not to a positive number"),
      ([], 1, true, "0 weights sum to 0.0, not to a positive number"),
      ([1e308, 1e308], 1, true, "2 weights sum to inf, not to a positive number"),
      ([1, 0, 2], 3, false, "3 rows without replacement, of 2 with a positive weight"),
    ] as [([Double], Int, Bool, String)])
  func whatCannotBeDrawnIsRefused(
    weights: [Double], count: Int, replacement: Bool, message: String
  ) {
    let error = #expect(throws: TensorError.self) {
      try checked {
        let sampler = WeightedRandomSampler(
          weights: weights, count: count, replacement: replacement)
        #expect(sampler.epoch().isEmpty && sampler.count == 0)
      }
    }
    #expect(error?.description == "WeightedRandomSampler: \(message)")
  }

  @Test func anEpochThatMemoryCannotHoldIsRefused() {
    let error = #expect(throws: TensorError.self) {
      try checked {
        #expect(WeightedRandomSampler(weights: [1], count: .max).epoch().isEmpty)
      }
    }
    #expect(error?.description.hasPrefix("WeightedRandomSampler: no memory for ") == true)
  }
}
