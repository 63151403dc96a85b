import SlopeCore

extension ReferenceBackend {
  package func scan(
    _ source: Value, isExclusive: Bool, isReversed: Bool, output: Buffer
  ) -> Bool {
    let (outer, extent, inner) = (source.shape[0], source.shape[1], source.shape[2])
    let target = Value(Layout(source.shape), source.dtype, output)
    for o in 0..<outer {
      for n in 0..<inner {
        var sum = ReferenceSum()
        for place in 0..<extent {
          let index: Shape = [o, isReversed ? extent - 1 - place : place, n]
          let before = sum.rounded(to: source.dtype)
          sum.add(source[index])
          target[index] = isExclusive ? before : sum.rounded(to: source.dtype)
        }
      }
    }
    return true
  }
}

/// A running sum of integers, or of real numbers with the error of each addition.
private struct ReferenceSum {
  private var whole: Int64 = 0
  private var plain = 0.0
  private var sum = 0.0
  private var lost = 0.0

  mutating func add(_ cell: Cell) {
    switch cell {
    case .integer(let number): whole &+= number
    case .real(let number):
      plain += number
      let next = sum + number
      let error =
        sum.magnitude >= number.magnitude ? (sum - next) + number : (number - next) + sum
      // The sum of both is kept as the nearest number and the rest.
      let rest = lost + error
      sum = next + rest
      lost = rest - (sum - next)
    }
  }

  func rounded(to dtype: DType) -> Cell {
    guard dtype.isFloating else { return Cell.integer(whole).wrapped(to: dtype) }
    return Cell.real(plain.isFinite ? sum : plain).converted(from: .float64, to: dtype)
  }
}
