import SlopeCore
import SlopeData
import SlopeNN
import SlopeTraining

/// The search of the quality `.best`: models that are fitted to folds of the training and validation
/// rows, of which a weighted mean is kept.
///
/// Each row is predicted by models that have not learnt from it; by these predictions epochs,
/// temperatures and weights are chosen. Networks are one for each fold, side by side: first those of
/// RealMLP-TD, then a `TabM`, then those of recipes that are drawn, every third a `TabM`.
struct TabularSearch<Element: FloatingElement> {
  /// A model that was fitted, and what it predicts for rows that it has not learnt from.
  private struct Candidate {
    let model: TabularModel<Element>
    let outOfFold: TabularPredictions
    let score: Double
    var epochs = 0
    var curve: TabularOtherCurve?
  }

  /// The seconds that a search takes if nothing is said.
  private static var usualSeconds: Double { 300 }
  /// The least epochs that a drawn recipe is worth trying with.
  private static var leastEpochs: Int { 32 }
  /// The least epochs that a `TabM` is worth trying with: its rate is the same from the first on.
  private static var leastEpochsOfTabM: Int { 16 }

  private let options: TabularOptions
  private let rows: TabularRows
  /// The networks' fitter, without rows for validation.
  private let networks: TabularFitter<Element>
  private let start = ContinuousClock.now
  private let deadline: Deadline?

  /// A search on the rows of a table.
  init(_ table: Table, _ options: TabularOptions) throws {
    try options.check()
    self.options = options
    deadline =
      options.seconds == nil && options.trials != nil
      ? nil : Deadline(seconds: options.seconds ?? Self.usualSeconds)
    rows = try TabularRows(table, options, generator: Generator(seed: options.seed))
      .withoutValidation()
    networks = try Self.fitter(rows, options, .mlp, Generator(seed: options.seed), deadline)
  }

  private static func fitter(
    _ rows: TabularRows, _ options: TabularOptions, _ model: TabularOptions.Model,
    _ generator: Generator, _ deadline: Deadline?
  ) throws -> TabularFitter<Element> {
    var options = options
    options.model = model
    return try TabularFitter(rows, options, generator, nil, deadline: deadline)
  }

  /// The ensemble and its scores; nil where there are too few rows for folds.
  func result(_ progress: (TabularProgress) -> Void) throws -> TabularFit<Element>? {
    var folds = try folds(8)
    guard folds.count > 1 else { return nil }
    var schema = try networks.schema()
    schema.realMLP?.members = folds.count
    try networks.checkMemory(schema)
    let scales = try scales()
    // Linear models take least time, so that there is always one, if only to compare with.
    let linear = try linearModels(folds)
    var candidates: [Candidate] = []
    do {
      let half = networks.recipe.epochs / 2
      candidates += try networks(0, scales, folds, leastEpochs: half, progress)
    } catch is TooFewEpochs {
      // As many networks take too long.
      folds = try self.folds(4)
      candidates += try networks(0, scales, folds, leastEpochs: 1, progress)
    }
    if options.model != .mlp { candidates += linear }
    var trial = 1
    while trial < options.trials ?? .max, deadline.map({ !$0.hasPassed }) ?? true {
      let drawn = trial - scales.count
      let isTabM = drawn >= 0 && drawn % 3 == 0
      do {
        if isTabM {
          let isLogarithm = drawn == 0 ? bestScale(candidates) : scales[trial % scales.count]
          candidates += try tabM(
            trial, isUsual: drawn == 0, isLogarithm ?? scales[0], folds, progress)
        } else {
          let leastEpochs = drawn < 0 ? 1 : Self.leastEpochs
          candidates += try networks(trial, scales, folds, leastEpochs: leastEpochs, progress)
        }
      } catch is TooFewEpochs {
        // Networks that are not ensembles take less time.
        if !isTabM { break }
      }
      trial += 1
    }
    return try fit(candidates, folds, beside: best(linear))
  }

  /// Folds of all rows that are learnt from.
  private func folds(_ count: Int) throws -> [Fold] {
    try networks.folds(count)
  }

  /// Whether networks learn the logarithm of the target: no, yes, or both.
  private func scales() throws -> [Bool] {
    guard case .regression = rows.task, options.targetLogarithm == nil else {
      return [try networks.learnsLogarithm()]
    }
    return networks.isSkewed ? [false, true] : [false]
  }

  private func judge(_ predictions: TabularPredictions) throws -> Double {
    try networks.score(predictions, networks.training)
  }

  // MARK: Models

  /// The networks of a trial; none where their training diverges.
  ///
  /// First come those of the usual recipe, on each scale of the target, then those of recipes that are
  /// drawn.
  private func networks(
    _ trial: Int, _ scales: [Bool], _ folds: [Fold], leastEpochs: Int,
    _ progress: (TabularProgress) -> Void
  ) throws -> [Candidate] {
    // The numbers of a trial do not depend on how many there are.
    let generator = Generator(seed: options.seed &+ UInt64(trial))
    let isUsual = trial < scales.count
    var recipe = networks.recipe
    if !isUsual {
      recipe = .random(
        isClassification: rows.task.isClassification, smoothsLabels: recipe.labelSmoothing > 0,
        generator: generator)
      recipe.epochs = options.networkEpochs ?? recipe.epochs
    }
    var options = options
    options.oneHotLimit = recipe.oneHotLimit
    let fitter = try Self.fitter(rows, options, .mlp, generator, deadline).learning(
      logarithm: scales[trial % scales.count],
      timeShare: isUsual ? 0.8 / Double(scales.count - trial) : 0.95)
    do {
      return try candidates(
        of: fitter.realMLP(recipe, folds: folds, leastEpochs: leastEpochs) {
          progress($0.of(trial))
        })
    } catch TabularError.diverged {
      // Others may do.
      return []
    }
  }

  /// The ensembles of a trial, of the usual recipe or one that is drawn; none where their training diverges
  /// or does not fit into memory.
  private func tabM(
    _ trial: Int, isUsual: Bool, _ isLogarithm: Bool, _ folds: [Fold],
    _ progress: (TabularProgress) -> Void
  ) throws -> [Candidate] {
    let generator = Generator(seed: options.seed &+ UInt64(trial))
    let recipe = isUsual ? TabMRecipe() : .random(generator: generator)
    var options = options
    options.oneHotLimit = recipe.oneHotLimit
    // The usual one leaves time for others.
    let fitter = try Self.fitter(rows, options, .mlp, generator, deadline).learning(
      logarithm: isLogarithm, timeShare: isUsual ? 0.5 : 0.95)
    do {
      return try candidates(
        of: fitter.tabM(recipe, folds: folds, leastEpochs: Self.leastEpochsOfTabM) {
          progress($0.of(trial))
        })
    } catch TabularError.diverged, TabularError.unusable {
      return []
    }
  }

  /// The networks with what they predict for rows that they have not learnt from.
  private func candidates(of fit: NetworksFit<Element>) throws -> [Candidate] {
    guard let predictions = fit.outOfFold else { return [] }
    return [
      Candidate(
        model: fit.model, outOfFold: predictions, score: try judge(predictions),
        epochs: fit.epochs,
        curve: TabularOtherCurve(.bestNetworks, fit.curve, bestEpoch: fit.choices.epoch))
    ]
  }

  /// The scale of the target on which networks were best: whether it is the logarithm; nil without any.
  private func bestScale(_ candidates: [Candidate]) -> Bool? {
    best(candidates.filter(\.model.schema.isForTables)).map {
      $0.model.schema.targetIsLogarithm == true
    }
  }

  /// The candidate with the best score, of equal ones the first.
  private func best(_ candidates: [Candidate]) -> Candidate? {
    var best: Candidate?
    for candidate in candidates {
      if networks.metric.isBetter(candidate.score, than: best?.score ?? .nan) { best = candidate }
    }
    return best
  }

  /// Linear models, one for each of some penalties; none where there is no time for them.
  private func linearModels(_ folds: [Fold]) throws -> [Candidate] {
    let fitter = try Self.fitter(rows, options, .linear, Generator(seed: options.seed), nil)
    let all = Fold(training: Array(fitter.training.indices), validation: [])
    var candidates: [Candidate] = []
    let choices: [TabularChoices] =
      rows.task.isClassification
      ? [1, 3, 1.0 / 3].map { TabularChoices(penalty: $0) }
      : ([0] + (fitter.hasFewRows ? TabularFitter<Element>.ridges : [])).map {
        TabularChoices(ridge: $0)
      }
    for choices in choices {
      let begin = ContinuousClock.now
      // The solution for all rows takes longest.
      let model = try fitter.fold(all, choices).linearModel()
      if let deadline,
        begin.duration(to: .now).inSeconds * Double(folds.count) > deadline.secondsLeft
      {
        break
      }
      guard let predictions = try fitter.linearPredictions(folds, choices) else { break }
      candidates.append(
        Candidate(model: model, outOfFold: predictions, score: try judge(predictions)))
    }
    return candidates
  }

  // MARK: The result

  /// The models that are best together, and how good they are.
  private func fit(
    _ candidates: [Candidate], _ folds: [Fold], beside linear: Candidate?
  ) throws -> TabularFit<Element>? {
    let predictions = candidates.map(\.outOfFold)
    let selection = try GreedySelection(predictions, networks.metric, judge)
    guard
      let outOfFold = TabularPredictions.mean(of: predictions, weights: selection.weights)
    else { return nil }
    let kept = zip(candidates, selection.weights).filter { $0.1 > 0 }
    var schema = try networks.schema()
    (schema.realMLP, schema.targetMean, schema.targetDeviation) = (nil, 0, 1)
    schema.ensemble = kept.map { TabularEnsembleMember(schema: $0.0.model.schema, weight: $0.1) }
    let model = TabularModel(
      schema: schema,
      ensemble: TabularEnsemble(models: kept.map(\.0.model), weights: kept.map(\.1)))
    func scores(_ predictions: TabularPredictions, _ places: [Int]) throws -> TabularScores {
      try TabularScores(
        predictions, rows.truth.taking(places), baseline: schema.baseline)
    }
    let (training, test) = (networks.training, rows.parts[.test] ?? [])
    func scores(
      _ model: TabularModel<Element>, _ outOfFold: TabularPredictions
    ) throws -> [TablePart: TabularScores] {
      [
        .training: try scores(model.predictions(of: rows.table, rows: training), training),
        .validation: try scores(outOfFold, training),
        .test: try scores(model.predictions(of: rows.table, rows: test), test),
      ]
    }
    let fit = try networks.finished(
      model, scores(model, outOfFold), epochs: candidates.reduce(0) { $0 + $1.epochs },
      bestEpoch: nil,
      seconds: start.duration(to: .now).inSeconds,
      warnings: networks.notes + (test.isEmpty ? ["there are no test rows"] : []),
      validationScore: selection.score)
    return fit.following(
      0,
      candidates: zip(candidates, selection.weights).map { candidate, weight in
        let schema = candidate.model.schema
        return TabularCandidate(
          model: schema.isForTables ? .mlp : .linear, validationScore: candidate.score,
          isChosen: weight > 0, weight: weight,
          network: schema.tabM != nil ? .tabM : schema.realMLP.map { _ in .realMLP })
      },
      alternative: try linear.map {
        TabularAlternative(.linear, try scores($0.model, $0.outOfFold))
      },
      otherCurve: best(candidates.filter(\.model.schema.isForTables))?.curve,
      folds: folds.count)
  }
}

extension TabularProgress {
  /// The same epoch as one of a trial, which counts from 0.
  fileprivate func of(_ trial: Int) -> TabularProgress {
    var epoch = self
    epoch.trial = trial + 1
    return epoch
  }
}
