import Slope
import SlopeNN
import SlopeOptimizers
import Testing

@testable import SlopeCore

extension NumericsTests {
  @Suite struct AutogradRows {
    @Test(arguments: autogradRows.onDevices)
    func hold(row: NumericsRow, device: NumericsDevice) { row.check(on: device) }
  }
}

private let autogradRows: [NumericsRow] = [
  NumericsRow("where a backward pass starts") { _ in
    let p = Parameter(Tensor<Float>([1, 2]))
    let seeded = Parameter(Tensor<Float>([1, 2]))
    (seeded.tensor * 3).backward(seed: Tensor([10, 20]))
    return [
      NumericsCase(
        "no seed", failure { p.tensor.exp().backward() } ?? "",
        "backward: a tensor of shape [2] needs a seed of its shape"),
      NumericsCase(
        "another shape", failure { p.tensor.sum().backward(seed: Tensor([1, 2])) } ?? "",
        "backward: the seed of shape [2] is not of the tensor's shape []"),
      NumericsCase("seed", show(seeded.grad), "[2] 30 60"),
      NumericsCase(
        "nothing to find", failure { Tensor<Float>(1).exp().backward() } ?? "",
        "backward: nothing that this tensor was computed from requires gradients"),
    ]
  },
  NumericsRow("gradients add up and are released") { _ in
    let p = Parameter(Tensor<Float>([3, -1]))
    let optimizer = SGD([p], learningRate: 0.1)
    let before = show(p.grad)
    (p.tensor * p.tensor).sum().backward()
    let first = show(p.grad)
    (p.tensor * 5).sum().backward()
    let second = show(p.grad)
    optimizer.zeroGrad()
    let y = p.tensor.exp().sum()
    y.backward(retainGraph: true)
    let kept = failure { y.backward() }
    return [
      NumericsCase("before", before, "nil"), NumericsCase("one graph", first, "[2] 6 -2"),
      NumericsCase("two graphs", second, "[2] 11 3"),
      NumericsCase("kept", kept ?? "nil", "nil"),
      NumericsCase(
        "released", failure { y.backward() } ?? "",
        "backward: the values saved by exp were released by an earlier backward pass; give that one "
          + "retainGraph: true"),
    ]
  },
  NumericsRow(floats: "a gradient has its leaf's type") { type, _ in leafCases(type) },
  NumericsRow(floats: "any order") { type, _ in
    let derivatives = orders(type)
    return [NumericsCase("x³ at 2", derivatives, "12 12 6")]
  },
  NumericsRow("parameters without a gradient stay") { _ in stillCases() },
  NumericsRow(floats: "an extreme of all is shared, along an axis the first's") {
    type, _ in sharedCases(type)
  },
  NumericsRow(floats: "products with zeros receive the others") { type, _ in
    factorCases(type)
  },
  NumericsRow(floats: "where selects") { type, _ in selectionCases(type) },
  NumericsRow(floats: "norms at zero") { type, _ in normCases(type) },
  NumericsRow(floats: "spread of equals") { type, _ in spreadCases(type) },
  NumericsRow(floats: "losses of classes and of distributions") { type, _ in
    lossCases(type)
  },
]

/// The gradient that numbers receive from a function of them, seeded with ones.
private func gradient<Element: FloatingElement>(
  _ numbers: [Double], _: Element.Type, _ function: (Tensor<Element>) -> Tensor<Element>
) -> String {
  let p = Parameter(Tensor<Element>(numbers.map { Element($0) }))
  let y = function(p.tensor)
  y.backward(seed: .ones(y.shape))
  return show(p.grad)
}

private func leafCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let (p, q) = (Parameter(Tensor<Element>([1, 2])), Parameter(Tensor<BFloat16>([3, 4])))
  (p.tensor.cast(to: Float.self) * q.tensor.cast(to: Float.self)).sum().backward()
  let broad = Parameter(Tensor<Element>(2))
  (broad.tensor.cast(to: Float.self) * Tensor<Float>([1, 2, 3])).sum().backward()
  return [
    NumericsCase("leaf", show(p.grad), "[2] 3 4"),
    NumericsCase("its type", holds: p.grad?.value.dtype == Element.dtype),
    NumericsCase("narrow leaf", show(q.grad), "[2] 1 2"),
    NumericsCase("broadcast", show(broad.grad), "[] 6"),
    NumericsCase("through integers", holds: !p.tensor.cast(to: Int.self).requiresGradient),
    NumericsCase("through comparisons", holds: !(p.tensor .> 1).requiresGradient),
    NumericsCase("through places", holds: !p.tensor.argmax().requiresGradient),
  ]
}

private func orders<Element: FloatingElement>(_: Element.Type) -> String {
  let x = Parameter(Tensor<Element>(2)).tensor
  var y = x * x * x
  var found: [String] = []
  for _ in 0..<3 {
    guard y.requiresGradient, let next = gradients(of: y, withRespectTo: [x], recorded: true)[0]
    else { break }
    found.append(String(show(next).dropFirst(3)))
    y = next
  }
  return found.joined(separator: " ")
}

private func stillCases() -> [NumericsCase] {
  let optimizers: [(String, (Parameter<Float>) -> Optimizer<Float>)] = [
    ("SGD", { SGD([$0], learningRate: 0.1, momentum: 0.9, weightDecay: 0.1) }),
    ("Adam", { Adam([$0], learningRate: 0.1, weightDecay: 0.1) }),
    ("AdamW", { AdamW([$0], learningRate: 0.1) }),
    ("RMSprop", { RMSprop([$0], learningRate: 0.1, weightDecay: 0.1, momentum: 0.9) }),
    ("Adagrad", { Adagrad([$0], learningRate: 0.1, weightDecay: 0.1) }),
  ]
  return optimizers.flatMap { name, make in
    let p = Parameter(Tensor<Float>([1, -2]))
    let optimizer = make(p)
    optimizer.step()
    let untouched = show(p.tensor)
    p.grad = Tensor([1, 1])
    optimizer.step()
    let moved = show(p.tensor)
    optimizer.zeroGrad()
    optimizer.step()
    return [
      NumericsCase(name, untouched, "[2] 1 -2"), NumericsCase(name, holds: moved != untouched),
      NumericsCase("\(name) later", show(p.tensor), moved),
      NumericsCase("\(name) zeroGrad", show(p.grad), "nil"),
    ]
  }
}

private func sharedCases<Element: FloatingElement>(_ type: Element.Type) -> [NumericsCase] {
  let nan = Double.nan
  func square(_ x: Tensor<Element>) -> Tensor<Element> { x.reshaped(to: [2, 2]) }
  return [
    NumericsCase("max", gradient([3, 7, 7, 1], type) { $0.max() }, "[4] 0 0.5 0.5 0"),
    NumericsCase("min", gradient([3, 1, 1, 1], type) { -$0.min() * 3 }, "[4] -0 -1 -1 -1"),
    NumericsCase("NaN", gradient([3, nan, 7, nan], type) { $0.max() }, "[4] 0 1 0 0"),
    NumericsCase("axis", gradient([1, 2, 2, 0], type) { $0.max(axis: 0) }, "[4] 0 1 0 0"),
    NumericsCase(
      "axes", gradient([1, 2, 1, 0], type) { square($0).max(axes: [0]) }, "[4] 0.5 1 0.5 0"),
    NumericsCase(
      "NaN along an axis", gradient([nan, 2, 2, nan], type) { square($0).min(axis: 0) },
      "[4] 1 0 0 1"),
    NumericsCase("median", gradient([4, 1, 3, 2], type) { $0.median() }, "[4] 0 0 0 1"),
    NumericsCase(
      "sorted", gradient([4, 1, 3], type) { $0.sorted() * Tensor([1, 2, 3]) }, "[3] 3 1 2"),
  ]
}

private func factorCases<Element: FloatingElement>(_ type: Element.Type) -> [NumericsCase] {
  [
    NumericsCase("one zero", gradient([2, 0, 3], type) { $0.product() }, "[3] 0 6 0"),
    NumericsCase("two zeros", gradient([0, 0, 3], type) { $0.product() }, "[3] 0 0 0"),
    NumericsCase(
      "columns", gradient([2, 0, 3, 4], type) { $0.reshaped(to: [2, 2]).product(axes: [0]) },
      "[4] 3 4 2 0"),
    NumericsCase(
      "running", gradient([2, 0, 3, 4], type) { $0.cumulativeProduct(axis: 0) }, "[4] 1 32 0 0"),
    NumericsCase(
      "running, two zeros", gradient([2, 0, 3, 0, 5], type) { $0.cumulativeProduct(axis: 0) },
      "[5] 1 8 0 0 0"),
  ]
}

private func selectionCases<Element: FloatingElement>(_ type: Element.Type) -> [NumericsCase] {
  let nan = Tensor<Element>(Element(Double.nan))
  return [
    NumericsCase(
      "an unselected NaN", gradient([1, -1], type) { .where($0 .> 0, $0 * 2, nan) }, "[2] 2 0"),
    NumericsCase(
      "the other side", gradient([1, -1], type) { .where($0 .> 0, nan, $0 * 3) }, "[2] 0 3"),
    NumericsCase(
      "a slope that is NaN", gradient([4, -1], type) { .where($0 .> 0, $0.sqrt(), .zeros([2])) },
      "[2] 0.25 0"),
    NumericsCase(
      "filled", gradient([1, -1], type) { $0.maskedFill($0 .< 0, with: 7) }, "[2] 1 0"),
  ]
}

private func normCases<Element: FloatingElement>(_ type: Element.Type) -> [NumericsCase] {
  [
    NumericsCase("2", gradient([0, 0], type) { $0.norm() }, "[2] 0 0"),
    NumericsCase("itself", show(Tensor<Element>.zeros([2]).norm()), "[] 0"),
    NumericsCase("1", gradient([0, -2], type) { $0.norm(1) }, "[2] 0 -1"),
    NumericsCase("∞", gradient([2, -2, 1], type) { $0.norm(.infinity) }, "[3] 0.5 -0.5 0"),
    NumericsCase("3", gradient([0, 0], type) { $0.norm(3) }, "[2] 0 0"),
    NumericsCase("½", gradient([0, 4], type) { $0.norm(0.5) }, "[2] 0 1"),
    NumericsCase("3, one zero", gradient([0, -1], type) { $0.norm(3) }, "[2] 0 -1"),
  ]
}

private func spreadCases<Element: FloatingElement>(_ type: Element.Type) -> [NumericsCase] {
  [NumericsCase("std", gradient([2, 2, 2], type) { $0.std() }, "[3] 0 0 0")]
}

private func lossCases<Element: FloatingElement>(_ type: Element.Type) -> [NumericsCase] {
  let scores = Tensor<Element>([[1, 1], [2, 2], [0, 1000]])
  let ignored = Tensor<Int>([-100, -100, -100])
  let p = Parameter(scores)
  CrossEntropyLoss<Element>()(p.tensor, Tensor([0, -100, 1])).backward()
  let target = Tensor<Element>([[1, 0], [0, 1]])
  let logarithms = Tensor<Element>([[-1, -2], [-3, -0.5]])
  return [
    NumericsCase("ignored rows", show(p.grad), "[3, 2] -0.25 0.25 0 0 0 0"),
    NumericsCase("all ignored", show(CrossEntropyLoss<Element>()(scores, ignored)), "[] nan"),
    NumericsCase(
      "none of them", show(CrossEntropyLoss<Element>(reduction: .sum)(scores, ignored)), "[] 0"),
    NumericsCase(
      "another index", show(CrossEntropyLoss<Element>(ignoreIndex: 0)(scores, Tensor([0, 0, 1]))),
      "[] 0"),
    NumericsCase("KLDiv mean", show(KLDivLoss<Element>()(logarithms, target)), "[] 0.375"),
    NumericsCase(
      "KLDiv batchMean", show(KLDivLoss<Element>(reduction: .batchMean)(logarithms, target)),
      "[] 0.75"),
    NumericsCase(
      "KLDiv sum", show(KLDivLoss<Element>(reduction: .sum)(logarithms, target)), "[] 1.5"),
  ]
}
