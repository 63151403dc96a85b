import SlopeCore

extension ONNXFile {
  /// The operations on margins, parts and windows, whose lists begin with the first spatial axis.
  func windowed(_ x: [Tensor<Double>], _ node: Node) throws -> Tensor<Double> {
    func integers(_ name: String) throws -> [Int] {
      guard let found = node.attributes[name] else {
        throw Fault(message: "\(node.operation): no attribute \(name)")
      }
      return found.integers
    }
    func number(_ name: String) throws -> Double {
      guard let found = node.attributes[name]?.number else {
        throw Fault(message: "\(node.operation): no number \(name)")
      }
      return Double(found)
    }
    func whole(_ index: Int) -> [Int] { x[index].scalars.map { Int($0) } }
    switch node.operation {
    case "Shrink":
      let (bias, bound) = (try number("bias"), try number("lambd"))
      let rest = Tensor<Double>.where(x[0] .> bound, x[0] - bias, 0 * x[0])
      return Tensor.where(x[0] .< -bound, x[0] + bias, rest)
    case "Slice":
      let (start, end, axis) = (whole(1)[0], whole(2)[0], whole(3)[0])
      return x[0].taking(Tensor<Int>(Array(start..<end)), axis: axis)
    case "Pad":
      let count = x[0].rank
      let pads = whole(1)
      let margins = (0..<count).map { (before: pads[$0], after: pads[count + $0]) }
      switch (node.attributes["mode"]?.texts, x.count) {
      case (["constant"], 3): return x[0].padded(margins, with: x[2].scalars[0])
      case (["reflect"], 2): return x[0].padded(margins, mode: .reflect)
      case (["edge"], 2): return x[0].padded(margins, mode: .replicate)
      default: throw Fault(message: "Pad: mode")
      }
    default: break
    }
    let (kernel, strides, pads) = (
      try integers("kernel_shape"), try integers("strides"), try integers("pads")
    )
    let count = kernel.count
    guard x[0].rank == count + 2, strides.count == count, pads.count == 2 * count else {
      throw Fault(message: "\(node.operation): \(x[0].shape), \(kernel), \(strides), \(pads)")
    }
    let margins =
      [(before: 0, after: 0), (before: 0, after: 0)]
      + (0..<count).map { (before: pads[$0], after: pads[count + $0]) }
    let stride = Pair(count > 1 ? strides[0] : 1, strides[count - 1])
    let window = Pair(count > 1 ? kernel[0] : 1, kernel[count - 1])
    /// Along one axis, as planes of one row.
    func planes(_ tensor: Tensor<Double>) -> Tensor<Double> {
      count > 1 ? tensor : tensor.unsqueezed(at: 2)
    }
    func result(_ planes: Tensor<Double>) -> Tensor<Double> {
      count > 1 ? planes : planes.squeezed(at: 2)
    }
    func dilation() throws -> Pair {
      let numbers = try integers("dilations")
      guard numbers.count == count else { throw Fault(message: "\(node.operation): dilations") }
      return Pair(count > 1 ? numbers[0] : 1, numbers[count - 1])
    }
    switch node.operation {
    case "MaxPool":
      return result(
        planes(x[0].padded(margins, with: -.infinity))
          .maxPool2d(window, stride: stride, dilation: try dilation()))
    case "AveragePool":
      let means = planes(x[0].padded(margins, with: 0)).avgPool2d(window, stride: stride)
      if try integers("count_include_pad") == [1] { return result(means) }
      let ones = Tensor<Double>.ones(x[0].shape, on: .cpu)
      return result(
        means / planes(ones.padded(margins, with: 0)).avgPool2d(window, stride: stride))
    case "Conv":
      guard kernel == Array(x[1].shape.dropFirst(2)) else { throw Fault(message: "Conv: kernel") }
      return result(
        conv2d(
          planes(x[0].padded(margins, with: 0)), weight: planes(x[1]),
          bias: x.count > 2 ? x[2] : nil, stride: stride, dilation: try dilation(),
          groups: try integers("group")[0]))
    default:
      guard kernel == Array(x[1].shape.dropFirst(2)) else {
        throw Fault(message: "ConvTranspose: kernel")
      }
      let whole = result(
        convTranspose2d(
          planes(x[0]), weight: planes(x[1]), stride: stride, groups: try integers("group")[0],
          dilation: try dilation()))
      // What lies beyond the whole is 0; then the margins are cut.
      let rest = try integers("output_padding")
      let cut = margins.enumerated().map { axis, margin in
        (before: -margin.before, after: (axis < 2 ? 0 : rest[axis - 2]) - margin.after)
      }
      let output = whole.padded(cut, with: 0)
      guard x.count > 2 else { return output }
      return output + x[2].reshaped(to: Shape([x[2].count] + kernel.map { _ in 1 }))
    }
  }
}
