/// A pool along two axes: the windows, and what is asked for.
struct PoolOptions {
  var kernel: Pair
  var stride: Pair
  var padding: Pair
  var dilation: Pair = 1
  /// Whether windows that begin inside but end outside of the padded plane count.
  var ceilMode: Bool
}

extension Windows {
  /// The windows of a pool, as many as PyTorch has.
  init(_ plane: Pair, pool options: PoolOptions) throws(WindowProblem) {
    let (kernel, stride, padding) = (options.kernel, options.stride, options.padding)
    try Windows.check(
      kernel: kernel, stride: stride, padding: padding, dilation: options.dilation)
    func count(_ axis: KeyPath<Pair, Int>) throws(WindowProblem) -> Int {
      let (extent, step) = (plane[keyPath: axis], stride[keyPath: axis])
      let margin = padding[keyPath: axis]
      guard let span = Windows.span(kernel[keyPath: axis], options.dilation[keyPath: axis]) else {
        throw WindowProblem("kernel \(kernel) with dilation \(options.dilation)")
      }
      guard margin <= kernel[keyPath: axis] / 2 else {
        throw WindowProblem("padding \(padding) is more than half of kernel \(kernel)")
      }
      // No sum overflows: the margin is at most half of Int.max.
      guard let whole = Size.sum(extent, 2 * margin) else {
        throw WindowProblem("plane \(plane) with padding \(padding)")
      }
      let room = whole - span
      var count = room < 0 ? 0 : room / step + 1
      if options.ceilMode {
        // The last one must begin inside of the plane or of its margin before.
        let isPartial = room < 0 ? -room < step : room % step != 0
        let next = Size.product(max(room, 0) / step + 1, step) ?? .max
        if isPartial, room < 0 || next < extent + margin { count += 1 }
      }
      guard count > 0, extent > 0 else {
        throw WindowProblem(
          "no window of kernel \(kernel) fits a plane \(plane) with padding \(padding)")
      }
      return count
    }
    self.init(
      plane: plane, kernel: kernel, stride: stride, dilation: options.dilation, padding: padding,
      count: Pair(try count(\.height), try count(\.width)))
  }

  /// The elements inside of the plane of each window along an axis.
  func ranges(_ axis: KeyPath<Pair, Int>) -> [WindowRange] {
    let (extent, step) = (plane[keyPath: axis], dilation[keyPath: axis])
    return (0..<count[keyPath: axis]).map { window in
      let first = window * stride[keyPath: axis] - padding[keyPath: axis]
      let skipped = first < 0 ? (-first - 1) / step + 1 : 0
      let start = first + skipped * step
      let fitting = start < extent ? (extent - 1 - start) / step + 1 : 0
      return WindowRange(
        start: start, count: max(min(kernel[keyPath: axis] - skipped, fitting), 0))
    }
  }
}
