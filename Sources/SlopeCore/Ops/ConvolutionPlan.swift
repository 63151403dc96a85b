/// What a convolution is given, beside its operands.
struct ConvolutionOptions {
  var stride: Pair
  var padding: ConvolutionPadding
  var dilation: Pair
  var groups: Int
}

/// Why windows do not fit their planes.
struct WindowProblem: Error {
  let message: String

  init(_ message: String) { self.message = message }
}

extension Convolution {
  /// A convolution of an input `[batch, channels, height, width]` with a weight
  /// `[outputs, channels / groups, kernel height, kernel width]`.
  init(
    _ name: String, input: Shape, weight: Shape, _ options: ConvolutionOptions
  ) throws(WindowProblem) {
    let groups = options.groups
    try Self.check(groups: groups, weight: weight, dividing: weight[0])
    guard Size.product(weight[1], groups) == input[1] else {
      throw WindowProblem(
        "input \(input) has not the \(groups) × \(weight[1]) channels of weight \(weight)")
    }
    let plane = Pair(input[2], input[3])
    let kernel = Pair(weight[2], weight[3])
    shape = ConvolutionShape(
      windows: try Windows(plane, kernel: kernel, options), batch: input[0], inputs: input[1],
      outputs: weight[0], groups: groups)
    self.name = name
    try shape.checkSizes()
  }

  /// The convolution whose gradient with respect to its input is a transposed convolution of
  /// `[batch, outputs, rows, columns]` with a weight
  /// `[outputs, channels / groups, kernel height, kernel width]`.
  init(
    _ name: String, transposing input: Shape, weight: Shape, _ options: ConvolutionOptions,
    outputPadding: Pair
  ) throws(WindowProblem) {
    let groups = options.groups
    try Self.check(groups: groups, weight: weight, dividing: input[1])
    guard input[1] == weight[0] else {
      throw WindowProblem("input \(input) has not the \(weight[0]) channels of weight \(weight)")
    }
    guard let inputs = Size.product(weight[1], groups) else {
      throw WindowProblem("\(groups) groups of weight \(weight)")
    }
    guard case .margins(let padding) = options.padding else {
      throw WindowProblem("padding \(options.padding) of a transposed convolution")
    }
    let kernel = Pair(weight[2], weight[3])
    let (stride, dilation) = (options.stride, options.dilation)
    try Windows.check(kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    guard outputPadding.allSatisfy({ $0 >= 0 }),
      outputPadding.height < max(stride.height, dilation.height),
      outputPadding.width < max(stride.width, dilation.width)
    else {
      throw WindowProblem(
        "output padding \(outputPadding) is not less than stride \(stride) or dilation \(dilation)")
    }
    func extent(_ axis: KeyPath<Pair, Int>, _ count: Int) throws(WindowProblem) -> Int {
      let reach = Size.product(count - 1, stride[keyPath: axis])
        .flatMap { reach in
          Windows.span(kernel[keyPath: axis], dilation[keyPath: axis])
            .flatMap { Size.sum(reach, $0) }
        }
        .flatMap { Size.sum($0, outputPadding[keyPath: axis]) }
      let margins = Size.product(2, padding[keyPath: axis])
      guard let reach, let margins, count > 0, reach - margins > 0 else {
        throw WindowProblem(
          "no output of \(input), kernel \(kernel), stride \(stride), padding \(padding)")
      }
      return reach - margins
    }
    let windows = Windows(
      plane: Pair(try extent(\.height, input[2]), try extent(\.width, input[3])), kernel: kernel,
      stride: stride, dilation: dilation, padding: padding, count: Pair(input[2], input[3]))
    shape = ConvolutionShape(
      windows: windows, batch: input[0], inputs: inputs, outputs: input[1], groups: groups)
    self.name = name
    try shape.checkSizes()
  }

  private static func check(
    groups: Int, weight: Shape, dividing channels: Int
  ) throws(WindowProblem) {
    guard groups > 0, weight[0] >= groups, weight[0] % groups == 0, channels % groups == 0 else {
      throw WindowProblem("\(groups) groups do not divide weight \(weight)")
    }
  }
}

extension ConvolutionShape {
  /// Throws if an operand, or the elements of all windows, are more than a tensor can have.
  fileprivate func checkSizes() throws(WindowProblem) {
    guard inputShape.representableCount != nil, outputShape.representableCount != nil,
      let planes = Size.product(batch, inputs),
      windows.unfoldedShape(planes: planes).representableCount != nil
    else { throw WindowProblem("windows \(windows.count) of \(inputShape) are too many") }
  }
}

extension Windows {
  /// The windows of a convolution.
  init(_ plane: Pair, kernel: Pair, _ options: ConvolutionOptions) throws(WindowProblem) {
    let (stride, dilation) = (options.stride, options.dilation)
    switch options.padding {
    case .margins(let padding):
      self = try Windows(
        plane, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    case .valid:
      self = try Windows(plane, kernel: kernel, stride: stride, padding: 0, dilation: dilation)
    case .same:
      guard stride == 1 else {
        throw WindowProblem("padding 'same' with stride \(stride), not 1")
      }
      try Windows.check(kernel: kernel, stride: stride, padding: 0, dilation: dilation)
      guard let height = Windows.span(kernel.height, dilation.height),
        let width = Windows.span(kernel.width, dilation.width)
      else { throw WindowProblem("kernel \(kernel) with dilation \(dilation)") }
      // The further element of an odd number is added after the others.
      self.init(
        plane: plane, kernel: kernel, stride: stride, dilation: dilation,
        padding: Pair((height - 1) / 2, (width - 1) / 2), count: plane)
    }
  }

  /// As many windows as fit into planes with margins of `padding` on each side.
  init(
    _ plane: Pair, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair
  ) throws(WindowProblem) {
    try Windows.check(kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    func count(_ axis: KeyPath<Pair, Int>) throws(WindowProblem) -> Int {
      let whole = Size.product(2, padding[keyPath: axis])
        .flatMap { Size.sum(plane[keyPath: axis], $0) }
      let span = Windows.span(kernel[keyPath: axis], dilation[keyPath: axis])
      guard let whole, let span, span <= whole else {
        throw WindowProblem(
          "kernel \(kernel) with dilation \(dilation) does not fit a plane \(plane) with padding "
            + "\(padding)")
      }
      return (whole - span) / stride[keyPath: axis] + 1
    }
    self.init(
      plane: plane, kernel: kernel, stride: stride, dilation: dilation, padding: padding,
      count: Pair(try count(\.height), try count(\.width)))
  }

  /// The elements from the first to the last of a window along an axis; nil where that overflows.
  static func span(_ kernel: Int, _ dilation: Int) -> Int? {
    Size.product(kernel - 1, dilation).flatMap { Size.sum($0, 1) }
  }

  /// Throws if a number is out of range.
  static func check(
    kernel: Pair, stride: Pair, padding: Pair, dilation: Pair
  ) throws(WindowProblem) {
    guard kernel.allSatisfy({ $0 > 0 }) else { throw WindowProblem("kernel \(kernel)") }
    guard stride.allSatisfy({ $0 > 0 }) else { throw WindowProblem("stride \(stride)") }
    guard padding.allSatisfy({ $0 >= 0 }) else { throw WindowProblem("padding \(padding)") }
    guard dilation.allSatisfy({ $0 > 0 }) else { throw WindowProblem("dilation \(dilation)") }
  }
}
