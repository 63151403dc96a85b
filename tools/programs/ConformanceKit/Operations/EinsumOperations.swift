import Slope

/// Sums of products in Einstein notation.
func einsumOperations<Element: NumericElement>() -> [Operation<Element>] {
  func sample(_ equation: JSONValue, _ shapes: [Int]...) -> Sample {
    Sample(shapes.map { .numbers($0, -2...2) }, ["equation": equation])
  }
  return [
    Operation(
      "einsum", "einsum(\"ij,jk->ik\", x, y)",
      checked: [
        sample("ij,jk->ik", [2, 3], [3, 4]), sample("bij,bkj->bik", [2, 3, 4], [2, 2, 4]),
        sample("ij->ji", [2, 3]), sample("ii->i", [3, 3]), sample("ij->", [2, 3]),
        sample("i,j->ij", [3], [2]), sample("...ij,jk", [2, 2, 3], [3, 2]),
        sample("ij,jk,k->i", [2, 3], [3, 2], [2]),
      ]
    ) { arguments in
      let equation = try arguments.attributes.string("equation")
      let operands = try arguments.all()
      switch operands.count {
      case 1: return [einsum(equation, operands[0])]
      case 2: return [einsum(equation, operands[0], operands[1])]
      case 3: return [einsum(equation, operands[0], operands[1], operands[2])]
      default: throw Unsupported("\(operands.count) operands")
      }
    }
  ]
}
