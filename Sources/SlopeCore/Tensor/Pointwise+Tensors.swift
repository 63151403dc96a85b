extension Pointwise {
  /// The function of every element of `x`.
  public func callAsFunction<E: NumericElement>(_ x: Tensor<E>) -> Tensor<E> {
    apply([x.value], E.dtype)
  }

  /// The function of every pair of elements.
  public func callAsFunction<E: NumericElement>(_ x: Tensor<E>, _ y: Tensor<E>) -> Tensor<E> {
    apply([x.value, y.value], E.dtype)
  }

  /// The function of every three elements.
  public func callAsFunction<E: NumericElement>(
    _ x: Tensor<E>, _ y: Tensor<E>, _ z: Tensor<E>
  ) -> Tensor<E> {
    apply([x.value, y.value, z.value], E.dtype)
  }

  private func apply<E: Element>(_ operands: [Value], _ dtype: DType) -> Tensor<E> {
    guard operands.count == function.inputCount else {
      return Tensor(
        Value.failure(
          function.name, "takes \(function.inputCount) operands, not \(operands.count)",
          dtype: dtype))
    }
    return Tensor(applyPointwise(function, operands, programType: dtype, output: dtype))
  }
}
