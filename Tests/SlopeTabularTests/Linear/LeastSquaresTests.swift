import SlopeCore
import Testing

@testable import SlopeTabular

@Suite struct LeastSquaresSolverTests {
  private static let features = featureRows(LinearCases.features, inputs: 3)

  /// Columns of `count` numbers from a generator.
  private static func columns(_ inputs: Int, _ count: Int, seed: UInt64 = 5) -> [[Double]] {
    (0..<inputs).map { column in
      uniformNumbers(count, seed: seed + UInt64(column)).map { $0 * 12.0.squareRoot() }
    }
  }

  private static func rows(_ columns: [[Double]]) -> FeatureRows {
    let count = columns[0].count
    return featureRows(
      (0..<count).flatMap { row in columns.map { $0[row] } }, inputs: columns.count)
  }

  private static func residuals(
    _ features: FeatureRows, _ targets: [Double], _ solution: LinearSolution
  ) throws -> [Double] {
    zip(try features.scores(solution.weights), targets).map { $0 + solution.biases[0] - $1 }
  }

  // MARK: scikit-learn's and NumPy's numbers

  @Test func weightsEqualLinearRegression() throws {
    let found = try Regression.solve(Self.features, targets: LinearCases.targets)
    let expected = [1.992313678309621, -0.9673385695575322, 0.011417901417500764]
    #expect(distance(found.weights, expected) < 1e-13)
    #expect(distance(found.biases, [2.99190407452447]) < 1e-13)
    #expect(found.isConverged && found.iterations > 0)
  }

  @Test(arguments: [1, 1e-200, 1e200])
  func rowWeightsEqualSampleWeights(scale: Double) throws {
    let found = try Regression.solve(
      Self.features, targets: LinearCases.targets,
      rowWeights: LinearCases.weights.map { $0 * scale })
    let expected = [2.019442751064207, -0.9453241384468982, 0.028552363360181854]
    #expect(distance(found.weights, expected) < 1e-13)
    #expect(distance(found.biases, [2.9890548717417373]) < 1e-13)
  }

  @Test func fewerRowsThanColumnsGiveTheLeastNorm() throws {
    let found = try Regression.solve(
      featureRows(LinearCases.wide, inputs: 9), targets: LinearCases.wideTargets)
    let expected = [
      0.9349117353529565, 0.14894339421627484, 0.11568634412070106, 0.13203732369146637,
      0.4469801495246747, -0.933017816645773, -0.16577070983796044, 0.12826416343747601,
      0.6561818336144597,
    ]
    #expect(distance(found.weights, expected) < 1e-12)
    #expect(distance(found.biases, [0.14118450417746603]) < 1e-12)
  }

  @Test func conjugateGradientsAloneFindTheSameWeights() throws {
    let found = try Regression.solve(
      Self.features, targets: LinearCases.targets, directLimit: 2)
    let expected = [1.992313678309621, -0.9673385695575322, 0.011417901417500764]
    #expect(distance(found.weights, expected) < 1e-6)
    #expect(found.isConverged)
  }

  @Test func conjugateGradientsAloneTakeRowWeights() throws {
    let found = try Regression.solve(
      Self.features, targets: LinearCases.targets, rowWeights: LinearCases.weights, directLimit: 2)
    let expected = [2.019442751064207, -0.9453241384468982, 0.028552363360181854]
    #expect(distance(found.weights, expected) < 1e-6)
  }

  // MARK: Scale and singularity

  @Test(arguments: [1e-300, 1e-9, 1e9, 1e300])
  func weightsScaleWithTheTargets(scale: Double) throws {
    let found = try Regression.solve(
      Self.features, targets: LinearCases.targets.map { $0 * scale })
    let expected = [1.992313678309621, -0.9673385695575322, 0.011417901417500764]
    #expect(distance(found.weights.map { $0 / scale }, expected) < 1e-12)
  }

  @Test(arguments: [7, 300]) func equalColumnsShareTheWeight(count: Int) throws {
    let columns = Self.columns(3, count)
    let targets = (0..<count).map { 3 * columns[0][$0] + columns[1][$0] }
    let found = try Regression.solve(
      Self.rows([columns[0], columns[0], columns[1], columns[2]]), targets: targets)
    #expect(distance(found.weights, [1.5, 1.5, 1, 0]) < 1e-6)
  }

  @Test func constantColumnsHaveNoWeight() throws {
    let columns = Self.columns(1, 50)
    let constant = [Double](repeating: 0, count: 50)
    let found = try Regression.solve(
      Self.rows([constant, columns[0], constant]), targets: columns[0].map { 2 * $0 + 1 })
    #expect(distance(found.weights, [0, 2, 0]) < 1e-12)
    #expect(distance(found.biases, [1]) < 1e-12)
  }

  @Test func aFullSetOfFlagsGivesTheLeastNorm() throws {
    let flags = (0..<3).map { flag in (0..<60).map { $0 % 3 == flag ? 1.0 : 0 } }
    let found = try Regression.solve(
      Self.rows(flags), targets: (0..<60).map { Double($0 % 3) })
    #expect(distance(found.weights, [-1, 0, 1]) < 1e-6)
    #expect(distance(found.biases, [1]) < 1e-6)
  }

  @Test func aFlagOfOneRowExplainsIt() throws {
    let columns = Self.columns(2, 600)
    let flag = (0..<600).map { $0 == 17 ? 1.0 : 0 }
    let targets = (0..<600).map { columns[0][$0] - columns[1][$0] + 100 * flag[$0] }
    let found = try Regression.solve(Self.rows(columns + [flag]), targets: targets)
    #expect(distance(found.weights, [1, -1, 100]) < 1e-9)
  }

  @Test(arguments: [1e6, 1e12]) func anOutlierOfAnySizeIsFitted(size: Double) throws {
    var columns = Self.columns(2, 600)
    columns[1][3] = size
    let mean = columns[1].reduce(0, +) / 600
    let squares = columns[1].reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    columns[1] = columns[1].map { ($0 - mean) / (squares / 600).squareRoot() }
    let targets = (0..<600).map { 2 * columns[0][$0] - columns[1][$0] }
    let found = try Regression.solve(Self.rows(columns), targets: targets)
    #expect(distance(found.weights, [2, -1]) < 1e-12)
  }

  @Test func nearlyCollinearColumnsKeepTheirAccuracy() throws {
    let columns = Self.columns(3, 200)
    let near = zip(columns[0], columns[1]).map { $0 + 1e-7 * $1 }
    let features = Self.rows([columns[0], near, columns[2]])
    let targets = (0..<200).map { columns[1][$0] + columns[2][$0] }
    let found = try Regression.solve(features, targets: targets)
    let rest = try Self.residuals(features, targets, found)
    #expect(dot(rest, rest) < 1e-10)
    #expect(abs(found.weights[1] / 1e7 - 1) < 1e-5)
  }

  @Test func roundingOfFloatsIsNotFitted() throws {
    let columns = Self.columns(2, 200)
    let copy = columns[0].map { Double(Float($0).nextUp) }
    let numbers = (0..<200).flatMap { [Float(columns[0][$0]), Float(copy[$0])] }
    let features = FeatureRows(Tensor<Float>(shape: [200, 2], scalars: numbers))
    let found = try Regression.solve(features, targets: columns[1])
    #expect(found.weights.allSatisfy { abs($0) < 1e4 })
  }

  @Test(arguments: [(300, 8), (300, 700), (1200, 100)])
  func residualsAreOrthogonalToTheFeatures(rows: Int, inputs: Int) throws {
    let features = Self.rows(Self.columns(inputs, rows))
    let targets = uniformNumbers(rows, seed: 99)
    let found = try Regression.solve(features, targets: targets)
    let rest = try Self.residuals(features, targets, found)
    #expect(try features.combinations([rest])[0].allSatisfy { abs($0) < 1e-9 })
    #expect(abs(rest.reduce(0, +)) < 1e-9)
  }

  // MARK: Edges

  @Test func equalTargetsGiveTheirValue() throws {
    let found = try Regression.solve(
      Self.features, targets: [Double](repeating: 0.1, count: LinearCases.count))
    #expect(found.weights == [0, 0, 0])
    #expect(distance(found.biases, [0.1]) < 1e-15)
  }

  @Test func rowsWithoutWeightGiveZeros() throws {
    let found = try Regression.solve(
      Self.features, targets: LinearCases.targets,
      rowWeights: [Double](repeating: 0, count: LinearCases.count))
    #expect(found.weights == [0, 0, 0] && found.biases == [0])
  }

  @Test func noRowsGiveZeros() throws {
    let found = try Regression.solve(featureRows([], inputs: 2), targets: [])
    #expect(found.weights == [0, 0] && found.biases == [0])
  }

  @Test func oneRowIsPredicted() throws {
    let found = try Regression.solve(featureRows([1, 2], inputs: 2), targets: [5])
    #expect(found.weights == [0, 0] && found.biases == [5])
  }

  @Test func threadsDoNotChangeABit() throws {
    let features = Self.rows(Self.columns(40, 20_000))
    let targets = uniformNumbers(20_000, seed: 7)
    let threads = Device.cpuThreadCount
    defer { Device.cpuThreadCount = threads }
    Device.cpuThreadCount = 1
    let one = try Regression.solve(features, targets: targets)
    Device.cpuThreadCount = 3
    #expect(try Regression.solve(features, targets: targets).weights == one.weights)
  }
}
