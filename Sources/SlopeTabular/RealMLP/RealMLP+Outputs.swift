import Glibc
import SlopeCore
import SlopeNN

extension RealMLP: TabularNetwork {
  /// What all members predict together, for the pipeline's outputs: `[rows, inputs] → [rows, outputs]`.
  ///
  /// Numbers are the mean of the members', in the range of the training rows. Of classes it is the
  /// logarithm of the mean probability over the temperature, of two classes the difference of both.
  func outputs(of features: Tensor<Element>) -> Tensor<Element> {
    let output = self(shape.inputs.arranged(features).unsqueezed(at: 0))
    if let range = shape.range {
      return output.mean(axes: [0]).clamped(
        min: Element(clamping: range[0]), max: Element(clamping: range[1]))
    }
    // Constants of all classes, such as the logarithm of the number of members, change nothing.
    let logarithms =
      output.logSoftmax(axis: -1).logSumExp(axes: [0])
      * Element(clamping: 1 / shape.temperature)
    guard shape.outputCount == 2 else { return logarithms }
    return logarithms[0..., 1..<2] - logarithms[0..., 0..<1]
  }
}
