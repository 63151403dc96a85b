/// The verbs that a device implements: one per shape of computation, never one per operation.
///
/// A backend reads only a `Value`'s layout, element type and buffer: recordings and tensors are
/// above it. The caller has checked shapes and indices; outputs are fresh or updated in place,
/// contiguous, and begin at the start of their buffer unless a layout says otherwise.
package protocol Backend: AnyObject, Sendable {
  /// The device's name for users, such as `cpu`.
  var name: String { get }

  /// New memory with undefined contents, or nil if there is none.
  func allocate(byteCount: Int) -> Buffer?

  /// Takes back the memory of a buffer that was deallocated.
  func release(_ handle: UnsafeMutableRawPointer, byteCount: Int)

  /// Copies host memory to the start of a buffer.
  func upload(_ source: UnsafeRawBufferPointer, to destination: Buffer)

  /// Copies part of a buffer to host memory, after all earlier work on it.
  func download(_ source: Buffer, byteOffset: Int, into destination: UnsafeMutableRawBufferPointer)

  /// Copies a value, strided or not, to memory of the same element type.
  ///
  /// `layout` has the value's shape and says where the elements go.
  func copy(_ source: Value, to destination: Buffer, _ layout: Layout)

  /// Runs a program for each element of `shape`, to which inputs broadcast.
  ///
  /// Outputs may be the buffers of inputs of the same type and layout (an update in place).
  func pointwise(
    _ program: Program, _ inputs: Span<Value>, scalars: Span<UInt64>, shape: Shape,
    outputs: Span<Output>)

  /// Runs a program on each of several sets of operands, which are contiguous and do not overlap.
  func pointwise(_ program: Program, sets: [PointwiseSet], scalars: Span<UInt64>)

  /// The number of sets worth collecting for one call.
  ///
  /// 1 if separate calls cost the same and no set can fail.
  var pointwiseSetLimit: Int { get }

  /// Reduces the last `reducedRank` axes of `nest` after running `prologue` (nil: the one input).
  ///
  /// Inputs broadcast to the nest, whose kept axes precede the reduced ones.
  func reduce(
    _ kind: ReductionKind, prologue: Program?, _ inputs: Span<Value>, scalars: Span<UInt64>,
    nest: Shape, reducedRank: Int, output: Output)

  /// `output[batch, m, n] = left[batch, m, k] · right[batch, k, n] (+ bias[n])`.
  ///
  /// Both operands are of rank three, with any strides (0 on the batch axis if broadcast). The bias
  /// is contiguous. The output's activation is applied last.
  func matmul(_ left: Value, _ right: Value, bias: Value?, output: Output)

  /// Softmax, or its logarithm, of each row of a contiguous `[rows, count]` value.
  func softmax(_ source: Value, logarithm: Bool, output: Buffer)

  /// `output[o, i, :] = source[o, 0, :] + … + source[o, i, :]` for a contiguous
  /// `[outer, extent, inner]`, of a floating type, `int64` or `uint64`.
  ///
  /// Without the last term if `isExclusive`, from the end of the axis if `isReversed`. Every device
  /// gives the same bits. False if there is no memory for it.
  func scan(_ source: Value, isExclusive: Bool, isReversed: Bool, output: Buffer) -> Bool

  /// `output[o, i, :] = source[o, indices[i], :]` for a contiguous `[outer, extent, inner]`.
  ///
  /// Indices are contiguous `int64`. Returns the position of the first index outside `0..<extent`,
  /// and then has written nothing. A device that works ahead of the host returns nil, reads another
  /// place instead, and reports the index as a failure of `operation` when the host next reads from
  /// it or waits for it.
  func gather(_ source: Value, indices: Value, output: Buffer, operation: String) -> Int?

  /// Checks that contiguous `int64` indices are in `0..<bound` or `exempt`.
  ///
  /// A bad index is returned or reported as by `gather`; `subject` is the word for an index in the
  /// message.
  func checkIndices(
    _ indices: Value, bound: Int, exempt: Int, subject: String, operation: String
  ) -> Int?

  /// `destination[o, indices[i], :] += source[o, i, :]`, in the order of `i`.
  ///
  /// Indices are in range. The destination is contiguous `[outer, extent, inner]`, the source
  /// `[outer, count, inner]`.
  func scatterAdd(_ source: Value, indices: Value, into destination: Buffer, extent: Int)

  /// `destination[o, indices[i], :] = source[o, i, :]`; of equal indices the last counts.
  ///
  /// The operands are as for `scatterAdd`. False if there is no memory for it.
  func scatter(_ source: Value, indices: Value, into destination: Buffer, extent: Int) -> Bool

  /// `destination[places[r, i]] += source[r, i]`, in the order of `i`.
  ///
  /// The source is contiguous `[rows, count]`, the places contiguous `int64` of its shape, and the
  /// destination has `extent` elements for each row, in which the row's places are.
  func scatterAddRows(_ source: Value, places: Value, into destination: Buffer, extent: Int)

  /// The elements of all windows of contiguous planes `[planes, height, width]`.
  ///
  /// `output[o, p, q, i, j]` is the element (p, q) of window (i, j) of plane o: 0 outside the plane.
  func unfold(_ source: Value, _ windows: Windows, output: Buffer)

  /// Sums what `unfold` would take from the same place, in the order of (p, q).
  ///
  /// The source is contiguous `[planes, kernel height, kernel width, rows, columns]`, the output
  /// `[planes, height, width]` of its type, which is not a 16-bit float.
  func fold(_ source: Value, _ windows: Windows, output: Buffer)

  /// Whether the device has `convolve`; if not, other verbs compute convolutions.
  var hasConvolutions: Bool { get }

  /// One of the products of a convolution of Float or Double; false if other verbs must compute it.
  ///
  /// Operands are contiguous: the input and the weight, the output's gradient and the weight, or the
  /// input and the output's gradient. `bias` is for `output` only: a number for each channel.
  func convolve(
    _ product: ConvolutionProduct, _ shape: ConvolutionShape, _ left: Value, _ right: Value,
    bias: Value?, output: Buffer
  ) -> Bool

  /// The place of each window's greatest element: `[planes, rows, columns]` as `int64`.
  ///
  /// The source is contiguous `[planes, height, width]`, and a place is a position in it. `ranges`
  /// has the first row and the number of rows of each row of windows, then the same of columns, as
  /// contiguous `int64`: all inside of the plane. The first of equals, the last NaN.
  func windowMaxima(
    _ source: Value, ranges: Value, count: Pair, dilation: Pair, output: Buffer)

  /// The positions that sort each row of a contiguous `[rows, count]` value, as `int64`.
  ///
  /// Equal elements keep their order, −0 equals 0, and NaN comes after all others, or before them
  /// if `descending`. False if there is no memory for it.
  func argsort(_ source: Value, descending: Bool, output: Buffer) -> Bool

  /// Draws `count` numbers of a floating type, with the same bits on every device.
  ///
  /// A mask multiplies the source, which is contiguous and of the output's type; other draws have
  /// none, and a mask without a source is the result itself.
  func draw(_ draw: RandomDraw, source: Value?, count: Int, output: Output)

  /// Waits until the device has done all work that was given to it.
  func synchronize()

  /// The element types that the device can hold and compute.
  var dtypes: [DType] { get }

  /// Whether the device can hold and compute `float64`.
  var hasDouble: Bool { get }

  /// Counts of transfers and work since the device was opened.
  var deviceStatistics: DeviceStatistics { get }

  /// Gives back the memory that is kept for later buffers.
  func trim()
}

extension Backend {
  package var dtypes: [DType] { DType.allCases }
  package var hasDouble: Bool { true }
  package var deviceStatistics: DeviceStatistics { DeviceStatistics() }
  package func trim() {}

  package var pointwiseSetLimit: Int { 1 }

  package var hasConvolutions: Bool { false }

  package func convolve(
    _ product: ConvolutionProduct, _ shape: ConvolutionShape, _ left: Value, _ right: Value,
    bias: Value?, output: Buffer
  ) -> Bool { false }

  package func pointwise(_ program: Program, sets: [PointwiseSet], scalars: Span<UInt64>) {
    for set in sets {
      pointwise(
        program, set.inputs.span, scalars: scalars, shape: set.shape, outputs: set.outputs.span)
    }
  }
}

/// The operands of a pointwise program, all of one shape.
package struct PointwiseSet {
  package let inputs: [Value]
  package let outputs: [Output]
  package let shape: Shape

  package init(_ inputs: [Value], _ outputs: [Output], shape: Shape) {
    self.inputs = inputs
    self.outputs = outputs
    self.shape = shape
  }
}

/// Memory that a verb writes, and the element type that it stores.
package struct Output {
  package let buffer: Buffer
  package let dtype: DType
  /// What `matmul` applies to each element before storing it; other verbs have programs for that.
  package let activation: Activation?

  package init(_ buffer: Buffer, _ dtype: DType, activation: Activation? = nil) {
    self.buffer = buffer
    self.dtype = dtype
    self.activation = activation
  }
}

/// What a reduction computes of the elements that it reduces.
package enum ReductionKind: UInt8, CaseIterable, Sendable {
  case sum, mean, product, maximum, minimum, argMaximum, argMinimum
}
