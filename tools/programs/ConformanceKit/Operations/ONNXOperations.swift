import Slope

private let matrix = Sample.Input.numbers([3, 4], -2...2)
private let block = Sample.Input.numbers([2, 3, 4], -2...2)

/// ONNX's operators that gather and scatter.
func byRows<Element: TensorElement>() -> [Operation<Element>] {
  let reductions = ["none", "add", "mul", "max", "min"].map { JSONValue.string($0) }
  return [
    Operation(
      "gather_nd", "x.gatherND(indices)", exact: true,
      checked: [
        Sample([block, .indices([4, 2], below: 2)], ["batch_dims": 0]),
        Sample([block, .indices([2, 3, 1], below: 3)], ["batch_dims": 1]),
        Sample([matrix, .indices([2], below: 3)]),
      ]
    ) {
      [
        try $0[0].gatherND(
          $0.indices(1), batchAxes: $0.attributes.optionalInt("batch_dims") ?? 0)
      ]
    },
    Operation(
      "scatter_nd", "x.scatterND(y, at: indices)",
      checked: reductions.flatMap {
        [
          Sample(
            [
              .numbers([2, 3, 4], 0.5...2), .indices([4, 2], below: 2),
              .numbers([4, 4], -2 ... -1),
            ],
            ["reduction": $0]),
          Sample(
            [.numbers([3], 0.5...2), .indices([5, 1], below: 3), .numbers([5], -2 ... -1)],
            ["reduction": $0]),
        ]
      }
    ) {
      [
        try $0[0].scatterND(
          $0[2], at: $0.indices(1), by: $0.attributes.optionalReduction("reduction"))
      ]
    },
    Operation(
      "gather_elements", "x.gatherElements(indices, axis: axis)", exact: true,
      checked: [Sample([matrix, .indices([3, 2], below: 4)], ["axis": 1])]
    ) { [try $0[0].gatherElements($0.indices(1), axis: $0.attributes.axis(default: 0))] },
    Operation(
      "scatter_elements", "x.scatterElements(y, at: indices, axis: axis)",
      checked: reductions.map {
        Sample(
          [.numbers([3, 4], 0.5...2), .indices([3, 2], below: 4), .numbers([3, 2], -2 ... -1)],
          ["axis": 1, "reduction": $0])
      }
    ) {
      [
        try $0[0].scatterElements(
          $0[2], at: $0.indices(1), axis: $0.attributes.axis(default: 0),
          by: $0.attributes.optionalReduction("reduction"))
      ]
    },
    Operation(
      "compress", "x.compressed(by: condition, axis: axis)", exact: true,
      checked: [
        Sample([matrix, .booleans([3])], ["axis": 1]), Sample([matrix, .booleans([9])]),
        Sample([block, .booleans([2])], ["axis": 0]),
      ]
    ) { [try $0[0].compressed(by: $0.booleans(1), axis: $0.attributes.optionalAxis())] },
  ]
}
