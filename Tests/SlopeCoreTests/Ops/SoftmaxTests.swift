import Testing

@testable import SlopeCore

@Suite struct SoftmaxTests {
  @Test func isStable() {
    let x = Tensor<Float>([1000, 0, -1000])
    #expect(show(x.softmax()) == "[3] 1 0 0" && show(x.logSoftmax()) == "[3] 0 -1000 -2000")
    #expect(show(Tensor<Double>([1000, 0]).logSoftmax()) == "[2] 0 -1000")
    for row: [Float] in [[.infinity, 0], [.nan, 0], [-.infinity, -.infinity]] {
      #expect(
        show(Tensor(row).softmax()) == "[2] nan nan"
          && show(Tensor(row).logSoftmax()) == "[2] nan nan")
    }
    #expect(show(Tensor<Float>([-.infinity, 0]).softmax()) == "[2] 0 1")
  }

  @Test func anyAxis() {
    let x = Tensor<Double>([[[0, 1], [2, 0]], [[3, 3], [0, 1]]])
    for axis in 0..<3 {
      let (soft, log) = (x.softmax(axis: axis), x.logSoftmax(axis: axis - 3))
      let expected = x.exp() / x.exp().sum(axis: axis, keepingAxes: true)
      #expect((soft - expected).abs().max().item() < 1e-15)
      #expect((log - expected.log()).abs().max().item() < 1e-15)
      #expect((soft.sum(axis: axis) - 1).abs().max().item() < 1e-15)
    }
    #expect(show(x.softmax()) == show(x.softmax(axis: 2)))
    let view = x[0..., 1].transposed()
    #expect(
      (view.softmax(axis: 0) - view.exp() / view.exp().sum(axis: 0)).abs().max().item() < 1e-15)
  }

  @Test func edges() {
    #expect(
      show(Tensor<Float>(5).softmax()) == "[] 1"
        && show(Tensor<Float>(5).logSoftmax(axis: 0)) == "[] 0")
    #expect(
      show(Tensor<Float>.zeros([0, 3]).softmax()) == "[0, 3] "
        && show(Tensor<Float>.zeros([3, 0]).softmax()) == "[3, 0] ")
    #expect(show(Tensor<Float16>([0, 0]).softmax()) == "[2] 0.5 0.5")
    #expect(failure { Tensor<Float>([1]).softmax(axis: 1) } == "softmax: shape [1] has no axis 1")
    #expect(
      failure { Tensor<Float>([1]).logSoftmax(axis: -2) } == "logSoftmax: shape [1] has no axis -2")
  }
}
