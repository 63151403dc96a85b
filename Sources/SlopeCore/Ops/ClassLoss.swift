import Synchronization

/// A loss of rows of scores against class indices.
///
/// With y = log p, the logarithms of the probabilities, a row with label c has the loss
/// `−Σₖ t(k)·v(k)·yₖ`, where the target t(k) is `targetWeight` for k = c and `otherWeight`
/// elsewhere, and v(k) the weight of class k, 1 without weights. A row whose label is `ignored` has
/// the loss 0. `targetWeight` + (classes − 1)·`otherWeight` is 1.
///
/// A mean is divided by the count of the rows that are not ignored, or by the sum of v(c) over them.
package struct ClassLoss: Sendable {
  /// The operation's name in messages and graphs.
  package var operation: String
  /// Whether rows are scores, to which log-softmax is applied, instead of logarithms.
  package var takesLogits: Bool
  package var ignored: Int
  package var targetWeight: Double
  package var otherWeight: Double
  /// Whether the result is one number, the sum or the mean over the rows that are not ignored.
  ///
  /// Otherwise it has one number for each row.
  package var isReduced: Bool
  package var isMean: Bool

  package init(
    _ operation: String, takesLogits: Bool, ignored: Int, targetWeight: Double, otherWeight: Double,
    isReduced: Bool, isMean: Bool
  ) {
    self.operation = operation
    self.takesLogits = takesLogits
    self.ignored = ignored
    self.targetWeight = targetWeight
    self.otherWeight = otherWeight
    self.isReduced = isReduced
    self.isMean = isMean
  }

  /// The loss of `table` `[rows, classes]` against `indices` `[rows]`: `[]` or `[rows]`.
  ///
  /// `weights` are those of the classes, `[classes]`, or nil. A label that is neither a class nor
  /// `ignored` is a failure, which an OpenCL device reports later. Recorded with the logarithms, the
  /// labels, the class indices, the weights and, for a mean, its divisor. With w = t·v, scores
  /// receive `g·(exp(y)·Σw − w)`, logarithms `−g·w`, both divided likewise, and 0 in ignored rows;
  /// weights receive nothing.
  func loss(
    _ table: Value, _ indices: Value, weights: Value? = nil, _ classRange: ClassIndexRange
  ) -> Value {
    let (rows, classes) = (table.shape.extents[0], table.shape.extents[1])
    let dtype = table.dtype
    guard !table.isFailed, !indices.isFailed, weights?.isFailed != true else {
      return .failed(dtype)
    }
    let foreign =
      table.backend !== indices.backend
      ? indices : weights?.backend !== table.backend ? weights : nil
    if let foreign {
      return .failure(
        operation, "operands on \(table.backend.name) and \(foreign.backend.name)", dtype: dtype)
    }
    if let weights, weights.shape != [classes] {
      return .failure(
        operation, "weight \(weights.shape) for \(classes) classes: its shape must be [\(classes)]",
        dtype: dtype)
    }
    guard dtype == .float64 || classes <= 1 << 24 else {
      return .failure(operation, "\(classes) classes: \(dtype) counts to 16777216", dtype: dtype)
    }
    let indices = indices.contiguous
    let plain = table.detached
    let logarithms = takesLogits ? plain.softmax(axis: 1, logarithm: true, record: false) : plain
    guard !indices.isFailed, !logarithms.isFailed,
      isInRange(indices, bound: classes), let range = classRange.range(classes, on: table.backend)
    else { return .failed(dtype) }
    var operands = Operands(
      list: [logarithms, indices.reshaped(to: [rows, 1], record: false), range],
      isWeighted: weights != nil)
    if let weights { operands.list.append(weights.detached) }
    if isMean {
      let divisor =
        weights == nil
        ? keptCount(indices, dtype.computeType)
        : total(of: operands, target: 1, other: 0, perRow: false)
      guard let divisor else { return .failed(dtype) }
      operands.list.append(divisor)
    }
    let result = reduced(operands, rows: rows, classes: classes, dtype)
    return result.recorded(operation, [table], record: true) { [operands] g, record in
      [
        record
          ? recordedGradient(g, table, operands) : gradient(g, operands, rows: rows)
      ]
    }
  }

  /// The values from which the loss and its gradient are computed.
  private struct Operands: Sendable {
    /// The logarithms `[rows, classes]`, the labels `[rows, 1]` and the class indices `[classes]`;
    /// then the weights `[classes]` if there are any, and the divisor `[]` of a mean.
    var list: [Value]
    let isWeighted: Bool

    var logarithms: Value { list[0] }
    var labels: Value { list[1] }
    var range: Value { list[2] }
    var weights: Value? { isWeighted ? list[3] : nil }
  }

  // MARK: Forward

  private func isInRange(_ indices: Value, bound: Int) -> Bool {
    guard indices.count > 0,
      let bad = indices.backend.checkIndices(
        indices, bound: bound, exempt: ignored, subject: "class index", operation: operation)
    else { return true }
    reportBadIndex(
      indices.index(at: bad), at: bad, bound: bound, subject: "class index", operation)
    return false
  }

  /// The number of rows that count, in the compute type.
  private func keptCount(_ indices: Value, _ type: DType) -> Value? {
    guard let buffer = Value.allocate([], type, on: indices.backend, for: operation) else {
      return nil
    }
    let inputs: [1 of Value] = [indices]
    let scalars: [1 of UInt64] = [UInt64(bitPattern: Int64(ignored))]
    guard
      runReduce(
        .sum, prologue: Functions.notEqualToScalar.program(.int64), inputs.span,
        scalars: scalars.span, nest: indices.shape, reducedRank: 1, output: Output(buffer, type),
        on: indices.backend, for: operation, result: [])
    else { return nil }
    return Value(Layout([]), type, buffer)
  }

  /// `Σₖ w(k)` of the rows that are not ignored, in the compute type: `[rows, 1]`, or `[]` over all
  /// rows.
  private func total(
    of operands: Operands, target: Double, other: Double, perRow: Bool
  ) -> Value? {
    guard let weights = operands.weights else { return nil }
    let (dtype, backend) = (operands.logarithms.dtype, operands.logarithms.backend)
    let (rows, type) = (operands.labels.count, dtype.computeType)
    guard
      let buffer = Value.allocate(perRow ? [rows, 1] : [], type, on: backend, for: operation)
    else { return nil }
    let inputs: [3 of Value] = [operands.labels, operands.range, weights]
    guard
      runReduce(
        .sum, prologue: Self.weightOfClass.program(dtype), inputs.span,
        scalars: scalars(dtype, target: target, other: other).span, nest: [rows, weights.count],
        reducedRank: perRow ? 1 : 2, output: Output(buffer, type), on: backend, for: operation,
        result: perRow ? [rows] : [])
    else { return nil }
    return Value(Layout(perRow ? [rows, 1] : []), type, buffer)
  }

  private func reduced(_ operands: Operands, rows: Int, classes: Int, _ dtype: DType) -> Value {
    let shape: Shape = isReduced ? [] : [rows]
    let backend = operands.logarithms.backend
    if isMean, rows == 0 || classes == 0 {
      guard passesMeanOfNothing(dtype, for: operation) else { return .failed(dtype) }
      return Value.full(shape, dtype, bits: dtype.computeBits(of: .nan), on: backend)
    }
    guard let buffer = Value.allocate(shape, dtype, on: backend, for: operation) else {
      return .failed(dtype)
    }
    guard
      runReduce(
        .sum, prologue: functions(of: operands).loss.program(dtype), operands.list.span,
        scalars: scalars(dtype, target: targetWeight, other: otherWeight).span,
        nest: [rows, classes], reducedRank: isReduced ? 2 : 1, output: Output(buffer, dtype),
        on: backend, for: operation, result: shape)
    else { return .failed(dtype) }
    return Value(Layout(shape), dtype, buffer)
  }

  // MARK: Backward

  /// Scores receive `g·(exp(y)·Σw − w)`, logarithms `−g·w`; divided for a mean.
  private func gradient(_ g: Value, _ operands: Operands, rows: Int) -> Value {
    let dtype = operands.logarithms.dtype
    var inputs = operands.list
    if takesLogits, operands.isWeighted {
      guard
        let totals = total(of: operands, target: targetWeight, other: otherWeight, perRow: true)
      else { return .failed(dtype) }
      inputs.append(totals)
    }
    inputs.append(isReduced ? g : g.reshaped(to: [rows, 1], record: false))
    let functions = functions(of: operands)
    return applyPointwise(
      takesLogits ? functions.logitGradient : functions.gradient, inputs.span,
      scalars: scalars(dtype, target: targetWeight, other: otherWeight).span, programType: dtype,
      shape: operands.logarithms.shape, output: dtype, on: operands.logarithms.backend,
      record: false)
  }

  /// The same from recorded operations; only g and the table have a gradient.
  private func recordedGradient(_ g: Value, _ table: Value, _ operands: Operands) -> Value {
    let rows = table.shape.extents[0]
    let one = Value.full(
      isReduced ? [] : [rows], table.dtype, bits: table.dtype.computeBits(of: 1),
      on: table.backend)
    var plain = self
    plain.takesLogits = false
    // −w, divided for a mean; 0 in ignored rows.
    let weights = plain.gradient(one, operands, rows: rows)
    let contributions = isReduced ? g : g.reshaped(to: [rows, 1])
    guard takesLogits else {
      return applyPointwise(Functions.multiplyNoNaN, contributions, weights)
    }
    let totals = weights.reduced(.sum, axes: [1], keepingAxes: true, record: false)
    let spread = applyPointwise(
      Functions.multiplyNoNaN, totals, table.softmax(axis: 1, logarithm: false))
    return applyPointwise(
      Functions.multiplyNoNaN, contributions, applyPointwise(Functions.subtract, weights, spread))
  }

  // MARK: Formulas

  private func scalars(_ dtype: DType, target: Double, other: Double) -> [3 of UInt64] {
    [
      dtype.computeBits(of: Double(ignored)), dtype.computeBits(of: target),
      dtype.computeBits(of: other),
    ]
  }

  private func functions(of operands: Operands) -> Formulas {
    switch (operands.isWeighted, isMean) {
    case (false, false): .sum
    case (false, true): .mean
    case (true, false): .weightedSum
    case (true, true): .weightedMean
    }
  }

  /// `w` of a class, traced over label, class, weight, and the scalars ignored, target, other.
  private static let weightOfClass = PointwiseFunction("classWeight", inputs: 3, scalars: 3) { x in
    Expression.select(
      x[0] .!= x[3], Expression.select(x[0] .== x[1], x[4], x[5]) * x[2], Expression(0))
  }

  /// Traced over y, label, class(, weight)(, divisor)(, Σw)(, g), and the scalars ignored, target,
  /// other.
  private struct Formulas: Sendable {
    let loss: PointwiseFunction
    let gradient: PointwiseFunction
    let logitGradient: PointwiseFunction

    static let sum = Formulas(isWeighted: false, isMean: false)
    static let mean = Formulas(isWeighted: false, isMean: true)
    static let weightedSum = Formulas(isWeighted: true, isMean: false)
    static let weightedMean = Formulas(isWeighted: true, isMean: true)

    init(isWeighted: Bool, isMean: Bool) {
      let divisor = isWeighted ? 4 : 3
      let operands = divisor + (isMean ? 1 : 0)
      /// `formula` of y, w and the operand after those of the loss, or 0 where the row is ignored.
      ///
      /// Divided for a mean, and multiplied by g, the last operand, in a gradient.
      func traced(
        _ name: String, inputs: Int,
        _ formula:
          @escaping (_ y: Expression, _ weight: Expression, _ next: Expression) ->
          Expression
      ) -> PointwiseFunction {
        PointwiseFunction(name, inputs: inputs, scalars: 3) { x in
          let (y, target, index) = (x[0], x[1], x[2])
          let (ignored, targetWeight, otherWeight) = (x[inputs], x[inputs + 1], x[inputs + 2])
          let zero = Expression(0)
          let share = Expression.select(target .== index, targetWeight, otherWeight)
          let result = Expression.select(
            target .!= ignored, formula(y, isWeighted ? share * x[3] : share, x[operands]), zero)
          guard inputs > operands else { return isMean ? result / x[divisor] : result }
          // Where all rows are ignored, the mean is 0 / 0, but no score receives anything.
          let scaled = isMean ? result.dividedNoNaN(by: x[divisor]) : result
          return x[inputs - 1].timesNoNaN(scaled)
        }
      }
      // A class of weight 0 may have probability 0, and 0 · −∞ is NaN.
      loss = traced("classLoss", inputs: operands) { y, weight, _ in
        Expression.select(weight .!= Expression(0), -y * weight, Expression(0))
      }
      gradient = traced("classLoss′", inputs: operands + 1) { _, weight, _ in -weight }
      // Without weights, Σw is 1.
      logitGradient = traced("classLoss′", inputs: operands + (isWeighted ? 2 : 1)) {
        y, weight, total in (isWeighted ? y.exp() * total : y.exp()) - weight
      }
    }
  }
}

/// The class indices `0..<count`, kept from one step to the next.
package final class ClassIndexRange: Sendable {
  private let last = Mutex<Value?>(nil)

  package init() {}

  /// `0..<count`; nil if there is no memory.
  func range(_ count: Int, on backend: any Backend) -> Value? {
    last.withLock { last in
      if let last, last.count == count, last.backend === backend { return last }
      let made = Value.range(count, on: backend)
      guard !made.isFailed else { return nil }
      last = made
      return made
    }
  }
}
