extension Pointwise {
  /// The function of every element of `x`.
  public func callAsFunction<Element: NumericElement>(_ x: Tensor<Element>) -> Tensor<Element> {
    apply([x.value], Element.dtype)
  }

  /// The function of every pair of elements.
  public func callAsFunction<Element: NumericElement>(_ x: Tensor<Element>, _ y: Tensor<Element>)
    -> Tensor<Element>
  {
    apply([x.value, y.value], Element.dtype)
  }

  /// The function of every three elements.
  public func callAsFunction<Element: NumericElement>(
    _ x: Tensor<Element>, _ y: Tensor<Element>, _ z: Tensor<Element>
  ) -> Tensor<Element> {
    apply([x.value, y.value, z.value], Element.dtype)
  }

  private func apply<Element: TensorElement>(_ operands: [Value], _ dtype: DType) -> Tensor<Element>
  {
    guard operands.count == function.inputCount else {
      return Tensor(
        Value.failure(
          function.name, "takes \(function.inputCount) operands, not \(operands.count)",
          dtype: dtype))
    }
    return Tensor(applyPointwise(function, operands, programType: dtype, output: dtype))
  }
}
