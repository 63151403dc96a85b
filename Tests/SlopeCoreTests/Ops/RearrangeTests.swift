import Testing

@testable import SlopeCore

/// Operations that permute, split or repeat elements: shapes, edges and failures; the list of
/// operations has the usual cases.
struct RearrangeTests {
  private let matrix = Tensor<Int>([[1, 2, 3], [4, 5, 6]])

  @Test func ordersAreTurnedAndMoved() {
    #expect(show(matrix.flipped()) == "[2, 3] 6 5 4 3 2 1")
    #expect(show(matrix.flipped(axes: [-1])) == "[2, 3] 3 2 1 6 5 4")
    #expect(show(matrix.flipped(axes: [])) == show(matrix))
    #expect(show(Tensor<Int>.zeros([0, 2]).flipped()) == "[0, 2] ")
    #expect(show(matrix.rolled(by: 1, axis: 1)) == "[2, 3] 3 1 2 6 4 5")
    #expect(show(matrix.rolled(by: -4, axis: 1)) == "[2, 3] 2 3 1 5 6 4")
    #expect(show(matrix.rolled(by: 3)) == "[2, 3] 4 5 6 1 2 3")
    #expect(show(matrix.rolled(by: 6, axis: 1)) == show(matrix))
    #expect(show(Tensor<Int>.zeros([0]).rolled(by: 2)) == "[0] ")
    #expect(failure { _ = matrix.flipped(axes: [2]) } == "flip: shape [2, 3] has no axis 2")
    #expect(
      failure { _ = matrix.flipped(axes: [0, -2]) }
        == "flip: axis -2 of shape [2, 3] is named twice")
    #expect(failure { _ = matrix.rolled(by: 1, axis: 2) } == "roll: shape [2, 3] has no axis 2")
  }

  @Test func partsAddUp() {
    #expect(
      matrix.split(sizes: [1, 2], axis: 1).map { show($0) } == ["[2, 1] 1 4", "[2, 2] 2 3 5 6"])
    #expect(matrix.split(size: 2, axis: -1).map { show($0) } == ["[2, 2] 1 2 4 5", "[2, 1] 3 6"])
    #expect(Tensor<Int>.arange(7).chunked(into: 3).map(\.count) == [3, 3, 1])
    #expect(Tensor<Int>.arange(6).chunked(into: 4).map(\.count) == [2, 2, 2])
    #expect(Tensor<Int>.arange(2).chunked(into: 5).map(\.count) == [1, 1])
    #expect(
      Tensor<Int>.zeros([2, 0]).chunked(into: 3, axis: 1).map(\.shape) == [
        [2, 0], [2, 0], [2, 0],
      ])
    #expect(Tensor<Int>.zeros([0]).split(size: 3).map(\.shape) == [[0]])
    #expect(
      failure { _ = matrix.split(sizes: [1, 1], axis: 1) }
        == "split: sizes [1, 1] do not add up to axis 1 of [2, 3]")
    #expect(
      failure { _ = matrix.split(sizes: [4, -1], axis: 1) }
        == "split: sizes [4, -1] do not add up to axis 1 of [2, 3]")
    #expect(
      failure { _ = matrix.split(sizes: [.max, .max, 5], axis: 1) }?.hasPrefix("split: sizes")
        == true)
    #expect(failure { _ = matrix.split(size: 0) } == "split: parts of 0 elements")
    #expect(failure { _ = matrix.chunked(into: 0) } == "chunk: 0 parts")
    #expect(failure { _ = matrix.chunked(into: 2, axis: 5) } == "chunk: shape [2, 3] has no axis 5")
  }

  @Test func tilesAndRepetitions() {
    #expect(show(matrix.tiled([2])) == "[2, 6] 1 2 3 1 2 3 4 5 6 4 5 6")
    #expect(matrix.tiled([2, 1, 1]).shape == [2, 2, 3] && matrix.tiled([0, 1]).shape == [0, 3])
    #expect(show(matrix.repeatInterleaved(2, axis: 1)) == "[2, 6] 1 1 2 2 3 3 4 4 5 5 6 6")
    #expect(show(matrix.repeatInterleaved(2)[0..<3]) == "[3, 3] 1 2 3 1 2 3 4 5 6")
    #expect(matrix.repeatInterleaved(0).shape == [0, 3] && matrix.tiled([]).shape == [2, 3])
    #expect(failure { _ = matrix.tiled([-1]) } == "tile: -1 times shape [2, 3]")
    #expect(failure { _ = matrix.tiled([.max]) } == "tile: 9223372036854775807 times shape [2, 3]")
    #expect(
      failure { _ = matrix.tiled(Array(repeating: 1, count: 9)) }?
        .hasSuffix("are more axes than a tensor can have") == true)
    #expect(
      failure { _ = matrix.repeatInterleaved(2, axis: 2) }
        == "repeatInterleave: shape [2, 3] has no axis 2")
  }

  @Test func marginsAreAddedAndCutAway() {
    #expect(
      show(matrix.padded([(1, 0), (0, 2)], with: 9))
        == "[3, 5] 9 9 9 9 9 1 2 3 9 9 4 5 6 9 9")
    #expect(show(matrix.padded([(-1, 1), (0, -1)], with: 9)) == "[2, 2] 4 5 9 9")
    #expect(show(matrix.padded([(-2, 0), (0, 0)], with: 9)) == "[0, 3] ")
    #expect(show(Tensor<Bool>([true]).padded([(1, 1)], with: true)) == "[3] true true true")
    #expect(
      failure { _ = matrix.padded([(1, 1)], with: 0) } == "pad: 1 pairs for the 2 axes of [2, 3]")
    #expect(
      failure { _ = matrix.padded([(-3, 0), (0, 0)], with: 0) }
        == "pad: (-3, 0) along axis 0 of [2, 3]")
    #expect(
      failure { _ = matrix.padded([(.max, 5), (0, 0)], with: 0) }?.hasPrefix("pad: (92") == true)
    #expect(
      failure { _ = matrix.padded([(0, .min), (0, 0)], with: 0) }?.hasPrefix("pad: (0, -92") == true
    )
  }

  @Test func diagonalsAndTriangles() {
    #expect(show(matrix.diagonal()) == "[2] 1 5" && show(matrix.diagonal(offset: 1)) == "[2] 2 6")
    #expect(show(matrix.diagonal(offset: -1)) == "[1] 4" && matrix.diagonal(offset: 3).shape == [0])
    #expect(
      matrix.diagonal(offset: .min).shape == [0] && matrix.diagonal(offset: .max).shape == [0])
    #expect(show(matrix.diagonal(axes: (1, 0))) == "[2] 1 5")
    let block = Tensor<Int>.arange(24).reshaped(to: [2, 3, 4])
    #expect(show(block.diagonal(axes: (1, -1))) == "[2, 3] 0 5 10 12 17 22")
    #expect(show(matrix.lowerTriangle()) == "[2, 3] 1 0 0 4 5 0")
    #expect(show(matrix.upperTriangle(diagonal: 1)) == "[2, 3] 0 2 3 0 0 6")
    #expect(matrix.lowerTriangle(diagonal: .min).sum().item() == 0)
    #expect(matrix.upperTriangle(diagonal: .min).sum().item() == 21)
    #expect(matrix.lowerTriangle(diagonal: .max).sum().item() == 21)
    #expect(failure { _ = matrix.diagonal(axes: (0, 0)) } == "diagonal: axes 0 and 0 of [2, 3]")
    #expect(failure { _ = matrix.diagonal(axes: (0, 2)) } == "diagonal: shape [2, 3] has no axis 2")
    #expect(failure { _ = Tensor<Int>([1]).lowerTriangle() } == "tril: shape [1] is no matrix")
    #expect(failure { _ = Tensor<Int>([1]).upperTriangle() } == "triu: shape [1] is no matrix")
  }
}

/// Elements selected by masks and by index tensors.
struct SelectionTests {
  private let matrix = Tensor<Float>([[1, 2, 3], [4, 5, 6]])

  @Test func masksFillAndSelect() {
    let mask = Tensor<Bool>([[true, false, true], [false, false, true]])
    #expect(matrix.maskedFill(mask, with: -1).scalars == [-1, 2, -1, 4, 5, -1])
    #expect(
      matrix.maskedFill(Tensor([true, false, false]), with: 0).scalars == [0, 2, 3, 0, 5, 6])
    #expect(matrix.masked(by: mask).scalars == [1, 3, 6])
    #expect(matrix.transposed().masked(by: mask.transposed()).scalars == [1, 3, 6])
    #expect(matrix.masked(by: Tensor<Bool>.zeros([2, 3])).shape == [0])
    #expect(
      failure { _ = matrix.maskedFill(Tensor([true]).expanded(to: [4]), with: 0) }
        == "maskedFill: a mask of shape [4] does not broadcast to [2, 3]")
    #expect(
      failure { _ = Tensor<Float>(1).maskedFill(Tensor([true]), with: 0) }
        == "maskedFill: a mask of shape [1] does not broadcast to []")
    #expect(matrix.masked(by: Tensor([true, false, true])).scalars == [1, 3, 4, 6])
    #expect(matrix.masked(by: Tensor([[false], [true]])).scalars == [4, 5, 6])
    #expect(Tensor<Float>([1, 2, 3]).masked(by: mask).scalars == [1, 3, 3])
    #expect(matrix.masked(by: Tensor(true)).count == 6)
    #expect(
      failure { _ = matrix.masked(by: Tensor([true, true])) }
        == "masked: a mask of shape [2] for [2, 3]")
  }

  @Test func placesAreGatheredAndAddedTo() {
    let places = Tensor<Int>([[2, 0], [1, 1]])
    #expect(matrix.takingAlong(places, axis: 1).scalars == [3, 1, 5, 5])
    #expect(matrix.takingAlong(Tensor([[1, 0, 1]]), axis: 0).scalars == [4, 2, 6])
    #expect(
      matrix.scatterAdded(Tensor([[10, 20], [30, 40]]), at: places, axis: 1).scalars
        == [21, 2, 13, 4, 75, 6])
    #expect(
      failure { _ = matrix.takingAlong(Tensor([[3]]), axis: 1) }
        == "gather: index 3 at position 0 is not in 0..<3")
    #expect(
      failure { _ = matrix.takingAlong(Tensor([[0, -1]]), axis: 1) }
        == "gather: index -1 at position 1 is not in 0..<3")
    #expect(
      failure { _ = matrix.takingAlong(Tensor([0]), axis: 1) }
        == "gather: indices of shape [1] do not fit [2, 3] along axis 1")
    #expect(
      failure { _ = matrix.takingAlong(Tensor([[0], [0], [0]]), axis: 1) }
        == "gather: indices of shape [3, 1] do not fit [2, 3] along axis 1")
    // The first places of a larger source count.
    #expect(
      matrix.scatterAdded(
        Tensor([[10, 20, 9], [30, 40, 9], [9, 9, 9]]), at: places, axis: 1
      ).scalars == [21, 2, 13, 4, 75, 6])
    #expect(
      failure { _ = matrix.scatterAdded(Tensor([[1]]), at: places, axis: 1) }
        == "scatterAdd: indices of shape [2, 2] for a source of [1, 1]")
    #expect(
      failure { _ = matrix.scatterAdded(Tensor([[1]]), at: Tensor([[9]]), axis: 1) }
        == "scatterAdd: index 9 at position 0 is not in 0..<3")
  }

  @Test func oneElementHasAPlaceToo() {
    let one = Tensor<Float>(5)
    #expect(show(one.flipped(axes: [0])) == "[] 5" && show(one.flipped(axes: [-1])) == "[] 5")
    #expect(failure { _ = one.flipped(axes: [1]) } == "flip: shape [] has no axis 1")
    #expect(failure { _ = one.flipped(axes: [0, -1]) } != nil)
    #expect(
      show(one.taking(Tensor([0]))) == "[] 5"
        && show(one.taking(Tensor([0]), axis: -1)) == "[] 5")
    #expect(failure { _ = one.taking(Tensor([0, 0])) } == "gather: shape [] has no axis 0")
    #expect(
      failure { _ = one.taking(Tensor([1])) } == "gather: index 1 at position 0 is not in 0..<1")
    #expect(show(one.takingAlong(Tensor(0), axis: 0)) == "[] 5")
    #expect(show(one.takingAlong(Tensor([0, 0]), axis: -1)) == "[2] 5 5")
    #expect(show(matrix[0].takingAlong(Tensor(2), axis: 0)) == "[] 3")
    #expect(
      failure { _ = one.takingAlong(Tensor(0), axis: 1) } == "gather: shape [1] has no axis 1")
    #expect(show(one.scatterAdded(Tensor(2), at: Tensor(0), axis: 0)) == "[] 7")
    #expect(show(one.scatterAdded(Tensor([2, 3]), at: Tensor([0, 0]), axis: 0)) == "[] 10")
    #expect(show(matrix[0].scatterAdded(Tensor(2), at: Tensor(1), axis: 0)) == "[3] 1 4 3")
    // A failure is passed on.
    #expect(
      failure { _ = (one + matrix[0..., 5]).takingAlong(Tensor(0), axis: 0) }?.hasPrefix(
        "subscript") == true)
    #expect(
      failure { _ = one.takingAlong(Tensor([0])[5], axis: 0) }?.hasPrefix("subscript") == true)
    #expect(
      failure { _ = one.scatterAdded(one, at: Tensor([0])[5], axis: 0) }?.hasPrefix("subscript")
        == true)
    let (x, y) = (Parameter(one), Parameter(Tensor<Float>([2, 3])))
    x.tensor.scatterAdded(y.tensor, at: Tensor([0, 0]), axis: 0).square().backward()
    #expect(x.grad?.scalars == [20] && y.grad?.scalars == [20, 20])
  }

  @Test func classesBecomeRows() {
    #expect(show(Tensor<Int>([2, 0]).oneHot(classCount: 3)) == "[2, 3] 0 0 1 1 0 0")
    #expect(Tensor<Int>(1).oneHot(classCount: 2).scalars == [0, 1])
    #expect(Tensor<Int>.zeros([0]).oneHot(classCount: 2).shape == [0, 2])
    #expect(
      failure { _ = Tensor<Int>([0, 3]).oneHot(classCount: 3) }
        == "oneHot: index 3 at position 1 is not in 0..<3")
    #expect(
      failure { _ = Tensor<Int>([0]).oneHot(classCount: -1) }?.hasPrefix("oneHot: -1") == true)
  }

  @Test func countsAndRunningResults() {
    #expect(Tensor<Float>([0, -0.0, .nan, 2]).countNonzero().item() == 2)
    #expect(matrix.countNonzero(axes: [0], keepingAxes: true).shape == [1, 3])
    #expect(Tensor<Int8>([100, 100, 100]).cumulativeSum(axis: 0).scalars == [100, 200, 300])
    #expect(
      Tensor<UInt8>([1, 2, 3, 4, 5]).cumulativeProduct(axis: 0).scalars == [1, 2, 6, 24, 120])
    #expect(matrix.cumulativeSum(axis: 0).scalars == [1, 2, 3, 5, 7, 9])
    let bumpy = Tensor<Float>([1, 3, 2, .nan, 5])
    #expect(bumpy.cumulativeMax(axis: 0).scalars[..<3] == [1, 3, 3])
    let rest = bumpy.cumulativeMax(axis: 0).scalars[3...]
    #expect(rest.allSatisfy { $0.isNaN })
    #expect(Tensor<Float>([4, 2, 3]).cumulativeMin(axis: -1).scalars == [4, 2, 2])
    #expect(Tensor([true, true, false]).cumulativeSum(axis: 0).scalars == [1, 2, 2])
    #expect(Tensor([true, false]).countNonzero().item() == 1)
    #expect(Tensor<Float>(4).cumulativeSum(axis: 0).item() == 4)
    // Counted in Float: a half cannot count to 3000 by ones.
    #expect(Tensor<Float16>.ones([3000]).cumulativeSum(axis: 0)[2999].item() == 3000)
    #expect(
      failure { _ = matrix.cumulativeSum(axis: 2) } == "cumulativeSum: shape [2, 3] has no axis 2")
    #expect(
      failure { _ = Tensor<Float>(1).cumulativeMax(axis: 1) }
        == "cumulativeMax: shape [] has no axis 1")
  }
}

/// The gradients of running extrema.
struct RunningExtremaTests {
  /// As in PyTorch, the last of equal elements receives the gradient, also of NaN.
  @Test func theLastOfEqualsGetsTheGradient() {
    func gradient(_ numbers: [Double], _ running: (Tensor<Double>) -> Tensor<Double>) -> [Double]? {
      let x = Parameter(Tensor(numbers))
      running(x.tensor).backward(seed: Tensor((0..<numbers.count).map { Double(1 << $0) }))
      return x.grad?.scalars
    }
    let ties: [Double] = [1, 3, 3, 2, 3, 4, 4, 0]
    #expect(gradient(ties) { $0.cumulativeMax(axis: 0) } == [1, 2, 12, 0, 16, 32, 192, 0])
    #expect(
      gradient(ties.map { -$0 }) { $0.cumulativeMin(axis: 0) } == [1, 2, 12, 0, 16, 32, 192, 0])
    #expect(gradient([1, .nan, 2, .nan, 3]) { $0.cumulativeMax(axis: 0) } == [1, 6, 0, 24, 0])
    #expect(gradient([1, .nan, 2, .nan, 3]) { $0.cumulativeMin(axis: 0) } == [1, 6, 0, 24, 0])
  }
}

/// Norms and sums that are computed by formulas.
struct NormTests {
  private let x = Tensor<Double>([[3, -4], [0, 0]])

  @Test func normsByTheirOrder() {
    #expect(x.norm().item() == 5 && x.norm(1).item() == 7 && x.norm(0).item() == 2)
    #expect(x.norm(.infinity).item() == 4 && x.norm(-.infinity).item() == 0)
    #expect(abs(x.norm(3, axes: [1])[0].item() - 4.497941445275415) < 1e-14)
    #expect(x.norm(axes: [1], keepingAxes: true).shape == [2, 1])
    #expect(x.norm(1, axes: [0]).scalars == [3, 4] && x.norm(0, axes: [1]).scalars == [2, 0])
    // No infinite derivative at 0.
    let zeros = Parameter(Tensor<Double>.zeros([2]))
    zeros.tensor.norm().backward()
    #expect(zeros.grad?.scalars == [0, 0])
    #expect(failure { _ = x.norm(.nan) } == "norm: p is nan")
  }

  @Test func sumsOfExponentials() {
    let top = Tensor<Double>([1000, 1000])
    #expect(abs(top.logSumExp().item() - 1000.6931471805599) < 1e-12)
    #expect(Tensor<Double>([-.infinity, -.infinity]).logSumExp().item() == -.infinity)
    #expect(Tensor<Double>([.infinity, 1]).logSumExp().item() == .infinity)
    #expect(Tensor<Double>([.nan, 1]).logSumExp().item().isNaN)
    #expect(x.logSumExp(axes: [0]).shape == [2])
    #expect(x.logSumExp(axes: [0], keepingAxes: true).shape == [1, 2])
    #expect(x.logSumExp(keepingAxes: true).shape == [1, 1])
  }

  @Test func productsAreAddedTo() {
    let (a, b) = (Tensor<Double>([[1, 2]]), Tensor<Double>([[3], [4]]))
    #expect(Tensor<Double>([10]).addingProduct(a, b).scalars == [21])
    #expect(Tensor<Double>([10]).addingProduct(a, b, beta: 0.5, alpha: 2).scalars == [27])
    #expect(Tensor<Double>([.nan]).addingProduct(a, b, beta: 0).scalars == [11])
    #expect(
      failure { _ = Tensor<Double>([1, 2]).addingProduct(a, b) }
        == "addmm: [2] does not broadcast to [1, 1]")
  }

  @Test func whatIsNoNumberCanBeLeftOut() {
    let x = Tensor<Float>([[1, .nan, 3], [.nan, .nan, .nan]])
    #expect(x.nanSum().item() == 4 && x.nanSum(axes: [1]).scalars == [4, 0])
    #expect(x.nanMean(axes: [1])[0].item() == 2 && x.nanMean(axes: [1])[1].item().isNaN)
    #expect(x.nanMax(axes: [1])[0].item() == 3 && x.nanMax(axes: [1])[1].item().isNaN)
    #expect(x.nanMin().item() == 1 && x.nanMin(axes: [0]).scalars[0] == 1)
    #expect(x.nanMin(axes: [1], keepingAxes: true).shape == [2, 1])
    #expect(Tensor<Float>([-.infinity, .nan]).nanMax().item() == -.infinity)
    let p = Parameter(x)
    p.tensor.nanSum().backward()
    #expect(p.grad?.scalars == [1, 0, 1, 0, 0, 0])
  }
}
