import Testing

@testable import SlopeCore

/// Elements reduced at indices; expected values and gradients are PyTorch's.
struct ScatterReductionTests {
  private let y = Tensor<Double>([3, 1, 2])
  private let places = Tensor<Int>([0, 0, 1, 1, 1])
  private let v = Tensor<Double>([3, 1, 0, 2, 5])

  private struct Case {
    let reduction: ScatterReduction
    let includingSelf: Bool
    let result: String
    let own: String
    let others: String
  }

  /// With the gradients 1, 2, 3 of the result.
  private static let cases = [
    Case(reduction: .sum, includingSelf: true, result: "7 8 2", own: "1 2 3", others: "1 1 2 2 2"),
    Case(reduction: .sum, includingSelf: false, result: "4 7 2", own: "0 0 3", others: "1 1 2 2 2"),
    Case(
      reduction: .product, includingSelf: true, result: "9 0 2", own: "3 0 3", others: "3 9 20 0 0"),
    Case(
      reduction: .product, includingSelf: false, result: "3 0 2", own: "0 0 3",
      others: "1 3 20 0 0"),
    Case(
      reduction: .maximum, includingSelf: true, result: "3 5 2", own: "0.5 0 3",
      others: "0.5 0 0 0 2"),
    Case(
      reduction: .maximum, includingSelf: false, result: "3 5 2", own: "0 0 3",
      others: "0.5 0 0 0 2"),
    Case(
      reduction: .minimum, includingSelf: true, result: "1 0 2", own: "0 0 3", others: "0 1 2 0 0"),
    Case(
      reduction: .minimum, includingSelf: false, result: "1 0 2", own: "0 0 3",
      others: "0 1 2 0 0"),
  ]

  @Test func reductionsAndTheirGradients() {
    for row in Self.cases {
      let (a, b) = (Parameter(y), Parameter(v))
      let result = a.tensor.scatterReduced(
        b.tensor, at: places, axis: 0, by: row.reduction, includingSelf: row.includingSelf)
      result.backward(seed: Tensor([1, 2, 3]))
      let name = "\(row.reduction) \(row.includingSelf)"
      #expect(show(result) == "[3] \(row.result)", "\(name)")
      #expect(show(a.grad) == "[3] \(row.own)", "\(name)")
      #expect(show(b.grad) == "[5] \(row.others)", "\(name)")
    }
  }

  @Test func meansCountWhatIsThere() {
    let (a, b) = (Parameter(y), Parameter(v))
    let mean = a.tensor.scatterReduced(b.tensor, at: places, axis: 0, by: .mean)
    mean.backward(seed: Tensor([3, 2, 3]))
    #expect(mean.scalars == [7.0 / 3, 2, 2])
    #expect(show(a.grad) == "[3] 1 0.5 3" && show(b.grad) == "[5] 1 1 0.5 0.5 0.5")
    let others = y.scatterReduced(v, at: places, axis: 0, by: .mean, includingSelf: false)
    #expect(others.scalars == [2, 7.0 / 3, 2])
  }

  @Test func gradientsAreDividedAmongAllThatAreEqual() {
    let (a, b) = (Parameter(Tensor<Double>([3, 1])), Parameter(Tensor<Double>([3, 3, 1, 0])))
    let at = Tensor<Int>([0, 0, 0, 1])
    a.tensor.scatterReduced(b.tensor, at: at, axis: 0, by: .maximum).backward(
      seed: Tensor([3, 2]))
    #expect(show(a.grad) == "[2] 1 2" && show(b.grad) == "[4] 1 1 0 0")
    (a.grad, b.grad) = (nil, nil)
    a.tensor.scatterReduced(b.tensor, at: at, axis: 0, by: .maximum, includingSelf: false)
      .backward(seed: Tensor([3, 2]))
    // PyTorch counts the element that is left out, too, where it is equal.
    #expect(show(a.grad) == "[2] 0 0" && show(b.grad) == "[4] 1 1 0 2")
  }

  @Test func integersAndBoolsAreReduced() {
    let z = Tensor<Int>([-7, 3, 5])
    let at = Tensor<Int>([0, 0, 1])
    #expect(
      show(z.scatterReduced(Tensor([-2, -1, 4]), at: at, axis: 0, by: .mean)) == "[3] -4 3 5")
    let small = Tensor<Int8>([-7, 3, 5]).scatterReduced(
      Tensor<Int8>([100, 100, 4]), at: at, axis: 0, by: .mean)
    #expect(show(small) == "[3] -21 3 5")
    let many = Tensor<UInt8>([200]).scatterReduced(
      Tensor<UInt8>.zeros([299]), at: Tensor<Int>.zeros([299]), axis: 0, by: .mean)
    #expect(show(many) == "[1] 0")
    #expect(
      show(
        Tensor<UInt64>([.max, 1]).scatterReduced(
          Tensor<UInt64>([5]), at: Tensor([0]), axis: 0, by: .maximum))
        == "[2] 18446744073709551615 1")
    #expect(
      show(
        Tensor<UInt8>([9, 1]).scatterReduced(
          Tensor<UInt8>([200, 7]), at: Tensor([0, 0]), axis: 0, by: .minimum)) == "[2] 7 1")
    let bools = Tensor([true, false])
    #expect(
      show(bools.scatterReduced(Tensor([false, true]), at: Tensor([0, 1]), axis: 0, by: .sum))
        == "[2] true true")
    #expect(
      show(bools.scatterReduced(Tensor([false, true]), at: Tensor([0, 1]), axis: 0, by: .product))
        == "[2] false false")
    #expect(
      show(bools.scatterReduced(Tensor([true]), at: Tensor([1]), axis: 0, by: .maximum))
        == "[2] true true")
  }

  @Test func nanWinsAndPlacesStay() {
    let two = Tensor<Float>([1, 2])
    for reduction in [ScatterReduction.maximum, .minimum] {
      #expect(
        show(
          two.scatterReduced(
            Tensor([.nan, 1, 0]), at: Tensor([0, 0, 0]), axis: 0, by: reduction,
            includingSelf: false)) == "[2] nan 2")
      #expect(
        show(
          Tensor<Float>([.nan, 2]).scatterReduced(
            Tensor([1]), at: Tensor([0]), axis: 0, by: reduction)) == "[2] nan 2")
    }
    #expect(
      show(
        two.scatterReduced(
          Tensor([.infinity, -.infinity]), at: Tensor([0, 0]), axis: 0, by: .minimum))
        == "[2] -inf 2")
    let nothing = Tensor<Int>.zeros([0])
    for reduction in ScatterReduction.allCases {
      #expect(
        show(
          two.scatterReduced(
            Tensor<Float>.zeros([0]), at: nothing, axis: 0, by: reduction, includingSelf: false))
          == "[2] 1 2")
    }
  }

  @Test func halvesAreComputedInFloat() {
    let ones = Tensor<Float16>.ones([4096])
    let sum = Tensor<Float16>([1]).scatterReduced(
      ones, at: Tensor<Int>.zeros([4096]), axis: 0, by: .sum)
    // In 16 bits 2048 + 1 is 2048.
    #expect(show(sum) == "[1] 4096")
    let mean = Tensor<BFloat16>([1]).scatterReduced(
      Tensor<BFloat16>.ones([999]), at: Tensor<Int>.zeros([999]), axis: 0, by: .mean)
    #expect(show(mean) == "[1] 1")
    let added = Tensor<BFloat16>([256]).indexAdded(
      Tensor<BFloat16>.ones([64]), at: Tensor<Int>.zeros([64]), axis: 0)
    #expect(show(added) == "[1] 320")
  }

  @Test func theSecondDerivativeOfAProductIsRightAtZeros() {
    // y·v₀·v₁·v₂ with two zeros: the only second derivative is y·v₀ between them.
    let (a, b) = (Parameter(Tensor<Double>([2])), Parameter(Tensor<Double>([3, 0, 0])))
    let product = a.tensor.scatterReduced(
      b.tensor, at: Tensor([0, 0, 0]), axis: 0, by: .product)
    let first = gradients(of: product.sum(), withRespectTo: [b.tensor], recorded: true)
    #expect(show(first[0]) == "[3] 0 0 0")
    let second = gradients(
      of: (first[0] ?? .failed).square().sum() + (first[0] ?? .failed)[1], withRespectTo: [b.tensor]
    )
    #expect(show(second[0]) == "[3] 0 0 6")
  }
}
