import SlopeCore

/// Linear regression by least squares, with an intercept.
///
/// Minimises Σᵢ wᵢ·(xᵢ·weights + bias − yᵢ)² and, among equal minima, ‖weights‖²; with a penalty p it
/// minimises that sum + Σᵢ wᵢ · p · ‖weights‖². Columns are centred
/// by their weighted means, so that A = √w·(X − mean) and b = √w·(y − mean). Preconditioned
/// conjugate gradients on the features (CGLS; Björck, Numerical Methods for Least Squares Problems,
/// 1996, 7.4) correct what a direct solution lacks: the preconditioner is the Cholesky factor of
/// AᵀA + λ, or of A·Aᵀ + λ where rows are fewer than columns, with a tiny λ. Two iterations reach
/// full accuracy; columns that are nearly collinear take some more. Directions that features rounded
/// to their element type cannot tell from no direction get a tiny ridge. The features are expected
/// to be standardised.
enum LeastSquares {
  /// Up to this many rows or columns a Cholesky factor is the preconditioner: its 288 MB are
  /// computed in less time than a hundred passes over the features take.
  static let directLimit = 6000

  /// The memory that `solve` needs in addition to the features, about.
  static func byteCount(rows: Int, inputs: Int) -> Int {
    let order = min(rows, inputs, directLimit)
    return 8
      * (order * order + 1024 * order + 8 * inputs + 8 * rows + 3 * max(1 << 22, 64 * inputs))
  }

  /// The weights `[1, inputs]` and the bias of the least squares.
  ///
  /// - Parameters:
  ///   - features: the standardised features.
  ///   - targets: one number for each row.
  ///   - rowWeights: one number ≥ 0 for each row; nil is 1 for all.
  ///   - penalty: the factor of ‖weights‖² beside the mean of the squared errors.
  ///   - directLimit: up to this many rows or columns a Cholesky factor is the preconditioner.
  /// - Returns: the solution; zeros if no row has a weight.
  /// - Throws: the failure of an operation; `TabularError` for features that are not finite.
  static func solve(
    _ features: FeatureRows, targets: [Double], rowWeights: [Double]? = nil,
    penalty: Double = 0, directLimit: Int = directLimit
  ) throws -> LinearSolution {
    try checked {
      guard let problem = try CentredProblem(features, targets, rowWeights, penalty) else {
        return LinearSolution(biases: [0], inputs: features.inputs)
      }
      guard problem.targetScale > 0, features.inputs > 0 else {
        return LinearSolution(biases: [problem.targetMean], inputs: features.inputs)
      }
      let order = min(features.count, features.inputs)
      let preconditioner: Preconditioner =
        if order > directLimit {
          .diagonal(try problem.squaredNorms().map { max($0 + problem.ridge, .ulpOfOne) })
        } else if features.count < features.inputs {
          .rows(try problem.factor(problem.rowGram))
        } else {
          .columns(try problem.factor(problem.columnGram))
        }
      var descent = ConjugateGradients(problem, preconditioner)
      try descent.run()
      return problem.solution(descent)
    }
  }
}

/// What approximates the inverse of AᵀA.
private enum Preconditioner {
  /// The factor of AᵀA + λ.
  case columns(SymmetricMatrix)
  /// The factor of A·Aᵀ + λ: (AᵀA + λ)⁻¹Aᵀ = Aᵀ(A·Aᵀ + λ)⁻¹.
  case rows(SymmetricMatrix)
  /// The diagonal of AᵀA.
  case diagonal([Double])
}

/// Features and targets with weights and means taken out: A = √w·(X − mean), b = √w·(y − mean).
private struct CentredProblem {
  let features: FeatureRows
  /// √(w / the largest w); nil is 1 for all.
  let roots: [Double]?
  let means: [Double]
  let targetMean: Double
  /// The largest distance of a target from the mean.
  let targetScale: Double
  /// b / `targetScale`.
  let right: [Double]
  let ridge: Double

  /// Nil if no row has a weight.
  init?(
    _ features: FeatureRows, _ targets: [Double], _ rowWeights: [Double]?, _ penalty: Double
  ) throws {
    let largest = rowWeights?.max() ?? 1
    guard features.count > 0, largest > 0 else { return nil }
    self.features = features
    let weights = rowWeights.map { $0.map { $0 / largest } }
    roots = weights.map { $0.map { $0.squareRoot() } }
    let rowWeights = weights ?? [Double](repeating: 1, count: features.count)
    let total = rowWeights.reduce(0, +)
    means = try features.combinations([rowWeights])[0].map { $0 / total }
    // The second sum corrects the rounding of a large one.
    let rough = zip(rowWeights, targets).reduce(0) { $0 + $1.0 / total * $1.1 }
    targetMean = zip(rowWeights, targets).reduce(rough) { $0 + $1.0 / total * ($1.1 - rough) }
    let mean = targetMean
    // Differences that are the rounding of the mean would be scaled up.
    let distance = zip(rowWeights, targets).reduce(0) { $1.0 > 0 ? max($0, abs($1.1 - mean)) : $0 }
    targetScale = distance <= 4 * .ulpOfOne * abs(mean) ? 0 : distance
    let scale = targetScale
    let centred = targets.map { scale > 0 ? ($0 - mean) / scale : 0 }
    right = roots.map { zip($0, centred).map { $0 == 0 ? 0 : $0 * $1 } } ?? centred
    // Sixteen roundings: the noise of a column that is the sum of others, times what its copies
    // in the prediction would be multiplied by.
    let noise = 16 * features.precision
    ridge = total * max(penalty, min(noise * noise, 1e-8))
  }

  /// A · `weights`.
  func scores(_ weights: [Double]) throws -> [Double] {
    let offset = dot(means, weights)
    let scores = try features.scores(weights).map { $0 - offset }
    return roots.map { zip($0, scores).map { $0 * $1 } } ?? scores
  }

  /// Aᵀ · each of `coefficients`.
  func combinations(_ coefficients: [[Double]]) throws -> [[Double]] {
    let scaled = coefficients.map { vector in
      roots.map { zip($0, vector).map { $0 * $1 } } ?? vector
    }
    return zip(try features.combinations(scaled), scaled).map { sums, vector in
      let total = vector.reduce(0, +)
      return zip(sums, means).map { $0 - total * $1 }
    }
  }

  /// The rows of A.
  private func rows(_ rows: Range<Int>, _ block: Tensor<Double>) -> Tensor<Double> {
    let centred = block - Tensor(means, on: .cpu)
    return roots.map { centred * matrix(Array($0[rows]), rows.count, 1) } ?? centred
  }

  /// The factor of a Gram matrix + λ.
  ///
  /// A much smaller λ would multiply the rounding errors of directions that the features do not
  /// have; a much larger one would take more iterations.
  func factor(_ gram: () throws -> SymmetricMatrix) throws -> SymmetricMatrix {
    try SymmetricMatrix.factorized(adding: ridge, relative: 1e-10, gram).0
  }

  /// AᵀA.
  func columnGram() throws -> SymmetricMatrix {
    var gram = SymmetricMatrix(order: features.inputs)
    try features.forEachBlock { rows, block in try gram.addGram(self.rows(rows, block)) }
    return gram
  }

  /// A·Aᵀ.
  func rowGram() throws -> SymmetricMatrix {
    try features.rowGram { rows, block in self.rows(rows, block) }
  }

  /// The diagonal of AᵀA.
  func squaredNorms() throws -> [Double] {
    var sums = [Double](repeating: 0, count: features.inputs)
    try features.forEachBlock { rows, block in
      let block = self.rows(rows, block)
      let squares = try numbers((block * block).sum(axis: 0), sums.count)
      for index in sums.indices { sums[index] += squares[index] }
    }
    return sums
  }

  /// The solution in the caller's unit.
  func solution(_ descent: ConjugateGradients) -> LinearSolution {
    let weights = descent.weights.map { $0 * targetScale }
    var solution = LinearSolution(
      biases: [targetMean - dot(means, weights)], inputs: 0, ridge: ridge)
    solution.weights = weights
    solution.iterations = descent.iterations
    solution.isConverged = descent.isConverged
    return solution
  }
}

extension FeatureRows {
  /// The products of all pairs of rows, after `transform` of each block.
  func rowGram(
    _ transform: (Range<Int>, Tensor<Double>) -> Tensor<Double>
  ) throws -> SymmetricMatrix {
    var gram = SymmetricMatrix(order: count)
    // Every block is read once for each block before it.
    let length = max(64, min(1024, (1 << 24) / max(1, inputs)))
    try forEachBlock(of: length) { rows, block in
      let left = transform(rows, block)
      try forEachBlock(of: length, in: 0..<rows.upperBound) { others, block in
        let right = others == rows ? left : transform(others, block)
        try gram.add(
          matmul(left, right.transposed()), row: rows.lowerBound, column: others.lowerBound,
          sign: 1)
      }
    }
    return gram
  }
}

/// Preconditioned conjugate gradients for min ‖A·x − b‖² + ridge·‖x‖².
private struct ConjugateGradients {
  private let problem: CentredProblem
  private let preconditioner: Preconditioner
  private(set) var weights: [Double]
  private(set) var iterations = 0
  private(set) var isConverged = false

  init(_ problem: CentredProblem, _ preconditioner: Preconditioner) {
    self.problem = problem
    self.preconditioner = preconditioner
    weights = [Double](repeating: 0, count: problem.features.inputs)
  }

  /// Iterates until the rest of the gradient promises no smaller error.
  mutating func run() throws {
    let ridge = problem.ridge
    var rest = problem.right
    // The weights are Aᵀ·dual where there are fewer rows than columns.
    var dual = [Double](repeating: 0, count: rest.count)
    var (direction, dualDirection) = (weights, dual)
    let start = dot(rest, rest)
    var error = start
    var before = 0.0
    let (limit, tolerance) =
      switch preconditioner {
      case .diagonal: (300, 1e-14)
      case .columns, .rows: (30, 1e-18)
      }
    while iterations < limit {
      let (gradient, step, dualStep) = try descent(rest, dual)
      let slope = dot(gradient, step)
      // Twice at least: the second corrects the rounding of the first.
      if !(slope > (iterations < 2 ? 0 : tolerance * start)) {
        isConverged = true
        return
      }
      let factor = iterations == 0 ? 0 : slope / before
      before = slope
      advance(&direction, factor, step)
      advance(&dualDirection, factor, dualStep)
      let change = try problem.scores(direction)
      let curvature = dot(change, change) + ridge * dot(direction, direction)
      let length = slope / curvature
      guard curvature > 0, length.isFinite else { break }
      let next = zip(weights, direction).map { $0 + length * $1 }
      let nextRest = zip(rest, change).map { $0 - length * $1 }
      let nextError = dot(nextRest, nextRest) + ridge * dot(next, next)
      // Rounding is all that is left, or the numbers have none of their digits left.
      guard nextError <= error * (1 + 1e-14) else { break }
      (weights, rest, error) = (next, nextRest, nextError)
      dual = zip(dual, dualDirection).map { $0 + length * $1 }
      iterations += 1
    }
    isConverged = iterations < limit
  }

  /// The negative gradient, its product with the preconditioner, and that as a sum of rows.
  private func descent(_ rest: [Double], _ dual: [Double]) throws -> (
    gradient: [Double], step: [Double], dualStep: [Double]
  ) {
    let ridge = problem.ridge
    if case .rows(let factor) = preconditioner {
      let rest = zip(rest, dual).map { $0 - ridge * $1 }
      let dualStep = factor.solve(rest)
      let both = try problem.combinations([rest, dualStep])
      return (both[0], both[1], dualStep)
    }
    let sums = try problem.combinations([rest])[0]
    let gradient = zip(sums, weights).map { $0 - ridge * $1 }
    return switch preconditioner {
    case .columns(let factor): (gradient, factor.solve(gradient), [])
    case .diagonal(let diagonal): (gradient, zip(gradient, diagonal).map { $0 / $1 }, [])
    case .rows: (gradient, gradient, [])
    }
  }

  private func advance(_ direction: inout [Double], _ factor: Double, _ step: [Double]) {
    for index in step.indices { direction[index] = step[index] + factor * direction[index] }
  }
}
