import Slope

extension Workload {
  /// The number of elements of a tensor that no cache holds.
  static let large = 16 << 20

  /// Products of square matrices, and of the shapes of two layers.
  static func products<E: FloatingElement>(of type: E.Type) -> [Workload] {
    let shapes = [
      (512, 512, 512), (1024, 1024, 1024), (2048, 2048, 2048), (128, 256, 784), (512, 1024, 1024),
    ]
    let isFloat = E.dtype == .float32
    return shapes.map { m, n, k in
      let shape = m == n && n == k ? "\(m)" : "\(m)x\(n)x\(k)"
      return Workload(
        name: "matmul_\(E.dtype.name)_\(shape)",
        title: "\(E.self) [\(m), \(k)] · [\(k), \(n)]",
        quantity: .gigaflops(operations: 2 * Double(m) * Double(n) * Double(k)),
        peak: isFloat ? .floatAll : .doubleAll
      ) {
        let a = Tensor<E>.uniform([m, k], generator: Generator(seed: 1))
        let b = Tensor<E>.uniform([k, n], generator: Generator(seed: 2))
        return { repetitions in
          for _ in 0..<repetitions { _ = matmul(a, b) }
        }
      }
    }
  }

  /// A sum of two tensors; `peak` where it is memory that limits it.
  static func sum(_ count: Int, _ size: String, peak: Peak?) -> Workload {
    Workload(
      name: "add_\(size)", title: "a + b, \(size) Floats",
      quantity: .gigabytes(bytes: 3 * 4 * Double(count)), peak: peak
    ) {
      let (a, b) = (operand(count, 1), operand(count, 2))
      return { repetitions in
        for _ in 0..<repetitions { _ = a + b }
      }
    }
  }

  /// A formula of three operands in one pass.
  static func chain(_ count: Int, _ size: String, peak: Peak?) -> Workload {
    Workload(
      name: "chain_\(size)", title: "sigmoid(a·b + c), \(size) Floats",
      quantity: .nanosecondsPerElement(elements: Double(count)),
      bytes: 4 * 4 * Double(count), peak: peak
    ) {
      let (a, b, c) = (operand(count, 1), operand(count, 2), operand(count, 3))
      let formula = Pointwise { a, b, c in (a * b + c).sigmoid() }
      return { repetitions in
        for _ in 0..<repetitions { _ = formula(a, b, c) }
      }
    }
  }

  /// Reductions, row programs and a transposing copy of a tensor that no cache holds.
  static let rows = [
    overMemory("sum_16m", "sum of 16M Floats", moved: 1) { $0.sum() },
    overMemory("sum_rows_4096", "sums of 4096 rows of 4096", moved: 1) { $0.sum(axis: 1) },
    overMemory("sum_columns_4096", "sums of 4096 columns of 4096", moved: 1) { $0.sum(axis: 0) },
    overMemory("max_16m", "maximum of 16M Floats", moved: 1) { $0.max() },
    overMemory("softmax_4096", "softmax of 4096 rows of 4096", moved: 2) { $0.softmax(axis: 1) },
    overMemory("transpose_4096", "copy of a transposed [4096, 4096]", moved: 2) {
      concatenate([$0.transposed()], axis: 0)
    },
  ]

  /// An operation on `[4096, 4096]` that moves it `moved` times.
  private static func overMemory(
    _ name: String, _ title: String, moved: Double,
    _ operation: @escaping @Sendable (Tensor<Float>) -> Tensor<Float>
  ) -> Workload {
    Workload(
      name: name, title: title, quantity: .gigabytes(bytes: moved * 4 * Double(large)),
      peak: .triadAll
    ) {
      let x = operand(large, 1).reshaped(to: [4096, 4096])
      return { repetitions in
        for _ in 0..<repetitions { _ = operation(x) }
      }
    }
  }

  /// 64 MiB to the device and from it.
  static let transfers = [
    Workload(
      name: "upload_16m", title: "16M Floats to the device",
      quantity: .gigabytes(bytes: 4 * Double(large))
    ) {
      let scalars = [Float](repeating: 1, count: large)
      return { repetitions in
        for _ in 0..<repetitions { _ = Tensor(scalars) }
      }
    },
    Workload(
      name: "download_16m", title: "16M Floats from the device",
      quantity: .gigabytes(bytes: 4 * Double(large))
    ) {
      let x = Tensor<Float>.ones([large])
      return { repetitions in
        for _ in 0..<repetitions { _ = x.scalars }
      }
    },
  ]

  /// Numbers around zero. A linear space is made faster than random numbers.
  private static func operand(_ count: Int, _ seed: Int) -> Tensor<Float> {
    .linspace(Float(-seed), Float(2 * seed), count: count)
  }

  /// Sums of four elements: nearly all of their time is the engine's own.
  static let overheads = [
    Workload(name: "add_untracked", title: "a + b, 4 Floats", quantity: .nanoseconds) {
      let (a, b) = (Tensor<Float>([1, 2, 3, 4]), Tensor<Float>([5, 6, 7, 8]))
      return { repetitions in
        for _ in 0..<repetitions { _ = a + b }
      }
    },
    Workload(name: "add_recorded", title: "p + b, 4 Floats, recorded", quantity: .nanoseconds) {
      let p = Parameter(Tensor<Float>([1, 2, 3, 4])).tensor
      let b = Tensor<Float>([5, 6, 7, 8])
      return { repetitions in
        for _ in 0..<repetitions { _ = p + b }
      }
    },
    Workload(name: "multiply_scalar", title: "a · 2, 4 Floats", quantity: .nanoseconds) {
      let a = Tensor<Float>([1, 2, 3, 4])
      return { repetitions in
        for _ in 0..<repetitions { _ = a * 2 }
      }
    },
  ]
}
