import Testing

@testable import SlopeCore

@Suite struct BackwardTests {
  @Test func gradientsOfTwoGraphsAddUp() {
    let p = Parameter(Tensor<Float>([3, -1]))
    #expect(show(p.grad) == "nil")
    (p.tensor * p.tensor).sum().backward()
    #expect(show(p.grad) == "[2] 6 -2" && p.grad?.requiresGradient == false)
    (p.tensor * 5).sum().backward()
    #expect(show(p.grad) == "[2] 11 3")
    p.grad = nil
    p.tensor.sum().backward()
    #expect(show(p.grad) == "[2] 1 1")
  }

  @Test func sharedResultsCollectBeforeTheyAreWalked() {
    let p = Parameter(Tensor<Float>(3))
    let y = p.tensor * p.tensor
    let z = y * p.tensor + y
    (z * z + z * y).backward()
    // x⁶ + 2x⁵ + x⁴ + x⁵ + x⁴, differentiated at 3: 6 · 243 + 15 · 81 + 8 · 27.
    #expect(p.grad?.item() == 2889)
  }

  @Test func theSecondPassNamesTheOperationWhoseValuesAreGone() {
    let p = Parameter(Tensor<Float>([0.5, 2]))
    func twice(_ make: (Tensor<Float>) -> Tensor<Float>) -> String? {
      let result = make(p.tensor)
      result.backward(seed: Tensor.ones(result.shape))
      return failure { result.backward(seed: Tensor.ones(result.shape)) }
    }
    func message(_ operation: String) -> String {
      "backward: the values saved by \(operation) were released by an earlier backward pass; "
        + "give that one retainGraph: true"
    }
    #expect(twice { $0.sin() } == message("sin") && twice { $0.exp().sum() } == message("exp"))
    #expect(
      twice { ($0 * $0).mean() } == message("multiply")
        && twice { $0.softmax() } == message("softmax"))
    #expect(
      twice { matmul($0, $0) } == message("matmul") && twice { $0.max() } == message("maximum"))
    #expect(
      twice { linear($0, weight: Tensor([[1, 2]])) } != nil
        && twice { $0.logSoftmax().sum() } == message("logSoftmax"))
    #expect(twice { meanSquaredError($0, Tensor([1, 2])) } == message("mean(squaredDifference)"))
    let sine = p.tensor.sin().sum()
    _ = gradients(of: sine, withRespectTo: [p])
    #expect(
      failure { gradients(of: sine, withRespectTo: [p]) }?.hasPrefix(
        "gradients: the values saved by sin") == true)
  }

  @Test func viewsKeepNothingAndMayBeWalkedAgain() {
    let views: [(Tensor<Float>) -> Tensor<Float>] = [
      { $0.expanded(to: [3, 2, 2]) }, { $0.reshaped(to: [4]) }, { $0.transposed() },
      { $0.permuted([1, 0]) }, { $0[0] }, { $0.flipped(axes: [0]) }, { $0.diagonal() },
    ]
    for view in views {
      let p = Parameter(Tensor<Float>([[1, 2], [3, 4]]))
      let y = view(p.tensor).sum()
      y.backward()
      #expect(failure { y.backward() } == nil)
    }
  }

  @Test func sumsAndMultiplesKeepNothingAndMayBeWalkedAgain() {
    let p = Parameter(Tensor<Float>([1, 2]))
    let y = (p.tensor + p.tensor * 3 - 1).sum()
    y.backward()
    y.backward()
    #expect(show(p.grad) == "[2] 8 8")
  }

  @Test func retainGraphKeepsWhatWasSaved() {
    let p = Parameter(Tensor<Float>([0.5, 2]))
    let y = matmul((p.tensor.exp() * p.tensor).softmax(), p.tensor)
    y.backward(retainGraph: true)
    let once = p.grad?.scalars.map { $0 * 2 }
    y.backward()
    #expect(p.grad?.scalars == once)
    #expect(failure { y.backward() } != nil)
  }

  @Test func whatCannotStartSaysWhy() {
    let p = Parameter(Tensor<Float>([1, 2]))
    #expect(
      failure { p.tensor.exp().backward() }
        == "backward: a tensor of shape [2] needs a seed of its shape")
    #expect(
      failure { p.tensor.sum().backward(seed: Tensor([1, 2])) }
        == "backward: the seed of shape [2] is not of the tensor's shape []")
    #expect(
      failure { Tensor<Float>(1).exp().backward() }
        == "backward: nothing that this tensor was computed from requires gradients")
    #expect(
      failure { gradients(of: p.tensor.exp(), withRespectTo: [p]) }
        == "gradients: a tensor of shape [2] needs a seed of its shape")
    p.tensor.sum().reshaped(to: [1, 1]).backward()
    #expect(show(p.grad) == "[2] 1 1")
    p.tensor.backward(seed: Tensor([10, 20]))
    #expect(show(p.grad) == "[2] 11 21")
  }

  @Test func gradientsAreThoseOfTheTargets() {
    let p = Parameter(Tensor<Float>(3))
    let q = Parameter(Tensor<Float>(2))
    let r = Parameter(Tensor<Float>(1))
    let product = p.tensor * q.tensor
    let y = product * product + q.tensor
    let found = gradients(
      of: y, withRespectTo: [p.tensor, q.tensor, r.tensor, product, y, q.tensor], retainGraph: true)
    #expect(found.map { show($0) } == ["[] 24", "[] 37", "nil", "[] 12", "[] 1", "[] 37"])
    #expect(p.grad == nil && q.grad == nil)
    #expect(show(gradients(of: y, withRespectTo: [product], retainGraph: true)[0]) == "[] 12")
    #expect(show(gradients(of: y, withRespectTo: [q], seed: Tensor(10))[0]) == "[] 370")
    #expect(gradients(of: p.tensor * 2, withRespectTo: [Tensor<Float>(1)])[0] == nil)
  }

  @Test func gradientsHaveTheLeavesType() {
    let p = Parameter(Tensor<Double>([1, 2]))
    let h = Parameter(Tensor<BFloat16>([3, 4]))
    let y = (p.tensor.cast(to: Float.self) * h.tensor.cast(to: Float.self)).sum()
    y.backward()
    #expect(show(p.grad) == "[2] 3 4" && show(h.grad) == "[2] 1 2" && p.grad?.dtype == .float64)
    let broad = Parameter(Tensor<Float16>(2))
    (broad.tensor.cast(to: Double.self) * Tensor<Double>([1, 2, 3])).sum().backward()
    #expect(show(broad.grad) == "[] 6" && broad.grad?.value.dtype == .float16)
    #expect(
      show(gradients(of: (p.tensor.cast(to: Float.self) * 3).sum(), withRespectTo: [p])[0])
        == "[2] 3 3")
    // An integer has no gradient, which ends the path.
    #expect(!p.tensor.cast(to: Int.self).requiresGradient && !(p.tensor .> 1).requiresGradient)
    #expect(
      !p.tensor.argmax().requiresGradient
        && !p.tensor.cast(to: Int.self).cast(to: Float.self).requiresGradient)
  }

  @Test func broadcastOperandsReceiveSums() {
    func gradient(_ shape: Shape, _ make: (Tensor<Float>) -> Tensor<Float>) -> String {
      let p = Parameter(Tensor<Float>.ones(shape))
      let y = make(p.tensor)
      y.backward(seed: Tensor.arange(Float(y.count)).reshaped(to: y.shape))
      return show(p.grad)
    }
    let x = Tensor<Float>([[1, 2, 3], [4, 5, 6]])
    #expect(gradient([3]) { $0 + x } == "[3] 3 5 7" && gradient([3]) { x - $0 } == "[3] -3 -5 -7")
    #expect(gradient([2, 1]) { $0 * x } == "[2, 1] 8 62" && gradient([]) { $0 * x } == "[] 70")
    #expect(
      gradient([1, 1, 1]) { $0 + x } == "[1, 1, 1] 15" && gradient([1]) { x * $0 } == "[1] 70")
    #expect(gradient([2, 1]) { $0.expanded(to: [2, 2, 3]) } == "[2, 1] 24 42")
    #expect(gradient([3]) { $0.expanded(to: [2, 3]) } == "[3] 3 5 7")
    #expect(
      gradient([1, 3]) { matmul($0.expanded(to: [2, 1, 3]), Tensor<Float>.ones([3, 1])) }
        == "[1, 3] 1 1 1")
    #expect(gradient([3, 1]) { matmul(Tensor<Float>.ones([2, 1, 3]), $0) } == "[3, 1] 1 1 1")
    #expect(gradient([2, 3]) { $0 + x } == "[2, 3] 0 1 2 3 4 5")
    #expect(gradient([3]) { Tensor.where(x .> 2, $0, x) } == "[3] 3 4 7")
    #expect(gradient([1]) { linear(x, weight: Tensor([[1, 1, 1]]), bias: $0) } == "[1] 1")
  }

  @Test func viewsHandGradientsBack() {
    func gradient(_ make: (Tensor<Float>) -> Tensor<Float>) -> String {
      let p = Parameter(Tensor<Float>([[1, 2, 3], [4, 5, 6]]))
      let y = make(p.tensor)
      y.backward(seed: Tensor.arange(1, Float(y.count + 1)).reshaped(to: y.shape))
      return show(p.grad)
    }
    #expect(
      gradient { $0.transposed() } == "[2, 3] 1 3 5 2 4 6"
        && gradient { $0.permuted([1, 0]).flattened() } == "[2, 3] 1 3 5 2 4 6")
    #expect(
      gradient { $0[1] } == "[2, 3] 0 0 0 1 2 3"
        && gradient { $0[0..., 1...] } == "[2, 3] 0 1 2 0 3 4")
    #expect(gradient { $0[0, stride(from: 2, through: 0, by: -2)] } == "[2, 3] 2 0 1 0 0 0")
    #expect(gradient { $0.unsqueezed(at: 1).squeezed() } == "[2, 3] 1 2 3 4 5 6")
    #expect(gradient { concatenate([$0[1...], $0], axis: 0) } == "[2, 3] 4 5 6 8 10 12")
    #expect(gradient { stack([$0[0], $0[1]], axis: 1) } == "[2, 3] 1 3 5 2 4 6")
    let cube = Parameter(Tensor<Float>.arange(24).reshaped(to: [2, 3, 4]))
    let turned = cube.tensor.permuted([2, 0, 1])
    turned.backward(seed: turned.detached())
    #expect(cube.grad?.scalars == cube.tensor.scalars)
  }

  @Test func anyOrder() {
    let x = Parameter(Tensor<Double>(2)).tensor
    var y = x * x * x
    var found: [Double] = []
    for _ in 0..<4 {
      guard y.requiresGradient, let next = gradients(of: y, withRespectTo: [x], recorded: true)[0]
      else { break }
      found.append(next.item())
      y = next
    }
    #expect(found == [12, 12, 6] || found == [12, 12, 6, 0])
    let sine = Parameter(Tensor<Double>(0.5)).tensor
    var z = sine.sin()
    for _ in 0..<3 { z = gradients(of: z, withRespectTo: [sine], recorded: true)[0] ?? z }
    #expect(Swift.abs(z.item() + Tensor<Double>(0.5).cos().item()) < 1e-15)
    #expect(gradients(of: x * x, withRespectTo: [x], recorded: true)[0]?.requiresGradient == true)
    #expect(gradients(of: x * x, withRespectTo: [x])[0]?.requiresGradient == false)
    // A recorded pass keeps the graph.
    let square = x.square()
    let first = gradients(of: square, withRespectTo: [x], recorded: true)[0]
    #expect(show(first) == "[] 4" && show(gradients(of: square, withRespectTo: [x])[0]) == "[] 4")
    // A recorded seed is differentiated, too.
    let seed = Parameter(Tensor<Double>(5)).tensor
    let scaled = gradients(of: x.square(), withRespectTo: [x], seed: seed, recorded: true)[0] ?? x
    #expect(show(gradients(of: scaled, withRespectTo: [seed])[0]) == "[] 4")
  }

  @Test(arguments: [
    "softmax", "logSoftmax", "matmul", "vector", "linear", "max", "product", "std", "gather",
    "views", "where", "error", "mean", "cast",
  ])
  func secondDerivatives(name: String) {
    let a = Tensor<Double>([[0.3, -1.2, 0.8], [1.5, 0.4, -0.7]])
    let b = Tensor<Double>([[1.1, 0.2], [-0.4, 0.9], [0.6, -1.3]])
    let found = checkGradient(at: [a, b], order: 2, tolerance: 1e-5) { inputs in
      let (x, y) = (inputs[0], inputs[1])
      switch name {
      case "softmax": return x.softmax(axis: 0) * y.transposed()
      case "logSoftmax": return x.logSoftmax().square() * y.softmax().transposed()
      case "matmul": return matmul(matmul(x, y), x)
      case "vector": return matmul(x[0], matmul(y, x[0..., 1])) * y[0, 0]
      case "linear": return linear(x, weight: y.transposed().square(), bias: y[0]).square()
      case "max": return x.max(axis: 1).square() * y.min(axes: [0]).exp()
      case "product": return x.product(axes: [0]) * y.product()
      case "std": return x.std(axes: [1]) * y.variance(axes: [0], keepingAxes: true)
      case "gather":
        return x.taking(Tensor([2, 0, 2]), axis: 1).square() * y.taking(Tensor([1])).product()
      case "views":
        return concatenate([x[0..., 1...].transposed().square(), y], axis: 0).reshaped(to: [2, 5])
          .square()
      case "where": return Tensor.where(x .> 0, x.square() * y.transposed(), y.transposed().exp())
      case "error": return meanSquaredError(x, y.transposed()).square()
      case "mean": return x.mean(axes: [0]).square() * y.sum(axis: 1).square()
      default: return (x.expanded(to: [2, 2, 3]) * y[0, 0]).square()
      }
    }
    #expect(found.isCorrect && found.comparisons == 12, "\(found)")
  }
}
