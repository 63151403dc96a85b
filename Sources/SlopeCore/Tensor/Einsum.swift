/// A sum of products in Einstein's notation: `einsum("bij,bjk->bik", x, y)` is a batch of matrix products.
///
/// Each letter names an axis; axes with one letter have one extent, or 1, which broadcasts. The result has
/// the axes behind the arrow; over others is summed. Without an arrow it has the letters that stand once,
/// in alphabetical order. A letter that an operand has twice takes its diagonal, and `...` stands for any
/// axes in front, which broadcast. Products are taken from the left, two operands at a time. An equation
/// that does not fit its operands is a failure. Integers wrap.
public func einsum<Element: NumericElement>(_ equation: String, _ operands: Tensor<Element>...)
  -> Tensor<Element>
{
  guard let first = operands.first else {
    return Tensor(Value.failure("einsum", "'\(equation)' has no operands", dtype: Element.dtype))
  }
  do {
    let parsed = try EinsumEquation(equation, ranks: operands.map(\.rank))
    return Tensor(Value.einsum(parsed, equation, operands.map(\.value)))
  } catch {
    return first.isFailed ? first : first.fail("einsum", error.message)
  }
}
