import Synchronization

extension Value {
  /// `activation(x · weightᵀ + bias)`, as PyTorch's linear layer: `[…, in], [out, in] → […, out]`.
  ///
  /// Recorded with the input and the weight, each only if the other needs it, and with what the
  /// activation's derivative needs. With g the gradient before the activation: x receives
  /// `g · weight`, weight receives `gᵀ · x`, bias receives the sum of g over the rows.
  func linear(
    _ weight: Value, bias: Value?, activation: Activation? = nil, record: Bool = true
  ) -> Value {
    // A 16-bit number is rounded before the activation, as it is when the activation is a separate
    // operation. A check of numbers looks at both results. And where a result near 1 is rounded, the
    // derivative of a sigmoid cannot be computed from it.
    let isRecorded =
      record && (isRecorded || weight.isRecorded || bias?.isRecorded == true)
    guard let activation,
      dtype.computeType != dtype || Numerics.isOn || (activation != .relu && isRecorded)
    else {
      return affine(weight, bias: bias, activation: activation, record: record)
    }
    return applyPointwise(
      activation.function, affine(weight, bias: bias, activation: nil, record: record),
      record: record)
  }

  private func affine(
    _ weight: Value, bias: Value?, activation: Activation?, record: Bool
  ) -> Value {
    if isFailed || weight.isFailed || bias?.isFailed == true { return .failed(dtype) }
    let features = layout.rank > 0 ? shape.extents[layout.rank - 1] : -1
    guard weight.layout.rank == 2, layout.rank >= 1, features == weight.shape.extents[1],
      bias.map({ $0.layout.rank == 1 && $0.count == weight.shape.extents[0] }) ?? true
    else {
      return .failure(
        "linear",
        "input \(shape), weight \(weight.shape)" + (bias.map { ", bias \($0.shape)" } ?? "")
          + ": expected […, in], [out, in] and [out]", dtype: dtype)
    }
    let outputs = weight.shape.extents[0]
    let rows = layout.rank == 2 ? shape.extents[0] : count / max(features, 1)
    if features == 0 || backend !== weight.backend || bias.map({ $0.backend !== backend }) == true
      || features >= RepeatedElements.leastCount
    {
      // Rare: left to the general product, which has its own checks.
      let product = Value.matmul(self, weight.matrixTransposed(record: record), record: record)
      let sum = bias.map { applyPointwise(Functions.add, product, $0, record: record) } ?? product
      return activation.map { applyPointwise($0.function, sum, record: record) } ?? sum
    }
    let matrix =
      layout.rank == 2 ? self : reshaped(to: Shape(rows: rows, columns: features), record: record)
    let plainBias = bias?.contiguous
    guard !matrix.isFailed, plainBias?.isFailed != true,
      let product = Value.product(
        matrix, transposed: false, weight, transposed: true, bias: plainBias,
        activation: activation, for: "linear",
        result: shape.withLast(outputs))
    else { return .failed(dtype) }
    let isRecorded =
      record && dtype.isFloating
      && (matrix.isRecorded || weight.isRecorded || bias?.isRecorded == true)
    let result = Value(
      product.layout, dtype, product.buffer,
      recording: isRecorded
        ? LinearRecording(matrix, weight, bias, shape: product.layout.shape) : nil)
    let activated = activation.map { result.recorded(as: $0) } ?? result
    return layout.rank == 2
      ? activated
      : activated.reshaped(to: shape.withLast(outputs), record: record)
  }

  /// The recording of a `relu` that has already been applied to the product's memory.
  ///
  /// The saved operand is the output, at which the derivative is the same as at the input.
  private func recorded(as activation: Activation) -> Value {
    guard recording != nil else { return self }
    let inputs: [1 of Value] = [self]
    return Value(
      layout, dtype, buffer,
      recording: PointwiseRecording(
        activation.function, inputs.span, scalars: Span(), programType: dtype, output: buffer,
        shape: shape, dtype: dtype))
  }

  /// The product of two matrices, each as it is or transposed; nil if it failed.
  fileprivate static func product(
    _ left: Value, transposed leftTransposed: Bool, _ right: Value,
    transposed rightTransposed: Bool, bias: Value? = nil, activation: Activation? = nil,
    for operation: @autoclosure () -> String, result: @autoclosure () -> Shape? = nil
  ) -> (layout: Layout, buffer: Buffer)? {
    let a = left.layout.asBatchOfOne(transposed: leftTransposed)
    let b = right.layout.asBatchOfOne(transposed: rightTransposed)
    let shape = Shape(rows: a.shape.extents[1], columns: b.shape.extents[2])
    let dtype = left.dtype
    guard let buffer = allocate(shape, dtype, on: left.backend, for: operation()) else {
      return nil
    }
    if shape.elementCount > 0 {
      guard
        runMatmul(
          Value(a, dtype, left.buffer), Value(b, dtype, right.buffer), bias: bias,
          output: Output(buffer, dtype, activation: activation), on: left.backend,
          for: operation(), result: result() ?? shape)
      else { return nil }
    }
    return (Layout(shape), buffer)
  }

  /// The same product as a value without a recording.
  fileprivate static func plainProduct(
    _ left: Value, transposed leftTransposed: Bool, _ right: Value
  ) -> Value {
    guard
      let product = product(
        left, transposed: leftTransposed, right, transposed: false, for: "linear backward")
    else { return .failed(left.dtype) }
    return Value(product.layout, left.dtype, product.buffer)
  }
}

extension Shape {
  /// The shape with a different last extent.
  fileprivate func withLast(_ extent: Int) -> Shape {
    var shape = self
    shape.extents[rank - 1] = extent
    return shape
  }
}

extension Layout {
  /// A matrix as a batch of one, optionally transposed.
  fileprivate func asBatchOfOne(transposed: Bool) -> Layout {
    let (row, column) = transposed ? (1, 0) : (0, 1)
    var strides = InlineArray<8, Int>(repeating: 0)
    strides[1] = self.strides[row]
    strides[2] = self.strides[column]
    var matrix = Shape(rows: 1, columns: shape.extents[row])
    matrix.append(shape.extents[column])
    return Layout(shape: matrix, strides: strides, offset: offset)
  }
}

/// The recording of `input · weightᵀ + bias`.
///
/// It has fields instead of a closure and arrays, since every layer makes one at each step and each
/// of those would be another allocation.
private final class LinearRecording: Recording, @unchecked Sendable {
  /// What an earlier backward pass may have released.
  ///
  /// Guarded, since several tasks may walk a graph.
  private struct Saved {
    var input: Value?
    var weight: Value?
  }

  // Changed only when nothing else refers to this recording.
  private var input: Recording?
  private var weight: Recording?
  private var bias: Recording?
  private let saved: Mutex<Saved>

  /// Keeps each operand only if the gradient of the other needs it.
  init(_ input: Value, _ weight: Value, _ bias: Value?, shape: Shape) {
    self.input = input.recording
    self.weight = weight.recording
    self.bias = bias?.recording
    saved = Mutex(
      Saved(
        input: weight.recording == nil ? nil : input, weight: input.recording == nil ? nil : weight)
    )
    super.init(shape: shape, dtype: input.dtype)
  }

  deinit {
    var list = UnlinkedRecordings()
    takeParents(into: &list)
    list.free()
  }

  override var operation: String { "linear" }
  override var parents: [Recording] { [input, weight, bias].compactMap { $0 } }

  override func takeParents(into list: inout UnlinkedRecordings) {
    // The saved values refer to the same recordings.
    releaseSaved()
    list.take(input.take())
    list.take(weight.take())
    list.take(bias.take())
  }

  override func releaseSaved() {
    saved.withLock { saved in
      saved.input = nil
      saved.weight = nil
    }
  }

  /// input receives g · weight; weight receives gᵀ · input; bias receives Σ g over the rows.
  override func pullback(_ gradient: Value, record: Bool, into pass: inout BackwardPass) -> Bool {
    if let input {
      guard let weight = saved.withLock({ $0.weight }) else { return false }
      let contribution =
        record
        ? Value.matmul(gradient, weight)
        : Value.plainProduct(gradient, transposed: false, weight)
      pass.add(contribution, to: input)
    }
    if let weight {
      guard let input = saved.withLock({ $0.input }) else { return false }
      let contribution =
        record
        ? Value.matmul(gradient.matrixTransposed(), input)
        : Value.plainProduct(gradient, transposed: true, input)
      pass.add(contribution, to: weight)
    }
    if let bias { pass.add(gradient.reduced(.sum, axes: [0], record: record), to: bias) }
    return true
  }
}
