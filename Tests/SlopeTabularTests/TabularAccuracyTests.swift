import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers
import TestSupport
import Testing

@testable import SlopeTabular

/// Training reaches known solutions.
@Suite struct TabularAccuracyTests {
  @Test(
    arguments: [("engel", "foodexp"), ("diabetes", "target")], [42, 0, 1, 2, 3, 4, 5, 6, 7, 8])
  func withOnlyATargetTheTestErrorIsThatOfLeastSquares(
    set: (name: String, target: String), seed: UInt64
  ) throws {
    let table = try Table(csv: packageFile("datasets/\(set.name).csv"))
    var options = linearOptions(set.target)
    options.seed = seed
    let fit = try TabularModel<Float>.fit(table, options)
    let rows = try TabularRows(table, options, generator: Generator(seed: seed))
    let (training, test) = (rows.parts[.training] ?? [], rows.parts[.test] ?? [])
    let features = table.columnNames.filter { $0 != set.target }
    let exact = try LeastSquares.coefficients(
      table, target: set.target, features: features, rows: training)
    let expected = try LeastSquares.error(
      exact, table, target: set.target, features: features, rows: test
    ).squareRoot()
    let error = try #require(fit.scores[.test]?.rootMeanSquaredError)
    #expect(abs(error / expected - 1) < 1e-4, "\(error) against \(expected)")
  }

  @Test(
    arguments: [("engel", "foodexp"), ("diabetes", "target")], [false, true])
  func solutionAndFullBatchesInDoubleReachLeastSquares(
    set: (name: String, target: String), isSolved: Bool
  ) throws {
    let table = try Table(csv: packageFile("datasets/\(set.name).csv"))
    var options = linearOptions(set.target)
    if !isSolved {
      options.trainsBySteps = true
      options.epochs = 20_000
      options.batchSize = .all
      options.patience = nil
      options.split = .fractions(training: 1, validation: 0, test: 0)
    }
    let fit = try TabularModel<Double>.fit(table, options)
    let rows = try TabularRows(table, options, generator: Generator(seed: 42))
    let training = rows.parts[.training] ?? []
    let features = table.columnNames.filter { $0 != set.target }
    let exact = try LeastSquares.coefficients(
      table, target: set.target, features: features, rows: training)
    let found = try #require(fit.model.coefficients?.first)
    #expect(fit.model.coefficients?.count == 1 && found.name == nil)
    for (value, expected) in zip([found.intercept] + found.values, exact) {
      #expect(abs(value / expected - 1) < 1e-8)
    }
    let error = try LeastSquares.error(
      exact, table, target: set.target, features: features, rows: training)
    let mse = try #require(fit.scores[.training]?.meanSquaredError)
    #expect(abs(mse / error - 1) < 1e-8)
  }

  /// NIST StRD, Norris: certified to fifteen digits.
  @Test func norrisIsMetToTwelveDigits() throws {
    let table = try Table(csv: packageFile("datasets/nist/norris.csv"))
    var options = linearOptions("y")
    options.split = .fractions(training: 1, validation: 0, test: 0)
    let fit = try TabularModel<Double>.fit(table, options)
    let found = try #require(fit.model.coefficients?.first)
    #expect(abs(found.intercept / -0.262_323_073_774_029 - 1) < 1e-11)
    #expect(abs(found.values[0] / 1.002_116_818_020_45 - 1) < 1e-12)
    // The residual standard deviation has 34 degrees of freedom.
    let error = try #require(fit.scores[.training]?.meanSquaredError)
    let deviation = (error * 36 / 34).squareRoot()
    #expect(abs(deviation / 0.884_796_396_144_373 - 1) < 1e-12)
  }

  /// NIST StRD, NoInt1: a line through the origin, with the lecture's pieces.
  @Test func noInt1IsMetToSevenDigits() throws {
    let table = try Table(csv: packageFile("datasets/nist/noint1.csv"))
    let x = try table.tensor("x", as: Double.self)
    let y = try table.tensor("y", as: Double.self)
    let model = Linear<Double>(1, 1, bias: false, generator: Generator(seed: 42))
    let optimizer = SGD([model.weight, model.bias], learningRate: 1e-4)
    let lossFunction = MSELoss<Double>()
    for _ in 0..<200 {
      let loss = lossFunction(model(x), y)
      loss.backward()
      optimizer.step()
      optimizer.zeroGrad()
    }
    #expect(abs(model.weight.tensor.item() / 2.074_380_165_289_26 - 1) < 5e-8)
  }

  /// scikit-learn's network of 32 units, with Adam: 3014 on average, 3285 at worst (scores.json).
  @Test(arguments: [1, 2, 3] as [UInt64])
  func aHiddenLayerDoesNotOverfitDiabetes(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let lines = try String(decoding: readFile(packageFile("datasets/diabetes.csv")), as: UTF8.self)
      .split(separator: "\n")
    let rows = lines.dropFirst().enumerated().map { "\($1),\($0 % 5 == 4 ? "test" : "train")" }
    let path = try folder.write("\(lines[0]),part\n" + rows.joined(separator: "\n"))
    var options = linearOptions("target")
    options.split = .column("part")
    options.hidden = [32]
    options.optimizer = .adam
    options.seed = seed
    let fit = try TabularModel<Float>.fit(Table(csv: path), options)
    let error = try #require(fit.scores[.test]?.meanSquaredError)
    #expect(error < 3014, "\(error)")
    #expect(fit.scores[.validation]?.rowCount == 0)
  }

  @Test(arguments: Activation.allCases)
  func hiddenLayersBendTheLine(activation: Activation) throws {
    let folder = try TemporaryFolder()
    let rows = (0..<200).map { index in
      let x = Double(index) / 20 - 5
      return "\(x),\(3 * x * x + 7)"
    }
    let table = try Table(csv: folder.write("x,y\n" + rows.joined(separator: "\n")))
    var options = linearOptions("y")
    options.hidden = [16, 16]
    options.activation = activation
    options.optimizer = .adam
    options.learningRate = 0.01
    options.epochs = 300
    let fit = try TabularModel<Float>.fit(table, options)
    let scores = try #require(fit.scores[.test])
    let r2 = try #require(scores.rSquared)
    #expect(r2 > 0.98, "\(r2)")
    #expect(fit.model.coefficients == nil)
    #expect((fit.model.network as? Sequential<Float>)?.layers.count == 5)
  }
}
