extension Value {
  /// Softmax along an axis, or its logarithm; the shape stays the same.
  ///
  /// y = exp(x − max x) / Σ exp(x − max x), or y = x − max x − log Σ exp(x − max x). Recorded with
  /// the output's memory. x receives y·(g − Σ g·y), or g − exp(y)·Σ g for the logarithm.
  /// `callersOrder` is the order of the axes in the tensor that messages refer to.
  func softmax(
    axis: Int, logarithm: Bool, record: Bool = true, callersOrder: [Int]? = nil
  ) -> Value {
    if isFailed { return self }
    let operation = logarithm ? "logSoftmax" : "softmax"
    guard let axis = shape.normalized(axis: axis) else {
      return .failure(operation, "shape \(shape) has no axis \(axis)", dtype: dtype)
    }
    guard layout.rank > 0 else {
      return reshaped(to: [1], record: record)
        .softmax(axis: 0, logarithm: logarithm, record: record)
        .reshaped(to: [], record: record)
    }
    guard axis == layout.rank - 1 else {
      var order = Array(0..<layout.rank)
      order.swapAt(axis, layout.rank - 1)
      return permuted(order, record: record)
        .softmax(axis: -1, logarithm: logarithm, record: record, callersOrder: order)
        .permuted(order, record: record)
    }
    let source = contiguous
    guard !source.isFailed, let buffer = Value.allocate(shape, dtype, on: backend, for: operation)
    else { return .failed(dtype) }
    let extent = shape.extents[axis]
    if count > 0 {
      guard
        runSoftmax(
          source.reshaped(to: [count / extent, extent], record: false), logarithm: logarithm,
          output: buffer, on: backend, for: operation, result: shape, order: callersOrder)
      else { return .failed(dtype) }
    }
    let layout = Layout(shape)
    let result = Value(layout, dtype, buffer)
    guard record, isRecorded else { return result }
    return result.recorded(
      by: SoftmaxRecording(logarithm: logarithm, input: self, layout: layout, buffer: buffer))
  }
}

/// The recording of a softmax, which keeps the output's memory, since the derivative needs y alone.
private final class SoftmaxRecording: Recording, @unchecked Sendable {
  private let logarithm: Bool
  private let layout: Layout
  private let state: SavedBuffer

  init(logarithm: Bool, input: Value, layout: Layout, buffer: Buffer) {
    self.logarithm = logarithm
    self.layout = layout
    state = SavedBuffer(parent: input.recording, buffer: buffer)
    super.init(shape: layout.shape, dtype: input.dtype)
  }

  deinit {
    var list = UnlinkedRecordings()
    takeParents(into: &list)
    list.free()
  }

  override var operation: String { logarithm ? "logSoftmax" : "softmax" }
  override var parents: [Recording] { state.parent.map { [$0] } ?? [] }
  override func takeParents(into list: inout UnlinkedRecordings) { state.takeParent(into: &list) }
  override func releaseSaved() { state.releaseBuffer() }

  /// softmax: x receives y·(g − Σ g·y); its logarithm: x receives g − exp(y)·Σ g.
  override func pullback(_ gradient: Value, record: Bool, into pass: inout BackwardPass) -> Bool {
    guard let buffer = state.buffer, let parent = state.parent else { return false }
    let y = Value(layout, dtype, buffer, recording: record ? self : nil)
    let operands: [2 of Value] = [gradient, y]
    let total = reduced(
      .sum, logarithm ? Functions.first : Functions.multiplyNoNaN, operands.span,
      programType: dtype, nest: shape, axes: [-1], keepingAxes: true, output: dtype, record: record)
    let contribution = applyPointwise(
      logarithm ? Functions.logSoftmaxGradient : Functions.softmaxGradient,
      [gradient, y, total], programType: dtype, output: dtype, record: record)
    pass.add(contribution, to: parent)
    return true
  }
}
