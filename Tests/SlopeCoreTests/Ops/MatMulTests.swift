import CKernels
import Testing

@testable import SlopeCore

/// Small integers in scrambled order, so that any order of summation gives the same result.
private func numbers<Element: NumericElement>(_ shape: Shape, _ seed: Int, _ type: Element.Type)
  -> Tensor<Element>
{
  Tensor(
    shape: shape,
    scalars: (0..<shape.elementCount).map {
      Element(clamping: Double(($0 * 7 + seed * 5) % 11 - (Element(clamping: -1) == 0 ? 0 : 5)))
    })
}

/// The product of two matrices by plain loops.
private func product<Element: NumericElement>(_ a: Tensor<Element>, _ b: Tensor<Element>)
  -> [Double]
{
  let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
  let (x, y) = (a.scalars.map(\.doubleValue), b.scalars.map(\.doubleValue))
  var z = [Double](repeating: 0, count: m * n)
  for row in 0..<m {
    for inner in 0..<k {
      let factor = x[row * k + inner]
      for column in 0..<n { z[row * n + column] += factor * y[inner * n + column] }
    }
  }
  // 16-bit floats hold large sums only rounded.
  return z.map { Element(clamping: $0).doubleValue }
}

/// Layouts of a matrix in memory.
private enum Storage: CaseIterable {
  case plain, transposed, gaps, scattered, backwards

  func matrix<Element: NumericElement>(
    _ rows: Int, _ columns: Int, _ seed: Int, _ type: Element.Type
  )
    -> Tensor<Element>
  {
    switch self {
    case .plain: numbers([rows, columns], seed, type)
    case .transposed: numbers([columns, rows], seed, type).transposed()
    case .gaps: numbers([rows + 2, columns + 3], seed, type)[1..<rows + 1, 2..<columns + 2]
    case .scattered:
      numbers([2 * rows, 2 * columns], seed, type)[
        stride(from: 0, to: 2 * rows, by: 2), stride(from: 1, to: 2 * columns, by: 2)]
    case .backwards:
      numbers([rows, columns], seed, type)[stride(from: rows - 1, through: 0, by: -1)]
    }
  }
}

@Suite struct MatMulTests {
  @Test(arguments: [
    (1, 1, 1), (2, 3, 4), (5, 1, 7), (1, 9, 1), (16, 16, 16), (17, 16, 16), (16, 17, 16),
    (16, 16, 17),
    (1, 70, 70), (70, 70, 1), (33, 130, 65), (3, 2, 1000),
  ])
  func matricesAsTheyLieInMemory(m: Int, k: Int, n: Int) {
    func check<Element: NumericElement>(_ type: Element.Type) {
      for left in Storage.allCases {
        for right in Storage.allCases {
          let (a, b) = (left.matrix(m, k, 1, type), right.matrix(k, n, 2, type))
          let found = matmul(a, b)
          #expect(found.shape == [m, n])
          #expect(
            found.scalars.map(\.doubleValue) == product(a, b),
            "\(Element.dtype), \(left) × \(right)")
        }
      }
    }
    check(Float.self)
    check(Double.self)
    check(Int32.self)
    if k < 100 {
      check(Float16.self)
      check(BFloat16.self)
      check(Int16.self)
    }
  }

  // Sizes that are divided into blocks of rows, or of columns, the last of them short.
  @Test(arguments: [
    (301, 200, 200), (200, 200, 301), (2500, 64, 64), (64, 64, 2500), (300, 400, 300),
  ])
  func blocksOfTheLongerSide(m: Int, k: Int, n: Int) {
    func check<Element: FloatingElement>(_ type: Element.Type) {
      for (left, right) in [
        (Storage.plain, Storage.plain), (.transposed, .gaps), (.gaps, .transposed),
        (.transposed, .transposed),
      ] {
        let (a, b) = (left.matrix(m, k, 3, type), right.matrix(k, n, 4, type))
        let expected = product(a, b)
        #expect(
          matmul(a, b).scalars.map(\.doubleValue) == expected,
          "\(Element.dtype), \(left) × \(right)")
        let bias = numbers([n], 5, type)
        let added = linear(a, weight: b.transposed(), bias: bias).scalars.map(\.doubleValue)
        let offsets = bias.scalars.map(\.doubleValue)
        #expect(
          added == expected.indices.map { expected[$0] + offsets[$0 % n] }, "\(Element.dtype), bias"
        )
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func bytesDoNotDependOnThreads() {
    let a = Tensor<Float>.linspace(-1, 1, count: 700 * 300).reshaped(to: [700, 300])
    let b = Tensor<Float>.linspace(3, -2, count: 300 * 310).reshaped(to: [300, 310])
    let threads = slope_thread_count()
    defer { slope_set_thread_count(threads) }
    slope_set_thread_count(1)
    let one = (matmul(a, b).scalars, matmul(b.transposed(), a.transposed()).scalars, a.sum().item())
    slope_set_thread_count(2)
    let two = (matmul(a, b).scalars, matmul(b.transposed(), a.transposed()).scalars, a.sum().item())
    #expect(one == two)
  }

  @Test func vectors() {
    let (v, w) = (Tensor([1, 2, 3]), Tensor([4, 5]))
    let matrix = Tensor([[1, 2], [3, 4], [5, 6]])
    #expect(
      show(matmul(v, v)) == "[] 14" && show(matmul(v, matrix)) == "[2] 22 28"
        && show(matmul(matrix, w)) == "[3] 14 32 50")
    let batch = Tensor<Int>.arange(12).reshaped(to: [2, 3, 2])
    #expect(
      show(matmul(v, batch)) == "[2, 2] 16 22 52 58"
        && show(matmul(batch, w)) == "[2, 3] 5 23 41 59 77 95")
  }

  @Test func batchesBroadcast() {
    func check<Element: NumericElement>(_ size: Int, _ type: Element.Type) {
      let a = numbers([2, 1, size, 3], 1, type)
      let b = numbers([3, 3, size], 2, type)
      let found = matmul(a, b)
      #expect(found.shape == [2, 3, size, size])
      for i in 0..<2 {
        for j in 0..<3 { #expect(found[i, j].scalars.map(\.doubleValue) == product(a[i, 0], b[j])) }
      }
      let turned = matmul(b.transposed(), a.transposed())
      #expect(show(turned.transposed()) == show(found))
      // One matrix for the whole batch, one that is repeated, and one with an offset.
      #expect(matmul(a, b[1])[1, 0].scalars.map(\.doubleValue) == product(a[1, 0], b[1]))
      #expect(matmul(a[1, 0], b)[2].scalars.map(\.doubleValue) == product(a[1, 0], b[2]))
      #expect(
        matmul(b.expanded(to: [2, 3, 3, size])[1], b.transposed())[2].scalars.map(\.doubleValue)
          == product(b[2], b[2].transposed()))
    }
    for size in [4, 40, 70] {
      check(size, Float.self)
      check(size, Double.self)
      check(size, Int.self)
      check(size, BFloat16.self)
    }
  }

  @Test func otherTypesWrapAndTest() {
    #expect(show(matmul(Tensor<Int8>([[100, 100]]), Tensor<Int8>([[100], [100]]))) == "[1, 1] 32")
    #expect(show(matmul(Tensor<UInt8>([[200, 3]]), Tensor<UInt8>([[2], [1]]))) == "[1, 1] 147")
    #expect(show(matmul(Tensor([[Int.max, 1]]), Tensor([[2], [5]]))) == "[1, 1] 3")
    let truths = Tensor([[true, false], [false, false]])
    #expect(show(matmul(truths, truths.transposed())) == "[2, 2] true false false false")
    #expect(show(matmul(Tensor([[true, true]]), Tensor([[true], [true]]))) == "[1, 1] true")
    #expect(show(matmul(Tensor<UInt32>([[.max]]), Tensor<UInt32>([[2]]))) == "[1, 1] 4294967294")
    // 16-bit floats accumulate in Float and round once.
    let ones = Tensor<BFloat16>.ones([1, 1000])
    #expect(show(matmul(ones, ones.transposed())) == "[1, 1] 1000")
    #expect(
      matmul(Tensor<BFloat16>.ones([20, 300]), Tensor<BFloat16>.ones([300, 20]))[3, 4].item() == 300
    )
  }

  @Test func emptyExtents() {
    #expect(
      show(matmul(Tensor<Float>.zeros([2, 0]), Tensor<Float>.zeros([0, 3]))) == "[2, 3] 0 0 0 0 0 0"
    )
    #expect(show(matmul(Tensor<Int>.zeros([2, 0]), Tensor<Int>.zeros([0, 1]))) == "[2, 1] 0 0")
    #expect(
      show(matmul(Tensor<Bool>.zeros([1, 0]), Tensor<Bool>.zeros([0, 1]))) == "[1, 1] false")
    #expect(matmul(Tensor<Float>.zeros([0, 2]), Tensor<Float>.zeros([2, 3])).shape == [0, 3])
    #expect(
      matmul(Tensor<Float>.zeros([0, 4, 2]), Tensor<Float>.zeros([2, 3])).shape == [0, 4, 3])
    #expect(show(matmul(Tensor([Float]()), Tensor([Float]()))) == "[] 0")
    #expect(
      show(matmul(Tensor<Double>.zeros([100, 0]), Tensor<Double>.zeros([0, 100])).sum()) == "[] 0")
    #expect(
      show(linear(Tensor<Float>.zeros([2, 0]), weight: .zeros([1, 0]), bias: Tensor([5])))
        == "[2, 1] 5 5")
    #expect(show(linear(Tensor<Float>.zeros([2, 0]), weight: .zeros([1, 0]))) == "[2, 1] 0 0")
    #expect(linear(Tensor<Float>.zeros([0, 2]), weight: .zeros([3, 2])).shape == [0, 3])
    #expect(linear(Tensor<Float>.zeros([0, 4, 2]), weight: .zeros([3, 2])).shape == [0, 4, 3])
  }

  @Test func linearIsTheProductWithTheTransposed() {
    let (x, w, b) = (
      Tensor<Float>([[1, 2], [3, 4]]), Tensor<Float>([[1, 0], [0, 1], [1, 1]]),
      Tensor<Float>([10, 20, 30])
    )
    #expect(
      show(linear(x, weight: w, bias: b)) == "[2, 3] 11 22 33 13 24 37"
        && show(linear(x, weight: w)) == "[2, 3] 1 2 3 3 4 7")
    #expect(show(linear(x[1], weight: w, bias: b)) == "[3] 13 24 37")
    #expect(
      show(linear(x.reshaped(to: [2, 1, 2]), weight: w, bias: b)) == "[2, 1, 3] 11 22 33 13 24 37")
    #expect(show(linear(x.transposed(), weight: w, bias: b)) == "[2, 3] 11 23 34 12 24 36")
    #expect(
      show(
        linear(
          x, weight: w.transposed()[..<2].transposed(), bias: b[stride(from: 2, through: 0, by: -1)]
        )) == "[2, 3] 31 22 13 33 24 17")
    for (input, weight, bias) in [
      ([2, 3], [3, 2], [3]), ([2, 2], [2], [3]), ([2, 2], [3, 2], [2]), ([2, 2], [3, 2], [1, 3]),
      ([], [3, 2], [3]),
    ] as [(Shape, Shape, Shape)] {
      #expect(
        failure { linear(Tensor<Float>.zeros(input), weight: .zeros(weight), bias: .zeros(bias)) }
          == "linear: input \(input), weight \(weight), bias \(bias): expected […, in], [out, in] and [out]"
      )
    }
  }

  @Test func extentsThatDoNotFitFail() {
    func message(_ left: Shape, _ right: Shape) -> String? {
      failure { matmul(Tensor<Float>.zeros(left), Tensor<Float>.zeros(right)) }
    }
    #expect(message([2, 3], [4, 5]) == "matmul: [2, 3] × [4, 5]: inner extents 3 and 4 differ")
    #expect(message([3], [4]) == "matmul: [3] × [4]: inner extents 3 and 4 differ")
    #expect(message([2, 4], [3, 5]) == "matmul: [2, 4] × [3, 5]: inner extents 4 and 3 differ")
    #expect(
      message([2, 2, 3], [3, 3, 2])
        == "matmul: [2, 2, 3] × [3, 3, 2]: leading axes do not broadcast")
    #expect(
      message([], [3])?.hasPrefix("matmul: [] × [3]: a zero-dimensional") == true
        && message([3], []) != nil)
  }

  @Test func productsCheckedOnThisMachine() {
    #expect(
      failure { _ = BLAS.isReady() } == nil && !BLAS.kernelName.isEmpty
        && BLAS.kernelName != "unknown")
  }
}
