import Glibc
import SlopeCore
import SlopeNN

extension RealMLP: MemberNetwork {
  /// What all members predict together, for the pipeline's outputs: `[rows, inputs] → [rows, outputs]`.
  ///
  /// Numbers are the mean of the members', in the range of the training rows. Of classes it is the
  /// logarithm of the mean probability over the temperature, of two classes the difference of both.
  func outputs(of features: Tensor<Element>) -> Tensor<Element> {
    let output = self(shape.inputs.arranged(features).unsqueezed(at: 0))
    guard shape.range == nil else { return inRange(membersLast(output).mean(axes: [-1])) }
    // Constants of all classes, such as the logarithm of the number of members, change nothing.
    return ofClasses(membersLast(output.logSoftmax(axis: -1)).logSumExp(axes: [-1]))
  }

  func outputsOfMembers(_ inputs: Tensor<Element>) -> Tensor<Element> {
    let output = self(inputs)
    return shape.range == nil ? ofClasses(output) : inRange(output)
  }

  /// `[members, rows, outputs] → [rows, outputs, members]`: the order in which consecutive elements are
  /// added does not depend on the number of rows, as that of columns does.
  private func membersLast(_ output: Tensor<Element>) -> Tensor<Element> {
    stack((0..<shape.members).map { output[$0] }, axis: -1)
  }

  private func inRange(_ numbers: Tensor<Element>) -> Tensor<Element> {
    guard let range = shape.range else { return numbers }
    return numbers.clamped(
      min: Element(clamping: range[0]), max: Element(clamping: range[1]))
  }

  private func ofClasses(_ logarithms: Tensor<Element>) -> Tensor<Element> {
    let scaled = logarithms * Element(clamping: 1 / shape.temperature)
    let ofEach = shape.outputCount == 2 ? scaled.split(size: 1, axis: -1) : []
    return ofEach.count == 2 ? ofEach[1] - ofEach[0] : scaled
  }
}
