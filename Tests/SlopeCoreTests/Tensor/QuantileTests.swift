import Testing

@testable import SlopeCore

@Suite struct QuantileTests {
  private let x = Tensor<Float>([[3, 1, 2, 9], [4, .nan, 5, 6]])

  @Test func theMedianIsTheLowerOfTwoInTheMiddle() {
    let rows = x.median(axis: 1)
    #expect(rows.shape == [2] && rows[0].item() == 2 && rows[1].item().isNaN)
    #expect(x.median(axis: -1, keepingAxes: true).shape == [2, 1])
    #expect(x.median().item().isNaN && x[0].median().item() == 2)
    #expect(x.median(keepingAxes: true).shape == [1, 1])
    #expect(
      Tensor<Int>([5, 1, 9]).median().item() == 5 && Tensor<Int>(4).median(axis: 0).item() == 4)
    #expect(Tensor<UInt8>([[5, 1], [9, 0], [7, 255]]).median(axis: 0).scalars == [7, 1])
    let p = Parameter(Tensor<Double>([[3, 1, 2, 9], [4, 8, 5, 6]]))
    p.tensor.median(axis: 1).sum().backward()
    #expect(p.grad?.scalars == [0, 0, 1, 0, 0, 0, 1, 0])
  }

  @Test func quantilesAreInterpolated() {
    let row = Tensor<Double>([3, 1, 2, 9])
    for (q, wanted) in [(0, 1), (0.1, 1.3), (0.25, 1.75), (0.5, 2.5), (0.9, 7.2), (1, 9)] {
      #expect(abs(row.quantile(q).item() - wanted) < 1e-12, "\(q)")
    }
    #expect(x.quantile(0.5, axis: 1)[1].item().isNaN)
    #expect(x.quantile(0.5, axis: 0, keepingAxes: true).shape == [1, 4])
    // Close to either end the nearer element is exact, as in PyTorch.
    #expect(Tensor<Float>([0, 1e10]).quantile(0.75).item() == 7.5e9)
    let p = Parameter(Tensor<Double>([3, 1, 2, 9]))
    p.tensor.quantile(0.25).backward()
    #expect(p.grad?.scalars == [0, 0.25, 0.75, 0])
  }

  @Test func ofNothingThereIsNoMiddle() {
    #expect(
      failure { _ = Tensor<Float>.zeros([2, 0]).median(axis: 1) }
        == "median: no elements along an axis of [2, 0]")
    #expect(Tensor<Float>.zeros([2, 0]).median(axis: 0).shape == [0])
    #expect(failure { _ = x.median(axis: 2) } == "median: axis 2 of a tensor of shape [2, 4]")
    #expect(
      failure { _ = Tensor<Float>(1).median(axis: 1) } == "median: axis 1 of a tensor of shape []")
    #expect(failure { _ = x.quantile(1.5) } == "quantile: 1.5 is not in 0...1")
    #expect(failure { _ = x.quantile(.nan) } == "quantile: nan is not in 0...1")
  }

  @Test func extremesMayLeaveNaNOut() {
    let (a, b) = (Tensor<Float>([1, .nan, 2, .nan, 3]), Tensor<Float>([2, 1, .nan, .nan, 3]))
    #expect("\(fmax(a, b).scalars)" == "[2.0, 1.0, 2.0, nan, 3.0]")
    #expect("\(fmin(a, b).scalars)" == "[1.0, 1.0, 2.0, nan, 3.0]")
    let (p, q) = (Parameter(a), Parameter(b))
    (fmax(p.tensor, q.tensor) * 2 + fmin(p.tensor, q.tensor)).sum().backward()
    // A tie is divided.
    #expect(p.grad?.scalars == [1, 0, 3, 3, 1.5] && q.grad?.scalars == [2, 3, 0, 0, 1.5])
  }
}
