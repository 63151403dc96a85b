import SlopeCore
import Testing

/// A reduction along one axis and over several, compared with the same in the other form.
@Suite struct AxisReductionTests {
  private let x = Tensor<Double>([
    [[3, -1, 4], [1, -5, 9]], [[2, 6, -5], [3, 5, 8]], [[9, 7, 9], [0, 2, -3]],
  ])
  private let holes = Tensor<Double>([[1, .nan, 3], [.nan, .nan, .nan], [0, -2, 5]])

  @Test(arguments: [0, 1, 2, -1, -3], [false, true])
  func oneAxisIsAListOfOne(axis: Int, keeps: Bool) {
    func same<Element: TensorElement>(
      _ one: Tensor<Element>, _ list: Tensor<Element>, _ name: String
    ) {
      #expect(one.shape == list.shape && one.scalars == list.scalars, "\(name)")
      #expect(one.rank == (keeps ? 3 : 2), "\(name)")
    }
    same(
      x.product(axis: axis, keepingAxes: keeps), x.product(axes: [axis], keepingAxes: keeps),
      "product")
    same(x.any(axis: axis, keepingAxes: keeps), x.any(axes: [axis], keepingAxes: keeps), "any")
    same(x.all(axis: axis, keepingAxes: keeps), x.all(axes: [axis], keepingAxes: keeps), "all")
    same(
      x.countNonzero(axis: axis, keepingAxes: keeps),
      x.countNonzero(axes: [axis], keepingAxes: keeps), "countNonzero")
    same(
      x.variance(axis: axis, correction: 0, keepingAxes: keeps),
      x.variance(axes: [axis], correction: 0, keepingAxes: keeps), "variance")
    same(x.std(axis: axis, keepingAxes: keeps), x.std(axes: [axis], keepingAxes: keeps), "std")
    same(
      x.logSumExp(axis: axis, keepingAxes: keeps), x.logSumExp(axes: [axis], keepingAxes: keeps),
      "logSumExp")
    same(
      x.norm(3, axis: axis, keepingAxes: keeps), x.norm(3, axes: [axis], keepingAxes: keeps),
      "norm")
    same(x.norm(axis: axis, keepingAxes: keeps), x.norm(axes: [axis], keepingAxes: keeps), "norm")
    same(
      x.median(axis: axis, keepingAxes: keeps), x.median(axes: [axis], keepingAxes: keeps),
      "median")
    same(
      x.quantile(0.3, axis: axis, keepingAxes: keeps),
      x.quantile(0.3, axes: [axis], keepingAxes: keeps), "quantile")
  }

  @Test func defaultsAreThoseOfTheLists() {
    #expect(x.variance(axis: 2)[0, 0].item() == 7)
    #expect(x.std(axis: 0).scalars == x.std(axes: [0]).scalars)
    #expect(x.countNonzero(axis: 1).scalars == [2, 2, 2, 2, 2, 2, 1, 2, 2])
    #expect(x.product(axis: 0).scalars == [54, -42, -180, 0, -50, -216])
  }

  @Test func elementsThatAreNoNumberAreLeftOutAlongAnAxis() {
    #expect(holes.nanSum(axis: 1).scalars == [4, 0, 3])
    #expect(holes.nanMax(axis: 0).scalars == [1, -2, 5])
    #expect(holes.nanMin(axis: 0, keepingAxes: true).shape == [1, 3])
    #expect(holes.nanMin(axis: 0).scalars == [0, -2, 3])
    let means = holes.nanMean(axis: 1).scalars
    #expect(means[0] == 2 && means[1].isNaN && means[2] == 1)
  }

  @Test func severalAxesAreReducedAsOne() {
    #expect(x.median(axes: [0, 2]).scalars == [4, 2])
    #expect(x.median(axes: [2, 0], keepingAxes: true).shape == [1, 2, 1])
    #expect(x.median(axes: [0, 1, 2]).item() == x.median().item())
    #expect(x.median(axes: [0, 1, 2], keepingAxes: true).shape == [1, 1, 1])
    // No axes are all of them, as for every reduction but `any` and `all`.
    #expect(x.median(axes: []).scalars == x.median().scalars)
    #expect(x.quantile(0.5, axes: [1, 2]).scalars == [2, 4, 4.5])
    #expect(x.quantile(0.25, axes: [-1, 1]).scalars == [-0.5, 2.25, 0.5])
    #expect(Tensor<Double>(7).median(axes: [0]).item() == 7)
    let missing = holes.median(axes: [1]).scalars
    #expect(missing[0].isNaN && missing[1].isNaN && missing[2] == 0)
  }

  @Test func theGradientGoesToTheElementInTheMiddle() {
    let p = Parameter(x)
    p.tensor.median(axes: [0, 2]).sum().backward()
    #expect(p.grad?.sum().item() == 2)
    #expect(p.grad?[0, 0, 2].item() == 1 && p.grad?[2, 1, 1].item() == 1)
  }

  @Test func axesThatThereAreNotAreFailures() {
    func message(_ body: () -> Tensor<Double>) -> String? {
      do {
        _ = try checked(body)
        return nil
      } catch { return "\(error)" }
    }
    #expect(message { x.median(axes: [3]) } == "median: shape [3, 2, 3] has no axis 3")
    #expect(
      message { x.quantile(0.5, axes: [1, -2]) }
        == "quantile: axis -2 of shape [3, 2, 3] is named twice")
    #expect(message { x.quantile(2, axes: []) } == "quantile: 2.0 is not in 0...1")
    #expect(message { x.norm(axis: 3) }?.contains("has no axis 3") == true)
    #expect(message { Tensor.zeros([2, 0]).median(axes: [1]) }?.hasPrefix("median: ") == true)
  }

  @Test func aRangeClamps() {
    let values = Tensor<Float>([-2, 0.5, 3, .nan])
    let clamped = values.clamped(to: 0...1).scalars
    #expect(clamped[..<3] == [0, 0.5, 1] && clamped[3].isNaN)
    #expect(Tensor<UInt8>([1, 7, 200]).clamped(to: 5...9).scalars == [5, 7, 9])
  }
}

/// An empty list of axes, as PyTorch 2.15 takes it.
struct NoAxesTests {
  private let x = Tensor<Double>([[1, 2], [3, 4]])

  @Test func noAxesAreAllOfThem() {
    #expect(x.sum(axes: []).scalars == [10] && x.mean(axes: []).scalars == [2.5])
    #expect(x.product(axes: []).scalars == [24] && x.max(axes: []).scalars == [4])
    #expect(x.min(axes: [], keepingAxes: true).shape == [1, 1])
    #expect(x.variance(axes: []).item() == x.variance().item())
    #expect(x.std(axes: []).item() == x.std().item() && x.norm(axes: []).item() == x.norm().item())
    #expect(x.countNonzero(axes: []).scalars == [4] && x.nanSum(axes: []).scalars == [10])
    #expect(x.logSumExp(axes: []).shape == [] && x.nanMean(axes: []).scalars == [2.5])
  }

  @Test func anyAndAllLeaveTheElements() {
    let holes = Tensor<Double>([[0, 2], [.nan, 0]])
    #expect(show(holes.any(axes: [])) == "[2, 2] false true true false")
    #expect(show(holes.all(axes: [], keepingAxes: true)) == "[2, 2] false true true false")
  }

  @Test func aGradientReachesAllElements() {
    let p = Parameter(x)
    (p.tensor.max(axes: []) + p.tensor.sum(axes: [])).backward()
    #expect(p.grad?.scalars == [1, 1, 1, 2])
  }
}
