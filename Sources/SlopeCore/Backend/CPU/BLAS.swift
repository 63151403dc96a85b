internal import CKernels
internal import COpenBLAS
import Glibc

/// OpenBLAS, with one single-threaded call per block, on our own threads.
///
/// Its own threads would change the bytes of a result with their number, and compete with our pool.
/// A program that uses OpenBLAS itself keeps the thread count that it has set, except during our
/// calls.
enum BLAS {
  /// How BLAS reads a batch of matrices: row-major, transposed or not.
  struct Operand {
    let isTransposed: Bool
    let leadingDimension: Int
    let batchStride: Int

    /// Nil if neither axis of the matrices is contiguous.
    init?(_ value: Value) {
      let (rows, columns) = (value.shape[1], value.shape[2])
      let strides = value.layout.strides
      if columns == 1 || strides[2] == 1, rows == 1 || strides[1] >= max(columns, 1) {
        isTransposed = false
        leadingDimension = rows == 1 ? max(columns, 1) : strides[1]
      } else if rows == 1 || strides[1] == 1, columns == 1 || strides[2] >= max(rows, 1) {
        isTransposed = true
        leadingDimension = columns == 1 ? max(rows, 1) : strides[2]
      } else {
        return nil
      }
      batchStride = strides[0] * value.dtype.byteCount
    }
  }

  /// Whether the library's 32-bit integers hold the extents and strides of a product.
  static func takes(_ left: Value, _ right: Value) -> Bool {
    takes(left) && takes(right)
  }

  private static func takes(_ operand: Value) -> Bool {
    for axis in 1...2
    where operand.shape[axis] > Int(Int32.max) || operand.layout.strides[axis] > Int(Int32.max) {
      return false
    }
    return true
  }

  /// One product, cut into blocks of rows or columns that do not depend on the number of threads.
  ///
  /// The caller keeps the memory of its operands alive.
  struct Product {
    let batch: Int
    let m: Int
    let n: Int
    let k: Int
    let a: Operand
    let b: Operand
    let left: UnsafeRawPointer
    let right: UnsafeRawPointer
    let bias: UnsafeRawPointer?
    let c: UnsafeMutableRawPointer
    let isDouble: Bool

    private var elementSize: Int { isDouble ? 8 : 4 }

    /// The number of rows, or columns if there are more of them, in one block.
    private var blockLength: Int {
      let length = max(m, n)
      // Packing pays off from about four million multiplications per block.
      let enough = max(4_000_000 / max(min(m, n) * k, 1), 32)
      let halves = (length + 1) / 2
      return min(max(enough, min(halves, 1024)), length)
    }

    func run() {
      let length = max(m, n)
      let block = blockLength
      let blocks = (length + block - 1) / block
      guard batch * blocks > 1 else {
        runBlock(0, start: 0, length: length)
        return
      }
      withUnsafePointer(to: self) { product in
        slope_parallel(
          Int64(batch * blocks),
          { context, index in
            guard let context else { return }
            let product = context.assumingMemoryBound(to: Product.self).pointee
            let length = max(product.m, product.n)
            let block = product.blockLength
            let blocks = (length + block - 1) / block
            let start = Int(index) % blocks * block
            product.runBlock(
              Int(index) / blocks, start: start, length: min(block, length - start))
          }, UnsafeMutableRawPointer(mutating: product))
      }
    }

    /// Computes part of one matrix of the batch: rows if it has at least as many, else columns.
    private func runBlock(_ matrix: Int, start: Int, length: Int) {
      let byRows = m >= n
      let (rows, columns) = byRows ? (length, n) : (m, length)
      let size = elementSize
      let target = c + (matrix * m * n + (byRows ? start * n : start)) * size
      let aStart = byRows ? start * (a.isTransposed ? 1 : a.leadingDimension) * size : 0
      let bStart = byRows ? 0 : start * (b.isTransposed ? b.leadingDimension : 1) * size
      if let bias {
        let source = bias + (byRows ? 0 : start * size)
        for row in 0..<rows { memcpy(target + row * n * size, source, columns * size) }
      }
      multiply(
        rows, columns, left + matrix * a.batchStride + aStart,
        right + matrix * b.batchStride + bStart, target, keeps: bias != nil)
    }

    private func multiply(
      _ rows: Int, _ columns: Int, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer,
      _ target: UnsafeMutableRawPointer, keeps: Bool
    ) {
      slope_openblas_multiply(
        isDouble, a.isTransposed, b.isTransposed, Int32(rows), Int32(columns), Int32(k), left,
        Int32(a.leadingDimension), right, Int32(b.leadingDimension), keeps, target, Int32(n))
    }
  }

  /// `target = left · right`, or `target += left · right`, of row-major matrices with steps from row to
  /// row; a transposed one is stored as its transpose.
  static func multiply(
    _ isDouble: Bool, transposesLeft: Bool = false, transposesRight: Bool = false, rows: Int,
    columns: Int, depth: Int, _ left: UnsafeRawPointer, step leftStep: Int,
    _ right: UnsafeRawPointer, step rightStep: Int, keeps: Bool, _ target: UnsafeMutableRawPointer,
    step targetStep: Int
  ) {
    slope_openblas_multiply(
      isDouble, transposesLeft, transposesRight, Int32(rows), Int32(columns), Int32(depth), left,
      Int32(leftStep), right, Int32(rightStep), keeps, target, Int32(targetStep))
  }

  /// The name of the kernels that OpenBLAS chose for this machine.
  static var kernelName: String {
    slope_openblas_kernel().map { String(cString: $0) } ?? "unknown"
  }

  /// Whether the library can compute now.
  ///
  /// False if it has no memory to work in, and, after a report, if it is missing or its products
  /// are wrong.
  static func isReady() -> Bool {
    switch slope_openblas_prepare() {
    case .ready:
      if isTrusted { return true }
      reportFailure(
        operation: "matmul",
        "OpenBLAS' kernel \(kernelName) computes wrong products on this machine; set the "
          + "environment variable OPENBLAS_CORETYPE to another, such as Haswell")
    case .withoutMemory: break
    case .missing:
      reportFailure(
        operation: "matmul",
        "there is no OpenBLAS (on Debian and Ubuntu: apt-get install libopenblas0): "
          + String(cString: slope_openblas_problem()))
    }
    return false
  }

  private static let isTrusted = isRight(Float.self) && isRight(Double.self)

  /// Compares a product with plain loops: old builds are wrong on some new processors.
  private static func isRight<Number: BinaryFloatingPoint>(_ type: Number.Type) -> Bool {
    let (m, n, k) = (37, 29, 41)
    // Small integers, so that every order of summation gives the same result.
    let a = (0..<m * k).map { Number($0 * 7 % 13 - 6) }
    let b = (0..<k * n).map { Number($0 * 5 % 11 - 5) }
    var c = [Number](repeating: 0, count: m * n)
    a.withUnsafeBytes { a in
      b.withUnsafeBytes { b in
        c.withUnsafeMutableBytes { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          slope_openblas_multiply(
            MemoryLayout<Number>.size == 8, false, false, Int32(m), Int32(n), Int32(k), a, Int32(k),
            b, Int32(n), false, c, Int32(n))
        }
      }
    }
    for row in 0..<m {
      for column in 0..<n {
        var sum: Number = 0
        for inner in 0..<k { sum += a[row * k + inner] * b[inner * n + column] }
        if sum != c[row * n + column] { return false }
      }
    }
    return true
  }
}
