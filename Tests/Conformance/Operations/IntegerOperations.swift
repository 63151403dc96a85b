import Slope

/// Operations on the bits of integers.
func integerOperations<E: IntegerElement>() -> [Operation<E>] {
  [
    .binary("bitwise_and", "x & y") { $0 & $1 },
    .binary("bitwise_or", "x | y") { $0 | $1 },
    .binary("bitwise_xor", "x ^ y") { $0 ^ $1 },
    .unary("bitwise_not", "~x") { ~$0 },
    .binary("shift_left", "x.shiftedLeft(by: y)") { $0.shiftedLeft(by: $1) },
    .binary("shift_right", "x.shiftedRight(by: y)") { $0.shiftedRight(by: $1) },
  ]
}

/// Operations on truth values.
func booleanOperations() -> [Operation<Bool>] {
  [
    .binary("logical_and", "x.logicalAnd(y)") { $0.logicalAnd($1) },
    .binary("logical_or", "x.logicalOr(y)") { $0.logicalOr($1) },
    .binary("logical_xor", "x.logicalXor(y)") { $0.logicalXor($1) },
    .unary("logical_not", "x.logicalNot()") { $0.logicalNot() },
    .binary("bitwise_and", "x & y") { $0 & $1 },
    .binary("bitwise_or", "x | y") { $0 | $1 },
    .binary("bitwise_xor", "x ^ y") { $0 ^ $1 },
    .unary("bitwise_not", "~x") { ~$0 },
    .binary("add", "x + y") { $0 + $1 },
    .binary("mul", "x * y") { $0 * $1 },
    Operation("any", "x.any(axis: axis)") {
      guard let axis = try $0.attributes.optionalInt("dim") else { return [try $0[0].any()] }
      let keeps = try $0.attributes.flag("keepdim")
      return [try $0[0].any(axis: axis, keepingDimensions: keeps)]
    },
    Operation("all", "x.all(axis: axis)") {
      guard let axis = try $0.attributes.optionalInt("dim") else { return [try $0[0].all()] }
      let keeps = try $0.attributes.flag("keepdim")
      return [try $0[0].all(axis: axis, keepingDimensions: keeps)]
    },
    .reduction(
      "sum", "x.sum(axes: axes)", checked: [], all: { $0.sum() },
      along: { $0.sum(axes: $1, keepingDimensions: $2) }),
    Operation("matmul", "matmul(x, y)") { [matmul(try $0[0], try $0[1])] },
  ]
}
