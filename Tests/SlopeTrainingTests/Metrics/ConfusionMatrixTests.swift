import SlopeTraining
import Testing

@Suite struct ConfusionMatrixTests {
  private let matrix: ConfusionMatrix

  init() throws {
    matrix = try ConfusionMatrix(
      predictions: [0, 0, 1, 2, 1], classes: [0, 1, 1, 1, 1], classCount: 4,
      classNames: ["a", "bb", "c", "d\n"])
  }

  @Test func rowsAreTrueClasses() {
    #expect(matrix.rows == [[1, 0, 0, 0], [1, 2, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    #expect(matrix[truth: 1, predicted: 2] == 1)
    #expect(matrix[truth: 2, predicted: 1] == 0)
  }

  @Test func normalizedRowsSumToOne() {
    let rows = matrix.normalizedByRows().rows
    #expect(rows == [[1, 0, 0, 0], [0.25, 0.5, 0.25, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
  }

  @Test func printsAlignedColumns() {
    #expect(
      matrix.description == """
        true \\ predicted  a  bb  c  d\\n
        a                 1   0  0    0
        bb                1   2  1    0
        c                 0   0  0    0
        d\\n               0   0  0    0
        """)
  }

  @Test func printsIndicesAndFractions() throws {
    let matrix = try ConfusionMatrix(predictions: [0, 1, 1], classes: [0, 0, 0], classCount: 2)
    #expect(
      matrix.normalizedByRows().description == """
        true \\ predicted       0       1
        0                 0.3333  0.6667
        1                      0       0
        """)
  }

  @Test func printsTwentyClasses() throws {
    let matrix = try ConfusionMatrix(predictions: [0], classes: [24], classCount: 25)
    let lines = matrix.description.split(separator: "\n")
    #expect(lines.count == 22)
    #expect(lines.last == "… 5 more")
    let all = try ConfusionMatrix(predictions: [0], classes: [1], classCount: 20).description
    #expect(all.split(separator: "\n").count == 21)
  }

  @Test func undefinedScoresAreNil() {
    #expect(matrix.scores(ofClass: 2).precision == 0)
    #expect(matrix.scores(ofClass: 2).recall == nil)
    #expect(matrix.scores(ofClass: 2).f1 == 0)
    #expect(matrix.scores(ofClass: 3).precision == nil)
    #expect(matrix.scores(ofClass: 3).f1 == nil)
    #expect(matrix.scoresOfClasses.map(\.support) == [1, 4, 0, 0])
  }

  @Test func macroLeavesOutWhatDoesNotOccur() {
    #expect(matrix.scores(.macro)?.precision == 0.5)
    #expect(matrix.scores(.macro)?.recall == 0.5)
    #expect(matrix.balancedAccuracy == 0.75)
    #expect(matrix.accuracy == 0.6)
  }

  @Test(arguments: [[], [0.0]])
  func nothingIsDefinedWithoutRowsThatCount(weights: [Double]) throws {
    let rows = weights.map { _ in 0 }
    let matrix = try ConfusionMatrix(
      predictions: rows, classes: rows, classCount: 2, weights: weights)
    #expect(matrix.accuracy == nil)
    #expect(matrix.balancedAccuracy == nil)
    for averaging in ClassAveraging.allCases { #expect(matrix.scores(averaging) == nil) }
    #expect(matrix.normalizedByRows().rows == [[0, 0], [0, 0]])
  }

  @Test func aMillionClassesNeedLittleMemory() throws {
    let matrix = try ConfusionMatrix(
      predictions: [1_000_000, 3], classes: [1_000_000, 4], classCount: 1 << 20)
    #expect(matrix[truth: 1_000_000, predicted: 1_000_000] == 1)
    #expect(matrix.scores(.macro)?.recall == 1.0 / 3)
    #expect(matrix.rows == nil)
  }

  @Test func ofMoreThanFourThousandClassesRowsAreNotListed() throws {
    let matrix = try ConfusionMatrix(predictions: [0], classes: [0], classCount: 4097)
    #expect(matrix.rows == nil && matrix[truth: 0, predicted: 0] == 1)
  }

  @Test func weightsAreKeptWhateverTheirSize() throws {
    for size in [1e-300, 1, 1e300] {
      let matrix = try ConfusionMatrix(
        predictions: [0, 1], classes: [0, 0], classCount: 2, weights: [size, 3 * size])
      #expect(matrix.rows == [[size, 3 * size], [0, 0]])
      #expect(matrix.scores(.weighted)?.support == 4 * size)
      #expect(matrix.accuracy == 0.25)
    }
  }

  @Test func invalidArgumentsAreErrors() {
    func failure(
      _ predictions: [Int], _ classes: [Int], _ count: Int, names: [String]? = nil
    ) -> String? {
      message {
        try ConfusionMatrix(
          predictions: predictions, classes: classes, classCount: count, classNames: names)
      }
    }
    #expect(failure([0], [0, 1], 2) == "ConfusionMatrix: 1 predictions for 2 classes")
    #expect(
      failure([0, 2], [0, 1], 2)
        == "ConfusionMatrix: predicted class 2 of row 1, it must be in 0..<2")
    #expect(failure([0], [-1], 2) == "ConfusionMatrix: class -1 of row 0, it must be in 0..<2")
    #expect(failure([], [], 0) == "ConfusionMatrix: classCount 0, it must be in 1...1048576")
    #expect(
      failure([], [], .max)
        == "ConfusionMatrix: classCount 9223372036854775807, it must be in 1...1048576")
    #expect(failure([], [], 2, names: ["a"]) == "ConfusionMatrix: 1 class names for 2 classes")
  }

  @Test func anErrorIsOneLine() {
    #expect("\(MetricError("a\nb"))" == "a\\nb")
  }
}
