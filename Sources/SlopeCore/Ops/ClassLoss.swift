import Synchronization

/// A loss of rows of scores against class indices, with a weight for each class.
///
/// With y = log p, the logarithms of the probabilities, a row with label c has the loss
/// `−Σₖ w(k)·yₖ`, where w(k) is `own` for k = c and `other` elsewhere. A row whose label is
/// `ignored` has the loss 0. `own` + (classes − 1)·`other` is 1.
package struct ClassLoss: Sendable {
  /// The operation's name in messages and graphs.
  package var operation: String
  /// Whether rows are scores, to which log-softmax is applied, instead of logarithms.
  package var takesLogits: Bool
  package var ignored: Int
  package var targetWeight: Double
  package var otherWeight: Double
  /// Whether the result is one number, the sum or the mean over the rows that count.
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
  /// A label that is neither a class nor `ignored` is a failure, which an OpenCL device reports
  /// later. Recorded with the logarithms, the labels, the class indices and, for a mean, the count
  /// of rows. Scores receive `g·(exp(y) − w)`, logarithms `−g·w`, divided by that count for a mean;
  /// both receive 0 in ignored rows.
  func loss(_ table: Value, _ indices: Value, _ classRange: ClassIndexRange) -> Value {
    let (rows, classes) = (table.shape.extents[0], table.shape.extents[1])
    let dtype = table.dtype
    guard !table.isFailed, !indices.isFailed else { return .failed(dtype) }
    guard table.backend === indices.backend else {
      return .failure(
        operation, "operands on \(table.backend.name) and \(indices.backend.name)", dtype: dtype)
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
    var operands = [logarithms, indices.reshaped(to: [rows, 1], record: false), range]
    if isMean {
      guard let count = keptCount(indices, dtype.computeType) else { return .failed(dtype) }
      operands.append(count)
    }
    let result = reduced(operands, rows: rows, classes: classes, dtype)
    return result.recorded(operation, [table], record: true) { [operands] g, record in
      [
        record
          ? recordedGradient(g, table, operands) : gradient(g, operands, rows: rows)
      ]
    }
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

  private func reduced(_ operands: [Value], rows: Int, classes: Int, _ dtype: DType) -> Value {
    let shape: Shape = isReduced ? [] : [rows]
    if isMean, rows == 0 || classes == 0 {
      guard passesMeanOfNothing(dtype, for: operation) else { return .failed(dtype) }
      return Value.full(shape, dtype, bits: dtype.computeBits(of: .nan), on: operands[0].backend)
    }
    guard let buffer = Value.allocate(shape, dtype, on: operands[0].backend, for: operation) else {
      return .failed(dtype)
    }
    guard
      runReduce(
        .sum, prologue: functions.loss.program(dtype), operands.span,
        scalars: scalars(dtype).span.extracting(first: scalarCount), nest: [rows, classes],
        reducedRank: isReduced ? 2 : 1, output: Output(buffer, dtype), on: operands[0].backend,
        for: operation, result: shape)
    else { return .failed(dtype) }
    return Value(Layout(shape), dtype, buffer)
  }

  // MARK: Backward

  /// Scores receive `g·(exp(y) − w)`, logarithms `−g·w`; divided by the count of rows for a mean.
  private func gradient(_ g: Value, _ operands: [Value], rows: Int) -> Value {
    let dtype = operands[0].dtype
    let contributions = isReduced ? g : g.reshaped(to: [rows, 1], record: false)
    let inputs = operands + [contributions]
    return applyPointwise(
      takesLogits ? functions.logitGradient : functions.gradient, inputs.span,
      scalars: scalars(dtype).span.extracting(first: scalarCount), programType: dtype,
      shape: operands[0].shape, output: dtype, on: operands[0].backend, record: false)
  }

  /// The same from recorded operations; only g and the table have a gradient.
  private func recordedGradient(_ g: Value, _ table: Value, _ operands: [Value]) -> Value {
    let rows = table.shape.extents[0]
    let one = Value.full(
      isReduced ? [] : [rows], table.dtype, bits: table.dtype.computeBits(of: 1),
      on: table.backend)
    var plain = self
    plain.takesLogits = false
    // −w, divided by the count for a mean. The sum of a row is −1, divided likewise, or 0 if
    // ignored.
    let weights = plain.gradient(one, operands, rows: rows)
    let contributions = isReduced ? g : g.reshaped(to: [rows, 1])
    guard takesLogits else { return applyPointwise(Functions.multiply, contributions, weights) }
    let totals = weights.reduced(.sum, axes: [1], keepingAxes: true, record: false)
    let spread = applyPointwise(
      Functions.multiply, table.softmax(axis: 1, logarithm: false), totals)
    return applyPointwise(
      Functions.multiply, contributions, applyPointwise(Functions.subtract, weights, spread))
  }

  // MARK: Formulas

  private var scalarCount: Int { 3 }

  private func scalars(_ dtype: DType) -> [3 of UInt64] {
    [
      dtype.computeBits(of: Double(ignored)), dtype.computeBits(of: targetWeight),
      dtype.computeBits(of: otherWeight),
    ]
  }

  private var functions: Formulas { isMean ? .mean : .sum }

  /// Traced over y, label, class (, count of rows)(, g), and the scalars ignored, own, other.
  private struct Formulas: Sendable {
    let loss: PointwiseFunction
    let gradient: PointwiseFunction
    let logitGradient: PointwiseFunction

    static let sum = Formulas(isMean: false)
    static let mean = Formulas(isMean: true)

    init(isMean: Bool) {
      let operands = isMean ? 4 : 3
      /// `formula` of y and the weight of its class, or 0 where the row is ignored.
      ///
      /// Divided by the count of rows for a mean, and multiplied by g in a gradient.
      func traced(
        _ name: String, inputs: Int,
        _ formula: @escaping (_ y: Expression, _ weight: Expression) -> Expression
      ) -> PointwiseFunction {
        PointwiseFunction(name, inputs: inputs, scalars: 3) { x in
          let (y, target, index) = (x[0], x[1], x[2])
          let (ignored, targetWeight, otherWeight) = (x[inputs], x[inputs + 1], x[inputs + 2])
          let zero = Expression(0)
          let result = Expression.select(
            target .!= ignored,
            formula(y, Expression.select(target .== index, targetWeight, otherWeight)), zero)
          let scaled = isMean ? result / x[3] : result
          return inputs > operands ? scaled * x[operands] : scaled
        }
      }
      // A class of weight 0 may have probability 0, and 0 · −∞ is NaN.
      loss = traced("classLoss", inputs: operands) { y, weight in
        Expression.select(weight .!= Expression(0), -y * weight, Expression(0))
      }
      gradient = traced("classLoss′", inputs: operands + 1) { _, weight in -weight }
      logitGradient = traced("classLoss′", inputs: operands + 1) { y, weight in y.exp() - weight }
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
