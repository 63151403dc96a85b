import Slope

/// Convolutions, and windows as such.
func convolutionOperations<Element: NumericElement>() -> [Operation<Element>] {
  convolutions() + windows()
}

private let unit = -1.0...1.0

private func convolutions<Element: NumericElement>() -> [Operation<Element>] {
  let (plane, kernels) = (Sample.Input.numbers([2, 4, 5, 6], unit), [4, 2, 3, 2])
  let weight = Sample.Input.numbers([3, 4, 3, 2], unit)
  let bias = Sample.Input.numbers([3], unit)
  let (line, lineWeight) = (Sample.Input.numbers([2, 4, 7], unit), [2, 2, 3])
  return [
    Operation(
      "conv2d", "conv2d(x, weight: y, bias: z)",
      checked: [
        Sample([plane, weight, bias]),
        Sample([plane, weight], ["stride": [2, 1], "padding": [1, 2]]),
        Sample([.numbers([2, 3, 3], unit), .numbers([1, 2, 2, 2], unit)], ["padding": "same"]),
        Sample(
          [plane, .numbers(kernels, unit)], ["groups": 2, "dilation": [1, 3], "padding": "valid"]),
        Sample([plane, .numbers([2, 4, 1, 1], unit)]),
      ],
      tried: [Sample([.numbers([0, 4, 5, 6], unit), weight, bias])]
    ) {
      [
        conv2d(
          try $0[0], weight: try $0[1], bias: $0.inputs.count > 2 ? try $0[2] : nil,
          stride: try $0.attributes.pair("stride") ?? 1, padding: try $0.attributes.padding(),
          dilation: try $0.attributes.pair("dilation") ?? 1,
          groups: try $0.attributes.optionalInt("groups") ?? 1)
      ]
    },
    Operation(
      "conv1d", "conv1d(x, weight: y, bias: z)",
      checked: [
        Sample([line, .numbers([3, 4, 3], unit), bias]),
        Sample(
          [line, .numbers(lineWeight, unit)],
          ["groups": 2, "stride": 2, "padding": 2, "dilation": 2]),
        Sample([.numbers([2, 5], unit), .numbers([1, 2, 4], unit)], ["padding": "same"]),
      ]
    ) {
      [
        conv1d(
          try $0[0], weight: try $0[1], bias: $0.inputs.count > 2 ? try $0[2] : nil,
          stride: try $0.attributes.pair("stride")?.width ?? 1,
          padding: try $0.attributes.padding(),
          dilation: try $0.attributes.pair("dilation")?.width ?? 1,
          groups: try $0.attributes.optionalInt("groups") ?? 1)
      ]
    },
    Operation(
      "conv_transpose2d", "convTranspose2d(x, weight: y, bias: z)",
      checked: [
        Sample([.numbers([2, 4, 2, 3], unit), .numbers([4, 3, 3, 2], unit), bias]),
        Sample(
          [.numbers([2, 4, 2, 3], unit), .numbers(kernels, unit)],
          ["groups": 2, "stride": [2, 3], "padding": [1, 0], "output_padding": [1, 2]]),
        Sample(
          [.numbers([2, 3, 3], unit), .numbers([2, 1, 2, 2], unit)],
          ["dilation": 2, "padding": 1]),
      ]
    ) {
      [
        convTranspose2d(
          try $0[0], weight: try $0[1], bias: $0.inputs.count > 2 ? try $0[2] : nil,
          stride: try $0.attributes.pair("stride") ?? 1,
          padding: try $0.attributes.pair("padding") ?? 0,
          outputPadding: try $0.attributes.pair("output_padding") ?? 0,
          groups: try $0.attributes.optionalInt("groups") ?? 1,
          dilation: try $0.attributes.pair("dilation") ?? 1)
      ]
    },
    Operation(
      "conv_transpose1d", "convTranspose1d(x, weight: y, bias: z)",
      checked: [
        Sample([line, .numbers([4, 3, 2], unit), bias]),
        Sample(
          [.numbers([4, 3], unit), .numbers([4, 1, 3], unit)],
          ["groups": 2, "stride": 3, "padding": 1, "output_padding": 2, "dilation": 2]),
      ]
    ) {
      [
        convTranspose1d(
          try $0[0], weight: try $0[1], bias: $0.inputs.count > 2 ? try $0[2] : nil,
          stride: try $0.attributes.pair("stride")?.width ?? 1,
          padding: try $0.attributes.pair("padding")?.width ?? 0,
          outputPadding: try $0.attributes.pair("output_padding")?.width ?? 0,
          groups: try $0.attributes.optionalInt("groups") ?? 1,
          dilation: try $0.attributes.pair("dilation")?.width ?? 1)
      ]
    },
  ]
}

private func windows<Element: NumericElement>() -> [Operation<Element>] {
  [
    Operation(
      "unfold", "x.unfolded(kernel: 2)", exact: true,
      checked: slidingSamples + [
        Sample([.numbers([2, 2, 3, 4], unit)], ["kernel_size": 2]),
        Sample(
          [.numbers([1, 4, 5], unit)],
          ["kernel_size": [2, 3], "dilation": [2, 1], "padding": [1, 2], "stride": [1, 2]]),
      ]
    ) {
      // PyTorch has two functions of this name.
      if $0.attributes.has("dimension") { return [try sliding($0)] }
      return [
        try $0[0].unfolded(
          kernel: try $0.attributes.neededPair("kernel_size"),
          dilation: try $0.attributes.pair("dilation") ?? 1,
          padding: try $0.attributes.pair("padding") ?? 0,
          stride: try $0.attributes.pair("stride") ?? 1)
      ]
    },
    Operation(
      "fold", "x.folded(into: [4, 5], kernel: 2)",
      checked: [
        Sample([.numbers([2, 8, 6], unit)], ["output_size": [3, 4], "kernel_size": 2]),
        Sample(
          [.numbers([6, 16], unit)],
          [
            "output_size": [4, 5], "kernel_size": [2, 3], "dilation": [2, 1], "padding": [1, 2],
            "stride": [1, 2],
          ]),
      ]
    ) {
      [
        try $0[0].folded(
          into: try $0.attributes.neededPair("output_size"),
          kernel: try $0.attributes.neededPair("kernel_size"),
          dilation: try $0.attributes.pair("dilation") ?? 1,
          padding: try $0.attributes.pair("padding") ?? 0,
          stride: try $0.attributes.pair("stride") ?? 1)
      ]
    },
    Operation(
      "pixel_shuffle", "x.pixelShuffled(2)", exact: true,
      checked: [
        Sample([.numbers([2, 8, 2, 3], unit)], ["upscale_factor": 2]),
        Sample([.numbers([9, 1, 2], unit)], ["upscale_factor": 3]),
      ]
    ) { [try $0[0].pixelShuffled(try $0.attributes.int("upscale_factor"))] },
    Operation(
      "pixel_unshuffle", "x.pixelUnshuffled(2)", exact: true,
      checked: [
        Sample([.numbers([2, 2, 4, 6], unit)], ["downscale_factor": 2]),
        Sample([.numbers([1, 3, 6], unit)], ["downscale_factor": 3]),
      ]
    ) { [try $0[0].pixelUnshuffled(try $0.attributes.int("downscale_factor"))] },
    Operation(
      "channel_shuffle", "x.channelShuffled(groups: 2)", exact: true,
      checked: [
        Sample([.numbers([2, 6, 2], unit)], ["groups": 3]),
        Sample([.numbers([1, 4, 2, 2], unit)], ["groups": 2]),
      ]
    ) { [try $0[0].channelShuffled(groups: try $0.attributes.int("groups"))] },
  ]
}

private let slidingSamples = [
  Sample([.numbers([5, 3], unit)], ["dimension": 0, "size": 3, "step": 1]),
  Sample([.numbers([2, 7], unit)], ["dimension": -1, "size": 2, "step": 3]),
  Sample([.numbers([], unit)], ["dimension": 0, "size": 1, "step": 1]),
]

private func sliding<Element: TensorElement>(
  _ arguments: Arguments<Element>
) throws -> Tensor<Element> {
  try arguments[0].unfolded(
    axis: try arguments.attributes.int("dimension"), size: try arguments.attributes.int("size"),
    step: try arguments.attributes.int("step"))
}

/// Parts of an axis that overlap, of types without arithmetic.
func slidingOperations<Element: TensorElement>() -> [Operation<Element>] {
  [
    Operation(
      "unfold", "x.unfolded(axis: axis, size: n, step: m)", exact: true, tried: slidingSamples
    ) { [try sliding($0)] }
  ]
}

extension Attributes {
  /// A pair, or one number for both axes; nil if it is null or missing.
  func pair(_ name: String) throws -> Pair? {
    if let number = try? optionalInt(name) { return Pair(number) }
    guard let numbers = try optionalInts(name) else { return nil }
    guard let first = numbers.first, numbers.count <= 2 else {
      throw Unsupported("'\(name)' is not one or two numbers")
    }
    return Pair(first, numbers.last ?? first)
  }

  /// A pair, or one number for both axes.
  func neededPair(_ name: String) throws -> Pair {
    guard let pair = try pair(name) else { throw Unsupported("'\(name)' is not given") }
    return pair
  }

  /// The padding of a convolution: a pair, a number or a word.
  fileprivate func padding() throws -> ConvolutionPadding {
    if case .string(let word)? = values["padding"] {
      switch word {
      case "same": return .same
      case "valid": return .valid
      default: throw Unsupported("the padding '\(word)'")
      }
    }
    return .margins(try pair("padding") ?? 0)
  }
}
