import TestSupport
import Testing

@testable import SlopeCore

@Suite struct PendingGradientsTests {
  private func number(_ value: Float) -> Value { Tensor<Float>(value).value }

  /// The numbers 0..<count in scrambled order; `count` is not a multiple of 7919.
  private func scattered(_ count: Int) -> [Int] { (0..<count).map { $0 * 7919 % count } }

  @Test(arguments: [1, 2, 15, 16, 17, 18, 100, 1000])
  func theNewestComesFirstHoweverTheyWereAdded(count: Int) {
    let recordings = (0..<count).map { _ in Recording(shape: [], dtype: .float32) }
    for order in [Array(0..<count), (0..<count).reversed(), scattered(count)] {
      var pending = PendingGradients()
      for index in order { pending.add(number(Float(index)), to: recordings[index], record: false) }
      for index in order where index % 3 == 1 {
        pending.add(number(0.5), to: recordings[index], record: false)
      }
      for index in (0..<count).reversed() {
        let entry = pending.popNewest()
        #expect(entry?.recording === recordings[index])
        let sum = entry.map { Tensor<Float>($0.gradient).item() }
        #expect(sum == Float(index) + (index % 3 == 1 ? 0.5 : 0))
      }
      #expect(pending.popNewest() == nil)
    }
  }

  @Test func entriesMayComeWhileOthersAreTaken() {
    let recordings = (0..<3000).map { _ in Recording(shape: [], dtype: .float32) }
    var pending = PendingGradients()
    var present: Set<Int> = []
    for (turn, index) in scattered(3000).enumerated() {
      pending.add(number(1), to: recordings[index], record: false)
      present.insert(index)
      // Rounds of filling and emptying, through both forms.
      guard turn % 3 == 2 || turn % 500 > 400 else { continue }
      for _ in 0..<(turn % 500 > 400 ? 5 : 1) {
        let newest = present.max()
        #expect(pending.popNewest()?.recording === newest.map { recordings[$0] })
        if let newest { present.remove(newest) }
      }
    }
  }

  @Test func sharesAreAddedInTheOrderInWhichTheyCome() {
    let shares: [Float] = [1e8, 1, -1e8, 1, 3e7, -3e7, 0.25]
    let others = (0..<40).map { _ in Recording(shape: [], dtype: .float32) }
    let recording = Recording(shape: [], dtype: .float32)
    for isCrowded in [false, true] {
      var pending = PendingGradients()
      if isCrowded { for other in others { pending.add(number(0), to: other, record: false) } }
      for share in shares { pending.add(number(share), to: recording, record: false) }
      let sum = pending.popNewest().map { Tensor<Float>($0.gradient).item() }
      #expect(sum == shares.dropFirst().reduce(shares[0], +))
    }
  }

  /// The sum of parts equals, bit by bit, the sum of whole contributions with zeros.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 40])
  func partsAddUpAsWholeSharesDo(count: Int) {
    let shape: Shape = [5, 7]
    for device in [Device.cpu, Device(ReferenceBackend.shared)] {
      withDevice(device) {
        let recording = Recording(shape: shape, dtype: .float32)
        var pending = PendingGradients()
        var expected: Value?
        for turn in 0..<count {
          let whole = turn % 6 == 3
          var slice = Slice(all: shape)
          if !whole {
            slice.starts[0] = turn % 3
            slice.starts[1] = turn * 5 % 4
            slice.steps[1] = turn % 2 + 1
            slice.counts = [2, 2]
          }
          let elements = (0..<slice.counts.elementCount).map { index -> Float in
            turn % 5 == 1 ? -0.0 : Float((index * 31 + turn * 17) % 13) * 1e7 + 0.3
          }
          let flat = Tensor(shape: slice.counts, scalars: elements)
          // A view, as the pullback of a concatenation returns.
          let share = turn % 2 == 0 ? flat : flat.transposed().contiguousCopy.transposed()
          let embedded = share.value.embedded(in: shape, at: slice, record: false)
          if whole {
            pending.add(share.value, to: recording, record: false)
          } else {
            pending.add(share.value, at: slice, to: recording, record: false)
          }
          expected =
            expected.map { applyPointwise(Functions.add, $0, embedded, record: false) } ?? embedded
        }
        let found = pending.popNewest().map { Tensor<Float>($0.gradient).scalars.map(\.bitPattern) }
        #expect(found == expected.map { Tensor<Float>($0).scalars.map(\.bitPattern) })
      }
    }
  }

  @Test func aShareOfAnotherShapeFailsAndStaysFailed() {
    let recording = Recording(shape: [4], dtype: .float32)
    let slice = Slice([4], axis: 0, from: 1, count: 2)
    var found: PendingGradients.Entry?
    let message = failure {
      var pending = PendingGradients()
      for turn in 0..<8 {
        let share = turn == 5 ? Tensor<Float>([1, 2, 3]) : Tensor<Float>([1, 2])
        pending.add(share.value, at: slice, to: recording, record: false)
      }
      found = pending.popNewest()
    }
    #expect(
      message == "add: shapes [2] and [3] do not broadcast" && found?.gradient.isFailed == true)
  }
}

extension Tensor {
  fileprivate var contiguousCopy: Tensor { Tensor(value.contiguous) }
}
