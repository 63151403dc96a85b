import Glibc
import SlopeCore

/// Softmax regression (logistic regression for two classes) with an L2 penalty.
///
/// Minimises ½·penalty·‖weights‖² + Σᵢ wᵢ·(−log p(classᵢ | xᵢ)); the biases have no penalty. Two
/// classes have one output, the logarithm of the odds of the second; more have one output each.
/// With penalty 1 this is scikit-learn's `LogisticRegression(C=1)`.
///
/// Newton's method, whose steps come from the second derivative and need no learning rate: each
/// solves for its direction by conjugate gradients, preconditioned by the Cholesky factors of the
/// outputs' own curvature, or by its diagonal where those are too large, and is halved until the
/// objective falls as it promised (Nocedal and Wright, Numerical Optimization, 7.1). The objective
/// never rises. Where rows are fewer than columns, the weights are sums of rows, and the method
/// works on the Cholesky factor of the rows' products in place of the rows.
enum SoftmaxRegression {
  /// What the probability of a class without a row is to that of the most frequent, about.
  static let absentOdds = 1e-15
  /// Up to this many rows their products are factorised where columns are more.
  private static let rowLimit = 4096

  /// The memory that `solve` needs in addition to the features, about.
  static func byteCount(rows: Int, inputs: Int, classCount: Int) -> Int {
    let outputs = classCount <= 2 ? 1 : classCount
    let isReduced = rows < inputs && rows <= rowLimit
    let width = isReduced ? rows : inputs + 1
    let factors = width <= ClassObjective.factorLimit / max(1, outputs * width)
    let numbers =
      12 * outputs * (inputs + 1) + (factors ? outputs * width * width : 0)
      + (isReduced ? 3 * rows * rows : 0) + 1024 * width + rows
    return 8 * (numbers + 3 * max(1 << 22, 64 * inputs) + 8192 * 4 * outputs)
  }

  /// The weights and biases that minimise the objective: `[1, inputs]` and `[1]` for one or two
  /// classes, else `[classCount, inputs]` and `[classCount]`.
  ///
  /// A class without a row (of weight > 0) gets weights 0 and a bias that makes it improbable.
  ///
  /// - Parameters:
  ///   - features: the standardised features.
  ///   - classes: a class in `0..<classCount` for each row.
  ///   - classCount: the number of classes.
  ///   - rowWeights: one number ≥ 0 for each row; nil is 1 for all.
  ///   - penalty: the factor of ½‖weights‖², scikit-learn's 1/C.
  ///   - maximumIterations: the largest number of Newton steps; rarely are more than 15 needed.
  ///   - progress: is called after each step with its number from 1, the solution so far and the
  ///     objective; false ends the search.
  /// - Returns: the solution, with scikit-learn's shapes.
  /// - Throws: the failure of an operation; `TabularError` for features that are not finite; what
  ///   `progress` throws.
  static func solve(
    _ features: FeatureRows, classes: [Int], classCount: Int, rowWeights: [Double]? = nil,
    penalty: Double = 1, maximumIterations: Int = 100,
    progress: (_ iteration: Int, _ solution: LinearSolution, _ loss: Double) throws -> Bool = {
      _, _, _ in true
    }
  ) throws -> LinearSolution {
    try checked {
      let groups = ClassGroups(classes, classCount, rowWeights)
      guard groups.present.count > 1 else {
        return groups.expanded(
          LinearSolution(biases: [0], inputs: features.inputs, ridge: penalty))
      }
      let reduction = try RowReduction(features, limit: rowLimit)
      let objective = ClassObjective(
        features: reduction?.features ?? features, classes: groups.classes,
        classCount: groups.present.count, rowWeights: rowWeights, penalty: penalty)
      var search = NewtonSearch(objective, start: groups.startBiases)
      func expanded(_ found: LinearSolution) throws -> LinearSolution {
        groups.expanded(try reduction?.expanded(found, of: features) ?? found)
      }
      try search.run(maximumIterations) { found, loss in
        try progress(found.iterations, try expanded(found), loss)
      }
      return try expanded(search.solution)
    }
  }
}

/// The classes that have rows, numbered from 0.
private struct ClassGroups {
  /// The caller's numbers of the classes that have a row of weight > 0.
  let present: [Int]
  /// Each row's class as an index of `present`; 0 where the weight is 0.
  let classes: [Int]
  /// The scores of the classes' frequencies.
  let startBiases: [Double]
  private let classCount: Int

  init(_ classes: [Int], _ classCount: Int, _ rowWeights: [Double]?) {
    self.classCount = classCount
    var totals = [Double](repeating: 0, count: classCount)
    for (row, label) in classes.enumerated() { totals[label] += max(0, rowWeights?[row] ?? 1) }
    let present = totals.indices.filter { totals[$0] > 0 }
    var places = [Int](repeating: 0, count: classCount)
    for (index, label) in present.enumerated() { places[label] = index }
    self.present = present
    self.classes = classes.map { places[$0] }
    let logarithms = present.map { log(totals[$0]) }
    if present.count == 2 {
      startBiases = [logarithms[1] - logarithms[0]]
    } else {
      let mean = logarithms.reduce(0, +) / Double(max(1, present.count))
      startBiases = logarithms.map { $0 - mean }
    }
  }

  /// The solution for all classes of that for those present.
  func expanded(_ found: LinearSolution) -> LinearSolution {
    let absent = log(SoftmaxRegression.absentOdds)
    var result = found
    if classCount <= 2 {
      guard present.count < 2 else { return found }
      let bias = classCount < 2 || present.isEmpty ? 0 : present[0] == 0 ? absent : -absent
      result.biases = [bias]
      return result
    }
    guard present.count < classCount else { return found }
    let inputs = found.weights.count / max(1, found.biases.count)
    result.weights = [Double](repeating: 0, count: classCount * inputs)
    result.biases = [Double](repeating: 0, count: classCount)
    // One output for two classes becomes half of it for each, with opposite signs.
    let isPair = present.count == 2
    for (index, label) in present.enumerated() {
      let factor = isPair ? (index == 0 ? -0.5 : 0.5) : 1
      let source = isPair ? 0 : index
      for j in 0..<inputs {
        result.weights[label * inputs + j] = factor * found.weights[source * inputs + j]
      }
      result.biases[label] = factor * found.biases[source]
    }
    let highest = present.map { result.biases[$0] }.max() ?? 0
    let labels = Set(present)
    if !present.isEmpty {
      for label in 0..<classCount where !labels.contains(label) {
        result.biases[label] = highest + absent
      }
    }
    return result
  }
}

/// Fewer columns with the same products of rows: L `[rows, rows]` with L·Lᵀ = X·Xᵀ.
///
/// Weights of least norm are Xᵀ·a; with v = Lᵀ·a, X·weights = L·v and ‖weights‖ = ‖v‖.
private struct RowReduction {
  private let factor: SymmetricMatrix
  let features: FeatureRows

  /// Nil unless rows are fewer than columns, and at most `limit`.
  init?(_ features: FeatureRows, limit: Int) throws {
    guard features.count < features.inputs, features.count <= limit else { return nil }
    factor = try SymmetricMatrix.factorized(adding: 0) { try features.rowGram { $1 } }.0
    self.features = FeatureRows(factor.lowerTriangle())
  }

  /// The solution for the features.
  func expanded(_ found: LinearSolution, of features: FeatureRows) throws -> LinearSolution {
    let order = factor.order
    let coefficients = found.biases.indices.map { k in
      factor.solveTransposed(Array(found.weights[(k * order)..<((k + 1) * order)]))
    }
    var result = found
    result.weights = Array(try features.combinations(coefficients).joined())
    return result
  }
}

/// Newton's method with conjugate gradients.
private struct NewtonSearch {
  private let objective: ClassObjective
  private var parameters: [Double]
  private var iterations = 0
  private var isConverged = false

  init(_ objective: ClassObjective, start biases: [Double]) {
    self.objective = objective
    parameters = [Double](repeating: 0, count: objective.count)
    for (k, bias) in biases.enumerated() {
      parameters[(k + 1) * objective.width - 1] = bias
    }
  }

  /// The solution so far, its biases' mean being 0 if they are several.
  var solution: LinearSolution {
    let (inputs, width) = (objective.features.inputs, objective.width)
    var biases = (0..<objective.outputs).map { parameters[$0 * width + inputs] }
    if biases.count > 1 {
      let mean = biases.reduce(0, +) / Double(biases.count)
      biases = biases.map { $0 - mean }
    }
    var solution = LinearSolution(biases: biases, inputs: 0, ridge: objective.penalty)
    solution.weights = (0..<objective.outputs).flatMap {
      parameters[($0 * width)..<($0 * width + inputs)]
    }
    solution.iterations = iterations
    solution.isConverged = isConverged
    return solution
  }

  mutating func run(
    _ maximumIterations: Int, _ progress: (LinearSolution, Double) throws -> Bool
  ) throws {
    var (value, gradient) = try objective.value(parameters)
    var preconditioner: ClassObjective.Preconditioner?
    while iterations < maximumIterations {
      let inverse = try preconditioner ?? objective.preconditioner(at: parameters)
      let (direction, count) = try direction(gradient, inverse)
      // Rows times columns for new factors, rows for each product with the second derivative.
      preconditioner = count > 4 + objective.width / 8 ? nil : inverse
      let promised = -dot(gradient, direction)
      guard promised > 0,
        let next = try step(direction, from: value, promised: promised)
      else {
        isConverged = true
        return
      }
      (parameters, value, gradient) = next
      iterations += 1
      // Half of it is what the step gained; the next gains less than a hundredth of that.
      isConverged = promised <= 1e-9 * value
      guard try progress(solution, value), !isConverged else { return }
    }
  }

  /// The direction −H⁻¹·gradient, to a fiftieth, and the number of products with H.
  private func direction(
    _ gradient: [Double], _ preconditioner: ClassObjective.Preconditioner
  ) throws -> ([Double], count: Int) {
    var rest = gradient.map { -$0 }
    var result = [Double](repeating: 0, count: rest.count)
    var step = preconditioner.solve(rest)
    var direction = step
    var slope = dot(rest, step)
    let enough = slope * 4e-4
    for iteration in 0..<200 {
      guard slope > enough else { return (result, iteration) }
      let change = try objective.curvature(at: parameters, along: direction)
      let curvature = dot(change, direction)
      let length = slope / curvature
      guard curvature > 0, length.isFinite else { return (result, iteration) }
      for index in rest.indices {
        result[index] += length * direction[index]
        rest[index] -= length * change[index]
      }
      step = preconditioner.solve(rest)
      let next = dot(rest, step)
      let factor = next / slope
      slope = next
      for index in rest.indices { direction[index] = step[index] + factor * direction[index] }
    }
    return (result, 200)
  }

  /// The parameters, the value and the gradient after the longest of the steps 1, ½, ¼, … that
  /// gains enough; nil if none does, only rounding being left.
  private func step(
    _ direction: [Double], from value: Double, promised: Double
  ) throws -> ([Double], Double, [Double])? {
    var length = 1.0
    for _ in 0..<40 {
      let next = zip(parameters, direction).map { $0 + length * $1 }
      let (nextValue, gradient) = try objective.value(next)
      if nextValue <= value - 1e-4 * length * promised { return (next, nextValue, gradient) }
      length /= 2
    }
    return nil
  }
}
