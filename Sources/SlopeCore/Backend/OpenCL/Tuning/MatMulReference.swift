#if OpenCL
  import Glibc

  /// The exact product of two matrices, element by element, and a kernel's tolerance.
  struct MatMulReference {
    private let left: TrialNumbers
    private let right: TrialNumbers
    private let inner: Int
    private let dtype: DType

    /// The product of `left`, given row by row, and `right`, given column by column.
    init(_ left: TrialNumbers, _ right: TrialNumbers, inner: Int, _ dtype: DType) {
      self.left = left
      self.right = right
      self.inner = inner
      self.dtype = dtype
    }

    /// What is wrong with an element of the result; nil if nothing is.
    func difference(
      _ found: TrialNumbers, _ index: Int, row: Int, column: Int, bias: TrialNumbers? = nil
    ) -> String? {
      switch (found, left, right) {
      case (.floating(let found), .floating(let left), .floating(let right)):
        var (value, magnitude) = dot(left, row * inner, right, column * inner, inner)
        if case .floating(let bias) = bias {
          value += bias[column]
          magnitude += abs(bias[column])
        }
        let tolerance = tolerance(value, magnitude)
        // NaN fails the comparison, too.
        if abs(found[index] - value) <= tolerance { return nil }
        return "is \(found[index]), not \(value) ± \(tolerance)"
      case (.words(let found), .words(let left), .words(let right)):
        var value: UInt64 = 0
        let (a, b) = (row * inner, column * inner)
        for k in 0..<inner {
          let product = left[a + k] &* right[b + k]
          value = dtype == .bool ? value | product : value &+ product
        }
        if case .words(let bias) = bias {
          value = dtype == .bool ? value | bias[column] : value &+ bias[column]
        }
        let mask = UInt64.max >> UInt64(64 - 8 * dtype.byteCount)
        if found[index] == value & mask { return nil }
        return "is \(found[index]), not \(value & mask)"
      default: return "has another type"
      }
    }

    /// The largest error that is accepted.
    ///
    /// A sum of n terms in the type's own precision errs by no more than about √n units of its
    /// terms' magnitudes, as roundings go up as often as down; products in a narrower type err by
    /// far more.
    private func tolerance(_ value: Double, _ magnitude: Double) -> Double {
      let unit = dtype == .float64 ? 0x1p-53 : 0x1p-24
      let sum = (Double(inner).squareRoot() + 2) * unit * magnitude
      return switch dtype {
      case .float16: sum + abs(value) * 0x1p-11 + 0x1p-25
      case .bfloat16: sum + abs(value) * 0x1p-8
      default: sum
      }
    }
  }

  /// A dot product in twice the precision of Double, and the sum of its terms' magnitudes.
  ///
  /// Ogita, Rump, Oishi: Accurate sum and dot product, SIAM J. Sci. Comput. 26 (2005), Dot2.
  @inline(never)
  private func dot(
    _ left: [Double], _ leftStart: Int, _ right: [Double], _ rightStart: Int, _ count: Int
  ) -> (value: Double, magnitude: Double) {
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        var (sum, error, magnitude) = (0.0, 0.0, 0.0)
        for k in 0..<count {
          let (a, b) = (left[leftStart + k], right[rightStart + k])
          let product = a * b
          let next = sum + product
          let part = next - sum
          error += (sum - (next - part)) + (product - part) + fma(a, b, -product)
          sum = next
          magnitude += abs(product)
        }
        return (sum + error, magnitude)
      }
    }
  }
#endif
