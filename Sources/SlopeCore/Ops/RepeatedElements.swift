/// Reductions along axes on which nothing changes.
///
/// A view may repeat its elements any number of times, so these are not iterated over. Nothing is
/// recorded here: the operations that call this record.
enum RepeatedElements {
  /// The least number of repetitions; with fewer, the order of summation is the usual one.
  static let leastCount = 1 << 24
}

/// A reduction along axes of which some only repeat the inputs' elements.
struct RepeatedReduction {
  private let plan: ReducedAxes
  /// The axes that are reduced and along which no input changes.
  private let isRepeated: InlineArray<8, Bool>
  /// The nest with extent 1 along those axes.
  private let nest: Shape
  /// How often each element is repeated.
  private let count: Int

  /// Nil if elements are repeated less often than `leastCount`.
  // Never inlined: Swift 6.3's optimiser fails on a loop over a span in a larger function.
  @inline(never)
  init?(_ plan: ReducedAxes, _ inputs: Span<Value>) {
    guard plan.reducedCount >= RepeatedElements.leastCount else { return nil }
    var isRepeated = plan.isReduced
    for index in 0..<inputs.count {
      let strides = inputs[index].layout.strides(broadcastTo: plan.nest)
      for axis in 0..<plan.nest.rank where strides[axis] != 0 { isRepeated[axis] = false }
    }
    var nest = plan.nest
    var count = 1
    for axis in 0..<nest.rank where isRepeated[axis] {
      count *= nest.extents[axis]
      nest.extents[axis] = 1
    }
    guard count >= RepeatedElements.leastCount else { return nil }
    (self.plan, self.isRepeated, self.nest, self.count) = (plan, isRepeated, nest, count)
  }

  /// The result, not recorded.
  ///
  /// With y over the elements without repetition and n the count of repetitions: a sum is n · y, a
  /// product yⁿ, a mean or an extremum y.
  func run(
    _ kind: ReductionKind, _ function: PointwiseFunction, _ inputs: Span<Value>, programType: DType,
    keepingAxes: Bool, output: DType
  ) -> Value {
    let once = Array(copying: inputs).map { input in
      let layout = Layout(
        shape: nest, strides: input.layout.strides(broadcastTo: plan.nest),
        offset: input.layout.offset)
      return Value(layout, input.dtype, input.buffer)
    }
    // A 16-bit number must not be rounded before it is multiplied.
    let wide = kind == .sum || kind == .product ? output.computeType : output
    let isReduced = plan.axisList.contains { nest.extents[$0] > 1 }
    let result =
      isReduced || kind == .argMaximum || kind == .argMinimum
      ? reduced(
        kind, function, once.span, programType: programType, nest: nest, axes: plan.axisList,
        keepingAxes: keepingAxes, output: wide, record: false)
      : applyPointwise(
        function, once.span, scalars: Span(), programType: programType, shape: nest, output: wide,
        on: once[0].backend, record: false)
    switch kind {
    case .maximum, .minimum, .mean: return result
    case .sum:
      return applyPointwise(
        Functions.multiplyScalar, result, scalar: wide.bits(ofCount: count), output: output)
    case .product:
      // Rounding keeps an even exponent even, and so the sign of the result.
      let even = applyPointwise(
        Functions.powerScalar, result, scalar: wide.bits(ofCount: count & ~1), output: wide)
      return count % 2 == 0
        ? even.cast(to: output) : applyPointwise(Functions.multiply, even, result, output: output)
    case .argMaximum, .argMinimum: return places(result)
    }
  }

  /// Positions among the elements without repetition, as positions among all of them.
  private func places(_ short: Value) -> Value {
    var places = applyPointwise(Functions.multiplyScalar, short, scalar: Int64(0).computeBits)
    var (inner, shortInner) = (1, 1)
    for axis in (0..<nest.rank).reversed() where plan.isReduced[axis] {
      if !isRepeated[axis] {
        let extent = Int64(nest.extents[axis])
        let index = applyPointwise(
          Functions.divideScalar, short, scalar: Int64(shortInner).computeBits)
        let whole = applyPointwise(
          Functions.multiplyScalar,
          applyPointwise(Functions.divideScalar, index, scalar: extent.computeBits),
          scalar: extent.computeBits)
        places = applyPointwise(
          Functions.add, places,
          applyPointwise(
            Functions.multiplyScalar, applyPointwise(Functions.subtract, index, whole),
            scalar: Int64(inner).computeBits))
        shortInner *= nest.extents[axis]
      }
      inner *= plan.nest.extents[axis]
    }
    return places
  }
}

extension DType {
  /// A count of repetitions as a multiplier: integers wrap, as their sums do; for Bool it is 1.
  fileprivate func bits(ofCount count: Int) -> UInt64 {
    self == .bool ? 1 : isFloating ? computeBits(of: Double(count)) : Int64(count).computeBits
  }
}

extension Value {
  /// The matrix product with `right` if neither operand changes along a long inner axis.
  ///
  /// That is the product at one inner position, times the extent of the axis; nil otherwise. Both
  /// are of rank three.
  func repeatedProduct(_ right: Value) -> Value? {
    let count = shape.extents[2]
    guard count >= RepeatedElements.leastCount, layout.strides[2] == 0,
      right.layout.strides[1] == 0
    else { return nil }
    // A 16-bit number must not be rounded before it is multiplied.
    let wide = dtype.isFloating ? dtype.computeType : dtype
    let left = sliced(Slice(shape, axis: 2, from: 0, count: 1), record: false)
    let right = right.sliced(Slice(right.shape, axis: 1, from: 0, count: 1), record: false)
    let product = Value.matmul(
      left.cast(to: wide, record: false), right.cast(to: wide, record: false), record: false)
    return applyPointwise(
      Functions.multiplyScalar, product, scalar: wide.bits(ofCount: count), output: dtype,
      record: false)
  }
}
