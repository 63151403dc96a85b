import Slope
import SlopeCore

/// Distances and angles between vectors, and what divides by norms or statistics of neighbours.
func distanceOperations<Element: FloatingElement>() -> [Operation<Element>] {
  angleOperations() + neighbourOperations() + groupOperations()
}

private func angleOperations<Element: FloatingElement>() -> [Operation<Element>] {
  let vectors = Sample.Input.numbers([4, 3], -2...2)
  let others = Sample.Input.numbers([4, 3], -1.9...2.1)
  return [
    Operation(
      "cosine_similarity", "cosineSimilarity(x, y)",
      checked: [
        Sample([vectors, others]), Sample([vectors, others], ["dim": 0]),
        Sample([vectors, .numbers([2, 1, 3], -1.9...2.1)], ["dim": -1, "eps": 0.01]),
      ]
    ) {
      [
        cosineSimilarity(
          try $0[0], try $0[1], axis: try $0.attributes.optionalInt("dim") ?? 1,
          epsilon: try $0.attributes.optionalDouble("eps") ?? 1e-8)
      ]
    },
    Operation(
      "pairwise_distance", "pairwiseDistance(x, y)",
      checked: [
        Sample([vectors, others]), Sample([vectors, others], ["p": 3, "keepdim": true]),
        Sample([vectors, .numbers([3], -1.9...2.1)], ["p": 1, "eps": 0.01]),
      ]
    ) {
      [
        pairwiseDistance(
          try $0[0], try $0[1], p: try $0.attributes.optionalDouble("p") ?? 2,
          epsilon: try $0.attributes.optionalDouble("eps") ?? 1e-6,
          keepingAxis: try $0.attributes.flag("keepdim"))
      ]
    },
    Operation(
      "normalize", "x.normalized(axis: 1)",
      checked: [
        Sample([vectors]), Sample([vectors], ["p": 3, "dim": 0]),
        Sample([.numbers([2, 3, 2], 0.5...2)], ["p": 1, "dim": -1, "eps": 0.1]),
      ]
    ) {
      [
        try $0[0].normalized(
          try $0.attributes.optionalDouble("p") ?? 2,
          axis: try $0.attributes.optionalInt("dim") ?? 1,
          epsilon: try $0.attributes.optionalDouble("eps") ?? 1e-12)
      ]
    },
    Operation(
      "bilinear", "bilinear(x, y, weight: z)",
      checked: [
        Sample([vectors, .numbers([4, 2], -1...1), .numbers([5, 3, 2], -1...1)]),
        Sample([
          .numbers([3], -2...2), .numbers([2], -1...1), .numbers([2, 3, 2], -1...1),
          .numbers([2], -1...1),
        ]),
      ]
    ) {
      [
        bilinear(
          try $0[0], try $0[1], weight: try $0[2], bias: $0.inputs.count > 3 ? try $0[3] : nil)
      ]
    },
  ]
}

private func neighbourOperations<Element: FloatingElement>() -> [Operation<Element>] {
  let plane = Sample.Input.numbers([2, 3, 4, 5], 0.5...2)
  return [
    Operation(
      "lp_pool2d", "x.lpPool2d(2, kernel: 2)",
      checked: [
        Sample([plane], ["norm_type": 2, "kernel_size": 2]),
        Sample(
          [plane], ["norm_type": 3, "kernel_size": [3, 2], "stride": [1, 2], "ceil_mode": true]),
      ]
    ) {
      [
        try $0[0].lpPool2d(
          try $0.attributes.double("norm_type"),
          kernel: try $0.attributes.neededPair("kernel_size"),
          stride: try $0.attributes.pair("stride"),
          ceilMode: try $0.attributes.flag("ceil_mode"))
      ]
    },
    Operation(
      "lp_pool1d", "x.lpPool1d(2, kernel: 2)",
      checked: [
        Sample(
          [.numbers([2, 3, 7], 0.5...2)], ["norm_type": 2, "kernel_size": 3, "stride": 2])
      ]
    ) {
      [
        try $0[0].lpPool1d(
          try $0.attributes.double("norm_type"),
          kernel: try $0.attributes.neededPair("kernel_size").width,
          stride: try $0.attributes.pair("stride")?.width,
          ceilMode: try $0.attributes.flag("ceil_mode"))
      ]
    },
    Operation(
      "local_response_norm", "x.localResponseNormalized(size: 3)",
      checked: [
        Sample([plane], ["size": 2]),
        Sample(
          [.numbers([2, 5, 3], -2...2)], ["size": 3, "alpha": 0.5, "beta": 0.6, "k": 2]),
      ]
    ) {
      [
        try $0[0].localResponseNormalized(
          size: try $0.attributes.int("size"),
          alpha: try $0.attributes.optionalDouble("alpha") ?? 1e-4,
          beta: try $0.attributes.optionalDouble("beta") ?? 0.75,
          k: try $0.attributes.optionalDouble("k") ?? 1)
      ]
    },
  ]
}

private func groupOperations<Element: FloatingElement>() -> [Operation<Element>] {
  let plane = Sample.Input.numbers([2, 4, 3, 2], -2...2)
  let (weight, bias) = (Sample.Input.numbers([4], 0.5...1.5), Sample.Input.numbers([4], -1...1))
  return [
    Operation(
      "group_norm", "GroupNorm<Float>(groups, channels)(x)",
      checked: [
        Sample([plane, weight, bias], ["num_groups": 2]),
        Sample([plane], ["num_groups": 4, "eps": 0.01]),
      ]
    ) {
      let (x, groups) = (try $0[0], try $0.attributes.int("num_groups"))
      guard x.rank >= 2, groups > 0, x.shape[1] % groups == 0 else {
        throw Unsupported("groups that do not divide the channels")
      }
      return [
        x.groupNormalized(
          groups: groups, weight: $0.inputs.count > 1 ? try $0[1] : nil,
          bias: $0.inputs.count > 2 ? try $0[2] : nil,
          epsilon: try $0.attributes.optionalDouble("eps") ?? 1e-5)
      ]
    },
    Operation(
      "instance_norm", "InstanceNorm2d<Float>(channels)(x)",
      checked: [
        Sample([plane, weight, bias]), Sample([.numbers([2, 3, 5], -2...2)], ["eps": 0.01]),
      ]
    ) {
      let x = try $0[0]
      guard x.rank >= 3 else { throw Unsupported("an input without places") }
      return [
        x.instanceNormalized(
          axisCount: x.rank - 2, weight: $0.inputs.count > 1 ? try $0[1] : nil,
          bias: $0.inputs.count > 2 ? try $0[2] : nil,
          epsilon: try $0.attributes.optionalDouble("eps") ?? 1e-5)
      ]
    },
    Operation(
      "rms_norm", "RMSNorm<Float>(n)(x)",
      checked: [
        Sample([.numbers([3, 5], -2...2), .numbers([5], 0.5...1.5)], ["normalized_shape": [5]]),
        Sample([plane], ["normalized_shape": [3, 2], "eps": 0.01]),
      ]
    ) {
      [
        try $0[0].rootMeanSquareNormalized(
          axisCount: try $0.attributes.ints("normalized_shape").count,
          epsilon: try $0.attributes.optionalDouble("eps")
            ?? (Element.dtype == .float64 ? 0x1p-52 : 0x1p-23),
          weight: $0.inputs.count > 1 ? try $0[1] : nil)
      ]
    },
  ]
}
