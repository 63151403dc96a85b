import Slope

private let row = Sample.Input.numbers([5], -2...2)
private let matrix = Sample.Input.numbers([3, 4], -2...2)
private let block = Sample.Input.numbers([2, 3, 4], -2...2)

/// A tensor, indices of its rank, and a source.
private func scatterSamples(_ attributes: Attributes = [:]) -> [Sample] {
  let cases: [([Int], [Int], [Int], Int)] = [
    ([3, 4], [3, 2], [3, 2], 1), ([3, 4], [5, 4], [5, 4], 0),
    ([2, 3, 4], [2, 2, 3], [2, 3, 4], -2),
    ([5], [7], [7], 0), ([], [], [], 0),
  ]
  return cases.map { shape, indices, source, axis in
    let extent = shape.isEmpty ? 1 : shape[axis < 0 ? axis + shape.count : axis]
    return Sample(
      [.numbers(shape, 0.5...2), .indices(indices, below: extent), .numbers(source, -2 ... -0.3)],
      attributes.adding(["dim": .number(Double(axis))]))
  }
}

/// A tensor, a list of indices, and slices.
func sliceSamples(_ attributes: Attributes = [:]) -> [Sample] {
  let cases: [([Int], Int, Int)] = [
    ([4, 3], 3, 0), ([3, 4], 6, 1), ([2, 3, 2], 2, -2), ([5], 7, 0),
  ]
  return cases.map { shape, count, axis in
    let place = axis < 0 ? axis + shape.count : axis
    var source = shape
    source[place] = count
    return Sample(
      [
        .numbers(shape, 0.5...2), .indices([count], below: shape[place]),
        .numbers(source, -2 ... -0.3),
      ], attributes.adding(["dim": .number(Double(axis))]))
  }
}

/// Elements written or reduced at indices along an axis.
func scatters<Element: TensorElement>() -> [Operation<Element>] {
  let reductions = ["sum", "prod", "amax", "amin"] + (Element.dtype == .bool ? [] : ["mean"])
  return [
    Operation(
      "scatter", "x.scattered(y, at: indices, axis: axis)", exact: true,
      checked: scatterSamples() + [
        Sample([matrix, .indices([2, 3], below: 3)], ["dim": 0, "value": 1])
      ]
    ) {
      let (x, indices, axis) = (try $0[0], try $0.indices(1), try $0.attributes.axis())
      if $0.attributes.has("reduce") {
        let kind = try $0.attributes.reduction("reduce")
        return [x.scatterReduced(try source($0, for: indices), at: indices, axis: axis, by: kind)]
      }
      guard $0.inputs.count > 2 else {
        return [x.scattered(try $0.attributes.element("value"), at: indices, axis: axis)]
      }
      return [x.scattered(try $0[2], at: indices, axis: axis)]
    },
    Operation(
      "scatter_reduce", "x.scatterReduced(y, at: indices, axis: axis, by: .sum)",
      checked: reductions.flatMap { name in
        [true, false].flatMap {
          scatterSamples(["reduce": .string(name), "include_self": .bool($0)])
        }
      }
    ) {
      [
        try $0[0].scatterReduced(
          $0[2], at: $0.indices(1), axis: $0.attributes.axis(),
          by: $0.attributes.reduction("reduce"),
          includingSelf: $0.attributes.flag("include_self", default: true))
      ]
    },
    Operation(
      "scatter_add", "x.scatterAdded(y, at: indices, axis: axis)", exact: true,
      checked: [
        Sample([matrix, .indices([3, 2], below: 4), .numbers([3, 2], -1...1)], ["dim": 1]),
        Sample([matrix, .indices([5, 4], below: 3), .numbers([5, 4], -1...1)], ["dim": 0]),
      ]
    ) {
      [
        try $0[0].scatterAdded(
          try $0[2], at: try $0.indices(1), axis: try $0.attributes.int("dim"))
      ]
    },
    Operation(
      "masked_scatter", "x.maskedScatter(mask, with: y)", exact: true,
      checked: [
        Sample([matrix, .booleans([3, 4]), .numbers([3, 4], 3...4)]),
        Sample([matrix, .booleans([4]), .numbers([14], 3...4)]),
        Sample([.numbers([4], -2...2), .booleans([3, 1]), .numbers([12], 3...4)]),
      ]
    ) { [try $0[0].maskedScatter($0.booleans(1), with: $0[2])] },
  ]
}

/// The third operand, or the number that stands for all of it.
private func source<Element: TensorElement>(
  _ arguments: Arguments<Element>, for indices: Tensor<Int>
) throws -> Tensor<Element> {
  if arguments.inputs.count > 2 { return try arguments[2] }
  let number: Element = try arguments.attributes.element("value")
  return try arguments[0].taking(at: indices * 0).maskedFill(
    indices .== indices, with: number)
}

/// Slices along an axis written or reduced at a list of indices.
func indexedSlices<Element: TensorElement>() -> [Operation<Element>] {
  let reductions = ["prod", "amax", "amin"] + (Element.dtype == .bool ? [] : ["mean"])
  return [
    Operation(
      "index_copy", "x.indexCopied(y, at: indices, axis: axis)", exact: true,
      checked: sliceSamples()
    ) { [try $0[0].indexCopied($0[2], at: $0.indices(1), axis: $0.attributes.axis())] },
    Operation(
      "index_fill", "x.indexFilled(element, at: indices, axis: axis)", exact: true,
      checked: [
        Sample([matrix, .indices([3], below: 4)], ["dim": 1, "value": 1]),
        Sample([block, .indices([1], below: 3)], ["dim": -2, "value": 0]),
        Sample([row, .indices([], below: 5)], ["dim": 0, "value": 1]),
        Sample([matrix, .indices([2], below: 3), .numbers([], 3...4)], ["dim": 0]),
      ]
    ) {
      let (x, indices, axis) = (try $0[0], try $0.indices(1), try $0.attributes.axis())
      if $0.inputs.count > 2 { return [x.indexFilled(try $0[2], at: indices, axis: axis)] }
      return [x.indexFilled(try $0.attributes.element("value"), at: indices, axis: axis)]
    },
    Operation(
      "index_reduce", "x.indexReduced(y, at: indices, axis: axis, by: .product)",
      checked: reductions.flatMap { name in
        [true, false].flatMap {
          sliceSamples(["reduce": .string(name), "include_self": .bool($0)])
        }
      }
    ) {
      [
        try $0[0].indexReduced(
          $0[2], at: $0.indices(1), axis: $0.attributes.axis(),
          by: $0.attributes.reduction("reduce"),
          includingSelf: $0.attributes.flag("include_self", default: true))
      ]
    },
  ]
}

extension Attributes {
  /// The axis named by `dim` or `axis`, one number or a list of one; nil if there is none.
  func optionalAxis() throws -> Int? {
    let name = has("dim") ? "dim" : "axis"
    if let list = try? optionalInts(name), list.count == 1 { return list[0] }
    return try optionalInt(name)
  }

  /// The axis named by `dim` or `axis`.
  func axis(default standard: Int? = nil) throws -> Int {
    if let axis = try optionalAxis() ?? standard { return axis }
    return try int("dim")
  }

  /// A Boolean that has another value than false if it is missing.
  func flag(_ name: String, default standard: Bool) throws -> Bool {
    has(name) ? try flag(name) : standard
  }

  /// A reduction by PyTorch's or ONNX's name; nil for `none`, or if it is missing.
  func optionalReduction(_ name: String) throws -> ScatterReduction? {
    guard has(name), try string(name) != "none" else { return nil }
    return try reduction(name)
  }

  /// A reduction by PyTorch's or ONNX's name.
  fileprivate func reduction(_ name: String) throws -> ScatterReduction {
    switch try string(name) {
    case "sum", "add": return .sum
    case "prod", "mul", "multiply": return .product
    case "mean": return .mean
    case "amax", "max": return .maximum
    case "amin", "min": return .minimum
    case let other: throw Unsupported("the reduction '\(other)'")
    }
  }
}
