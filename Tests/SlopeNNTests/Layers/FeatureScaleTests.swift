import SlopeCore
import SlopeNN
import Testing

struct FeatureScaleTests {
  @Test func factorsStartAsOne() {
    #expect(FeatureScale<Float>(3).weight.tensor.scalars == [1, 1, 1])
    #expect(FeatureScale<Float>(3, members: 2).weight.shape == [2, 3])
  }

  @Test func eachFeatureHasItsFactor() {
    let layer = FeatureScale<Float>(2)
    layer.weight.tensor = Tensor([2, -3])
    let output = layer(Tensor([[1, 10], [4, 5]]))
    #expect(output.scalars == [2, -30, 8, -15])
    output.sum().backward()
    #expect(layer.weight.grad?.scalars == [5, 15])
  }

  @Test func membersHaveFactorsOfTheirOwn() {
    let layer = FeatureScale<Float>(2, members: 2)
    layer.weight.tensor = Tensor([[2, 3], [4, 5]])
    let output = layer(Tensor([[1, 10], [2, 20]]))
    #expect(output.shape == [2, 2, 2] && output.scalars == [2, 30, 4, 60, 4, 50, 8, 100])
    #expect(layer(Tensor([[[1, 1]], [[2, 2]]])).scalars == [2, 3, 8, 10])
    #expect("\(layer)" == "FeatureScale(2, members: 2)")
    #expect("\(FeatureScale<Float>(4))" == "FeatureScale(4)")
  }

  @Test func aNegativeCountIsRefused() {
    #expect(throws: TensorError.self) { try checked { _ = FeatureScale<Float>(-1) } }
    #expect(throws: TensorError.self) { try checked { _ = FeatureScale<Float>(1, members: -1) } }
  }
}
