import SlopeCore
import SlopeNN
import Testing

/// The layers of piecewise, shrinking and gated units compute what the operations do.
@Suite struct UnitLayerTests {
  private let x = Tensor<Double>([[-4, -0.75, 0.25, 0.5], [1, 2.5, 7, -100]])

  @Test func layersAreTheirOperations() {
    let pairs: [(any Layer<Double>, Tensor<Double>)] = [
      (Hardtanh(), x.hardtanh()), (Hardtanh(minimum: -2, maximum: 3), x.clamped(min: -2, max: 3)),
      (ReLU6(), x.clamped(min: 0, max: 6)), (Hardsigmoid(), x.hardsigmoid()),
      (Hardswish(), x.hardswish()), (Threshold(0.25, value: 9), x.threshold(0.25, value: 9)),
      (Softshrink(), x.softshrink()), (Softshrink(lambda: 2), x.softshrink(lambda: 2)),
      (Hardshrink(), x.hardshrink()), (Hardshrink(lambda: 2), x.hardshrink(lambda: 2)),
      (Tanhshrink(), x.tanhshrink()), (GLU(), x.glu()), (GLU(axis: 0), x.glu(axis: 0)),
      (CELU(), x.celu()), (CELU(alpha: 2), x.celu(alpha: 2)), (LogSigmoid(), x.logSigmoid()),
      (Softsign(), x.softsign()), (Softmin(), x.softmin(axis: 1)),
      (Softmin(axis: 0), x.softmin(axis: 0)), (SELU(), x.selu()), (Mish(), x.mish()),
    ]
    for (layer, wanted) in pairs {
      #expect(layer(x).scalars == wanted.scalars, "\(layer)")
    }
    #expect(Threshold<Double>(0.25, value: 9)(x).scalars == [9, 9, 9, 0.5, 1, 2.5, 7, 9])
  }

  @Test func descriptionsNameTheOptions() {
    #expect("\(Hardtanh<Float>(maximum: 2))" == "Hardtanh(minimum: -1.0, maximum: 2.0)")
    #expect("\(Threshold<Float>(0.5, value: 20))" == "Threshold(threshold: 0.5, value: 20.0)")
    #expect("\(Softshrink<Float>())" == "Softshrink(lambda: 0.5)")
    #expect("\(Hardshrink<Float>())" == "Hardshrink(lambda: 0.5)")
    #expect("\(GLU<Float>())" == "GLU(axis: -1)" && "\(Softmin<Float>())" == "Softmin(axis: -1)")
    #expect("\(CELU<Float>(alpha: 2))" == "CELU(alpha: 2.0)")
    #expect("\(ReLU6<Float>())" == "ReLU6()" && "\(LogSigmoid<Float>())" == "LogSigmoid()")
  }
}
