import Slope

/// Operations that every element type has: creation, comparison for equality, views, joining,
/// picking and casts.
func elementOperations<Element: TensorElement>() -> [Operation<Element>] {
  creation() + equality() + existence() + views() + joining() + picking()
}

private func creation<Element: TensorElement>() -> [Operation<Element>] {
  [
    Operation(
      "zeros", "Tensor.zeros(shape)", exact: true,
      tried: [Sample([], ["shape": [2, 0, 3]]), Sample([], ["shape": [5]])]
    ) {
      [Tensor<Element>.zeros(Shape(try $0.attributes.shape("shape")))]
    },
    Operation(
      "full", "Tensor.full(shape, element)", exact: true,
      tried: [Sample([], ["shape": [2, 3], "value": 1]), Sample([], ["shape": [], "value": 0])]
    ) {
      [
        Tensor<Element>.full(
          Shape(try $0.attributes.shape("shape")), try $0.attributes.element("value"))
      ]
    },
  ]
}

private func equality<Element: TensorElement>() -> [Operation<Element>] {
  [
    .binary("eq", "x .== y", exact: true) { $0 .== $1 },
    .binary("ne", "x .!= y", exact: true) { $0 .!= $1 },
    Operation(
      "cast", "x.cast(to: Float.self)", exact: true,
      checked: [Sample([.numbers([3, 5], -2...2)], ["to": "float64"])],
      tried: DType.allCases.map {
        Sample([.numbers([3, 5], -300...300)], ["to": .string($0.name)])
      }
    ) {
      [try cast(try $0[0], $0.attributes)]
    }.differing("PyTorch's `to`; to integers it saturates, and NaN gives 0"),
  ]
}

private func existence<Element: TensorElement>() -> [Operation<Element>] {
  let samples = axisSamples() + [Sample([.numbers([2, 0], 0...1)], ["dim": 1])]
  return [
    Operation("any", "x.any(axes: axes)", exact: true, tried: samples) {
      [
        try $0[0].any(
          axes: try $0.attributes.optionalInts("dim"),
          keepingAxes: try $0.attributes.flag("keepdim"))
      ]
    }.differing("Bool of UInt8, too"),
    Operation("all", "x.all(axes: axes)", exact: true, tried: samples) {
      [
        try $0[0].all(
          axes: try $0.attributes.optionalInts("dim"),
          keepingAxes: try $0.attributes.flag("keepdim"))
      ]
    }.differing("Bool of UInt8, too"),
  ]
}

private func cast<Element: TensorElement>(_ x: Tensor<Element>, _ attributes: Attributes) throws
  -> any AnyTensor
{
  let name = try attributes.string("to")
  switch DType.allCases.first(where: { $0.name == name }) {
  case .bool: return x.cast(to: Bool.self)
  case .uint8: return x.cast(to: UInt8.self)
  case .uint16: return x.cast(to: UInt16.self)
  case .uint32: return x.cast(to: UInt32.self)
  case .uint64: return x.cast(to: UInt64.self)
  case .int8: return x.cast(to: Int8.self)
  case .int16: return x.cast(to: Int16.self)
  case .int32: return x.cast(to: Int32.self)
  case .int64: return x.cast(to: Int64.self)
  case .float16: return x.cast(to: Float16.self)
  case .bfloat16: return x.cast(to: BFloat16.self)
  case .float32: return x.cast(to: Float.self)
  case .float64: return x.cast(to: Double.self)
  case nil: throw Unsupported("unknown dtype '\(name)'")
  }
}

private func views<Element: TensorElement>() -> [Operation<Element>] {
  let block = Sample.Input.numbers([2, 3, 4], -2...2)
  let matrix = Sample.Input.numbers([3, 4], -2...2)
  return [
    Operation(
      "reshape", "x.reshaped(to: shape)", exact: true,
      checked: [
        Sample([block], ["shape": [4, -1]]), Sample([block], ["shape": [24]]),
      ]
    ) { [try $0[0].reshaped(to: Shape(try $0.attributes.shape("shape")))] },
    Operation(
      "permute", "x.permuted(axes)", exact: true, checked: [Sample([block], ["dims": [2, 0, 1]])]
    ) { [try $0[0].permuted(try $0.attributes.ints("dims"))] },
    Operation(
      "squeeze", "x.squeezed(at: axis)", exact: true,
      checked: [
        Sample([.numbers([3, 1], -2...2)], ["dim": -1]),
        Sample([.numbers([1, 3, 1, 1], -2...2)], ["dim": [0, 1, -1]]),
        Sample([.numbers([1, 3, 1], -2...2)]), Sample([.numbers([1, 2], -2...2)], ["dim": []]),
      ]
    ) { arguments in
      let axes = try arguments.attributes.optionalInts("dim")
      return [try axes.map { try arguments[0].squeezed(at: $0) } ?? arguments[0].squeezed()]
    },
    Operation(
      "unsqueeze", "x.unsqueezed(at: axis)", exact: true,
      checked: [Sample([matrix], ["dim": 1]), Sample([matrix], ["dim": [0, -1]])]
    ) { [try $0[0].unsqueezed(at: try $0.attributes.ints("dim"))] },
    Operation(
      "broadcast_to", "x.expanded(to: shape)", exact: true,
      checked: [
        Sample([.numbers([3, 1], -2...2)], ["shape": [2, 3, 4]]),
        Sample([.numbers([], -2...2)], ["shape": [2, 2]]),
      ]
    ) { [try $0[0].expanded(to: Shape(try $0.attributes.shape("shape")))] },
    Operation(
      "slice", "x[1..<3, stride(from: 0, to: 4, by: 2)]", exact: true,
      checked: [Sample([matrix], ["ranges_start_stop_step": [[1, 3, 1], [0, 4, 3]]])]
    ) { [try sliced(try $0[0], try $0.attributes.intLists("ranges_start_stop_step"))] },
    program("slice_negstep", "x[::-2]", "x[stride(from: -1, through: 0, by: -2)]") {
      $0[stride(from: max(($0.shape.first ?? 1) - 1, 0), through: 0, by: -2)]
    },
    program("index", "x[1, 1:3]", "x[1, 1..<3]") { $0[1, 1..<3] },
    program(
      "reshape_after_transpose", "reshape(transpose(x), [2, 6])",
      "x.transposed().reshaped(to: [2, 6])"
    ) { $0.transposed().reshaped(to: [2, 6]) },
  ]
}

/// An operation that golden files state as a text, for a matrix of twelve elements.
private func program<Element: TensorElement>(
  _ name: String, _ text: String, _ spelling: String,
  _ function: @escaping @Sendable (Tensor<Element>) -> Tensor<Element>
) -> Operation<Element> {
  Operation(
    name, spelling,
    checked: [Sample([.numbers([3, 4], -2...2)], ["program": .string(text)])]
  ) { arguments in
    let stated = try arguments.attributes.string("program")
    guard stated == text else { throw Unsupported("the program '\(stated)'") }
    return [function(try arguments[0])]
  }
}

/// The view of the given ranges, each `[start, stop, step]`; numbers below zero count from the end.
private func sliced<Element: TensorElement>(_ x: Tensor<Element>, _ ranges: [[Int]]) throws
  -> Tensor<Element>
{
  guard ranges.count <= x.rank else { throw Unsupported("\(ranges.count) ranges of \(x.shape)") }
  let indices = try ranges.enumerated().map { axis, range -> any TensorIndex in
    guard range.count == 3, range[2] > 0 else { throw Unsupported("the range \(range)") }
    func place(_ number: Int) -> Int { number < 0 ? max(number + x.shape[axis], 0) : number }
    return stride(from: place(range[0]), to: place(range[1]), by: range[2])
  }
  switch indices.count {
  case 1: return x[indices[0]]
  case 2: return x[indices[0], indices[1]]
  case 3: return x[indices[0], indices[1], indices[2]]
  case 4: return x[indices[0], indices[1], indices[2], indices[3]]
  default: throw Unsupported("\(indices.count) ranges")
  }
}

private func joining<Element: TensorElement>() -> [Operation<Element>] {
  let matrix = Sample.Input.numbers([2, 3], -2...2)
  return [
    Operation(
      "cat", "concatenate([x, y], axis: axis)", exact: true,
      checked: [
        Sample([matrix, .numbers([2, 1], -2...2)], ["dim": 1]),
        Sample([matrix, .numbers([0, 3], -2...2)], ["dim": 0]),
      ]
    ) { [concatenate(try $0.all(), axis: try $0.attributes.optionalInt("dim") ?? 0)] },
    Operation(
      "stack", "stack([x, y], axis: axis)", exact: true,
      checked: [
        Sample([matrix, matrix], ["dim": 0]),
        Sample([matrix, matrix], ["dim": -1]),
      ]
    ) { [stack(try $0.all(), axis: try $0.attributes.optionalInt("dim") ?? 0)] },
  ]
}

private func picking<Element: TensorElement>() -> [Operation<Element>] {
  let matrix = Sample.Input.numbers([3, 4], -2...2)
  let rows = "rows of x picked by the index tensor"
  return [
    Operation(
      "where", "Tensor.where(condition, x, y)", exact: true,
      checked: [
        Sample([.booleans([3, 4]), matrix, .numbers([3, 4], -1...1)]),
        Sample([.booleans([3, 1]), matrix, .numbers([4], -1...1)]),
      ]
    ) { [Tensor<Element>.where(try $0.booleans(0), try $0[1], try $0[2])] },
    Operation(
      "index_select", "x.taking(indices, axis: axis)", exact: true,
      checked: [
        Sample([matrix, .indices([5], below: 4)], ["dim": 1]),
        Sample([matrix, .indices([2], below: 3)], ["dim": 0]),
      ]
    ) { [try $0[0].taking(try $0.indices(1), axis: try $0.attributes.int("dim"))] },
    Operation(
      "embedding", "x.taking(rows.flattened()).reshaped(to: …)", exact: true,
      checked: [Sample([matrix, .indices([2, 2], below: 3)], ["program": .string(rows)])]
    ) {
      let (x, rows) = (try $0[0], try $0.indices(1))
      guard x.rank > 0 else { throw Unsupported("a table without rows") }
      return [
        x.taking(rows.flattened()).reshaped(to: Shape(Array(rows.shape) + x.shape.dropFirst()))
      ]
    },
  ]
}
