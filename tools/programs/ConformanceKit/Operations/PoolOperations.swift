import Slope

private let unit = -1.0...1.0

/// The greatest elements of windows.
func maximaOperations<Element: NumericElement>() -> [Operation<Element>] {
  let plane = Sample.Input.numbers([2, 3, 6, 5], unit)
  let line = Sample.Input.numbers([2, 3, 7], unit)
  return [
    Operation(
      "max_pool2d", "x.maxPool2d(2), x.maxPool2dWithIndices(2)", exact: true,
      checked: [
        Sample([plane], ["kernel_size": 2]),
        Sample(
          [plane],
          [
            "kernel_size": [3, 2], "stride": [2, 1], "padding": [1, 0], "dilation": [1, 2],
            "ceil_mode": true,
          ]),
        Sample([.numbers([2, 4, 4], unit)], ["kernel_size": 3, "stride": 1, "padding": 1]),
      ],
      tried: [
        Sample([.numbers([0, 3, 4, 4], unit)], ["kernel_size": 2]),
        Sample([plane], ["kernel_size": 2, "return_indices": true]),
      ]
    ) {
      let (values, indices) = try $0[0].maxPool2dWithIndices(
        try $0.attributes.neededPair("kernel_size"), stride: try $0.attributes.pair("stride"),
        padding: try $0.attributes.pair("padding") ?? 0,
        dilation: try $0.attributes.pair("dilation") ?? 1,
        ceilMode: try $0.attributes.flag("ceil_mode"))
      return try $0.attributes.flag("return_indices") ? [values, indices] : [values]
    },
    Operation(
      "max_pool1d", "x.maxPool1d(2), x.maxPool1dWithIndices(2)", exact: true,
      checked: [
        Sample([line], ["kernel_size": 2]),
        Sample(
          [.numbers([3, 8], unit)],
          ["kernel_size": 3, "stride": 2, "padding": 1, "dilation": 2, "ceil_mode": true]),
      ],
      tried: [Sample([line], ["kernel_size": 3, "return_indices": true])]
    ) {
      let (values, indices) = try $0[0].maxPool1dWithIndices(
        try $0.attributes.neededPair("kernel_size").width,
        stride: try $0.attributes.pair("stride")?.width,
        padding: try $0.attributes.pair("padding")?.width ?? 0,
        dilation: try $0.attributes.pair("dilation")?.width ?? 1,
        ceilMode: try $0.attributes.flag("ceil_mode"))
      return try $0.attributes.flag("return_indices") ? [values, indices] : [values]
    },
    Operation(
      "adaptive_max_pool2d", "x.adaptiveMaxPool2d(rows: 2, columns: 3)", exact: true,
      checked: [
        Sample([plane], ["output_size": [2, 3]]), Sample([plane], ["output_size": [4, .null]]),
      ],
      tried: [Sample([plane], ["output_size": 3, "return_indices": true])]
    ) {
      let (rows, columns) = try $0.attributes.outputExtents()
      let (values, indices) = try $0[0].adaptiveMaxPool2d(rows: rows, columns: columns)
      return try $0.attributes.flag("return_indices") ? [values, indices] : [values]
    },
    Operation(
      "adaptive_max_pool1d", "x.adaptiveMaxPool1d(3)", exact: true,
      checked: [Sample([line], ["output_size": 3])],
      tried: [Sample([line], ["output_size": [2], "return_indices": true])]
    ) {
      let (values, indices) = try $0[0].adaptiveMaxPool1d(
        try $0.attributes.neededPair("output_size").width)
      return try $0.attributes.flag("return_indices") ? [values, indices] : [values]
    },
  ]
}

/// Means of windows, and elements between elements.
func poolOperations<Element: FloatingElement>() -> [Operation<Element>] {
  let plane = Sample.Input.numbers([2, 3, 6, 5], unit)
  let line = Sample.Input.numbers([2, 3, 7], unit)
  return [
    Operation(
      "avg_pool2d", "x.avgPool2d(2)",
      checked: [
        Sample([plane], ["kernel_size": 2]),
        Sample(
          [plane],
          ["kernel_size": [3, 2], "stride": [2, 1], "padding": [1, 0], "ceil_mode": true]),
        Sample(
          [.numbers([2, 4, 4], unit)],
          ["kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": false]),
        Sample([plane], ["kernel_size": 2, "divisor_override": 3]),
      ]
    ) {
      [
        try $0[0].avgPool2d(
          try $0.attributes.neededPair("kernel_size"), stride: try $0.attributes.pair("stride"),
          padding: try $0.attributes.pair("padding") ?? 0,
          ceilMode: try $0.attributes.flag("ceil_mode"),
          countsPadding: try $0.attributes.countsPadding(),
          divisor: try $0.attributes.optionalInt("divisor_override"))
      ]
    },
    Operation(
      "max_unpool2d", "x.maxUnpool2d(indices, kernel: 2)",
      checked: [
        Sample(
          [.numbers([1, 2, 2, 2], unit), .indices([1, 2, 2, 2], below: 16)], ["kernel_size": 2]),
        Sample(
          [.numbers([2, 1, 2], unit), .indices([2, 1, 2], below: 20)],
          ["kernel_size": 3, "stride": 2, "output_size": [4, 5]]),
      ]
    ) {
      [
        try $0[0].maxUnpool2d(
          try $0.indices(1), kernel: try $0.attributes.neededPair("kernel_size"),
          stride: try $0.attributes.pair("stride"),
          padding: try $0.attributes.pair("padding") ?? 0, to: try $0.attributes.planeExtents())
      ]
    },
    Operation(
      "max_unpool1d", "x.maxUnpool1d(indices, kernel: 2)",
      checked: [
        Sample([.numbers([1, 2, 3], unit), .indices([1, 2, 3], below: 6)], ["kernel_size": 2])
      ]
    ) {
      [
        try $0[0].maxUnpool1d(
          try $0.indices(1), kernel: try $0.attributes.neededPair("kernel_size").width,
          stride: try $0.attributes.pair("stride")?.width,
          padding: try $0.attributes.pair("padding")?.width ?? 0,
          to: try $0.attributes.planeExtents()?.width)
      ]
    },
    Operation(
      "avg_pool1d", "x.avgPool1d(2)",
      checked: [
        Sample([line], ["kernel_size": 2]),
        Sample(
          [.numbers([3, 8], unit)],
          [
            "kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": true,
            "count_include_pad": false,
          ]),
      ]
    ) {
      [
        try $0[0].avgPool1d(
          try $0.attributes.neededPair("kernel_size").width,
          stride: try $0.attributes.pair("stride")?.width,
          padding: try $0.attributes.pair("padding")?.width ?? 0,
          ceilMode: try $0.attributes.flag("ceil_mode"),
          countsPadding: try $0.attributes.countsPadding())
      ]
    },
    Operation(
      "adaptive_avg_pool2d", "x.adaptiveAvgPool2d(rows: 2, columns: 3)",
      checked: [
        Sample([plane], ["output_size": [3, 5]]), Sample([plane], ["output_size": [4, .null]]),
        Sample([.numbers([2, 4, 5], unit)], ["output_size": 1]),
      ]
    ) {
      let (rows, columns) = try $0.attributes.outputExtents()
      return [try $0[0].adaptiveAvgPool2d(rows: rows, columns: columns)]
    },
    Operation(
      "adaptive_avg_pool1d", "x.adaptiveAvgPool1d(3)",
      checked: [
        Sample([line], ["output_size": 3]), Sample([.numbers([2, 6], unit)], ["output_size": [2]]),
      ]
    ) { [try $0[0].adaptiveAvgPool1d(try $0.attributes.neededPair("output_size").width)] },
    Operation(
      "interpolate", "x.interpolated(to: [4, 6], mode: .linear)",
      checked: [
        Sample([line], ["size": [5], "mode": "linear"]),
        Sample([plane], ["size": [4, 8], "mode": "bilinear"]),
        Sample([plane], ["scale_factor": 1.6, "mode": "bilinear", "align_corners": true]),
        Sample([plane], ["scale_factor": [2, 0.5], "mode": "nearest"]),
        Sample([plane], ["size": [4, 8], "mode": "bicubic"]),
        Sample([.numbers([1, 2, 2, 3, 2], unit)], ["size": [3, 2, 4], "mode": "trilinear"]),
        Sample([plane], ["size": [4, 3], "mode": "area"]),
      ],
      tried: [Sample([plane], ["size": [4, 9], "mode": "nearest-exact"])]
    ) { [try interpolated(try $0[0], $0.attributes)] },
  ]
}

private func interpolated<Element: FloatingElement>(
  _ x: Tensor<Element>, _ attributes: Attributes
) throws -> Tensor<Element> {
  let mode: InterpolationMode
  switch attributes.has("mode") ? try attributes.string("mode") : "nearest" {
  case "nearest": mode = .nearest
  case "nearest-exact": mode = .nearestExact
  case "linear" where x.rank == 3, "bilinear" where x.rank == 4, "trilinear" where x.rank == 5:
    mode = .linear
  case "bicubic": mode = .cubic
  case "area": mode = .area
  case let name: throw Unsupported("the mode '\(name)'")
  }
  let corners = try attributes.flag("align_corners")
  if attributes.has("size") {
    let size: [Int] =
      if let number = try? attributes.optionalInt("size") {
        Array(repeating: number, count: max(x.rank - 2, 0))
      } else { try attributes.ints("size") }
    return x.interpolated(to: size, mode: mode, alignsCorners: corners)
  }
  let factors: [Double] =
    if let number = try? attributes.optionalDouble("scale_factor") { [number] } else {
      try attributes.optionalDoubles("scale_factor") ?? []
    }
  if try attributes.flag("recompute_scale_factor") {
    let axes = Array(x.shape.dropFirst(2))
    let all = factors.count == 1 ? axes.map { _ in factors[0] } : factors
    return x.interpolated(
      to: zip(axes, all).map { Int((Double($0) * $1).rounded(.down)) }, mode: mode,
      alignsCorners: corners)
  }
  return x.interpolated(by: factors, mode: mode, alignsCorners: corners)
}

extension Attributes {
  /// The height and width of an output, each of which may be null.
  fileprivate func outputExtents() throws -> (Int?, Int?) {
    guard case .array(let numbers)? = values["output_size"], numbers.count == 2 else {
      let number = try neededPair("output_size")
      return (number.height, number.width)
    }
    func extent(_ number: JSONValue) throws -> Int? {
      switch number {
      case .null: return nil
      case .integer(let number): return number
      default: throw Unsupported("'output_size' is not two whole numbers or nulls")
      }
    }
    return (try extent(numbers[0]), try extent(numbers[1]))
  }

  /// The last two of PyTorch's `output_size`, which may have the other axes too.
  fileprivate func planeExtents() throws -> Pair? {
    guard let extents = try optionalInts("output_size") else { return nil }
    guard let width = extents.last else { throw Unsupported("'output_size' without numbers") }
    return Pair(extents.dropLast().last ?? 1, width)
  }

  /// PyTorch's `count_include_pad`, which is true by default.
  fileprivate func countsPadding() throws -> Bool {
    has("count_include_pad") ? try flag("count_include_pad") : true
  }
}
