import Glibc
import SlopeCore

/// The objective of softmax regression, with its gradient and its curvature.
///
/// f(θ) = Σᵢ wᵢ·(−log pᵢ(classᵢ)) + ½·penalty·‖weights‖², with p the softmax of the scores or, for one
/// output, the logistic function of the score. θ is `[outputs, inputs + 1]` row by row, each row's
/// last number being its bias, which has no penalty. f is convex.
struct ClassObjective: Sendable {
  let features: FeatureRows
  /// Each row's class in `0..<classCount`; not read where the weight is 0.
  let classes: [Int]
  let classCount: Int
  /// Each row's weight; nil is 1 for all.
  let rowWeights: [Double]?
  let penalty: Double

  /// One for two classes: the logarithm of the odds of the second.
  var outputs: Int { classCount == 2 ? 1 : classCount }
  /// The number of parameters of an output: its weights and its bias.
  var width: Int { features.inputs + 1 }
  /// The number of parameters.
  var count: Int { outputs * width }

  // MARK: Blocks

  /// The scores `[rows, k]` of parameter vectors with `k` outputs in all.
  private func scores(_ block: Tensor<Double>, _ parameters: [[Double]]) throws -> [Double] {
    let all = parameters.joined()
    let count = all.count / width
    let rows = block.shape.first ?? 0
    let both = matrix(Array(all), count, width)
    return try numbers(
      matmul(block, both[0..., 0..<features.inputs].transposed())
        + both[0..., features.inputs],
      rows * count)
  }

  /// Replaces `count` scores from `start` on by probabilities; returns the logarithm of the sum of
  /// their exponentials.
  @inline(__always)
  private func makeProbabilities(
    _ scores: inout [Double], from start: Int, count: Int
  ) -> Double {
    guard count > 1 else {
      let score = scores[start]
      let small = exp(-abs(score))
      scores[start] = (score < 0 ? small : 1) / (1 + small)
      return max(score, 0) + log1p(small)
    }
    var largest = scores[start]
    for index in start..<(start + count) { largest = max(largest, scores[index]) }
    var sum = 0.0
    for index in start..<(start + count) {
      scores[index] = exp(scores[index] - largest)
      sum += scores[index]
    }
    for index in start..<(start + count) { scores[index] /= sum }
    return largest + log(sum)
  }

  /// Adds a block's sums of rows times `factors` `[rows, outputs]` to parameters' gradient.
  private func add(
    _ factors: [Double], _ block: Tensor<Double>, to sums: inout [Double]
  ) throws {
    let (rows, inputs) = (factors.count / outputs, features.inputs)
    let part = try numbers(
      matmul(matrix(factors, rows, outputs).transposed(), block), outputs * inputs)
    for k in 0..<outputs {
      for j in 0..<inputs { sums[k * width + j] += part[k * inputs + j] }
      var bias = 0.0
      for row in 0..<rows { bias += factors[row * outputs + k] }
      sums[k * width + inputs] += bias
    }
  }

  /// Σ weights², and the penalty's part of the gradient added to `sums`.
  private func addPenalty(of parameters: [Double], to sums: inout [Double]) -> Double {
    var squares = 0.0
    for k in 0..<outputs {
      for index in (k * width)..<(k * width + features.inputs) {
        squares += parameters[index] * parameters[index]
        sums[index] += penalty * parameters[index]
      }
    }
    return squares
  }

  // MARK: Value and derivatives

  /// f and its gradient.
  func value(_ parameters: [Double]) throws -> (value: Double, gradient: [Double]) {
    var gradient = [Double](repeating: 0, count: count)
    var loss = 0.0
    try features.forEachBlock { rows, block in
      var scores = try scores(block, [parameters])
      for row in rows {
        let start = (row - rows.lowerBound) * outputs
        let weight = rowWeights?[row] ?? 1
        guard weight > 0 else {
          for index in start..<(start + outputs) { scores[index] = 0 }
          continue
        }
        let isSecond = outputs == 1 && classes[row] == 1
        let own = start + (outputs == 1 ? 0 : classes[row])
        let ownScore = outputs == 1 && !isSecond ? 0 : scores[own]
        loss += weight * (makeProbabilities(&scores, from: start, count: outputs) - ownScore)
        if outputs > 1 || isSecond { scores[own] -= 1 }
        for index in start..<(start + outputs) { scores[index] *= weight }
      }
      try add(scores, block, to: &gradient)
    }
    let squares = addPenalty(of: parameters, to: &gradient)
    return (loss + 0.5 * penalty * squares, gradient)
  }

  /// The second derivative of f at `parameters`, times `direction`.
  func curvature(at parameters: [Double], along direction: [Double]) throws -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    var probabilities = [Double](repeating: 0, count: outputs)
    try features.forEachBlock { rows, block in
      let both = try scores(block, [parameters, direction])
      var factors = [Double](repeating: 0, count: rows.count * outputs)
      for row in 0..<rows.count {
        let weight = rowWeights?[rows.lowerBound + row] ?? 1
        guard weight > 0 else { continue }
        let start = row * 2 * outputs
        for k in 0..<outputs { probabilities[k] = both[start + k] }
        _ = makeProbabilities(&probabilities, from: 0, count: outputs)
        var mean = 0.0
        for k in 0..<outputs { mean += probabilities[k] * both[start + outputs + k] }
        for k in 0..<outputs {
          let change = both[start + outputs + k]
          factors[row * outputs + k] =
            weight * probabilities[k]
            * (outputs == 1 ? (1 - probabilities[k]) * change : change - mean)
        }
      }
      try add(factors, block, to: &sums)
    }
    _ = addPenalty(of: direction, to: &sums)
    return sums
  }

  // MARK: The preconditioner

  /// Up to this many numbers (256 MB) the factors of the outputs' curvatures are kept.
  static let factorLimit = 1 << 25

  /// What inverts the curvature of each output by itself.
  enum Preconditioner {
    /// The Cholesky factors of the outputs' second derivatives.
    case factors([SymmetricMatrix])
    /// The diagonal of the second derivative.
    case diagonal([Double])

    /// The product with the inverse.
    func solve(_ right: [Double]) -> [Double] {
      switch self {
      case .diagonal(let diagonal): zip(right, diagonal).map { $0 / $1 }
      case .factors(let factors):
        factors.enumerated().flatMap { index, factor in
          factor.solve(Array(right[(index * factor.order)..<((index + 1) * factor.order)]))
        }
      }
    }
  }

  /// The preconditioner at `parameters`; for one output it is the second derivative itself.
  func preconditioner(
    at parameters: [Double], factorLimit: Int = factorLimit
  ) throws -> Preconditioner {
    let isDiagonal = outputs * width > factorLimit / width
    guard !isDiagonal else { return .diagonal(try diagonal(at: parameters)) }
    var grams = [SymmetricMatrix](repeating: SymmetricMatrix(order: width), count: outputs)
    try forEachFactor(at: parameters) { block, factors in
      let rows = factors.count / outputs
      for output in 0..<outputs {
        let own = (0..<rows).map { factors[$0 * outputs + output] }
        try grams[output].addGram(block * matrix(own.map { $0.squareRoot() }, rows, 1))
        let sums = try numbers(matmul(matrix(own, 1, rows), block), features.inputs)
        for j in sums.indices { grams[output][features.inputs, j] += sums[j] }
        grams[output][features.inputs, features.inputs] += own.reduce(0, +)
      }
    }
    return .factors(
      try grams.indices.map { output in
        for j in 0..<features.inputs { grams[output][j, j] += penalty }
        let factor = try SymmetricMatrix.factorized(adding: 0) { grams[output] }.0
        grams[output] = SymmetricMatrix(order: 0)
        return factor
      })
  }

  private func diagonal(at parameters: [Double]) throws -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    try forEachFactor(at: parameters) { block, factors in
      try add(factors, block * block, to: &sums)
    }
    for k in 0..<outputs {
      for j in 0..<features.inputs { sums[k * width + j] += penalty }
    }
    let smallest = max(.ulpOfOne * (sums.max() ?? 0), .leastNormalMagnitude)
    return sums.map { max($0, smallest) }
  }

  /// Calls `body` with each block and its w·p·(1 − p), `[rows, outputs]`.
  private func forEachFactor(
    at parameters: [Double], _ body: (Tensor<Double>, [Double]) throws -> Void
  ) throws {
    try features.forEachBlock { rows, block in
      var factors = try scores(block, [parameters])
      for row in rows {
        let start = (row - rows.lowerBound) * outputs
        _ = makeProbabilities(&factors, from: start, count: outputs)
        let weight = rowWeights?[row] ?? 1
        for index in start..<(start + outputs) {
          factors[index] = weight > 0 ? weight * factors[index] * (1 - factors[index]) : 0
        }
      }
      try body(block, factors)
    }
  }
}
