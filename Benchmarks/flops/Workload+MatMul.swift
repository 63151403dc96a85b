import Slope

extension Workload {
  /// The products of every named shape.
  static func products<Element: NumericElement>(of type: Element.Type, _ size: ArraySize)
    -> [Workload]
  {
    MatMulShape.allCases.map { product($0, of: type, size) }
  }

  /// The product of one named shape.
  static func product<Element: NumericElement>(
    _ shape: MatMulShape, of type: Element.Type, _ size: ArraySize
  ) -> Workload {
    let extents = shape.extents(rows: size.rows(of: Element.dtype))
    let (m, n, k) = (extents.m, extents.n, extents.k)
    let batch = extents.batch > 1 ? [extents.batch] : []
    let transposes = shape == .mlp784Gradient
    return Workload(
      name: "matmul_\(Element.dtype)_\(shape.rawValue)",
      title: "\(Element.dtype) \(shape.title(extents))", label: shape.label, dtype: Element.dtype,
      quantity: .gigaflops, operations: extents.operations,
      bytes: extents.elements * Double(Element.dtype.byteCount),
      roof: shape == .vector ? .memory : Element.dtype.roof, showsPeak: shape != .vector
    ) { operands in
      let left = operands.tensor(
        batch + (transposes ? [k, m] : [m, k]), seed: 1, of: Element.self)
      let a = transposes ? left.transposed() : left
      let b = operands.tensor(batch + [k, n], seed: 2, of: Element.self)
      return { repetitions in
        for _ in 0..<repetitions { _ = matmul(a, b) }
      }
    }
  }
}
