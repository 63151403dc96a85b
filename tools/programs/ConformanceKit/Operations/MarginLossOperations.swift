import Slope

private let reductions: [JSONValue] = ["mean", "sum", "none"]

/// Each sample with each reduction.
private func reduced(_ inputs: [Sample.Input], _ attributes: Attributes = [:]) -> [Sample] {
  reductions.map {
    Sample(inputs, Attributes(attributes.values.merging(["reduction": $0]) { $1 }))
  }
}

/// Losses of margins, angles and likelihoods.
func marginLossOperations<Element: FloatingElement>() -> [Operation<Element>] {
  pairLosses() + labelLosses() + likelihoodLosses()
}

private func pairLosses<Element: FloatingElement>() -> [Operation<Element>] {
  let scores = Sample.Input.numbers([4, 3], -2...2)
  let others = Sample.Input.numbers([4, 3], -1.9...2.1)
  let thirds = Sample.Input.numbers([4, 3], -2.2...1.8)
  let signs = Sample.Input.constants([4, 3], -1...1)
  return [
    Operation(
      "margin_ranking_loss", "MarginRankingLoss(margin: 1)(x, y, sign)",
      checked: reduced([scores, others, signs], ["margin": 0.3])
    ) {
      let loss = MarginRankingLoss<Element>(
        margin: try $0.attributes.optionalDouble("margin") ?? 0,
        reduction: try $0.attributes.lossReduction())
      return [loss(try $0[0], try $0[1], try $0[2])]
    },
    Operation(
      "hinge_embedding_loss", "HingeEmbeddingLoss(margin: 1)(x, sign)",
      checked: reduced([scores, signs], ["margin": 0.8])
    ) {
      let loss = HingeEmbeddingLoss<Element>(
        margin: try $0.attributes.optionalDouble("margin") ?? 1,
        reduction: try $0.attributes.lossReduction())
      return [loss(try $0[0], try $0[1])]
    },
    Operation(
      "soft_margin_loss", "SoftMarginLoss()(x, sign)", checked: reduced([scores, signs])
    ) {
      [SoftMarginLoss<Element>(reduction: try $0.attributes.lossReduction())(try $0[0], try $0[1])]
    },
    Operation(
      "cosine_embedding_loss", "CosineEmbeddingLoss(margin: 0)(x, y, sign)",
      checked: reduced([scores, others, .constants([4], 0.9...1.1)], ["margin": 0.1])
        + reduced([.numbers([3], -2...2), .numbers([3], -1.9...2.1), .constants([], -1...1)])
    ) {
      let loss = CosineEmbeddingLoss<Element>(
        margin: try $0.attributes.optionalDouble("margin") ?? 0,
        reduction: try $0.attributes.lossReduction())
      return [loss(try $0[0], try $0[1], try $0[2])]
    },
    Operation(
      "triplet_margin_loss", "TripletMarginLoss(margin: 1)(x, near, far)",
      checked: reduced([scores, others, thirds])
        + reduced([scores, others, thirds], ["p": 3, "swap": true, "margin": 2])
    ) {
      let loss = TripletMarginLoss<Element>(
        margin: try $0.attributes.optionalDouble("margin") ?? 1,
        p: try $0.attributes.optionalDouble("p") ?? 2,
        epsilon: try $0.attributes.optionalDouble("eps") ?? 1e-6,
        swap: try $0.attributes.flag("swap"), reduction: try $0.attributes.lossReduction())
      return [loss(try $0[0], try $0[1], try $0[2])]
    },
  ]
}

private func labelLosses<Element: FloatingElement>() -> [Operation<Element>] {
  let scores = Sample.Input.numbers([4, 5], -1.9...2)
  let labels = Sample.Input.indices([4], below: 5)
  let weights = Sample.Input.constants([5], 0.5...3)
  return [
    Operation(
      "multi_margin_loss", "MultiMarginLoss()(x, classes)",
      checked: reduced([scores, labels]) + reduced([scores, labels], ["p": 2, "margin": 0.7])
        + reduced([scores, labels, weights])
        + reduced([.numbers([3], -2...2), .indices([], below: 3)])
    ) {
      let loss = MultiMarginLoss<Element>(
        p: try $0.attributes.optionalInt("p") ?? 1,
        margin: try $0.attributes.optionalDouble("margin") ?? 1,
        weight: $0.inputs.count > 2 ? try $0[2] : nil,
        reduction: try $0.attributes.lossReduction())
      return [loss(try $0[0], try $0.indices(1))]
    },
    Operation(
      "multilabel_margin_loss", "MultiLabelMarginLoss()(x, lists)",
      checked: reduced([scores, .indices([4, 5], below: 5)])
        + reduced([.numbers([3], -2...2), .indices([3], below: 3)])
    ) {
      let loss = MultiLabelMarginLoss<Element>(reduction: try $0.attributes.lossReduction())
      return [loss(try $0[0], try $0.indices(1))]
    },
    Operation(
      "multilabel_soft_margin_loss", "MultiLabelSoftMarginLoss()(x, y)",
      checked: reduced([scores, .numbers([4, 5], 0...1)])
        + reduced([scores, .numbers([4, 5], 0...1), weights])
    ) {
      let loss = MultiLabelSoftMarginLoss<Element>(
        weight: $0.inputs.count > 2 ? try $0[2] : nil,
        reduction: try $0.attributes.lossReduction())
      return [loss(try $0[0], try $0[1])]
    },
  ]
}

private func likelihoodLosses<Element: FloatingElement>() -> [Operation<Element>] {
  let numbers = Sample.Input.numbers([4, 3], 0.5...2)
  return [
    Operation(
      "poisson_nll_loss", "PoissonNLLLoss()(x, y)",
      checked: reduced([numbers, .numbers([4, 3], 0.2...5)])
        + reduced(
          [numbers, .numbers([4, 3], 0.2...5)], ["log_input": false, "full": true, "eps": 0.01])
    ) {
      let logarithms =
        $0.attributes.has("log_input") ? try $0.attributes.flag("log_input") : true
      let loss = PoissonNLLLoss<Element>(
        takesLogarithms: logarithms, full: try $0.attributes.flag("full"),
        epsilon: try $0.attributes.optionalDouble("eps") ?? 1e-8,
        reduction: try $0.attributes.lossReduction())
      return [loss(try $0[0], try $0[1])]
    },
    Operation(
      "gaussian_nll_loss", "GaussianNLLLoss()(x, y, variance)",
      checked: reduced([numbers, .numbers([4, 3], -1...1), .numbers([4, 3], 0.5...2)])
        + reduced(
          [numbers, .numbers([4, 3], -1...1), .numbers([4], 0.5...2)], ["full": true])
        + reduced([numbers, .numbers([4, 3], -1...1), .numbers([4, 1], 0.5...2)])
    ) {
      let loss = GaussianNLLLoss<Element>(
        full: try $0.attributes.flag("full"),
        epsilon: try $0.attributes.optionalDouble("eps") ?? 1e-6,
        reduction: try $0.attributes.lossReduction())
      return [loss(try $0[0], try $0[1], try $0[2])]
    },
  ]
}

extension Attributes {
  /// PyTorch's `reduction`, which is the mean by default.
  fileprivate func lossReduction() throws -> LossReduction {
    guard has("reduction") else { return .mean }
    switch try string("reduction") {
    case "mean": return .mean
    case "sum": return .sum
    case "none": return .none
    case let name: throw Unsupported("the reduction '\(name)'")
    }
  }
}
