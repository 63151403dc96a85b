#if OpenCL
  /// Tries plans on a device: checks their results and measures their times.
  ///
  /// A plan may crash the driver or never end, so a tuner runs this in a separate process.
  package final class MatMulTrial {
    private let backend: OpenCLBackend
    private let dtype: DType
    /// Damages a result, for tests.
    private let damage: (inout [UInt8]) -> Void
    private var operands: [Product: Operands] = [:]
    private var operandsOf: MatMulClass?

    /// The products of a layer with the weight W in training.
    private enum Product: String, CaseIterable {
      case forward = "x·Wᵀ"
      case inputGradient = "g·W"
      case weightGradient = "gᵀ·x"

      var layouts: (MatrixLayout, MatrixLayout) {
        switch self {
        case .forward: (.rowMajor, .columnMajor)
        case .inputGradient: (.rowMajor, .rowMajor)
        case .weightGradient: (.columnMajor, .rowMajor)
        }
      }
    }

    /// Two stacks of matrices, and their exact products.
    private struct Operands {
      let left: Value
      let right: Value
      let references: [MatMulReference]
    }

    /// The rate of some products.
    package struct Rate: Codable, Sendable {
      /// Billions of multiplications and additions per second, rounded to two decimals.
      package let gigaflops: Double
      /// The rate of the same products with the plan of comparison.
      package let baselineGigaflops: Double?
      /// The ratio of this plan's rate to that of the plan of comparison.
      ///
      /// The smaller of the ratio of the best times and the median ratio of the turns: other load
      /// on the machine sometimes makes one of the two too large.
      package let share: Double?

      /// The rate from the seconds of each turn, of the plan and of the plan of comparison.
      init(operations: Double, turns: [(plan: Double, baseline: Double?)]) {
        func gigaflops(_ seconds: Double) -> Double {
          (operations / seconds * 1e-7).rounded() / 100
        }
        let best = turns.map(\.plan).min() ?? .infinity
        let baseline = turns.compactMap(\.baseline).min()
        let shares = turns.compactMap { turn in turn.baseline.map { $0 / turn.plan } }.sorted()
        self.gigaflops = gigaflops(best)
        baselineGigaflops = baseline.map(gigaflops)
        share = baseline.map { min($0 / best, shares[(shares.count - 1) / 2]) }
      }
    }

    /// A wrong result of a plan.
    package struct WrongResult: Error, CustomStringConvertible {
      package let description: String
    }

    /// Opens the device again, without the program cache: most plans are never used again.
    package init(
      _ device: OpenCLDescription, _ variant: KernelVariant, _ dtype: DType,
      damage: @escaping (inout [UInt8]) -> Void = { _ in }
    ) throws(OpenCLError) {
      backend = try OpenCLBackend(device, variant: variant, cache: nil)
      self.dtype = dtype
      self.damage = damage
    }

    /// The products that represent a class; GPUs get larger ones.
    static func extents(_ products: MatMulClass, isCPU: Bool) -> MatMulExtents {
      switch products {
      case .narrow: MatMulExtents(rows: 4096, columns: 8, inner: 512)
      case .flat: MatMulExtents(rows: 8, columns: 1024, inner: 1024)
      case .small: MatMulExtents(rows: 512, columns: 512, inner: 512)
      case .large where isCPU: MatMulExtents(rows: 1024, columns: 1024, inner: 1024)
      case .large: MatMulExtents(rows: 2048, columns: 2048, inner: 2048)
      }
    }

    /// Checks a plan, then times it in turns with another.
    ///
    /// A thorough trial takes all layouts of operands, and longer; otherwise only the forward
    /// product is tried. A turn lasts about `seconds`. Throws `WrongResult`, or a `TensorError` if
    /// the driver refuses the kernel.
    package func measure(
      _ plan: MatMulPlan, against baseline: MatMulPlan?, _ products: MatMulClass,
      isThorough: Bool, seconds: Double
    ) throws -> Rate {
      defer { backend.matmulPlans.trial = nil }
      let kinds = isThorough ? Product.allCases : [.forward]
      try checkSmall(plan, kinds, isThorough: isThorough)
      let extents = Self.extents(products, isCPU: backend.device.isCPU)
      var turns: [(plan: Double, baseline: Double?)] = []
      for kind in kinds {
        let operands = try operands(kind, products, extents)
        try check(plan, kind.rawValue, operands, bias: false)
        let more = try race(
          plan, baseline, operands, rounds: isThorough ? 15 : 3, seconds: seconds)
        turns =
          turns.isEmpty
          ? more
          : zip(turns, more).map { first, second in
            (first.plan + second.plan, first.baseline.map { $0 + (second.baseline ?? 0) })
          }
      }
      let operations = 2.0 * Double(extents.rows * extents.columns * extents.inner * kinds.count)
      return Rate(operations: operations, turns: turns)
    }

    // MARK: Results

    /// Products with edges: larger than whole tiles by a few vectors, and by odd numbers.
    private func checkSmall(_ plan: MatMulPlan, _ kinds: [Product], isThorough: Bool) throws {
      let step = plan.tiles.step
      let even = MatMulExtents(
        rows: 2 * step.rows + 8, columns: 2 * step.columns + 8, inner: step.inner + 24)
      var odd = MatMulExtents(
        rows: 2 * step.rows + 3, columns: 2 * step.columns + 5, inner: step.inner + 21)
      for kind in kinds {
        for extents in [odd, even] {
          try check(plan, kind.rawValue, matrices(extents, kind.layouts), bias: false)
        }
      }
      guard isThorough else { return }
      odd.batch = 2
      try check(plan, "strided", matrices(odd, (.strided, .strided)), bias: true)
    }

    private func matrices(
      _ extents: MatMulExtents, _ layouts: (MatrixLayout, MatrixLayout)
    ) throws -> Operands {
      guard
        let left = TrialMatrix(
          (extents.batch, extents.rows, extents.inner), layouts.0, dtype, seed: 1, on: backend),
        let right = TrialMatrix(
          (extents.batch, extents.inner, extents.columns), layouts.1, dtype, seed: 2, on: backend)
      else { throw WrongResult(description: "no memory for the operands") }
      let references = (0..<extents.batch).map {
        MatMulReference(
          left.numbers($0, byColumns: false), right.numbers($0, byColumns: true),
          inner: extents.inner, dtype)
      }
      return Operands(left: left.value, right: right.value, references: references)
    }

    /// The operands of a class' products, kept for the next plan.
    private func operands(
      _ kind: Product, _ products: MatMulClass, _ extents: MatMulExtents
    ) throws -> Operands {
      if operandsOf != products { operands = [:] }
      operandsOf = products
      if let known = operands[kind] { return known }
      let new = try matrices(extents, kind.layouts)
      operands[kind] = new
      return new
    }

    /// Compares a product with the exact one: all elements, or regularly spaced ones of a large
    /// one.
    private func check(
      _ plan: MatMulPlan, _ name: String, _ operands: Operands, bias hasBias: Bool
    ) throws {
      let (left, right) = (operands.left, operands.right)
      let (rows, columns, inner) = (left.shape[1], right.shape[2], left.shape[2])
      let title = "\(name) of [\(rows), \(inner)] · [\(inner), \(columns)]"
      let count = left.shape[0] * rows * columns
      let byteCount = count * dtype.byteCount
      // Everything must be written, and nothing after the end.
      let unset = [UInt8](repeating: 0xFF, count: byteCount + 4096)
      let biasBytes = TrialNumbers.random(columns, dtype, seed: 3)
      guard let output = backend.allocate(byteCount: unset.count),
        let biasBuffer = backend.allocate(byteCount: biasBytes.count)
      else { throw WrongResult(description: "no memory for \(title)") }
      unset.withUnsafeBytes { backend.upload($0, to: output) }
      biasBytes.withUnsafeBytes { backend.upload($0, to: biasBuffer) }
      let bias = hasBias ? Value(Layout([columns]), dtype, biasBuffer) : nil
      var found = unset
      try checked {
        backend.matmulPlans.trial = plan
        backend.matmul(left, right, bias: bias, output: Output(output, dtype))
        found.withUnsafeMutableBytes { backend.download(output, byteOffset: 0, into: $0) }
      }
      damage(&found)
      guard found[byteCount...].allSatisfy({ $0 == 0xFF }) else {
        throw WrongResult(description: "\(title): written behind the end")
      }
      // An odd step visits every row and column in turn.
      let step = (count * inner) >> 24 | 1
      let places = Array(stride(from: 0, to: count, by: step)) + [count - 1]
      let numbers = TrialNumbers(found, dtype, at: places)
      let biasNumbers = hasBias ? TrialNumbers(biasBytes, dtype, at: 0..<columns) : nil
      for (index, place) in places.enumerated() {
        let (matrix, row, column) = (
          place / columns / rows, place / columns % rows, place % columns
        )
        if let difference = operands.references[matrix].difference(
          numbers, index, row: row, column: column, bias: biasNumbers)
        {
          throw WrongResult(
            description: "\(title): element [\(matrix), \(row), \(column)] \(difference)")
        }
      }
    }

    // MARK: Times

    /// The times of one product with a plan and with another, in turns.
    private func race(
      _ plan: MatMulPlan, _ baseline: MatMulPlan?, _ operands: Operands, rounds: Int,
      seconds: Double
    ) throws -> [(plan: Double, baseline: Double?)] {
      let (left, right) = (operands.left, operands.right)
      let byteCount = left.shape[0] * left.shape[1] * right.shape[2] * dtype.byteCount
      guard let buffer = backend.allocate(byteCount: byteCount) else {
        throw WrongResult(description: "no memory for the result")
      }
      let output = Output(buffer, dtype)
      func time(_ plan: MatMulPlan, _ repetitions: Int) -> Double {
        backend.matmulPlans.trial = plan
        let duration = ContinuousClock().measure {
          for _ in 0..<repetitions { backend.matmul(left, right, bias: nil, output: output) }
          backend.synchronize()
        }.components
        let total = Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
        return max(total, 1e-9) / Double(repetitions)
      }
      return try checked {
        // The first run of a kernel costs more.
        _ = time(plan, 1)
        _ = baseline.map { time($0, 1) }
        let first = (plan: time(plan, 1), baseline: baseline.map { time($0, 1) })
        // A plan that is far slower need not be measured precisely.
        if let baseline = first.baseline, first.plan > 4 * baseline { return [first] }
        func repetitions(_ time: Double) -> Int { max(1, Int(min(seconds / time, 1000))) }
        let counts = (repetitions(first.plan), first.baseline.map(repetitions) ?? 1)
        return (0..<rounds).map { _ in
          (time(plan, counts.0), baseline.map { time($0, counts.1) })
        }
      }
    }
  }
#endif
