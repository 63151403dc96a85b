import Slope
import SlopeCore

/// Computations of layers that are more than one operation.
func layerOperations<Element: FloatingElement>() -> [Operation<Element>] {
  let batch = Sample.Input.numbers([3, 5], -2...2)
  let row = Sample.Input.numbers([5], 0.5...1.5)
  let other = Sample.Input.numbers([5], -1...1)
  return [
    Operation(
      "layer_norm", "LayerNorm<Float>(n)(x)",
      checked: [
        Sample([batch, row, other], ["normalized_shape": [5], "eps": 1e-5]),
        Sample(
          [.numbers([2, 3, 5], -2...2), .numbers([3, 5], 0.5...1.5), .numbers([3, 5], -1...1)],
          ["normalized_shape": [3, 5], "eps": 0.01]),
      ]
    ) {
      [
        try $0[0].layerNormalized(
          axisCount: try $0.attributes.ints("normalized_shape").count,
          epsilon: try $0.attributes.double("eps"), weight: try $0[1], bias: try $0[2])
      ]
    },
    Operation(
      "batch_norm_train", "BatchNorm1d<Float>(n)(x)",
      checked: [
        Sample([batch, row, other], ["eps": 1e-5]),
        Sample([.numbers([2, 5, 3], -2...2), row, other], ["eps": 0.01]),
      ]
    ) {
      let x = try $0[0]
      let running = Tensor<Element>.zeros([x.shape[1]], on: x.device)
      return [
        x.batchNormalized(
          following: (running, running), share: 0.1, epsilon: try $0.attributes.double("eps"),
          weight: try $0[1], bias: try $0[2]
        ).result
      ]
    },
    Operation(
      "batch_norm_eval", "BatchNorm1d<Float>(n).eval()(x)",
      checked: [Sample([batch, other, row, row, other], ["eps": 1e-5])]
    ) {
      [
        try $0[0].batchNormalized(
          mean: try $0[1], variance: try $0[2], epsilon: try $0.attributes.double("eps"),
          weight: try $0[3], bias: try $0[4])
      ]
    },
    Operation("batch_norm_running", "BatchNorm1d<Float>(n).runningMean") {
      let x = try $0[0]
      let momentum = try $0.attributes.double("momentum")
      let layer = withDevice(x.device) { BatchNorm1d<Element>(x.shape[1], momentum: momentum) }
      layer.runningMean.tensor = try $0[1]
      layer.runningVariance.tensor = try $0[2]
      _ = layer(x)
      return [layer.runningMean.tensor, layer.runningVariance.tensor]
    },
    Operation(
      "dropout", "Dropout<Float>(p: 0.5)(x)",
      checked: [Sample([batch], ["p": 0, "training": true])],
      tried: [Sample([batch], ["p": 0.5, "training": false])]
    ) {
      let layer = Dropout<Element>(p: try $0.attributes.double("p"))
      layer.train(try $0.attributes.flag("training"))
      return [layer(try $0[0])]
    },
  ]
}
