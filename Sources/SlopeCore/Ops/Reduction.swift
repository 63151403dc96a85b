/// The axes that a reduction removes, and what its gradient needs of them.
struct ReducedAxes: Sendable {
  let kind: ReductionKind
  /// The shape before the reduction.
  let nest: Shape
  /// Whether each axis is reduced.
  let isReduced: InlineArray<8, Bool>
  let reducedRank: Int

  /// Nil, after a report, if an axis does not exist or is named twice.
  ///
  /// No axes are all of them, as in PyTorch. Messages name `operation`, or else the kind.
  init?(_ kind: ReductionKind, _ nest: Shape, axes: [Int]?, for operation: String? = nil) {
    self.kind = kind
    self.nest = nest
    guard let axes, !axes.isEmpty else {
      isReduced = InlineArray(repeating: true)
      reducedRank = nest.rank
      return
    }
    var isReduced = InlineArray<8, Bool>(repeating: false)
    for axis in axes {
      guard let index = nest.normalized(axis: axis) else {
        reportFailure(operation: operation ?? "\(kind)", "shape \(nest) has no axis \(axis)")
        return nil
      }
      guard !isReduced[index] else {
        reportFailure(
          operation: operation ?? "\(kind)", "axis \(axis) of shape \(nest) is named twice")
        return nil
      }
      isReduced[index] = true
    }
    self.isReduced = isReduced
    // A zero-dimensional tensor accepts one axis, but has none to reduce.
    reducedRank = nest.rank == 0 ? 0 : axes.count
  }

  /// The result's shape, with reduced axes of extent 1 or without them.
  func resultShape(keepingAxes: Bool) -> Shape {
    var shape = Shape()
    for axis in 0..<nest.rank {
      if !isReduced[axis] {
        shape.append(nest.extents[axis])
      } else if keepingAxes {
        shape.append(1)
      }
    }
    return shape
  }

  /// The number of elements that are reduced to one.
  var reducedCount: Int {
    var count = 1
    for axis in 0..<nest.rank where isReduced[axis] { count *= nest.extents[axis] }
    return count
  }

  /// What a variance divides by.
  ///
  /// One value has none to estimate (correction 1): 0 / 0 is NaN.
  func degreesOfFreedom(correction: Int) -> Double {
    max(Double(reducedCount) - Double(correction), 0)
  }

  /// Whether the kept axes precede the reduced ones.
  var isInOrder: Bool {
    for axis in 1..<max(nest.rank, 1) where isReduced[axis - 1] && !isReduced[axis] { return false }
    return true
  }

  /// Kept axes first, then reduced ones; nil if they are already in that order.
  var permutation: [Int]? {
    if isInOrder { return nil }
    return (0..<nest.rank).filter { !isReduced[$0] } + (0..<nest.rank).filter { isReduced[$0] }
  }

  /// A layout of the nest's shape with kept axes first, then reduced ones.
  func ordered(_ layout: Layout) -> Layout {
    var shape = Shape()
    var strides = InlineArray<8, Int>(repeating: 0)
    for turn in 0..<2 {
      for axis in 0..<nest.rank where isReduced[axis] == (turn == 1) {
        strides[shape.rank] = layout.strides[axis]
        shape.append(layout.shape.extents[axis])
      }
    }
    return Layout(shape: shape, strides: strides, offset: layout.offset)
  }

  /// The gradient of the result in a shape that broadcasts to the nest, divided for a mean.
  func expanded(_ gradient: Value, record: Bool) -> Value {
    // A gradient of one element broadcasts as it is.
    let kept =
      reducedRank == nest.rank
      ? gradient : gradient.reshaped(to: resultShape(keepingAxes: true), record: record)
    guard kind == .mean else { return kept }
    // Not rounded to 16 bits before it is multiplied.
    return applyPointwise(
      Functions.divideScalar, kept, scalar: gradient.dtype.computeBits(of: Double(reducedCount)),
      output: gradient.dtype.computeType, record: record)
  }
}

/// Reduces a pointwise function of inputs over axes (nil: all of them) in one pass over memory.
///
/// y = Σ f(x₁, …) for a sum; `programType` is the type of the computation. Sums and means of
/// floating types are recorded (`PointwiseRecording`): xᵢ receives what f's adjoint gives for g, or
/// for g / n with a mean of n elements.
func reduced(
  _ kind: ReductionKind, _ function: PointwiseFunction, _ inputs: Span<Value>,
  programType: DType, nest: Shape, axes: [Int]?, keepingAxes: Bool, output: DType,
  record: Bool
) -> Value {
  let backend = inputs[0].backend
  let prologue = function === Functions.copy ? nil : function.program(programType)
  let state = inspect(inputs, for: prologue, on: backend, "\(kind)")
  guard state != .unusable, let plan = ReducedAxes(kind, nest, axes: axes) else {
    return .failed(output)
  }
  if plan.reducedCount == 0, kind.rawValue >= ReductionKind.maximum.rawValue {
    return .failure("\(kind)", "shape \(nest) has no elements to choose from", dtype: output)
  }
  let shape = plan.resultShape(keepingAxes: keepingAxes)
  let buffer: Buffer?
  if plan.reducedCount >= RepeatedElements.leastCount,
    let repeated = RepeatedReduction(plan, inputs)
  {
    let result = repeated.run(
      kind, function, inputs, programType: programType, keepingAxes: keepingAxes,
      output: output)
    buffer = result.isFailed ? nil : result.buffer
  } else {
    buffer = computed(
      kind, function, prologue, inputs, plan, shape: shape, output: output, on: backend)
  }
  guard let buffer else { return .failed(output) }
  let layout = Layout(shape)
  guard state == .recorded, record, kind == .sum || kind == .mean, output.isFloating,
    !RecordingScope.isOff
  else { return Value(layout, output, buffer) }
  let recording = PointwiseRecording(
    function, inputs, scalars: Span(), programType: programType, output: nil, shape: shape,
    dtype: output, reduction: plan)
  return Value(layout, output, buffer, recording: recording)
}

/// The contiguous result of a reduction by the backend; nil if it failed.
@inline(__always)
private func computed(
  _ kind: ReductionKind, _ function: PointwiseFunction, _ prologue: Program?, _ inputs: Span<Value>,
  _ plan: ReducedAxes, shape: Shape, output: DType, on backend: any Backend
) -> Buffer? {
  guard let buffer = Value.allocate(shape, output, on: backend, for: "\(kind)") else {
    return nil
  }
  if shape.elementCount == 0 { return buffer }
  if plan.isInOrder {
    let passes = runReduce(
      kind, prologue: prologue, inputs, scalars: Span(), nest: plan.nest,
      reducedRank: plan.reducedRank, output: Output(buffer, output), on: backend,
      for: kind.name(of: function), result: shape)
    return passes ? buffer : nil
  }
  var ordered: [Value] = []
  ordered.reserveCapacity(inputs.count)
  for index in 0..<inputs.count {
    let whole = inputs[index].broadcast(to: plan.nest)
    ordered.append(Value(plan.ordered(whole.layout), whole.dtype, whole.buffer))
  }
  let passes = runReduce(
    kind, prologue: prologue, ordered.span, scalars: Span(), nest: ordered[0].shape,
    reducedRank: plan.reducedRank, output: Output(buffer, output), on: backend,
    for: kind.name(of: function), result: shape)
  return passes ? buffer : nil
}

extension ReductionKind {
  /// The operation's name in messages and graphs: `sum`, or `mean(squaredDifference)`.
  func name(of function: PointwiseFunction) -> String {
    function === Functions.copy ? "\(self)" : "\(self)(\(function.name))"
  }
}

extension Value {
  /// Reduces over axes (nil: all of them): `[…, n, …] → […, …]`, or `[…, 1, …]` if axes are kept.
  ///
  /// With y the result, x receives g for a sum, g / n for a mean, g · Πⱼ≠ᵢ xⱼ for a product. For an
  /// extremum the elements equal to y receive g divided by their count, or the first of them
  /// receives g if `choosesFirst`, which needs one axis. Arg reductions have no gradient.
  func reduced(
    _ kind: ReductionKind, axes: [Int]? = nil, keepingAxes: Bool = false, record: Bool = true,
    output outputType: DType? = nil, choosesFirst: Bool = false
  ) -> Value {
    let output: DType
    switch kind {
    case .sum, .product, .mean: output = dtype.accumulatedType
    case .maximum, .minimum: output = dtype
    case .argMaximum, .argMinimum: output = .int64
    }
    let inputs: [1 of Value] = [self]
    let result = SlopeCore.reduced(
      kind, Functions.copy, inputs.span, programType: dtype, nest: shape, axes: axes,
      keepingAxes: keepingAxes, output: outputType ?? output, record: record)
    switch kind {
    case .maximum, .minimum:
      return result.recordedAsExtremum(
        of: self, kind, axes: axes, choosesFirst: choosesFirst, record: record)
    case .product:
      return result.recordedAsProduct(of: self, axes: axes, record: record)
    case .sum, .mean, .argMaximum, .argMinimum:
      return result
    }
  }

  /// The type in which squares are added: Double for Float and BFloat16, where the device has it.
  ///
  /// It holds the squares of all elements, and a mean rounded to the element type would add the
  /// square of its error.
  var spreadType: DType {
    (dtype == .float32 || dtype == .bfloat16) && backend.hasDouble ? .float64 : dtype.computeType
  }

  /// The variance over axes (nil: all of them), in two passes: `Σ (x − mean)² / (n − correction)`.
  ///
  /// Recorded as the mean, the sum and the quotient; x receives
  /// `2·g·(x − mean) / (n − correction)`.
  func variance(
    axes: [Int]?, correction: Int, keepingAxes: Bool, output: DType
  ) -> Value {
    guard !isFailed, let plan = ReducedAxes(.sum, shape, axes: axes) else {
      return .failed(output)
    }
    let wide = spreadType
    let center = reduced(.mean, axes: axes, keepingAxes: true, output: wide)
    let inputs: [2 of Value] = [self, center]
    let total = SlopeCore.reduced(
      .sum, Functions.squaredDifference, inputs.span, programType: wide, nest: shape, axes: axes,
      keepingAxes: keepingAxes, output: wide, record: true)
    return applyPointwise(
      Functions.divideScalar, total,
      scalar: wide.computeBits(of: plan.degreesOfFreedom(correction: correction)), output: output)
  }

  /// This value with its reduced axes restored with extent 1.
  private func kept(_ plan: ReducedAxes, record: Bool) -> Value {
    reshaped(to: plan.resultShape(keepingAxes: true), record: record)
  }

  /// Records an extremum: the elements equal to y receive g divided by their count.
  ///
  /// If y is NaN, the first NaN receives all of g. With `choosesFirst`, the first extremum does.
  private func recordedAsExtremum(
    of source: Value, _ kind: ReductionKind, axes: [Int]?, choosesFirst: Bool, record: Bool
  ) -> Value {
    guard source.isRecorded, let plan = ReducedAxes(kind, source.shape, axes: axes) else {
      return self
    }
    if choosesFirst {
      return recorded("\(kind)", [source], record: record) {
        [source = source.detached] g, record in
        let chosen = source.isFirstExtremum(kind, plan).cast(to: source.dtype)
        let kept = g.kept(plan, record: record)
        return [applyPointwise(Functions.multiply, kept, chosen, record: record)]
      }
    }
    let plain = detached
    return recorded("\(kind)", [source], record: record) { [source = source.detached] g, record in
      let extremum = plain.kept(plan, record: false)
      let isNaN = applyPointwise(Functions.isNaN, source, output: .bool)
      let isChosen = applyPointwise(
        Functions.logicalOr,
        applyPointwise(Functions.equal, source, extremum, output: .bool),
        source.isFirstNaN(isNaN, plan), output: .bool)
      // Counted in integers: a 16-bit float cannot count to 70,000.
      let count = isChosen.reduced(
        .sum, axes: plan.axisList, keepingAxes: true, record: false)
      let weights = applyPointwise(
        Functions.divide, [isChosen, count], programType: source.dtype, output: source.dtype)
      return [
        applyPointwise(Functions.multiply, g.kept(plan, record: record), weights, record: record)
      ]
    }
  }

  /// Whether each element is the one that an arg reduction along the reduced axis names.
  private func isFirstExtremum(_ kind: ReductionKind, _ plan: ReducedAxes) -> Value {
    let place = reduced(
      kind == .maximum ? .argMaximum : .argMinimum, axes: plan.axisList, keepingAxes: true)
    var along = Shape(repeatElement(1, count: plan.nest.rank))
    for axis in plan.axisList { along.extents[axis] = plan.nest.extents[axis] }
    let positions = Value.range(plan.reducedCount, on: backend).reshaped(to: along)
    return applyPointwise(Functions.equal, positions, place, output: .bool)
  }

  /// Whether each element is the first NaN among those reduced with it.
  private func isFirstNaN(_ isNaN: Value, _ plan: ReducedAxes) -> Value {
    // The argmax of a Bool row is its first true element.
    let order = plan.permutation ?? Array(0..<plan.nest.rank)
    var inverse = order
    for (position, axis) in order.enumerated() { inverse[axis] = position }
    let flat = isNaN.permuted(order, record: false).contiguous
    let rows = flat.count / max(plan.reducedCount, 1)
    let matrix = flat.reshaped(to: [rows, plan.reducedCount])
    let first = matrix.reduced(.argMaximum, axes: [1], keepingAxes: true)
    let positions = Value.range(plan.reducedCount, on: backend).reshaped(
      to: [1, plan.reducedCount])
    let chosen = applyPointwise(
      Functions.logicalAnd, applyPointwise(Functions.equal, positions, first, output: .bool),
      matrix,
      output: .bool)
    return chosen.reshaped(to: Shape(order.map { plan.nest.extents[$0] }))
      .permuted(inverse, record: false)
  }

  /// Records a product: xᵢ receives g · Πⱼ≠ᵢ xⱼ, also where some xⱼ are zero.
  private func recordedAsProduct(of source: Value, axes: [Int]?, record: Bool) -> Value {
    guard source.isRecorded, let plan = ReducedAxes(.product, source.shape, axes: axes) else {
      return self
    }
    return recorded("product", [source], record: record) { [source] g, record in
      let source = record ? source : source.detached
      return [
        applyPointwise(
          Functions.multiply, g.kept(plan, record: record),
          source.productOfOthers(plan, record: record), record: record)
      ]
    }
  }

  /// For each element, the product of the other elements that are reduced with it.
  ///
  /// Computed from a table of all pairs of reduced elements with ones on the diagonal: quadratic in
  /// their number, exact at zeros, and differentiable to any order.
  private func productOfOthers(_ plan: ReducedAxes, record: Bool) -> Value {
    let order = plan.permutation ?? Array(0..<plan.nest.rank)
    var inverse = order
    for (position, axis) in order.enumerated() { inverse[axis] = position }
    let n = plan.reducedCount
    let ordered = permuted(order, record: record)
    let rows = count / max(n, 1)
    let table = ordered.reshaped(to: [rows, 1, n], record: record).broadcast(to: [rows, n, n])
    let positions = Value.range(n, on: backend)
    let diagonal = applyPointwise(
      Functions.equal, positions.reshaped(to: [n, 1]), positions.reshaped(to: [1, n]),
      output: .bool)
    let one = Value.full([], dtype, bits: dtype.computeBits(of: 1), on: backend)
    let others = applyPointwise(
      Functions.select, [diagonal, one, table],
      programType: dtype, output: dtype, record: record)
    return others.reduced(.product, axes: [2], record: record)
      .reshaped(to: Shape(order.map { plan.nest.extents[$0] }), record: record)
      .permuted(inverse, record: record)
  }
}

extension ReducedAxes {
  /// The numbers of the reduced axes.
  var axisList: [Int] { (0..<nest.rank).filter { isReduced[$0] } }
}
