import Glibc
import Testing

@testable import SlopeCore

/// The ways in which the leaves of a graph are combined.
private enum GraphShape: String, CaseIterable, Sendable {
  case chain, tree, star, list

  /// The sum of scalars.
  func sum(_ terms: [Tensor<Float>]) -> Tensor<Float> {
    switch self {
    case .chain: return terms.dropFirst().reduce(terms[0], +)
    case .tree:
      var level = terms
      while level.count > 1 {
        level = stride(from: 0, to: level.count, by: 2).map {
          $0 + 1 < level.count ? level[$0] + level[$0 + 1] : level[$0]
        }
      }
      return level[0]
    case .star: return stack(terms).sum()
    case .list:
      return concatenate(terms.map { $0.reshaped(to: [1]) }).sum()
    }
  }
}

/// The processor time of this thread, in seconds, which other tests that run in parallel do not
/// affect.
private func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Graphs for which searching all pending recordings for each recording takes 10⁹ steps: a fifth of
/// a second of the thread's time becomes half a minute.
@Suite(.serialized) struct BackwardShapeTests {
  private static let count = 30_000

  /// Runs a body whose time must grow in proportion to its graph.
  private func inProportion(_ body: () -> Void) {
    let start = processorSeconds()
    body()
    let seconds = processorSeconds() - start
    #expect(seconds < 5, "\(seconds) s of this thread")
  }

  @Test(arguments: GraphShape.allCases, [false, true])
  private func manyLeaves(shape: GraphShape, newestFirst: Bool) {
    let leaves = (0..<Self.count).map { Parameter(Tensor<Float>(Float($0 % 5))) }
    let order = newestFirst ? leaves.reversed() : leaves
    let sum = shape.sum(order.map { $0.tensor * 2 })
    inProportion { sum.backward() }
    #expect(leaves.allSatisfy { $0.grad?.item() == 2 })
  }

  @Test(arguments: GraphShape.allCases, [false, true])
  private func manyLossesOfOneLeaf(shape: GraphShape, newestFirst: Bool) {
    let leaf = Parameter(Tensor<Float>([1, 2, 3]))
    let losses = (0..<Self.count).map { (leaf.tensor * Float($0 % 3)).sum() }
    let sum = shape.sum(newestFirst ? losses.reversed() : losses)
    inProportion { sum.backward() }
    #expect(leaf.grad?.scalars == [30_000, 30_000, 30_000])
  }

  @Test(arguments: [false, true])
  func manySlicesOfOneLeaf(newestFirst: Bool) {
    let count = 50_000
    let leaf = Parameter(Tensor<Float>.zeros([count]))
    let parts = (0..<count).map { leaf.tensor[$0..<($0 + 1)] }
    let whole = concatenate(newestFirst ? parts.reversed() : parts)
    let weights = (0..<count).map { Float($0 % 11) }
    let sum = (whole * Tensor(newestFirst ? weights.reversed() : weights)).sum()
    inProportion { sum.backward() }
    #expect(leaf.grad?.scalars == weights)
  }

  @Test func diamondsOneAfterAnother() {
    let leaf = Parameter(Tensor<Double>(1))
    var value = leaf.tensor
    for _ in 0..<30_000 {
      let (left, right) = (value * 0.5, value * 0.5)
      value = left + right
    }
    inProportion { value.backward() }
    #expect(leaf.grad?.item() == 1)
  }

  @Test func gradientsWithRespectToManyTargets() {
    let leaves = (0..<Self.count).map { Parameter(Tensor<Float>(Float($0))) }
    let squares = leaves.map { $0.tensor.square() }
    let unused = Parameter(Tensor<Float>(1))
    let total = stack(squares).sum()
    var found: [Tensor<Float>?] = []
    inProportion {
      found = gradients(
        of: total, withRespectTo: leaves.map(\.tensor) + [unused.tensor] + squares.prefix(2),
        retainGraph: true)
    }
    #expect(found.count == Self.count + 3 && found[Self.count] == nil)
    #expect((0..<Self.count).allSatisfy { found[$0]?.item() == 2 * Float($0) })
    #expect(found.suffix(2).allSatisfy { $0?.item() == 1 })
  }

  /// In a recorded pass, parts are still whole values with zeros, which have a derivative.
  @Test func slicesAreDifferentiatedTwice() {
    let leaf = Parameter(Tensor<Double>([1, 2, 3])).tensor
    let cubes = concatenate(
      (0..<18).map {
        let x = leaf[$0 % 3..<$0 % 3 + 1]
        return x * x * x
      })
    let first = gradients(of: cubes.sum(), withRespectTo: [leaf], recorded: true)[0] ?? leaf
    #expect(first.scalars == [18, 72, 162])
    let second = gradients(of: first.sum(), withRespectTo: [leaf])[0]
    #expect(second?.scalars == [36, 72, 108])
  }
}
