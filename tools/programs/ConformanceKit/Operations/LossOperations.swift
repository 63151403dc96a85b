import Slope

/// Losses.
func lossOperations<Element: FloatingElement>() -> [Operation<Element>] {
  let scores = Sample.Input.numbers([4, 5], -2...2)
  let labels = Sample.Input.indices([4], below: 5)
  let reductions: [JSONValue] = ["mean", "sum", "none"]
  let plain = reductions.map { Sample([scores, labels], ["reduction": $0]) }
  let weights = Sample.Input.constants([5], 0.5...3)
  let weighted = reductions.map { Sample([scores, labels, weights], ["reduction": $0]) }
  let chances = Sample.Input.numbers([4, 5], 0...1)
  return pairedLosses() + [
    Operation(
      "cross_entropy", "CrossEntropyLoss()(x, classes)",
      checked: plain + weighted + [
        Sample([scores, labels], ["reduction": "mean", "label_smoothing": 0.1]),
        Sample([scores, labels, weights], ["reduction": "mean", "label_smoothing": 0.1]),
        Sample([scores, chances, weights], ["reduction": "mean", "label_smoothing": 0.1]),
        Sample([scores, chances], ["reduction": "none"]),
      ]
    ) {
      let loss = CrossEntropyLoss<Element>(
        weight: $0.inputs.count > 2 ? try $0[2] : nil,
        ignoreIndex: try $0.attributes.optionalInt("ignore_index") ?? -100,
        labelSmoothing: try $0.attributes.optionalDouble("label_smoothing") ?? 0,
        reduction: try $0.attributes.reduction())
      if $0.inputs.count > 1, let probabilities = $0.inputs[1] as? Tensor<Element> {
        return [loss(try $0[0], probabilities)]
      }
      return [loss(try $0[0], try $0.indices(1))]
    },
    Operation("nll_loss", "NLLLoss()(x, classes)", checked: plain + weighted) {
      let loss = NLLLoss<Element>(
        weight: $0.inputs.count > 2 ? try $0[2] : nil,
        ignoreIndex: try $0.attributes.optionalInt("ignore_index") ?? -100,
        reduction: try $0.attributes.reduction())
      return [loss(try $0[0], try $0.indices(1))]
    },
  ]
}

/// Losses of each element against its own target.
private func pairedLosses<Element: FloatingElement>() -> [Operation<Element>] {
  func paired(
    _ name: String, _ spelling: String, on first: ClosedRange<Double> = -2...2,
    and second: ClosedRange<Double> = -1...1, _ attributes: Attributes = [:],
    _ loss:
      @escaping @Sendable (Attributes, LossReduction, Tensor<Element>, Tensor<Element>) throws ->
      Tensor<Element>
  ) -> Operation<Element> {
    let reductions: [JSONValue] = ["mean", "sum", "batchmean", "none"]
    return Operation(
      name, spelling,
      checked: reductions.map { reduction in
        Sample(
          [.numbers([4, 3], first), .numbers([4, 3], second)],
          Attributes(attributes.values.merging(["reduction": reduction]) { $1 }))
      }
    ) {
      [try loss($0.attributes, try $0.attributes.reduction(), try $0[0], try $0[1])]
    }
  }
  return [
    paired("mse_loss", "MSELoss()(x, y)") { MSELoss<Element>(reduction: $1)($2, $3) },
    paired("l1_loss", "L1Loss()(x, y)") { L1Loss<Element>(reduction: $1)($2, $3) },
    paired("huber_loss", "HuberLoss(delta: 1)(x, y)", ["delta": 0.7]) {
      HuberLoss<Element>(delta: try $0.double("delta"), reduction: $1)($2, $3)
    },
    paired("smooth_l1_loss", "SmoothL1Loss(beta: 1)(x, y)", ["beta": 0.7]) {
      SmoothL1Loss<Element>(beta: try $0.double("beta"), reduction: $1)($2, $3)
    },
    paired("bce_loss", "BCELoss()(p, y)", on: 0.1...0.9, and: 0...1) {
      BCELoss<Element>(reduction: $1)($2, $3)
    },
    paired("bce_with_logits", "BCEWithLogitsLoss()(x, y)", and: 0...1) {
      BCEWithLogitsLoss<Element>(reduction: $1)($2, $3)
    },
    paired("kl_div", "KLDivLoss()(x, y)", and: 0.1...1, ["input_is_log": true]) {
      guard try $0.flag("input_is_log") else { throw Unsupported("probabilities") }
      return KLDivLoss<Element>(reduction: $1)($2, $3)
    },
  ]
}

extension Attributes {
  fileprivate func reduction() throws -> LossReduction {
    switch try string("reduction") {
    case "mean": return .mean
    case "sum": return .sum
    case "batchmean": return .batchMean
    case "none": return .none
    case let name: throw Unsupported("the reduction '\(name)'")
    }
  }
}
