import Foundation
import SlopeCore
import SlopeNN
import Testing

struct PeriodicEmbeddingTests {
  private let layer = PeriodicEmbedding<Double>(
    3, outputs: 4, waves: 5, deviation: 0.3, generator: Generator(seed: 4))

  /// The formula in loops: `[rows][features] → [rows][features · outputs]`.
  private func reference(_ layer: PeriodicEmbedding<Double>, _ rows: [[Double]]) -> [Double] {
    let (frequency, phase) = (layer.frequency.tensor.scalars, layer.phase.tensor.scalars)
    let (linear, bias) = (layer.linear.tensor.scalars, layer.bias.tensor.scalars)
    let (waves, combinations) = (5, 3)
    var all: [Double] = []
    for row in rows {
      for (feature, x) in row.enumerated() {
        for i in 0..<combinations {
          var sum = bias[feature * combinations + i]
          for j in 0..<waves {
            let place = feature * waves + j
            sum +=
              linear[place * combinations + i] * cos(2 * .pi * frequency[place] * x + phase[place])
          }
          all.append(sum)
        }
        all.append(x)
      }
    }
    return all
  }

  private let rows = [[0.5, -1, 2], [3, 0, -0.25]]

  @Test func eachNumberBecomesCombinationsOfWavesAndItself() {
    let output = layer(Tensor(rows))
    #expect(output.shape == [2, 12])
    for (value, expected) in zip(output.scalars, reference(layer, rows)) {
      #expect(abs(value - expected) < 1e-12)
    }
    // A row alone has the same bits where products do not depend on the number of rows.
    withRowwiseProducts {
      let (both, single) = (layer(Tensor(rows)), layer(Tensor(rows[1])))
      #expect(single.shape == [12] && single.scalars == Array(both.scalars[12...]))
    }
  }

  @Test func membersHaveWavesOfTheirOwn() {
    let pair = PeriodicEmbedding<Double>(
      3, outputs: 4, waves: 5, members: 2, generator: Generator(seed: 4))
    let output = pair(Tensor([rows, rows.reversed()]))
    #expect(output.shape == [2, 2, 12])
    for member in 0..<2 {
      let one = PeriodicEmbedding<Double>(3, outputs: 4, waves: 5)
      one.frequency.tensor = pair.frequency.tensor[member].detached()
      one.phase.tensor = pair.phase.tensor[member].detached()
      one.linear.tensor = pair.linear.tensor[member].detached()
      one.bias.tensor = pair.bias.tensor[member].detached()
      let expected = one(Tensor(member == 0 ? rows : rows.reversed()))
      for (value, other) in zip(output[member].scalars, expected.scalars) {
        #expect(abs(value - other) < 1e-12)
      }
    }
    let shared = pair(Tensor([rows]))
    #expect(shared.shape == [2, 2, 12])
    #expect(shared[0].scalars == output[0].scalars)
    #expect("\(pair)" == "PeriodicEmbedding(3, outputs: 4, waves: 5, members: 2)")
  }

  @Test func gradientsReachEveryParameter() {
    layer(Tensor(rows)).square().sum().backward()
    for parameter in layer.parameters() {
      let gradient = parameter.grad?.scalars ?? []
      #expect(gradient.count == parameter.tensor.count && gradient.allSatisfy { $0 != 0 })
    }
  }

  @Test func initialValuesAreDrawnAsRealMLPDraws() {
    let layer = PeriodicEmbedding<Float>(400, generator: Generator(seed: 9))
    #expect(layer.frequency.shape == [400, 1, 16] && layer.linear.shape == [400, 16, 3])
    #expect(layer.phase.shape == [400, 1, 16] && layer.bias.shape == [400, 1, 3])
    #expect((0.095...0.105).contains(layer.frequency.tensor.std().item()))
    let phase = layer.phase.tensor
    #expect((-3.1416...(-3.1)).contains(phase.min().item()))
    #expect((3.1...3.1416).contains(phase.max().item()))
    for bounded in [layer.linear.tensor, layer.bias.tensor] {
      #expect((-0.25...(-0.24)).contains(bounded.min().item()))
      #expect((0.24...0.25).contains(bounded.max().item()))
    }
  }

  @Test func withOneOutputANumberStaysItself() {
    let plain = PeriodicEmbedding<Float>(2, outputs: 1)
    #expect(plain(Tensor([[3, 4]])).scalars == [3, 4])
  }

  @Test func mistakesAreNamed() {
    #expect(throws: TensorError.self) { try checked { _ = layer(Tensor([[1, 2]])) } }
    #expect(throws: TensorError.self) {
      try checked { _ = PeriodicEmbedding<Float>(2, outputs: 0) }
    }
    #expect("\(layer)" == "PeriodicEmbedding(3, outputs: 4, waves: 5)")
  }
}
