import Testing

@testable import SlopeCore

private let matrix = Tensor<Float>([[1, 5, 2], [4, 3, 6]])

/// The groups of elements that a reduction over `axes` combines, in the order of the result.
private func groups(_ tensor: Tensor<Double>, _ axes: [Int]) -> [[Double]] {
  let shape = Array(tensor.shape)
  var groups: [[Int]: [Double]] = [:]
  var keys: [[Int]] = []
  for (flat, element) in tensor.scalars.enumerated() {
    var (rest, index) = (flat, [Int](repeating: 0, count: shape.count))
    for axis in shape.indices.reversed() {
      (rest, index[axis]) = (rest / shape[axis], rest % shape[axis])
    }
    for axis in axes { index[axis] = 0 }
    if groups[index] == nil { keys.append(index) }
    groups[index, default: []].append(element)
  }
  return keys.compactMap { groups[$0] }
}

@Suite struct TensorReductionsTests {
  @Test(arguments: [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2], [2, 0]] as [[Int]])
  func anyAxesOfAnyView(axes: [Int]) {
    let numbers = Tensor<Double>.arange(48).reshaped(to: [4, 3, 4]) * 7
    let whole = numbers - (numbers / 11).floor() * 11
    let views = [
      whole, whole.permuted([2, 0, 1]), whole[0..., 1..., stride(from: 3, to: 0, by: -2)],
    ]
    // Without axes all are reduced, as in PyTorch, but those of `any` and `all`.
    let reduced = axes.isEmpty ? [0, 1, 2] : axes
    for view in views {
      let parts = groups(view, reduced)
      let kept = view.shape.indices.filter { !reduced.contains($0) }.map { view.shape[$0] }
      let ones = view.shape.indices.map { reduced.contains($0) ? 1 : view.shape[$0] }
      let found = view.sum(axes: axes)
      #expect(found.scalars == parts.map { $0.reduce(0, +) } && found.shape == Shape(kept))
      let wide = view.sum(axes: axes.map { $0 - 3 }, keepingAxes: true)
      #expect(wide.scalars == found.scalars && wide.shape == Shape(ones))
      #expect(view.max(axes: axes).scalars == parts.map { $0.max() ?? 0 })
      #expect(view.min(axes: axes, keepingAxes: true).scalars == parts.map { $0.min() ?? 0 })
      #expect(view.mean(axes: axes).scalars == parts.map { $0.reduce(0, +) / Double($0.count) })
      #expect(
        (view + 1).product(axes: axes).scalars.map { $0.rounded() }
          == parts.map { $0.reduce(1) { $0 * ($1 + 1) }.rounded() } || reduced.count == 3)
      #expect(view.variance(axes: axes, correction: 0).shape == Shape(kept))
      let asked = groups(view, axes)
      #expect((view .> 9).any(axes: axes).scalars == asked.map { $0.contains { $0 > 9 } })
      #expect(
        (view .> 1).all(axes: axes, keepingAxes: true).shape
          == (axes.isEmpty ? view.shape : Shape(ones)))
      #expect((view .> 1).all(axes: axes).scalars == asked.map { $0.allSatisfy { $0 > 1 } })
      if axes.count == 1 {
        #expect(
          view.argmax(axis: axes[0]).scalars == parts.map { $0.firstIndex(of: $0.max() ?? 0) ?? -1 }
        )
        #expect(
          view.argmin(axis: axes[0] - 3, keepingAxes: true).scalars
            == parts.map { $0.firstIndex(of: $0.min() ?? 0) ?? -1 })
        #expect(view.argmin(axis: axes[0], keepingAxes: true).shape == Shape(ones))
      }
    }
  }

  @Test func overAll() {
    #expect(
      show(matrix.sum()) == "[] 21" && show(matrix.mean()) == "[] 3.5"
        && show(matrix.product()) == "[] 720")
    #expect(show(matrix.max()) == "[] 6" && show(matrix.min()) == "[] 1")
    #expect(show(matrix.argmax()) == "[] 5" && show(matrix.argmin()) == "[] 0")
    #expect(show(matrix.transposed().argmax(keepingAxes: true)) == "[1, 1] 5")
    #expect(show(matrix.sum(axis: 1)) == "[2] 8 13" && show(matrix.sum(axis: -2)) == "[3] 5 8 8")
    #expect(show(matrix.mean(axis: 0)) == "[3] 2.5 4 4" && show(matrix.max(axis: 0)) == "[3] 4 5 6")
    #expect(show(matrix.min(axis: -1, keepingAxes: true)) == "[2, 1] 1 3")
    #expect(show(matrix.max(axis: 1, keepingAxes: true)) == "[2, 1] 5 6")
    #expect(show(matrix.mean(axis: 1, keepingAxes: true)) == "[2, 1] 2.6666667 4.3333335")
    #expect(show(matrix.sum(axis: 1, keepingAxes: true)) == "[2, 1] 8 13")
    #expect(
      show(Tensor<Float>(3).sum(axis: 0)) == "[] 3" && show(Tensor(3).max(axis: -1)) == "[] 3")
    #expect(
      show(Tensor(3).argmax(axis: 0)) == "[] 0"
        && show(Tensor(3).sum(axis: 0, keepingAxes: true)) == "[] 3")
  }

  @Test func sumsOfIntegersAreWide() {
    let bytes = Tensor<UInt8>([200, 200, 200])
    #expect(
      show(bytes.sum()) == "[] 600" && bytes.sum().dtype == .int64
        && show(bytes.product()) == "[] 8000000")
    #expect(
      show(Tensor<Int8>([-100, -100]).sum()) == "[] -200"
        && show(Tensor([true, false, true]).sum()) == "[] 2")
    #expect(
      show(Tensor([true, false]).product()) == "[] 0"
        && show(Tensor([Int.max, 1]).sum()) == "[] \(Int.min)")
    let large = Tensor<UInt64>([.max, 2]).sum()
    #expect(show(large) == "[] 1" && large.dtype == .uint64)
    #expect(show(bytes.max()) == "[] 200" && bytes.min().dtype == .uint8)
    #expect(show(Tensor<BFloat16>.ones([1000]).sum()) == "[] 1000")
  }

  @Test func nothingToReduce() {
    let none = Tensor<Float>.zeros([0, 3])
    #expect(
      show(none.sum()) == "[] 0" && show(none.mean()) == "[] nan" && show(none.product()) == "[] 1")
    #expect(show(none.sum(axis: 0)) == "[3] 0 0 0" && show(none.sum(axis: 1)) == "[0] ")
    #expect(show(none.product(axes: [0], keepingAxes: true)) == "[1, 3] 1 1 1")
    #expect(show(none.max(axis: 1)) == "[0] " && show(none.argmin(axis: 1)) == "[0] ")
    #expect(failure { none.max() } == "maximum: shape [0, 3] has no elements to choose from")
    #expect(failure { none.min(axis: 0) } == "minimum: shape [0, 3] has no elements to choose from")
    #expect(failure { none.argmax() } == "argMaximum: shape [0, 3] has no elements to choose from")
    #expect(failure { none.argmin(axis: 0) } != nil)
    #expect(
      !none.any().item() && none.all().item()
        && show(none.any(axes: [0])) == "[3] false false false")
    #expect(show(none.all(axes: [0], keepingAxes: true)) == "[1, 3] true true true")
    #expect(show(none.all(axes: [1])) == "[0] ")
  }

  @Test func axesThatAreNotThereFail() {
    #expect(failure { matrix.sum(axis: 2) } == "sum: shape [2, 3] has no axis 2")
    #expect(failure { matrix.mean(axis: -3) } == "mean: shape [2, 3] has no axis -3")
    #expect(
      failure { matrix.max(axes: [1, -1]) } == "maximum: axis -1 of shape [2, 3] is named twice")
    #expect(failure { matrix.std(axes: [5]) } != nil && failure { matrix.any(axes: [2]) } != nil)
    #expect(failure { Tensor<Float>(1).sum(axes: [0, -1]) } != nil)
  }

  @Test func nanWins() {
    let x = Tensor<Float>([3, .nan, 7, .nan, 1])
    #expect(
      show(x.max()) == "[] nan" && show(x.min()) == "[] nan" && show(x.argmax()) == "[] 1"
        && show(x.argmin()) == "[] 1")
    #expect(
      show(Tensor<Float>([2, 7, 7, 2]).argmax()) == "[] 1"
        && show(Tensor<Float>([2, 7, 7, 2]).argmin()) == "[] 0")
    #expect(x.any().item() && x.all().item() && !(x * 0).isFinite().all().item())
  }

  @Test func spread() {
    let x = Tensor<Double>([[1, 2, 3, 6], [2, 2, 2, 2]])
    #expect(
      show(x.variance(axes: [1])) == "[2] 4.666666666666667 0"
        && show(x.variance(axes: [1], correction: 0)) == "[2] 3.5 0")
    #expect(
      show(x.std(axes: [-1], correction: 0, keepingAxes: true))
        == "[2, 1] \(3.5.squareRoot()) 0")
    #expect(show(x.variance(correction: 0)) == "[] 2" && show(x.variance()) == "[] \(16.0 / 7)")
    #expect(
      show(x.std(correction: 4)) == "[] 2"
        && show(x.variance(axes: [0], correction: 2)) == "[4] inf nan inf inf")
    #expect(
      show(Tensor<Float>([5]).std()) == "[] nan"
        && show(Tensor<Float>([5]).std(correction: 0)) == "[] 0")
    #expect(
      show(Tensor<Float>([5]).variance(correction: 9)) == "[] nan"
        && show(Tensor([Float]()).variance()) == "[] nan")
    // One pass over squares would lose everything here.
    #expect(show(Tensor<Double>([1e9 + 1, 1e9 + 2, 1e9 + 3]).variance()) == "[] 1")
    #expect(Tensor<Float16>([1, 3]).std(correction: 0).item() == 1)
  }
}
