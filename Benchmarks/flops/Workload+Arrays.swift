import Slope

/// Operations on arrays that exceed all caches, and on some that do not.
extension Workload {
  /// The elements of an array that fits into a core's cache.
  static let cachedCount = 16 << 10

  /// The sum of two arrays.
  static func add<Element: NumericElement>(_ size: ArraySize, of type: Element.Type, cached: Bool)
    -> Workload
  {
    array(
      "add", "a + b", label: "add", size, of: type, cached: cached, moves: 3, operations: 1,
      showsPeak: !cached
    ) { x, y, _ in x + y }
  }

  /// Sums, products and formulas, one pass each.
  static func arithmetic<Element: NumericElement>(of type: Element.Type, _ size: ArraySize)
    -> [Workload]
  {
    let multiplyAdd = Pointwise { a, b, c in a * b + c }
    return [
      add(size, of: type, cached: false), add(size, of: type, cached: true),
      array(
        "multiply_add", "a·b + c", label: "multiply-add", size, of: type, moves: 4, operations: 2
      ) { x, y, z in multiplyAdd(x, y, z) },
    ]
  }

  /// Functions of floating-point elements only.
  static func elementary<Element: FloatingElement>(of type: Element.Type, _ size: ArraySize)
    -> [Workload]
  {
    let chain = Pointwise { a, b, c in (a * b + c).sigmoid() }
    return [
      array("exp", "exp(a)", label: "exp", size, of: type, moves: 2, operations: 1) { x, _, _ in
        x.exp()
      }
    ]
      + [false, true].map { cached in
        array(
          "chain", "sigmoid(a·b + c)", label: "sigmoid(a·b + c)", size, of: type, cached: cached,
          moves: 4, operations: 3
        ) { x, y, z in chain(x, y, z) }
      }
  }

  /// Sums and maxima.
  static func reductions<Element: NumericElement>(of type: Element.Type, _ size: ArraySize)
    -> [Workload]
  {
    [
      array("sum", "sum of all", label: "sum", size, of: type, moves: 1, operations: 1) {
        x, _, _ in x.sum()
      },
      array("sum_rows", "sums of rows", label: "sum rows", size, of: type, moves: 1, operations: 1)
      { x, _, _ in x.sum(axis: 1) },
      array(
        "sum_columns", "sums of columns", label: "sum columns", size, of: type, moves: 1,
        operations: 1
      ) { x, _, _ in x.sum(axis: 0) },
      array("max", "maximum of all", label: "max", size, of: type, moves: 1, operations: 1) {
        x, _, _ in x.max()
      },
    ]
  }

  /// The softmax of every row: per element a comparison, a difference, exp, a sum and a quotient.
  static func softmax<Element: FloatingElement>(of type: Element.Type, _ size: ArraySize)
    -> [Workload]
  {
    [
      array("softmax", "softmax of rows", label: "softmax", size, of: type, moves: 2, operations: 5)
      { x, _, _ in x.softmax(axis: 1) }
    ]
  }

  /// Copies within the device.
  static func copies<Element: NumericElement>(of type: Element.Type, _ size: ArraySize)
    -> [Workload]
  {
    [
      array("copy", "copy", size, of: type, moves: 2) { x, _, _ in concatenate([x], axis: 0) },
      array("transpose", "copy of the transpose", size, of: type, moves: 2) { x, _, _ in
        concatenate([x.transposed()], axis: 0)
      },
    ]
  }

  /// Random numbers, drawn on the host by PyTorch's recipes and on the device by Philox.
  static func draws<Element: FloatingElement>(of type: Element.Type, _ size: ArraySize)
    -> [Workload]
  {
    let streams = Generator.Algorithm.allCases.map { algorithm in
      let (suffix, generator) = (
        algorithm == .philox ? "_philox" : "", Generator(seed: 0, algorithm: algorithm)
      )
      let name = algorithm == .philox ? "Philox" : "PyTorch's stream"
      return [
        array("uniform\(suffix)", "uniform, \(name)", size, of: type, moves: 1) { x, _, _ in
          Tensor<Element>.uniform(x.shape, generator: generator)
        },
        array("normal\(suffix)", "normal, \(name)", size, of: type, moves: 1) { x, _, _ in
          Tensor<Element>.normal(x.shape, generator: generator)
        },
        array("dropout\(suffix)", "dropout, \(name)", size, of: type, moves: 2) { x, _, _ in
          Dropout<Element>(p: 0.1, generator: generator)(x)
        },
      ]
    }
    return streams.flatMap { $0 }
  }

  /// An operation on `[rows, 4096]` that reads and writes `moves` arrays.
  private static func array<Element: NumericElement, Output>(
    _ name: String, _ title: String, label: String? = nil, _ size: ArraySize, of type: Element.Type,
    cached: Bool = false, moves: Int, operations: Double = 0, showsPeak: Bool = false,
    _ operation: @escaping @Sendable (Tensor<Element>, Tensor<Element>, Tensor<Element>) -> Output
  ) -> Workload {
    let columns = ArraySize.columns
    let rows = cached ? cachedCount / columns : size.rows(of: Element.dtype)
    let count = Double(rows) * Double(columns)
    return Workload(
      name: "\(name)_\(Element.dtype)\(cached ? "_cached" : "")",
      title: "\(Element.dtype) \(title), [\(rows), \(columns)]", label: label, dtype: Element.dtype,
      quantity: .gigabytes, operations: operations * count,
      bytes: Double(moves * Element.dtype.byteCount) * count, roof: .memory, showsPeak: showsPeak
    ) { operands in
      let operand = { operands.tensor([rows, columns], seed: $0, of: Element.self) }
      let x = operand(1)
      let y = moves > 2 ? operand(2) : x
      let z = moves > 3 ? operand(3) : x
      return { repetitions in
        for _ in 0..<repetitions { _ = operation(x, y, z) }
      }
    }
  }
}
