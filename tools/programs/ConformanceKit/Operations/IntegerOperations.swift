import Slope

/// Operations on the bits of integers.
func integerOperations<Element: IntegerElement>() -> [Operation<Element>] {
  [
    .binary("bitwise_and", "x & y") { $0 & $1 },
    .binary("bitwise_or", "x | y") { $0 | $1 },
    .binary("bitwise_xor", "x ^ y") { $0 ^ $1 },
    .unary("bitwise_not", "~x") { ~$0 },
    .binary("shift_left", "x.shiftedLeft(by: y)") { $0.shiftedLeft(by: $1) },
    .binary("shift_right", "x.shiftedRight(by: y)") { $0.shiftedRight(by: $1) },
  ]
}

/// Operations on Booleans.
func booleanOperations() -> [Operation<Bool>] {
  scanOperations([Sample([.numbers([3, 4], -2...2)], ["dim": 1])]) + ordering() + extrema() + [
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
    .reduction(
      "sum", "x.sum(axes: axes)", checked: reductionSamples(), all: { $0.sum() },
      along: { $0.sum(axes: $1, keepingAxes: $2) }),
    .reduction(
      "prod", "x.product(axes: axes)", checked: reductionSamples(), all: { $0.product() },
      along: { $0.product(axes: $1, keepingAxes: $2) }),
    Operation(
      "matmul", "matmul(x, y)",
      tried: [Sample([.numbers([3, 5], 0...1), .numbers([5, 2], 0...1)])]
    ) { [matmul(try $0[0], try $0[1])] },
  ]
}
