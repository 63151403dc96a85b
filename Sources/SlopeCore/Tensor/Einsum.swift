/// A sum of products in Einstein notation: `einsum("bij,bjk->bik", x, y)` is a batch of matrix
/// products.
///
/// Each letter names an axis. Axes with the same letter have the same extent, or extent 1, which
/// broadcasts. The result has the axes after the arrow; the others are summed over. Without an
/// arrow it has the letters that occur once, in alphabetical order. A letter that one operand has
/// twice takes its diagonal. `...` stands for any number of axes, which broadcast.
///
/// ```swift
/// let x = Tensor<Float>([[1, 2], [3, 4]])
/// let trace = einsum("ii->", x)
/// print(trace)                        // tensor(5.)
/// print(einsum("ij,j->i", x, x[0]))   // tensor([ 5., 11.])
/// ```
///
/// Operands are multiplied two at a time from the left, by a matrix product where an axis of both
/// is summed over. With one operand and nothing to sum the result may be a view. Integers wrap.
/// Precondition: the equation fits its operands.
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
