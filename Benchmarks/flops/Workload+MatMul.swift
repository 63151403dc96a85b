import Slope

extension Workload {
  /// Products of every named shape.
  static func products<E: NumericElement>(of type: E.Type, _ size: ArraySize) -> [Workload] {
    MatMulShape.allCases.map { product($0, of: type, size) }
  }

  /// A product of one named shape.
  static func product<E: NumericElement>(
    _ shape: MatMulShape, of type: E.Type, _ size: ArraySize
  ) -> Workload {
    let extents = shape.extents(rows: size.rows(of: E.dtype))
    let (m, n, k) = (extents.m, extents.n, extents.k)
    let batch = extents.batch > 1 ? [extents.batch] : []
    let transposes = shape == .mlp784Gradient
    return Workload(
      name: "matmul_\(E.dtype)_\(shape.rawValue)",
      title: "\(E.dtype) \(shape.title(extents))", label: shape.label, dtype: E.dtype,
      quantity: .gigaflops, operations: extents.operations,
      bytes: extents.elements * Double(E.dtype.byteCount),
      roof: shape == .vector ? .memory : E.dtype.roof, showsPeak: shape != .vector
    ) { operands in
      let left = operands.tensor(batch + (transposes ? [k, m] : [m, k]), seed: 1, of: E.self)
      let a = transposes ? left.transposed() : left
      let b = operands.tensor(batch + [k, n], seed: 2, of: E.self)
      return { repetitions in
        for _ in 0..<repetitions { _ = matmul(a, b) }
      }
    }
  }
}
