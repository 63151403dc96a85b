import SlopeCore

extension RealMLP: MemberNetwork {
  /// What all members predict together, for the pipeline's outputs: `[rows, inputs] → [rows, outputs]`.
  func outputs(of features: Tensor<Element>) -> Tensor<Element> {
    shape.reading.mean(self(shape.inputs.arranged(features).unsqueezed(at: 0)))
  }

  func outputsOfMembers(_ inputs: Tensor<Element>) -> Tensor<Element> {
    shape.reading.each(self(inputs))
  }
}
