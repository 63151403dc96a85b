extension Pointwise {
  /// Applies the function to every element of `x`.
  ///
  /// One pass over memory, fused. Complexity: O(n). Precondition: the function has one operand.
  public func callAsFunction<Element: NumericElement>(_ x: Tensor<Element>) -> Tensor<Element> {
    apply([x.value], Element.dtype)
  }

  /// Applies the function to every pair of elements; shapes broadcast.
  ///
  /// One pass over memory, fused. Complexity: O(n). Precondition: the function has two operands.
  public func callAsFunction<Element: NumericElement>(_ x: Tensor<Element>, _ y: Tensor<Element>)
    -> Tensor<Element>
  {
    apply([x.value, y.value], Element.dtype)
  }

  /// Applies the function to every triple of elements; shapes broadcast.
  ///
  /// One pass over memory, fused. Complexity: O(n). Precondition: the function has three operands.
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
