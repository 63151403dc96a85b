import Slope

/// A kind of computation on operands of any size, and whether its result is right.
struct Demand: Sendable {
  let name: String
  /// Computes with about `count` elements.
  let isRight: @Sendable (Int) throws -> Bool

  init(_ name: String, _ isRight: @escaping @Sendable (Int) throws -> Bool) {
    self.name = name
    self.isRight = isRight
  }

  static let all = elements + reductions + products + arrangements + listed + training
}

private typealias Floats = Tensor<Float>

/// The side of a square of about `count` elements.
private func side(_ count: Int) -> Int { max(Int(Double(count).squareRoot()), 2) }

/// A sixteenth of it, for slow computations.
private func few(_ count: Int) -> Int { max(count / 16, 1) }

private func ones(_ count: Int) -> Floats { Floats.ones([count]) }

private func square(_ count: Int) -> Floats { Floats.ones([side(count), side(count)]) }

/// Whether the last element is a number: reading one copies nothing.
private func ends<Element: NumericElement>(_ x: Tensor<Element>, with number: Element) -> Bool {
  let flat = x.reshaped(to: [x.count])
  return flat.isFailed || flat[flat.count - 1].item() == number
}

private let elements: [Demand] = [
  Demand("a + b") { ends(ones($0) + ones($0), with: 2) },
  Demand("a + row") { ends(square($0) + Floats.ones([side($0)]), with: 2) },
  Demand("transposed + a") { ends(square($0).transposed() + square($0), with: 2) },
  Demand("sigmoid(a·b + c)") {
    ends((ones($0) * ones($0) - ones($0)).sigmoid(), with: 0.5)
  },
  Demand("cast to Double") { ends(ones($0).cast(to: Double.self), with: 1) },
  Demand("cast from Float16") {
    ends(Tensor<Float16>.ones([$0]).cast(to: Float.self), with: 1)
  },
  Demand("where") { ends((ones($0) .> 0).cast(to: Int32.self), with: 1) },
]

private let reductions: [Demand] = [
  Demand("sum") { ends(ones($0).sum(), with: Float($0)) },
  Demand("sums of columns") { ends(square($0).sum(axes: [0]), with: Float(side($0))) },
  Demand("sums of few wide columns") {
    let rows = max($0 / 64, 1)
    return ends(Floats.ones([rows, 64]).sum(axes: [0]), with: Float(rows))
  },
  Demand("means of rows") { ends(square($0).mean(axes: [1]), with: 1) },
  Demand("variance") { ends(square($0).variance(axes: [0]), with: 0) },
  Demand("argmax") { ends(square($0).argmax(axis: 1), with: 0) },
  Demand("softmax") { ends(square($0).softmax(axis: 1).sum(axes: [1]).round(), with: 1) },
  Demand("cumulative sum") {
    ends(ones(max($0 / 64, 1)).cumulativeSum(axis: 0).sum().sign(), with: 1)
  },
  Demand("median") { ends(ones(few($0)).median(), with: 1) },
]

// A product of about `count` elements has 64 terms for each.
private let products: [Demand] = [
  Demand("matmul Float") {
    ends(matmul(Floats.ones([side($0), 64]), Floats.ones([64, side($0)])), with: 64)
  },
  Demand("matmul Double") {
    let x = Tensor<Double>.ones([side($0), 64])
    return ends(matmul(x, x.transposed()), with: 64)
  },
  Demand("matmul Float16") {
    let x = Tensor<Float16>.ones([side($0), 64])
    return ends(matmul(x, x.transposed()), with: 64)
  },
  Demand("matmul Int32") {
    let x = Tensor<Int32>.ones([side($0 / 4), 16])
    return ends(matmul(x, x.transposed()), with: 16)
  },
  Demand("matmul of views") {
    let n = side($0)
    let x = Floats.ones([2 * n, 128])[
      stride(from: 0, to: 2 * n, by: 2), stride(from: 0, to: 128, by: 2)]
    return ends(matmul(x, x.transposed()), with: 64)
  },
  Demand("matmul of many") {
    let x = Floats.ones([max($0 / 400, 1), 20, 20])
    return ends(matmul(x, x), with: 20)
  },
  Demand("matrix · vector") {
    ends(matmul(square($0), Floats.ones([side($0), 1])), with: Float(side($0)))
  },
  Demand("linear") {
    ends(
      linear(square($0), weight: Floats.ones([8, side($0)]), bias: Floats.ones([8])),
      with: Float(side($0) + 1))
  },
  Demand("einsum") {
    ends(
      einsum("ij,jk->ik", Floats.ones([side($0), 64]), Floats.ones([64, side($0)])), with: 64)
  },
]

private let arrangements: [Demand] = [
  Demand("concatenate") { ends(concatenate([ones($0), ones($0)]), with: 1) },
  Demand("padded") { ends(ones($0).padded([($0, $0)], with: 0), with: 0) },
  Demand("tiled") { ends(ones($0).tiled([3]), with: 1) },
  Demand("flipped") { ends(square($0).flipped(axes: [0]), with: 1) },
  Demand("copy of a transposed one") {
    ends(square($0).transposed().reshaped(to: [side($0) * side($0)]), with: 1)
  },
  Demand("gathered") {
    let count = $0
    return ends(ones(count).taking(Tensor<Int>.arange(count)), with: 1)
  },
  Demand("scatterAdded") {
    ends(ones($0).scatterAdded(ones($0), at: Tensor<Int>.arange($0), axis: 0), with: 2)
  },
  Demand("sorted") { ends(ones(few($0)).sorted(), with: 1) },
  Demand("sorted rows") { ends(square(few($0)).sorted(axis: 1), with: 1) },
  Demand("argsort") { ends(ones(few($0)).argsort(), with: few($0) - 1) },
  Demand("oneHot") {
    ends(Tensor<Int>.zeros([max($0 / 16, 1)]).oneHot(classCount: 16).cast(to: Float.self), with: 0)
  },
]

private let listed: [Demand] = [
  Demand("arange") { ends(Tensor<Int>.arange($0), with: $0 - 1) },
  Demand("scalars") {
    let (x, count) = (ones($0), $0)
    let scalars = x.scalars
    return scalars.isEmpty || scalars.count == count && scalars[count - 1] == 1
  },
  Demand("selected") { ends(ones($0).masked(by: ones($0) .> 0), with: 1) },
  Demand("uniform") { ends(Floats.uniform([few($0)]).floor(), with: 0) },
  Demand("normal") { ends(Floats.normal([few($0)]) * 0, with: 0) },
  Demand("dropout") {
    let x = Dropout<Float>(p: 0.5)(ones(few($0)))
    return ends(x * (x - 2), with: 0)
  },
  Demand("randperm") { ends(Tensor<Int>.randperm(few($0)).max(), with: few($0) - 1) },
]

private let training: [Demand] = [
  Demand("a training step") {
    let width = min(side($0), 512)
    let x = Floats.ones([max($0 / width, 1), width])
    let model = Linear<Float>(width, 8)
    let optimizer = AdamW([model.weight, model.bias], learningRate: 0.01)
    let loss = MSELoss<Float>()(model(x).relu(), Floats.ones([x.shape[0], 8]))
    loss.backward()
    optimizer.step()
    return loss.isFailed || loss.item().isFinite
  },
  Demand("gradients") {
    let x = Parameter(square($0))
    let y = (x.tensor.sigmoid() * x.tensor).softmax(axis: 1).sum()
    y.backward()
    return y.isFailed
      || x.grad.map { $0.isFailed || $0.count == side($0.count) * side($0.count) } ?? true
  },
]
