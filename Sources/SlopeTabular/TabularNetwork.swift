import SlopeCore
import SlopeNN

/// What computes a tabular model's outputs from the outputs of its pipeline.
protocol TabularNetwork<Element>: Module {
  /// The outputs of rows, `[rows, inputs] → [rows, outputs]`: standardised numbers, the logit of the
  /// second of two classes, or one of each class.
  func outputs(of features: Tensor<Element>) -> Tensor<Element>
}

/// Networks side by side that have learnt from different rows.
protocol MemberNetwork<Element>: TabularNetwork {
  /// What each member predicts for rows of its own, `[members, rows, inputs] → [members, rows, outputs]`,
  /// with inputs in the networks' order.
  func outputsOfMembers(_ inputs: Tensor<Element>) -> Tensor<Element>
}

extension Sequential: TabularNetwork {
  func outputs(of features: Tensor<Element>) -> Tensor<Element> { self(features) }
}
