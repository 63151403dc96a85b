import Glibc
import SlopeCore
import Testing

@testable import SlopeTabular

@Suite struct SoftmaxRegressionTests {
  private static let features = featureRows(LinearCases.features, inputs: 3)

  /// What `LogisticRegression` finds.
  struct Expected: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var classes = LinearCases.pairs
    var classCount = 2
    var rowWeights: [Double]?
    var penalty = 1.0
    let weights: [Double]
    let biases: [Double]
    let loss: Double
  }

  static let cases = [
    Expected(
      testDescription: "two classes",
      weights: [2.0482636288424874, 0.07382870743527226, -0.13415592554023223],
      biases: [-0.013592121635754392], loss: 16.329017012337623),
    Expected(
      testDescription: "two classes, weighted", rowWeights: LinearCases.weights,
      weights: [2.4039825155843775, -0.029524422193065024, -0.2103825149600321],
      biases: [-0.032012353311264216], loss: 22.028321030954178),
    Expected(
      testDescription: "two classes, C = 0.25", penalty: 4,
      weights: [1.238241165577902, 0.04091465233052192, -0.07362279315471047],
      biases: [-0.02144382059543066], loss: 20.034615399633907),
    Expected(
      testDescription: "separable", classes: LinearCases.separable,
      weights: [2.75773754621933, -0.34630661411655955, 0.16095181894529711],
      biases: [0.046723286236145405], loss: 10.781470919298233),
    Expected(
      testDescription: "three classes", classes: LinearCases.triples, classCount: 3,
      weights: [
        -1.216416647142504, -1.314956194804071, 0.2812558075060299, -0.8286109468072966,
        1.1564605744091372, 0.11008536416468276, 2.045027593949801, 0.15849562039493398,
        -0.3913411716707128,
      ], biases: [0.3278916276721537, 0.08754525900023476, -0.4154368866723895],
      loss: 17.929724455692536),
    Expected(
      testDescription: "three classes, weighted", classes: LinearCases.triples, classCount: 3,
      rowWeights: LinearCases.weights,
      weights: [
        -1.4175691527002816, -1.409014638027511, 0.6177520876487408, -0.9425518687778703,
        1.19692579809961, -0.3672025100907909, 2.360121021478152, 0.21208883992790112,
        -0.25054957755794965,
      ], biases: [0.5899494480286677, -0.14868731525658269, -0.4412621327720841],
      loss: 25.51653971286851),
  ]

  @Test(arguments: cases) func weightsEqualLogisticRegression(expected: Expected) throws {
    var losses: [Double] = []
    let found = try SoftmaxRegression.solve(
      Self.features, classes: expected.classes, classCount: expected.classCount,
      rowWeights: expected.rowWeights, penalty: expected.penalty
    ) { iteration, _, loss in
      losses.append(loss)
      #expect(iteration == losses.count)
      return true
    }
    #expect(distance(found.weights, expected.weights) < 1e-5)
    #expect(distance(found.biases, expected.biases) < 1e-5)
    #expect(abs((losses.last ?? 0) / expected.loss - 1) < 1e-9)
    #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(found.isConverged && found.iterations == losses.count)
  }

  @Test func twoClassesWithFewerRowsThanColumns() throws {
    let found = try SoftmaxRegression.solve(
      featureRows(LinearCases.wide, inputs: 9), classes: [0, 1, 1, 0, 1, 0], classCount: 2)
    let expected = [
      0.1636833337706653, 0.09068739619617974, -0.3333653522717226, -0.06743469204459343,
      -0.036386930236916, 0.18971312981170782, -0.02892632941441166, -0.07765413382710297,
      0.4435959236085496,
    ]
    #expect(distance(found.weights, expected) < 1e-6)
    #expect(distance(found.biases, [0.0029437493599179603]) < 1e-6)
  }

  @Test func threeClassesWithFewerRowsThanColumns() throws {
    var last = 0.0
    let found = try SoftmaxRegression.solve(
      featureRows(LinearCases.wide, inputs: 9), classes: [0, 1, 2, 0, 1, 2], classCount: 3
    ) { _, solution, loss in
      last = loss
      return solution.weights.count == 27
    }
    #expect(abs(last / 5.780080387467371 - 1) < 1e-9)
    #expect(abs(found.weights[0] - -0.21493568127599869) < 1e-6)
    #expect(abs(found.weights[26] - -0.35069905099586723) < 1e-6)
    #expect(
      distance(
        found.biases, [0.08472531212918921, 0.0005418572170031639, -0.08526716934619188]) < 1e-6)
  }

  // MARK: The objective

  private static func objective(_ classes: [Int], _ count: Int) -> ClassObjective {
    ClassObjective(
      features: features, classes: classes, classCount: count, rowWeights: LinearCases.weights,
      penalty: 0.5)
  }

  static let objectives = [
    objective(LinearCases.pairs, 2), objective(LinearCases.triples, 3),
  ]

  @Test(arguments: [0, 1]) func gradientIsTheSlopeOfTheValue(index: Int) throws {
    let objective = Self.objectives[index]
    let point = uniformNumbers(objective.count, seed: 11)
    let gradient = try objective.value(point).gradient
    for place in point.indices {
      var (above, below) = (point, point)
      above[place] += 1e-5
      below[place] -= 1e-5
      let slope = (try objective.value(above).value - objective.value(below).value) / 2e-5
      #expect(abs(slope - gradient[place]) < 1e-7)
    }
  }

  @Test(arguments: [0, 1]) func curvatureIsTheSlopeOfTheGradient(index: Int) throws {
    let objective = Self.objectives[index]
    let point = uniformNumbers(objective.count, seed: 11)
    let direction = uniformNumbers(objective.count, seed: 12)
    let found = try objective.curvature(at: point, along: direction)
    let above = try objective.value(zip(point, direction).map { $0 + 1e-5 * $1 }).gradient
    let below = try objective.value(zip(point, direction).map { $0 - 1e-5 * $1 }).gradient
    #expect(distance(found, zip(above, below).map { ($0 - $1) / 2e-5 }) < 1e-7)
  }

  @Test func preconditionerOfOneOutputInvertsTheCurvature() throws {
    let objective = Self.objectives[0]
    let point = uniformNumbers(objective.count, seed: 11)
    let direction = uniformNumbers(objective.count, seed: 12)
    let inverse = try objective.preconditioner(at: point)
    let product = try objective.curvature(at: point, along: direction)
    #expect(distance(inverse.solve(product), direction) < 1e-9)
  }

  @Test(arguments: [0, 1]) func diagonalPreconditionerIsTheDiagonal(index: Int) throws {
    let objective = Self.objectives[index]
    let point = uniformNumbers(objective.count, seed: 11)
    let inverse = try objective.preconditioner(at: point, factorLimit: 0)
    for place in point.indices {
      var unit = [Double](repeating: 0, count: objective.count)
      unit[place] = 1
      let diagonal = try objective.curvature(at: point, along: unit)[place]
      #expect(abs(inverse.solve(unit)[place] * diagonal - 1) < 1e-9)
    }
  }

  // MARK: Edges

  @Test(arguments: [1e2, 1e8]) func scoresBeyondTheExponentialsRangeStayFinite(scale: Double) throws
  {
    let rows = featureRows(LinearCases.features.map { $0 * scale }, inputs: 3)
    for (classes, count) in [(LinearCases.separable, 2), (LinearCases.triples, 3)] {
      let found = try SoftmaxRegression.solve(rows, classes: classes, classCount: count)
      #expect((found.weights + found.biases).allSatisfy { $0.isFinite })
      #expect(found.isConverged)
    }
  }

  @Test func aClassWithoutRowsIsImprobable() throws {
    let shifted = LinearCases.triples.map { $0 == 2 ? 3 : $0 }
    let found = try SoftmaxRegression.solve(Self.features, classes: shifted, classCount: 4)
    let whole = try SoftmaxRegression.solve(
      Self.features, classes: LinearCases.triples, classCount: 3)
    #expect(Array(found.weights[6..<9]) == [0, 0, 0])
    #expect(Array(found.weights[9..<12]) == Array(whole.weights[6..<9]))
    let highest = [0, 1, 3].map { found.biases[$0] }.max() ?? 0
    #expect(abs(found.biases[2] - highest - log(1e-15)) < 1e-9)
  }

  @Test func aPairAmongMoreClassesIsThePairAlone() throws {
    let pair = try SoftmaxRegression.solve(Self.features, classes: LinearCases.pairs, classCount: 2)
    let found = try SoftmaxRegression.solve(
      Self.features, classes: LinearCases.pairs.map { 2 * $0 }, classCount: 3)
    let difference = (0..<3).map { found.weights[6 + $0] - found.weights[$0] }
    #expect(distance(difference, pair.weights) < 1e-12)
    #expect(abs(found.biases[2] - found.biases[0] - pair.biases[0]) < 1e-12)
    #expect(found.biases[1] < -30)
  }

  @Test(arguments: [0, 1]) func oneClassOfTwoIsPredictedAlways(label: Int) throws {
    let found = try SoftmaxRegression.solve(
      featureRows([1, 2, 3], inputs: 1), classes: [label, label, label], classCount: 2)
    #expect(found.weights == [0])
    #expect(found.biases == [label == 0 ? log(1e-15) : -log(1e-15)])
  }

  @Test func noIterationsGiveTheFrequencies() throws {
    let found = try SoftmaxRegression.solve(
      featureRows([1, 2, 3, 4], inputs: 1), classes: [1, 0, 1, 1], classCount: 2,
      maximumIterations: 0)
    #expect(found.weights == [0] && abs(found.biases[0] - log(3)) < 1e-15)
    #expect(!found.isConverged && found.iterations == 0)
  }

  @Test func progressEndsTheSearch() throws {
    let found = try SoftmaxRegression.solve(
      Self.features, classes: LinearCases.triples, classCount: 3
    ) { iteration, _, _ in iteration < 2 }
    #expect(found.iterations == 2 && !found.isConverged)
  }

  @Test func threadsDoNotChangeABit() throws {
    let rows = featureRows(uniformNumbers(20_000 * 12, seed: 6), inputs: 12)
    let classes = uniformNumbers(20_000, seed: 7).map { Int(($0 + 0.5) * 3) }
    let threads = Device.cpuThreadCount
    defer { Device.cpuThreadCount = threads }
    Device.cpuThreadCount = 1
    let one = try SoftmaxRegression.solve(rows, classes: classes, classCount: 3)
    Device.cpuThreadCount = 3
    let three = try SoftmaxRegression.solve(rows, classes: classes, classCount: 3)
    #expect(one.weights == three.weights && one.biases == three.biases)
  }
}
