import SlopeCore

/// The features of a linear model, `[count, inputs]`, read in blocks of rows as Doubles on the CPU.
///
/// Only one block is in memory in Double, so that features may be held in any element type on any
/// device. The blocks depend on the shape alone: sums over them are the same on any number of
/// threads.
struct FeatureRows: Sendable {
  /// The number of rows.
  let count: Int
  /// The number of features.
  let inputs: Int
  /// The distance from 1 to the next number of the type that the features were rounded to.
  let precision: Double
  private let block: @Sendable (Range<Int>) -> Tensor<Double>

  /// Features that `block` reads: rows `[rows, inputs]` on the CPU.
  init(
    count: Int, inputs: Int, precision: Double = .ulpOfOne,
    block: @escaping @Sendable (Range<Int>) -> Tensor<Double>
  ) {
    self.count = count
    self.inputs = inputs
    self.precision = precision
    self.block = block
  }

  /// The rows of a matrix `[count, inputs]` on any device.
  init<Element: FloatingElement>(_ matrix: Tensor<Element>) {
    let matrix = matrix.detached()
    self.init(
      count: matrix.shape[0], inputs: matrix.shape[1], precision: Element.dtype.roundingDistance
    ) { rows in matrix[rows].to(.cpu).cast(to: Double.self) }
  }

  /// The number of rows of a block: its Doubles fill at most 32 MB, or one row in 64 more.
  var blockRows: Int { max(64, min(8192, (1 << 22) / max(1, inputs))) }

  /// Calls `body` with each block's rows and features, in order.
  func forEachBlock(
    of length: Int? = nil, in range: Range<Int>? = nil,
    _ body: (Range<Int>, Tensor<Double>) throws -> Void
  ) throws {
    let range = range ?? 0..<count
    let length = length ?? blockRows
    for start in stride(from: range.lowerBound, to: range.upperBound, by: length) {
      let rows = start..<min(start + length, range.upperBound)
      try body(rows, block(rows))
    }
  }

  /// The products with row vectors, `[count, k]` row by row, of weights `[k, inputs]`.
  func scores(_ weights: [Double], outputs: Int = 1) throws -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(count * outputs)
    let weights = matrix(weights, outputs, inputs).transposed()
    try forEachBlock { rows, block in
      result += try numbers(matmul(block, weights), rows.count * outputs)
    }
    return result
  }

  /// The sums of the rows, `[k, inputs]` row by row, each times its coefficients `[k, count]`.
  func combinations(_ coefficients: [[Double]]) throws -> [[Double]] {
    var sums = [[Double]](
      repeating: [Double](repeating: 0, count: inputs), count: coefficients.count)
    try forEachBlock { rows, block in
      let factors = matrix(coefficients.flatMap { $0[rows] }, coefficients.count, rows.count)
      let part = try numbers(matmul(factors, block), coefficients.count * inputs)
      for k in coefficients.indices {
        for j in 0..<inputs { sums[k][j] += part[k * inputs + j] }
      }
    }
    return sums
  }
}

extension DType {
  /// The distance from 1 to the next number of a floating type.
  fileprivate var roundingDistance: Double {
    switch self {
    case .float16: 0x1p-10
    case .bfloat16: 0x1p-7
    case .float32: 0x1p-23
    default: .ulpOfOne
    }
  }
}

/// A matrix on the CPU of elements in row-major order.
func matrix(_ numbers: [Double], _ rows: Int, _ columns: Int) -> Tensor<Double> {
  Tensor(shape: [rows, columns], scalars: numbers, on: .cpu)
}

/// The elements of a tensor.
///
/// Throws if an operation on the way has failed; the enclosing `checked { }` then throws why.
func numbers(_ tensor: Tensor<Double>, _ count: Int) throws -> [Double] {
  let result = tensor.scalars
  guard result.count == count else {
    throw TabularError.unusable("memory does not suffice for the linear model")
  }
  return result
}

/// Σ left·right.
func dot(_ left: [Double], _ right: [Double]) -> Double {
  left.withUnsafeBufferPointer { left in
    right.withUnsafeBufferPointer { right in
      dot(left[...], right[...], count: min(left.count, right.count))
    }
  }
}

/// Σ left·right of the first `count` elements, in eight sums that take turns.
@inline(__always)
func dot(
  _ left: Slice<UnsafeBufferPointer<Double>>, _ right: Slice<UnsafeBufferPointer<Double>>,
  count: Int
) -> Double {
  var sums = SIMD8<Double>.zero
  let a = UnsafeBufferPointer(rebasing: left)
  let b = UnsafeBufferPointer(rebasing: right)
  let rawA = UnsafeRawBufferPointer(a)
  let rawB = UnsafeRawBufferPointer(b)
  var index = 0
  while index + 8 <= count {
    sums +=
      rawA.loadUnaligned(fromByteOffset: index * 8, as: SIMD8<Double>.self)
      * rawB.loadUnaligned(fromByteOffset: index * 8, as: SIMD8<Double>.self)
    index += 8
  }
  var sum = sums.sum()
  while index < count {
    sum += a[index] * b[index]
    index += 1
  }
  return sum
}
