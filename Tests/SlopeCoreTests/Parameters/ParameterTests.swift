import Testing

@testable import SlopeCore

private let descent = UpdateRule("descent", states: 0, scalars: 1) { value, gradient, _, scalars in
  [value - scalars[0] * gradient]
}

private let momentum = UpdateRule("momentum", states: 1, scalars: 2) {
  value, gradient, states, scalars in
  let velocity = scalars[1] * states[0] + gradient
  return [value - scalars[0] * velocity, velocity]
}

extension Parameter {
  /// The storage's update with states as tensors.
  fileprivate func update(_ rule: UpdateRule, states: inout [Tensor<Element>], scalars: [Double]) {
    var values = states.map(\.value)
    states = []
    storage.update(rule, states: &values, scalars: scalars.span)
    states = values.map { Tensor($0) }
  }
}

private func step<Element: FloatingElement>(
  _ parameter: Parameter<Element>, _ gradient: [Element], _ rate: Double = 0.5
) {
  parameter.grad = Tensor(shape: parameter.shape, scalars: gradient)
  var none: [Tensor<Element>] = []
  parameter.update(descent, states: &none, scalars: [rate])
}

@Suite struct ParameterTests {
  @Test func startsWithoutHistoryOrGradient() {
    let p = Parameter(Tensor<Float>([1, 2]))
    let q = Parameter(p.tensor * 3)
    #expect(p.shape == [2] && p.tensor.requiresGradient && show(p.grad) == "nil")
    #expect(
      show(q.tensor) == "[2] 3 6" && q.tensor.graph.vertices.map(\.operation) == ["parameter"])
    q.tensor.sum().backward()
    #expect(show(p.grad) == "nil" && show(q.grad) == "[2] 1 1")
  }

  @Test func refusesWhatDoesNotFitAndKeepsWhatItHad() {
    let p = Parameter(Tensor<Float>([1, 2]))
    p.grad = Tensor([3, 4])
    #expect(
      failure { p.tensor = Tensor([1, 2, 3]) }
        == "parameter: a value of shape [3] for a parameter of [2]")
    #expect(
      failure { p.grad = Tensor([[1, 2]]) }
        == "parameter: a gradient of shape [1, 2] for a parameter of [2]")
    #expect(
      failure { p.tensor = matmul(Tensor([1, 2]), Tensor([1])) } != nil
        && failure { p.tensor = .failed } == nil)
    #expect(failure { p.grad = .failed } == nil)
    #expect(failure { p.tensor.backward(seed: .failed) } != nil)
    #expect(show(p.tensor) == "[2] 1 2" && show(p.grad) == "[2] 3 4")
    #expect(
      failure { (p.tensor * matmul(Tensor([1, 2]), Tensor([1]))).sum().backward() } != nil
        && show(p.grad) == "[2] 3 4")
    p.tensor = Tensor([5, 6])
    #expect(show(p.tensor) == "[2] 5 6" && p.tensor.requiresGradient)
    p.grad = p.tensor * 2
    #expect(p.grad?.requiresGradient == false && show(p.grad) == "[2] 10 12")
  }

  @Test func updatesInPlaceWhatNobodyElseHas() {
    let p = Parameter(Tensor<Float>([1, 2]))
    let buffer = ObjectIdentifier(p.tensor.value.buffer)
    step(p, [2, 4])
    #expect(show(p.tensor) == "[2] 0 0" && ObjectIdentifier(p.tensor.value.buffer) == buffer)
    #expect(p.tensor.requiresGradient)
    p.grad = nil
    (p.tensor * 3).sum().backward()
    #expect(show(p.grad) == "[2] 3 3")
  }

  @Test func otherTensorsOverTheMemoryKeepTheirs() {
    let p = Parameter(Tensor<Float>([1, 2]))
    let held = p.tensor
    step(p, [2, 4])
    #expect(show(held) == "[2] 1 2" && show(p.tensor) == "[2] 0 0")
    let view = p.tensor[1]
    step(p, [2, 4])
    #expect(show(view) == "[] 0" && show(p.tensor) == "[2] -1 -2")
    let plain = p.tensor.detached()
    step(p, [2, 4])
    #expect(show(plain) == "[2] -1 -2" && show(p.tensor) == "[2] -2 -4")
    let square = p.tensor.square().sum()
    step(p, [2, 2])
    p.grad = nil
    square.backward()
    #expect(show(p.grad) == "[2] -4 -8" && show(p.tensor) == "[2] -3 -5")
    let source = Tensor<Float>([7, 8])
    let q = Parameter(source)
    step(q, [2, 2])
    #expect(show(source) == "[2] 7 8" && show(q.tensor) == "[2] 6 7")
  }

  @Test func viewsAsParameters() {
    let p = Parameter(Tensor<Float>(5).expanded(to: [3]))
    step(p, [2, 4, 6])
    #expect(show(p.tensor) == "[3] 4 3 2")
    let q = Parameter(Tensor<Float>([[1, 2, 3], [4, 5, 6]]).transposed())
    step(q, [2, 4, 6, 8, 10, 12])
    #expect(show(q.tensor) == "[3, 2] 0 2 -1 1 -2 0")
    let r = Parameter(Tensor<Float>([1, 2, 3, 4])[1..<3])
    step(r, [2, 2])
    #expect(show(r.tensor) == "[2] 1 2" && r.tensor.value.buffer.byteCount == 8)
    let s = Parameter(Tensor<Float>([1, 2, 3, 4])[..<2])
    step(s, [2, 2])
    #expect(show(s.tensor) == "[2] 0 1" && s.tensor.value.buffer.byteCount == 8)
    let t = Parameter(Tensor<Float>([9])[0])
    p.grad = nil
    step(t, [2])
    #expect(show(t.tensor) == "[] 8")
  }

  @Test func statesAreUpdatedToo() {
    let p = Parameter(Tensor<Double>([1]))
    var states = [Tensor<Double>([0])]
    let kept = states[0]
    for _ in 0..<2 {
      p.grad = Tensor([1])
      p.update(momentum, states: &states, scalars: [0.5, 0.5])
    }
    #expect(show(p.tensor) == "[1] -0.25" && show(states[0]) == "[1] 1.5" && show(kept) == "[1] 0")
    let buffer = ObjectIdentifier(states[0].value.buffer)
    p.update(momentum, states: &states, scalars: [0.5, 0.5])
    #expect(show(p.tensor) == "[1] -1.125" && ObjectIdentifier(states[0].value.buffer) == buffer)
  }

  @Test func withoutAGradientNothingChanges() {
    let p = Parameter(Tensor<Float>([1]))
    var states = [Tensor<Float>([2])]
    p.update(momentum, states: &states, scalars: [0.5, 0.5])
    #expect(show(p.tensor) == "[1] 1" && show(states[0]) == "[1] 2")
  }

  @Test func statesThatDoNotFitFail() {
    let p = Parameter(Tensor<Float>([1, 2]))
    p.grad = Tensor([1, 1])
    var wrong = [Tensor<Float>([2])]
    var few: [Tensor<Float>] = []
    #expect(
      failure { p.update(momentum, states: &wrong, scalars: [1, 1]) }
        == "momentum: the states do not fit a parameter of shape [2]")
    #expect(
      failure { p.update(momentum, states: &few, scalars: [1, 1]) } != nil
        && show(p.tensor) == "[2] 1 2")
  }

  @Test func sixteenBitParametersRoundOnce() {
    let p = Parameter(Tensor<BFloat16>([256]))
    step(p, [-2])
    #expect(show(p.tensor) == "[1] 256")
    step(p, [-6])
    #expect(show(p.tensor) == "[1] 260")
  }
}
