import Slope

/// Losses.
func lossOperations<E: FloatingElement>() -> [Operation<E>] {
  let scores = Sample.Input.numbers([4, 5], -2...2)
  let labels = Sample.Input.indices([4], below: 5)
  let reductions: [JSONValue] = ["mean", "sum", "none"]
  let plain = reductions.map { Sample([scores, labels], ["reduction": $0]) }
  return [
    Operation(
      "mse_loss", "MSELoss()(x, y)",
      checked: reductions.map {
        Sample(
          [.numbers([4, 3], -2...2), .numbers([4, 3], -1...1)], ["reduction": $0])
      }
    ) {
      [MSELoss<E>(reduction: try $0.attributes.reduction())(try $0[0], try $0[1])]
    },
    Operation(
      "cross_entropy", "CrossEntropyLoss()(x, classes)",
      checked: plain + [
        Sample([scores, labels], ["reduction": "mean", "label_smoothing": 0.1])
      ]
    ) {
      guard $0.inputs.count == 2 else { throw Unsupported("class weights") }
      let loss = CrossEntropyLoss<E>(
        ignoreIndex: try $0.attributes.optionalInt("ignore_index") ?? -100,
        labelSmoothing: try $0.attributes.optionalDouble("label_smoothing") ?? 0,
        reduction: try $0.attributes.reduction())
      return [loss(try $0[0], try $0.indices(1))]
    },
    Operation("nll_loss", "NLLLoss()(x, classes)", checked: plain) {
      guard $0.inputs.count == 2 else { throw Unsupported("class weights") }
      let loss = NLLLoss<E>(
        ignoreIndex: try $0.attributes.optionalInt("ignore_index") ?? -100,
        reduction: try $0.attributes.reduction())
      return [loss(try $0[0], try $0.indices(1))]
    },
  ]
}

extension Attributes {
  fileprivate func reduction() throws -> LossReduction {
    switch try string("reduction") {
    case "mean": return .mean
    case "sum": return .sum
    case "none": return .none
    case let name: throw Unsupported("the reduction '\(name)'")
    }
  }
}
