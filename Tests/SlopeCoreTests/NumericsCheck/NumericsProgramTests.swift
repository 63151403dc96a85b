import SlopeData
import SlopeNN
import SlopeOptimizers
import Testing

@testable import SlopeCore

private let thousands = Array(repeating: "1000.0", count: 8).joined(separator: ", ")

/// Small programs with a typical mistake, and the operation at which it is found.
private let programs: [FaultCase] = [
  // A learning rate that makes the error grow.
  FaultCase("mean(squaredDifference): inf at []: square(3.0302417e+20)") {
    let x = Tensor<Float>([[1], [2], [3], [4]])
    let model = Linear<Float>(1, 1, generator: Generator(seed: 1))
    let optimizer = SGD([model.weight, model.bias], learningRate: 10)
    for _ in 0..<200 {
      MSELoss<Float>()(model(x), x * 3).backward()
      optimizer.step()
      optimizer.zeroGrad()
    }
  },
  // Cross-entropy by hand, of a probability that has become 0.
  FaultCase("log: -inf at [0, 1]: log(0.0)") {
    let scores = parameter([0, -200]).tensor.reshaped(to: [1, 2])
    (-(scores.softmax().log() * Tensor<Float>([[0, 1]])).sum()).backward()
  },
  // 0 · log 0 in an entropy.
  FaultCase("log: -inf at [1]: log(0.0)") {
    let p = Tensor<Float>([1, 0])
    return -(p * p.log()).sum()
  },
  // Brightening an image in its own element type.
  FaultCase("add: wraps to 9 (uint8) at [1, 0]: add(215, 50)") {
    Tensor<UInt8>([[10, 200], [215, 90]]) + 50
  },
  // The mean of two images.
  FaultCase("add: wraps to 44 (uint8) at [1]: add(200, 100)") {
    (Tensor<UInt8>([20, 200]) + Tensor<UInt8>([30, 100])) / 2
  },
  // The difference of two frames.
  FaultCase("subtract: wraps to 254 (uint8) at [1]: subtract(3, 5)") {
    (Tensor<UInt8>([9, 3]) - Tensor<UInt8>([4, 5])).abs()
  },
  // Standardising a column that is constant.
  FaultCase("divide: nan at [0, 1]: divide(0.0, 0.0)") {
    let x = Tensor<Float>([[1, 7], [2, 7], [3, 7]])
    return (x - x.mean(axis: 0)) / x.std(axes: [0])
  },
  // Scaling a constant column to 0…1.
  FaultCase("divide: nan at [0]: divide(0.0, 0.0)") {
    let x = Tensor<Float>([5, 5])
    return (x - x.min()) / (x.max() - x.min())
  },
  // The mean of an empty group.
  FaultCase("divide: nan at [1]: divide(0.0, 0.0)") {
    let sums = Tensor<Float>([3, 0])
    let counts = Tensor<Int>([2, 0])
    return sums / counts.cast(to: Float.self)
  },
  // A half-precision loss with too large a scale.
  FaultCase("multiply: inf at []: multiply(2.0, 65504.0)") {
    Tensor<Float16>([1, 3]).mean() * 65504
  },
  // Squares in half precision.
  FaultCase("square: inf at [1]: square(300.0)") { Tensor<Float16>([100, 300]).square().sum() },
  // Labels that were read as numbers with a fraction.
  FaultCase("cast: lossy cast to 1 (int64) at [2]: cast(1.5)") {
    CrossEntropyLoss<Float>()(
      Tensor<Float>.zeros([3, 2]), Tensor<Float>([0, 1, 1.5]).cast(to: Int.self))
  },
  // Missing labels, which are NaN in a table of numbers.
  FaultCase("cast: lossy cast to 0 (int64) at [1]: cast(nan)") {
    Tensor<Float>([0, .nan]).cast(to: Int.self)
  },
  // Identifiers that a Float does not represent exactly.
  FaultCase("cast: lossy cast to 1.2345679e+08 (float32) at [0]: cast(123456789)") {
    Tensor<Int>([123_456_789, 5]).cast(to: Float.self)
  },
  // A softmax by hand.
  FaultCase("exp: inf at [2]: exp(100.0)") {
    let x = Tensor<Float>([1, 10, 100])
    return x.exp() / x.exp().sum()
  },
  // Attention to nothing: a row that is completely masked.
  FaultCase("softmax: nan at [1, 0]: softmax([-inf, -inf])") {
    let scores = Tensor<Float>([[1, 2], [3, 4]])
    let mask = Tensor<Bool>([[true, false], [false, false]])
    return Tensor.where(mask, scores, Tensor(-.infinity)).softmax()
  },
  // The length of a vector of zeros, whose gradient does not exist.
  FaultCase("gradient of sqrt: inf at []: divide(0.5, 0.0)") {
    parameter([0, 0]).tensor.square().sum().sqrt().backward()
  },
  // A distance, and the gradient at the same point.
  FaultCase("gradient of power: inf at [0]: power(0.0, -0.5)") {
    parameter([0]).tensor.pow(0.5).backward()
  },
  // An angle from a cosine that rounding carried beyond 1.
  FaultCase("acos: nan at [0]: acos(1.0000001)") { Tensor<Float>([1.0000001]).acos() },
  // Sampling noise by Box and Muller from a number that may be 0.
  FaultCase("log: -inf at [1]: log(0.0)") {
    (-2 * Tensor<Float>([0.5, 0]).log()).sqrt()
  },
  // A geometric mean by the product.
  FaultCase(
    "product: inf at []: product([\(thousands), … 20 numbers])"
  ) {
    Tensor<Float>.full([20], 1000).product().pow(1 / 20)
  },
  // The variance of one row.
  FaultCase("divide: nan at [0]: divide(0.0, 0.0)") { Tensor<Float>([[4, 5]]).std(axes: [0]) },
  // A hash that was meant to wrap.
  FaultCase(
    "multiply: wraps to -8517803403983786636 (int64) at [0]: "
      + "multiply(20015998343868, 17592186044851)"
  ) {
    Tensor<Int>([0x1234_5678_9ABC]) * 0x1000_0000_01B3
  },
  // Gradients that explode through many layers.
  FaultCase("gradient of multiply: inf at [0]: multiply(1024.0, \(Float(0x1p120)))") {
    var x = parameter([0]).tensor
    for _ in 0..<20 { x = (x * 1024).sin() }
    x.backward()
  },
]

@Suite struct NumericsProgramTests {
  @Test(arguments: programs) func theFaultIsFound(_ program: FaultCase) throws {
    try program.check()
  }

  @Test func aHealthyTrainingReportsNothing() throws {
    func losses() -> [Float] {
      let generator = Generator(seed: 3)
      let x = Tensor<Float>.uniform([64, 4], generator: generator)
      let y = (x.sum(axis: 1, keepingAxes: true) * 2).sin()
      let model = Sequential<Float>(
        Linear(4, 16, generator: generator), Sigmoid(), Linear(16, 8, generator: generator),
        ReLU(), Linear(8, 1, generator: generator))
      let optimizer = Adam(model.parameters(), learningRate: 0.02)
      let loader = DataLoader(
        TensorDataset(x, y), batchSize: 10, shuffle: true, generator: generator)
      return (0..<10).map { _ in
        var total: Float = 0
        for (x, y) in loader {
          let loss = MSELoss<Float>()(model(x), y)
          loss.backward()
          optimizer.step()
          optimizer.zeroGrad()
          total += loss.item()
        }
        return total
      }
    }
    let plain = losses()
    #expect(plain[9] < plain[0])
    #expect(try Numerics.check { losses() } == plain)
  }
}
