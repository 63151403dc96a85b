import SlopeData
import Testing

@testable import SlopeTabular

@Suite struct TabularScoresTests {
  @Test func scoresOfNumbersAreTheTextbooks() throws {
    let scores = try TabularScores(
      predictions: [1, 2, 5], targets: [1, 4, 4], weights: nil, baseline: 2)
    #expect(scores.rowCount == 3)
    #expect(scores.meanSquaredError == 5.0 / 3)
    #expect(scores.rootMeanSquaredError == (5.0 / 3).squareRoot())
    #expect(scores.meanAbsoluteError == 1)
    #expect(scores.baselineMeanSquaredError == 3)
    #expect(abs((scores.rSquared ?? 0) - (1 - 5.0 / 6)) < 1e-15)
    #expect(scores.mainError == scores.rootMeanSquaredError && scores.accuracy == nil)
  }

  @Test func scoresOfClassesAreTheTextbooks() throws {
    let scores = try TabularScores(
      probabilities: [0.75, 0.25, 0.5, 0.5, 0.25, 0.75], classes: [0, 1, 1],
      frequencies: [0.25, 0.75], weights: nil)
    #expect(scores.rowCount == 3 && scores.accuracy == 2.0 / 3)
    #expect(scores.balancedAccuracy == 0.75 && scores.areaUnderCurve == 1)
    #expect(scores.confusion == [[1, 0], [1, 1]])
    // (−log ¾ − log ½ − log ¾) / 3 and (−log ¼ − 2 log ¾) / 3.
    #expect(abs((scores.logLoss ?? 0) - 0.422_837_108_487_835_7) < 1e-14)
    #expect(abs((scores.baselineLogLoss ?? 0) - 0.653_886_168_674_484_1) < 1e-14)
    #expect(scores.baselineAccuracy == 2.0 / 3)
    #expect(scores.mainError == scores.logLoss && scores.meanSquaredError == nil)
  }

  @Test func scoresWithoutMeaningAreNil() throws {
    let none = try TabularScores(predictions: [], targets: [], weights: nil, baseline: 2)
    #expect(none.meanSquaredError == nil && none.rSquared == nil && none.rowCount == 0)
    let constant = try TabularScores(
      predictions: [1, 2], targets: [3, 3], weights: nil, baseline: 3)
    #expect(constant.rSquared == nil && constant.baselineMeanSquaredError == 0)
    let one = try TabularScores(
      probabilities: [0.5, 0.5], classes: [1], frequencies: [0.5, 0.5], weights: nil)
    #expect(one.areaUnderCurve == nil && one.logLoss != nil)
    let empty = try TabularScores(
      probabilities: [], classes: [], frequencies: [0.5, 0.5], weights: nil)
    #expect(empty.accuracy == nil && empty.logLoss == nil && empty.baselineLogLoss == nil)
  }

  @Test func squaresBeyondTheRangeAreNil() throws {
    let scores = try TabularScores(
      predictions: [0, 0], targets: [1e300, -1e300], weights: nil, baseline: 0)
    #expect(scores.meanSquaredError == nil && scores.baselineMeanSquaredError == nil)
    #expect(scores.rootMeanSquaredError == 1e300 && scores.meanAbsoluteError == 1e300)
  }

  @Test func theTableHasTheParts() throws {
    let score = try TabularScores(
      predictions: [1, 2, 5], targets: [1, 4, 4], weights: nil, baseline: 2)
    let empty = try TabularScores(predictions: [], targets: [], weights: nil, baseline: 2)
    #expect(
      TabularScores.table([.training: score, .test: empty], .regression) == """
        part      rows    MSE   RMSE  MAE      R²  baseline MSE
        training     3  1.667  1.291    1  0.1667             3
        test         0      –      –    –       –             –

        """)
  }

  @Test func figuresOfClassesAreInTheOrderOfTheHeading() throws {
    let score = try TabularScores(
      probabilities: [0.75, 0.25, 0.5, 0.5, 0.25, 0.75], classes: [0, 1, 1],
      frequencies: [0.25, 0.75], weights: nil)
    let task = PredictionTask.classification(classes: ["a", "b"])
    #expect(
      score.figures(task) == ["0.6667", "0.75", "0.4228", "1", "0.6667", "0.6539"])
    let lines = TabularScores.table([.training: score], task).split(separator: "\n")
    let words = lines[0].split(separator: " ").joined(separator: " ")
    #expect(words == "part rows accuracy balanced log loss AUC baseline accuracy log loss")
  }

  @Test func partsComeFirstAndOtherNamesInOrder() throws {
    let score = try TabularScores(predictions: [1], targets: [2], weights: nil, baseline: 2)
    let names = ["z", "test", "b", "train", "validation"]
    let scores = Dictionary(uniqueKeysWithValues: names.map { ($0, score) })
    let lines = TabularScores.table(scores, .regression).split(separator: "\n").dropFirst()
    #expect(
      lines.map { $0.prefix { $0 != " " } } == ["training", "validation", "test", "b", "z"])
  }

  @Test(arguments: [(200, true), (201, false)])
  func aConfusionHasAtMostTwoHundredClasses(count: Int, isKept: Bool) throws {
    let scores = try TabularScores(
      probabilities: (0..<count).map { $0 == 0 ? 1 : 0 }, classes: [0],
      frequencies: [Double](repeating: 1 / Double(count), count: count), weights: nil)
    #expect((scores.confusion?.count == count) == isKept && scores.accuracy == 1)
  }

  @Test func aBaselineHasScoresOfItsOwn() throws {
    let numbers = try TabularScores(
      ofBaseline: [2], TargetRows(numbers: [1, 4, 4]), .regression)
    #expect(numbers.meanSquaredError == 3 && numbers.baselineMeanSquaredError == 3)
    #expect(numbers.meanAbsoluteError == 5.0 / 3)
    #expect(abs((numbers.rSquared ?? 0) - (1 - 9.0 / 6)) < 1e-15)
    let classes = try TabularScores(
      ofBaseline: [0.2, 0.5, 0.3], TargetRows(classes: [1, 1, 0, 2]),
      .classification(classes: ["a", "b", "c"]))
    #expect(classes.accuracy == 0.5 && abs((classes.balancedAccuracy ?? 0) - 1.0 / 3) < 1e-15)
    #expect(classes.areaUnderCurve == 0.5 && classes.logLoss == classes.baselineLogLoss)
    // What rows count is heeded.
    let weighted = try TabularScores(
      ofBaseline: [2], TargetRows(numbers: [1, 4], weights: [3, 1]), .regression)
    #expect(weighted.meanAbsoluteError == 1.25)
  }
}
