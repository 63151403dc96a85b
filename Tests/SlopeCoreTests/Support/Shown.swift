import SlopeCore

/// Shape and elements as text: NaN equals itself, −0 differs from 0, and a failed test shows both
/// texts.
func show<Element: TensorElement>(_ tensor: Tensor<Element>) -> String {
  if tensor.isFailed { return "failed" }
  let elements = tensor.scalars.map { element -> String in
    let text = "\(element)"
    if text == "-nan" { return "nan" }
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
  return "\(tensor.shape) " + elements.joined(separator: " ")
}

func show<Element: TensorElement>(_ tensor: Tensor<Element>?) -> String {
  tensor.map { show($0) } ?? "nil"
}

/// The failure of a tensor operation in `body`, or nil if there is none.
func failure<Result>(_ body: () throws -> Result) -> String? {
  do {
    _ = try checked(body)
    return nil
  } catch {
    return "\(error)"
  }
}
