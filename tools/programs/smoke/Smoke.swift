// A check of each part of the library in half a minute, for every edit: `make smoke`. The tests
// find what it misses.
import Slope
import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers

@main
struct Smoke {
  private var failures: [String] = []
  private var count = 0

  static func main() throws {
    var smoke = Smoke()
    smoke.tensors()
    smoke.gradients()
    smoke.failuresAndNumbers()
    try smoke.trainings()
    try smoke.files()
    for failure in smoke.failures { print("smoke: \(failure)") }
    print("smoke: \(smoke.count - smoke.failures.count) of \(smoke.count) checks passed")
    if !smoke.failures.isEmpty { throw Failed() }
  }

  private struct Failed: Error {}

  private mutating func check(_ what: String, _ isRight: Bool) {
    count += 1
    if !isRight { failures.append(what) }
  }

  private mutating func near<Element: FloatingElement>(
    _ what: String, _ tensor: Tensor<Element>, _ expected: [Double], within tolerance: Double = 1e-5
  ) {
    let found = tensor.scalars.map(\.doubleValue)
    let isRight =
      found.count == expected.count
      && zip(found, expected).allSatisfy {
        abs($0 - $1) <= tolerance * max(1, abs($1)) || $0 == $1 || $0.isNaN && $1.isNaN
      }
    check("\(what): \(found), not \(expected)", isRight)
  }

  private mutating func tensors() {
    let x = Tensor<Float>([[1, 2], [3, 4]])
    let y = Tensor<Float>([10, 20])
    near("add", x + y, [11, 22, 13, 24])
    near("multiply", x * y - 1, [9, 39, 29, 79])
    near("matmul", matmul(x, x), [7, 10, 15, 22])
    near("transpose", x.transposed() / 2, [0.5, 1.5, 1, 2])
    near("sum", x.sum(axis: 0), [4, 6])
    near("mean", x.mean(), [2.5])
    near("max", x.max(axis: 1), [2, 4])
    near("std", x.std(), [1.2909944])
    near("softmax", y.softmax(), [4.5397868e-05, 0.9999546])
    near("functions", Tensor<Double>([0.5]).exp().log().tanh().sigmoid(), [0.6135163])
    near("relu", Tensor<Float>([-1, 2, .nan]).relu(), [0, 2, .nan])
    near("slice", x[1, 0...], [3, 4])
    near("concatenate", concatenate([x[0], y]), [1, 2, 10, 20])
    near("taking", x.taking(Tensor([1, 1]), axis: 1), [2, 2, 4, 4])
    near("masked", x.masked(by: x .> 2), [3, 4])
    near("sorted", Tensor<Float>([3, 1, 2]).sorted(), [1, 2, 3])
    near("einsum", einsum("ij,kj->ik", x, x), [5, 11, 11, 25])
    near("cumulative sum", y.cumulativeSum(axis: 0), [10, 30])
    near("half", Tensor<Float16>([1, 2048]) + 1, [2, 2048])
    near("bfloat16", Tensor<BFloat16>([1, 256]) + 1, [2, 256])
    check("integers wrap", (Tensor<UInt8>([250]) + 10).scalars == [4])
    check("casts saturate", Tensor<Float>([300, -1]).cast(to: UInt8.self).scalars == [255, 0])
    check(
      "large product",
      matmul(Tensor<Float>.ones([65, 130]), Tensor<Float>.ones([130, 70]))[64, 69].item() == 130)
    check("long sum", Tensor<Float>.ones([1 << 20]).sum().item() == 1_048_576)
    manualSeed(0)
    near("random", Tensor<Float>.uniform([2]), [0.4962566, 0.7682218])
  }

  private mutating func gradients() {
    let p = Parameter(Tensor<Double>([1, 2, 3]))
    (p.tensor.square() * p.tensor).sum().backward()
    near("gradient", p.grad ?? .zeros([0]), [3, 12, 27])
    let swish = Pointwise { x in x * x.sigmoid() }
    let first =
      SlopeCore.gradients(
        of: swish(p.tensor).sum(), withRespectTo: [p.tensor], recorded: true)[0] ?? p.tensor
    let second = SlopeCore.gradients(of: first.sum(), withRespectTo: [p.tensor])[0]
    near(
      "second derivative", second ?? .zeros([0]), [0.3023680, 0.0500630, -0.0323214], within: 1e-4)
    let weight = Parameter(Tensor<Float>([[1, 2], [3, 4]]))
    linear(Tensor([[1, -1]]), weight: weight.tensor, bias: nil).sum().backward()
    near("linear", weight.grad ?? .zeros([0]), [1, -1, 1, -1])
  }

  private mutating func failuresAndNumbers() {
    func message<Result>(_ body: () throws -> Result) -> String {
      do {
        _ = try checked(body)
        return "no failure"
      } catch { return "\(error)" }
    }
    let x = Tensor<Float>.ones([2, 3])
    check("shapes", message { matmul(x, x) }.contains("inner extents"))
    check("axes", message { x.sum(axis: 2) }.contains("no axis 2"))
    check(
      "numbers", message { try Numerics.check { x * .infinity - .infinity } } != "no failure")
  }

  private mutating func trainings() throws {
    manualSeed(1)
    let x = Tensor<Float>.normal([64, 2])
    let y = x[0..., 0..<1] * 3 - x[0..., 1..<2] + 0.5
    let loader = DataLoader(TensorDataset(x, y), batchSize: 16, shuffle: true)
    let model = Sequential<Float>(Linear(2, 8), Tanh(), Linear(8, 1))
    let loss = MSELoss<Float>()
    let before = loss(model(x), y).item()
    for optimizer in [
      SGD(model.parameters(), learningRate: 0.05, momentum: 0.9),
      Adam(model.parameters(), learningRate: 0.01), AdamW(model.parameters(), learningRate: 0.01),
    ] {
      for _ in 0..<10 {
        for (x, y) in loader {
          loss(model(x), y).backward()
          optimizer.step()
          optimizer.zeroGrad()
        }
      }
    }
    let after = loss(model(x), y).item()
    check("training: \(before) became \(after)", after < before / 20)
    let classes = CrossEntropyLoss<Float>()(Tensor([[2, 0], [0, 1]]), Tensor([0, 1]))
    near("cross-entropy", classes, [0.2200949])
  }

  private mutating func files() throws {
    let table = try Table(csv: "datasets/engel.csv")
    check("table", table.rowCount == 235)
    near("column", try table.tensor("income")[0], [420.1577], within: 1e-4)
    let penguins = try Table(csv: "datasets/penguins.csv")
    let kinds = Set(penguins.columns.map(\.kind))
    check("kinds: \(kinds)", kinds == [.category, .number, .integer])
    let regression = try TabularModel.fit(table, target: "foodexp")
    check("regression", regression.scores[.test]?.rSquared ?? 0 > 0.7)
    let classes = try TabularModel.fit(penguins, target: "species")
    check("classes", classes.scores[.test]?.accuracy ?? 0 > 0.95)
  }
}
