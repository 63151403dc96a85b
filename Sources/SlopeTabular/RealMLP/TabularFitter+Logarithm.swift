import Glibc
import SlopeCore
import SlopeData

extension TabularFitter {
  /// The epochs of a trial that decides about the logarithm: a quarter of the recipe's, or more on few
  /// rows, where an epoch has few steps.
  private var trialEpochCount: Int {
    let stepsOfAnEpoch = max(1, training.count / recipe.batchSize)
    return min(recipe.epochs, max(64, 1024 / stepsOfAnEpoch))
  }

  /// Whether networks are to learn the logarithm of the target.
  ///
  /// Unless the options say it, a target is asked that is positive, skewed to the right, and less so by
  /// its logarithm: one network is trained for some epochs on either. The logarithm is learnt where it is
  /// better on the validation rows by more than one standard error of the difference of what each row
  /// costs: what errors of a logarithm do to a few large numbers, other rows may not show.
  func learnsLogarithm() throws -> Bool {
    if let choices { return choices.isLogarithm }
    guard options.targetLogarithm != false else { return false }
    guard case .regression = rows.task else {
      if options.targetLogarithm == nil { return false }
      throw TabularError.unusable(
        "\(rows.table.source): the target \(options.target.quotedForMessage) is predicted as classes, "
          + "which have no logarithm")
    }
    if options.targetLogarithm == true {
      if let row = training.first(where: { !(rows.truth.numbers[$0] > 0) }) {
        throw TabularError.unusable(
          "\(rows.table.place(ofRow: row)): the target \(options.target.quotedForMessage) is "
            + "\(rows.truth.numbers[row]), which has no logarithm")
      }
      return true
    }
    guard !validation.isEmpty, isSkewed else { return false }
    let epochs = trialEpochCount
    func judged(_ isLogarithm: Bool) throws -> (score: Double, costs: [Double]?) {
      let trial = learning(logarithm: isLogarithm, epochs: epochs)
      do {
        let model = try trial.realMLP(trial.recipe).model
        return (try trial.validationScore(model) ?? .nan, try trial.costsOfRows(model))
      } catch TabularError.diverged {
        // The other scale may do.
        return (.nan, nil)
      }
    }
    let (logarithm, plain) = (try judged(true), try judged(false))
    guard metric.isBetter(logarithm.score, than: plain.score) else { return false }
    guard let costs = logarithm.costs, let plainCosts = plain.costs else { return true }
    return costs.areClearlyLess(than: plainCosts)
  }

  /// Whether the target is of positive numbers that are skewed to the right, and less so by their
  /// logarithms.
  var isSkewed: Bool {
    let numbers = training.map { rows.truth.numbers[$0] }
    guard numbers.allSatisfy({ $0 > 0 }) else { return false }
    let (plain, logarithm) = (Self.skewness(numbers), Self.skewness(numbers.map { log($0) }))
    return plain > 1 && abs(logarithm) < plain
  }

  /// The mean cube of the distances from the mean in deviations.
  private static func skewness(_ numbers: [Double]) -> Double {
    let moments = ColumnMoments(numbers)
    guard moments.deviation > 0 else { return 0 }
    let cubes = numbers.reduce(0) { sum, number in
      let z = NumberEncoding.standardized(number, moments.mean, moments.deviation)
      return sum + z * z * z
    }
    return cubes / Double(numbers.count)
  }
}
