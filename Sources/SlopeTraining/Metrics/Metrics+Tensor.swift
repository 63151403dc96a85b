public import SlopeCore

extension RegressionMetrics {
  /// Compares tensors of predictions and targets, whose shapes are the same, or `[rows]` and
  /// `[rows, 1]`.
  ///
  /// Waits for the device.
  ///
  /// - Parameters:
  ///   - predictions: the predicted numbers.
  ///   - targets: the true numbers.
  ///   - weights: what each row counts, `[rows]`; each counts 1 if nil.
  /// - Throws: `MetricError` if the shapes differ, a number is not finite, or a weight is negative.
  public init<Element: FloatingElement>(
    predictions: Tensor<Element>, targets: Tensor<Element>, weights: Tensor<Element>? = nil
  ) throws {
    let operation = "RegressionMetrics"
    guard
      predictions.shape == targets.shape
        || isColumn(predictions.shape) && isColumn(targets.shape)
    else {
      throw MetricError(
        operation, "predictions \(predictions.shape) for targets \(targets.shape)")
    }
    try self.init(
      predictions: numbers(predictions, operation), targets: numbers(targets, operation),
      weights: weights.map { try numbers($0, operation) })
  }
}

extension ClassificationMetrics {
  /// Compares a tensor of probabilities with the true classes.
  ///
  /// Probabilities are what `softmax` makes of logits. Waits for the device.
  ///
  /// - Parameters:
  ///   - probabilities: `[rows, classes]`, in 0...1 and with a sum of 1 in each row, up to the square
  ///     root of the element type's ε. The log loss limits them by that ε.
  ///   - classes: the true class of each row, `[rows]` or `[rows, 1]`.
  ///   - weights: what each row counts, `[rows]`; each counts 1 if nil.
  ///   - classNames: a name for each class, for printing.
  /// - Throws: `MetricError` if shapes do not fit, a probability or a class is out of range, or a
  ///   weight is negative or not finite.
  public init<Element: FloatingElement>(
    probabilities: Tensor<Element>, classes: Tensor<Int>, weights: Tensor<Element>? = nil,
    classNames: [String]? = nil
  ) throws {
    let operation = "ClassificationMetrics"
    guard probabilities.rank == 2, isColumn(classes.shape) else {
      throw MetricError(
        operation,
        "probabilities \(probabilities.shape) and classes \(classes.shape), "
          + "they must be [rows, classes] and [rows]")
    }
    try self.init(
      probabilities: numbers(probabilities, operation), classes: scalars(classes, operation),
      classCount: probabilities.shape[1], weights: weights.map { try numbers($0, operation) },
      classNames: classNames, epsilon: epsilon(of: Element.dtype))
  }
}

/// Whether a shape is `[rows]` or `[rows, 1]`.
private func isColumn(_ shape: Shape) -> Bool {
  shape.count == 1 || shape.count == 2 && shape[1] == 1
}

/// The elements; throws if the tensor failed, or there is no memory for them.
private func scalars<Element: TensorElement>(
  _ tensor: Tensor<Element>, _ operation: String
) throws -> [Element] {
  let scalars = tensor.scalars
  guard scalars.count == tensor.count, !tensor.isFailed else {
    throw MetricError(operation, "a tensor that failed, or whose elements find no memory")
  }
  return scalars
}

/// The elements as `Double`.
private func numbers<Element: FloatingElement>(
  _ tensor: Tensor<Element>, _ operation: String
) throws -> [Double] {
  try scalars(tensor, operation).map(\.doubleValue)
}

/// The distance from 1 to the next number of a floating type.
private func epsilon(of dtype: DType) -> Double {
  switch dtype {
  case .float64: .ulpOfOne
  case .float16: 0x1p-10
  case .bfloat16: 0x1p-7
  default: 0x1p-23
  }
}
