import ConformanceKit
import Slope
import Synchronization
import Testing

/// How the operands of a differentiated operation lie in memory.
enum OperandLayout: String, CaseIterable, Sendable {
  /// Contiguous.
  case contiguous
  /// Every second slice of a transposed tensor.
  case strided
  /// Expanded along the first axis that has more than one element.
  case broadcast

  /// The leaf for an operand of `shape`, and the view of it that is passed to the operation.
  func leaf(
    _ shape: [Int], _ domain: ClosedRange<Double>, _ seed: Int
  ) -> (Tensor<Double>, @Sendable (Tensor<Double>) -> Tensor<Double>) {
    switch self {
    case .contiguous:
      return (spread(shape, domain, seed), { $0 })
    case .strided:
      guard let last = shape.last else {
        return (spread([3], domain, seed), { $0[1] })
      }
      // Reversed axes, of which the first is read in steps of two from the second element.
      let stored = [2 * last] + shape.dropLast().reversed()
      let order = Array((0..<shape.count).reversed())
      return (
        spread(stored, domain, seed),
        { $0[stride(from: 1, to: 2 * last, by: 2)].permuted(order) }
      )
    case .broadcast:
      guard let axis = shape.firstIndex(where: { $0 > 1 }) else {
        return (spread(shape, domain, seed), { $0 })
      }
      var small = shape
      small[axis] = 1
      return (spread(small, domain, seed), { $0.expanded(to: Shape(shape)) })
    }
  }

  /// Distinct numbers from an interval in scrambled order, none in its middle or at a quarter of
  /// it, where kinks are, and none shared by operands of different seeds.
  private func spread(_ shape: [Int], _ domain: ClosedRange<Double>, _ seed: Int) -> Tensor<Double>
  {
    let count = shape.reduce(1, *)
    let shift = [0.37, 0.61, 0.83, 0.17, 0.07][seed % 5]
    let places = (0..<count).sorted { scatter($0) < scatter($1) }
    let numbers = places.map { place -> Double in
      let part = (Double(place) + shift) / Double(count)
      return domain.lowerBound + part * (domain.upperBound - domain.lowerBound)
    }
    return Tensor(shape: Shape(shape), scalars: numbers)
  }

  private func scatter(_ index: Int) -> Double {
    (Double(index + 1) * 0.618033988749895).truncatingRemainder(dividingBy: 1)
  }
}

/// Counts what the parallel cases checked, to print it once at the end.
private let counts = Mutex((operations: 0, checks: 0, derivatives: 0))

private let differentiable = OperationList.floating(Double.self).filter(\.isDifferentiable)

@Suite(.serialized) struct OperationGradientTests {
  @Test(arguments: differentiable.map(\.name))
  func gradientsAgreeWithFiniteDifferences(name: String) throws {
    let operation = try #require(differentiable.first { $0.name == name })
    var (checks, derivatives) = (0, 0)
    for sample in operation.differentiableSamples {
      for layout in OperandLayout.allCases {
        for order in 1...2 {
          let found = try check(operation, sample, layout, order)
          #expect(
            found.isCorrect,
            "\(name) \(sample.inputs) \(sample.attributes), \(layout), order \(order): \(found)")
          checks += 1
          derivatives += found.comparisons
        }
      }
    }
    #expect(derivatives > 0)
    counts.withLock {
      $0.operations += 1
      $0.checks += checks
      $0.derivatives += derivatives
    }
  }

  @Test func countsAreShown() {
    let found = counts.withLock { $0 }
    print(
      "gradients: \(found.operations) operations × \(OperandLayout.allCases.count) layouts of operands × "
        + "2 orders, on samples of their own: \(found.checks) checks, "
        + "\(found.derivatives) derivatives against finite differences")
    #expect(differentiable.count > 60)
  }

  private func check(
    _ operation: ConformanceKit.Operation<Double>, _ sample: Sample, _ layout: OperandLayout,
    _ order: Int
  ) throws -> GradientCheck {
    var leaves: [Tensor<Double>] = []
    var operands: [@Sendable ([Tensor<Double>]) -> any AnyTensor] = []
    for (number, input) in sample.inputs.enumerated() {
      switch input {
      case .numbers(let shape, let domain):
        let (leaf, view) = layout.leaf(shape, domain, number)
        let position = leaves.count
        leaves.append(leaf)
        operands.append { view($0[position]) }
      case .constants(let shape, let domain):
        let (leaf, view) = layout.leaf(shape, domain, number)
        let constants = view(leaf)
        operands.append { _ in constants }
      case .indices(let shape, let bound):
        let count = shape.reduce(1, *)
        let indices = Tensor<Int>(
          shape: Shape(shape), scalars: (0..<count).map { ($0 * 7 + 3) % bound })
        operands.append { _ in indices }
      case .booleans(let shape):
        let count = shape.reduce(1, *)
        let truths = Tensor<Bool>(
          shape: Shape(shape), scalars: (0..<count).map { $0 % 3 != 1 })
        operands.append { _ in truths }
      }
    }
    let problem = Mutex<(any Error)?>(nil)
    func result(at points: [Tensor<Double>]) -> Tensor<Double> {
      do {
        let inputs = operands.map { $0(points) }
        let outputs = try operation.call(Arguments(inputs, sample.attributes))
        return try #require(outputs.first as? Tensor<Double>)
      } catch {
        problem.withLock { $0 = error }
        return Tensor(0)
      }
    }
    let found = try checked {
      // A second derivative is a difference of differences, with a larger error.
      checkGradient(
        at: leaves, order: order, step: 1e-5, tolerance: order == 1 ? 1e-6 : 1e-5, of: result)
    }
    if order == 2 { try expectEqualGradients(leaves, of: result, operation.name) }
    // Each operand again as the only one with a gradient.
    for number in leaves.indices where leaves.count > 1 && order == 1 && layout == .contiguous {
      let alone = try checked {
        checkGradient(at: [leaves[number]], step: 1e-5, tolerance: 1e-6) { point in
          var points = leaves
          points[number] = point[0]
          return result(at: points)
        }
      }
      #expect(alone.isCorrect, "\(operation.name), operand \(number) alone: \(alone)")
    }
    if let error = problem.withLock({ $0 }) { throw error }
    return found
  }

  /// A recorded gradient, for a second one, may be computed by other formulas than one that is not
  /// recorded.
  private func expectEqualGradients(
    _ leaves: [Tensor<Double>], of function: ([Tensor<Double>]) -> Tensor<Double>, _ name: String
  ) throws {
    func found(recorded: Bool) throws -> [[Double]?] {
      try checked {
        let points = leaves.map { Parameter($0).tensor }
        let weighted = function(points)
        let weights = Tensor(
          shape: weighted.shape, scalars: (0..<weighted.count).map { 1 + 0.25 * Double($0 % 7) })
        return gradients(
          of: (weighted * weights).sum(), withRespectTo: points, recorded: recorded
        ).map { $0?.scalars }
      }
    }
    for (plain, recorded) in zip(try found(recorded: false), try found(recorded: true)) {
      let differs = zip(plain ?? [], recorded ?? []).contains {
        !(abs($0 - $1) <= 1e-12 * max(1, abs($0)))
      }
      #expect(plain?.count == recorded?.count && !differs, "\(name): a recorded gradient differs")
    }
  }
}
