import SlopeData
import Testing

@testable import SlopeTabular

/// The means and deviations by which a fit standardises.
@Suite struct TabularScalesTests {
  @Test func theDivisorIsN() {
    let moments = ColumnMoments([1, 3, 5, 7])
    #expect(moments.mean == 4)
    #expect(abs(moments.deviation - 5.0.squareRoot()) < 1e-15)
  }

  @Test(arguments: [0.1, 1e300, -7, 0, 1e-300])
  func aConstantColumnHasNoDeviation(number: Double) {
    let moments = ColumnMoments(Array(repeating: number, count: 10))
    #expect(moments.deviation == 0)
    #expect(abs(moments.mean - number) <= abs(number) * 1e-15)
  }

  /// The sum of 600 tenths is off by more than the distance that counts as rounding.
  @Test func theMeanOfManyEqualNumbersIsTheNumber() {
    let moments = ColumnMoments(Array(repeating: 0.1, count: 600))
    #expect(moments.mean == 0.1 && moments.deviation == 0)
  }

  @Test(arguments: [1.0, -1]) func numbersNextToEachOtherVary(sign: Double) {
    let found = ColumnMoments([sign, sign * 1.000000000000004]).deviation
    #expect(abs(found / 1.9984e-15 - 1) < 0.01)
  }

  @Test(arguments: [1e-200, 1, 1e150, 1e200, 1e307])
  func largeAndSmallValuesNeitherOverflowNorVanish(unit: Double) {
    #expect(abs(ColumnMoments([-unit, unit]).deviation / unit - 1) < 1e-15)
  }

  @Test func aSmallSpreadAroundALargeMeanIsKept() {
    let moments = ColumnMoments([1_000_000_000.25, 1_000_000_000.75])
    #expect(moments.mean == 1_000_000_000.5 && moments.deviation == 0.25)
  }

  @Test func scalesAreOfTheTrainingRowsAlone() throws {
    let x = Column("x", [1.0, 100, 3, 5, 7, -1000])
    let y = Column("y", [0.5, 77, 1.5, 2, 3.5, 99])
    let part = Column("part", ["train", "test", "train", "train", "train", "validation"])
    let fit = try fitted([x, part, y]) {
      $0.split = .column("part")
      $0.task = .regress
    }
    #expect(fit.model.schema.targetMean == 1.875)
    #expect(fit.model.schema.baseline == [1.875])
    #expect(fit.model.schema.pipeline.columns[0].range == [1, 7])
    let input = try fit.model.schema.pipeline.transform(Table([x]), as: Double.self)
    #expect(abs(input[0, 0].item() - (1 - 4) / 5.0.squareRoot()) < 1e-15)
  }

  @Test(arguments: [1e-310, Double.leastNonzeroMagnitude]) func aSpreadOfTheSmallestNumbersIsNone(
    unit: Double
  ) throws {
    let fit = try fitted([Column("x", [0, unit, 0, 0]), Column("y", [1.5, 2, 3, 4])]) {
      $0.split = .fractions(training: 1, validation: 0, test: 0)
    }
    #expect(fit.scores[.training]?.meanSquaredError?.isFinite == true)
  }
}
