import SlopeCore
import SlopeOptimizers
import Testing

@Suite struct GradientClippingTests {
  private func parameter<Element: FloatingElement>(_ gradient: [Element]) -> Parameter<Element> {
    let parameter = Parameter(Tensor<Element>.zeros([gradient.count]))
    parameter.grad = Tensor(gradient)
    return parameter
  }

  private func message(_ body: () -> Void) -> String? {
    do {
      try checked { body() }
      return nil
    } catch { return "\(error)" }
  }

  @Test func normsAndGradientsAreThoseOfPyTorch() throws {
    let cases = try OptimizerCases.stored.get()
    #expect(cases.clipping.count == 10)
    for stored in cases.clipping {
      let parameters = cases.gradients[4].map { parameter($0) }
      if let value = stored.value {
        clipGradientValue(parameters + [nil], maximum: value)
      } else {
        let kind: Double = if case .number(let p)? = stored.type { p } else { .infinity }
        let norm = clipGradientNorm(
          [nil] + parameters, maximum: try #require(stored.maximum), normType: kind)
        #expect(abs(norm.item() - (try #require(stored.norm))) < 1e-12)
      }
      let clipped = parameters.flatMap { $0.grad?.scalars ?? [] }
      #expect(isClose(clipped, stored.clipped, 1e-12), "\(stored)")
    }
  }

  @Test func theNormIsOfAllGradients() {
    let parameters = [parameter([3, 0] as [Float]), parameter([-4]), Parameter(Tensor([7]))]
    #expect(gradientNorm(parameters).item() == 5)
    #expect(gradientNorm(parameters, normType: 1).item() == 7)
    #expect(gradientNorm(parameters, normType: .infinity).item() == 4)
    #expect(gradientNorm([parameters[2], nil]).item() == 0)
    #expect(
      gradientNorm([parameter([] as [Float]), parameters[1]], normType: .infinity).item() == 4)
    #expect(clipGradientNorm(parameters, maximum: 2.5).item() == 5)
    #expect(abs(gradientNorm(parameters).item() - 2.5) < 1e-5)
    #expect(parameters[2].grad == nil)
  }

  /// The sum of squares exceeds the range of Float16.
  @Test func sixteenBitGradientsHaveANormInFloat() {
    let p = parameter([30000, -40000] as [Float16])
    #expect(clipGradientNorm([p], maximum: 1).item() == 50000)
    #expect(abs(Double(p.grad?.scalars[0] ?? 0) - 0.6) < 1e-3)
  }

  @Test func whatIsNotFiniteIsAFailureIfAsked() {
    let parameters = [parameter([1, .infinity] as [Float]), parameter([2])]
    #expect(
      message { clipGradientNorm(parameters, maximum: 1, errorIfNonfinite: true) }
        == "clipGradientNorm: the norm of the gradients is inf")
    #expect(parameters[1].grad?.scalars == [2])
    #expect(
      message { clipGradientNorm([parameters[1]], maximum: 1, errorIfNonfinite: true) } == nil)
    clipGradientNorm(parameters, maximum: 1)
    #expect(parameters[1].grad?.scalars == [0])
    let other = [parameter([.nan, 1] as [Float])]
    clipGradientNorm(other, maximum: 1)
    #expect(other[0].grad?.scalars.allSatisfy(\.isNaN) == true)
  }

  @Test func valuesAreLimitedAndNaNStays() {
    let p = parameter([-3, -0.5, 0.5, 3, .nan, .infinity] as [Double])
    clipGradientValue([p], maximum: 1)
    let clipped = p.grad?.scalars ?? []
    #expect(clipped.prefix(4) == [-1, -0.5, 0.5, 1] && clipped[4].isNaN && clipped[5] == 1)
    clipGradientValue([p], maximum: 0)
    #expect(p.grad?.scalars.prefix(4) == [0, 0, 0, 0])
  }

  @Test func limitsAreNotNegative() {
    let p = parameter([3, 4] as [Float])
    #expect(
      message { clipGradientNorm([p], maximum: -1) }
        == "clipGradientNorm: maximum -1.0 is negative or not a number")
    #expect(
      message { clipGradientValue([p], maximum: .nan) }
        == "clipGradientValue: maximum nan is negative or not a number")
    #expect(message { clipGradientNorm([p], maximum: 1, normType: .nan) } == "norm: p is nan")
    #expect(p.grad?.scalars == [3, 4])
  }
}
