import Slope
import TestSupport
import Testing

@testable import SlopeCore

/// Generators of Philox4x32-10.
@Suite(.onTheCPU) struct GeneratorPhiloxTests {
  private func philox(_ seed: UInt64 = 0) -> Generator { Generator(seed: seed, algorithm: .philox) }

  private func words(_ count: Int, seed: UInt64 = 0) -> [UInt32] {
    let generator = philox(seed)
    return (0..<count).map { _ in generator.next32() }
  }

  private func fraction(_ word: UInt32) -> Float { Float(word & 0xFF_FFFF) / 16_777_216 }

  @Test func wordsAreThePublishedBlocksInOrder() {
    #expect(
      words(8) == [
        0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8,
        0xF8E4_CCA4, 0x5CB2_00DB, 0xB1A5_74EB, 0x097E_FF67,
      ])
    #expect(philox().next64() == 0x6627_E8D5_E169_C58D)
    #expect(Set(words(2000)).count == 2000)
    // All 64 bits of the seed count.
    #expect(words(4, seed: 1 << 32) != words(4) && words(4, seed: 1) != words(4))
    let generator = philox(9)
    #expect(generator.seed == 9 && generator.algorithm == .philox)
    #expect(Generator(seed: 9).algorithm == .mersenneTwister)
    generator.manualSeed(0)
    #expect(generator.next32() == 0x6627_E8D5)
  }

  @Test func tensorsTakeTheWordsOfWholeBlocks() {
    let stream = words(64)
    let generator = philox()
    #expect(
      Tensor<Float>.uniform([5], generator: generator).scalars == stream[0..<5].map(fraction))
    // After the second block.
    #expect(generator.next32() == stream[8])
    #expect(
      Tensor<Float>.uniform([4], generator: generator).scalars == stream[12..<16].map(fraction))
    #expect(generator.next32() == stream[16])
    // Two words for each Double: two blocks for three.
    let double = Tensor<Double>.uniform([3], generator: generator).scalars
    let expected: [Double] = [20, 22, 24].map { place in
      let pair = UInt64(stream[place]) << 32 | UInt64(stream[place + 1])
      return Double(pair & (1 << 53 - 1)) / 0x1p53
    }
    #expect(double == expected)
    #expect(generator.next32() == stream[28])
    #expect(Tensor<Float>.uniform([0], generator: generator).scalars.isEmpty)
    #expect(Tensor<Double>.normal([3], generator: generator).scalars.count == 3)
    #expect(generator.next32() == stream[40])
    #expect(Tensor<Double>.ones([5]).dropout(p: 0.5, generator: generator).count == 5)
    #expect(generator.next32() == stream[52])
  }

  @Test func positionsAreAnyNumbersOfWordsApart() {
    for n in [1, 2, 623, 624, 625, 626, 627, 5000] {
      for first in [0, 1, 3, 623] {
        let skipped = philox(7)
        for _ in 0..<first { _ = skipped.next32() }
        let drawn = skipped.copy()
        _ = drawn.permutation(n)
        skipped.skipPermutation(n)
        #expect(skipped.next64() == drawn.next64(), "\(n) after \(first)")
      }
    }
  }

  @Test func integersAndOrdersComeFromTheWords() {
    let stream = words(64)
    #expect(
      Tensor<Int>.randint(0, 10, [5], generator: philox()).scalars
        == stream[0..<5].map { Int($0 % 10) })
    #expect(Tensor<Int>.randperm(100, generator: philox()).scalars.sorted() == Array(0..<100))
  }

  @Test func restoredStatesContinueWithinABlock() throws {
    for algorithm in Generator.Algorithm.allCases {
      for taken in [0, 1, 2, 3, 5, 623, 624, 700] {
        let generator = Generator(seed: 1 << 33 + 5, algorithm: algorithm)
        for _ in 0..<taken { _ = generator.next32() }
        // Leaves the second of a pair.
        _ = generator.normalDouble(count: 1)
        let state = generator.state
        let expected = generator.normalDouble(count: 3) + [Double(generator.next32())]
        let tensor = Tensor<Float>.normal([21], generator: generator).scalars
        let other = Generator(seed: 0, algorithm: algorithm)
        other.state = state
        #expect(other.state == state && other.seed == 1 << 33 + 5)
        #expect(other.normalDouble(count: 3) + [Double(other.next32())] == expected)
        #expect(Tensor<Float>.normal([21], generator: other).scalars == tensor)
      }
    }
  }

  @Test func copiesContinueOnTheirOwn() {
    let generator = philox(3)
    _ = generator.next32()
    let copy = generator.copy()
    let expected = Tensor<Float>.normal([9], generator: generator).scalars
    #expect(copy.algorithm == .philox)
    #expect(Tensor<Float>.normal([9], generator: copy).scalars == expected)
    #expect(Tensor<Float>.normal([9], generator: copy).scalars != expected)
  }

  private func message(_ body: () throws -> Void) -> String? {
    do {
      try checked(body)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func foreignAndDamagedStatesAreFailures() {
    let generator = philox(3)
    let before = generator.state
    #expect(
      message { generator.state = Generator(seed: 3).state }
        == "Generator.state: a state of mersenneTwister for a generator of philox")
    #expect(generator.state == before)
    let twister = Generator(seed: 3)
    let state = twister.state
    for (place, words) in [(625, state.words), (0, Array(state.words.dropLast()))]
      as [(UInt64, [UInt32])]
    {
      let damaged = Generator.State(
        algorithm: .mersenneTwister, seed: 3, place: place, words: words, cachedNormal: nil)
      #expect(
        message { twister.state = damaged }
          == "Generator.state: \(words.count) words and place \(place) are no state")
      #expect(twister.state == state)
    }
  }

  @Test func shapesThatAreNoneDrawNothing() {
    let generator = philox()
    #expect(message { _ = Tensor<Float>.uniform([-1], generator: generator) } != nil)
    #expect(message { _ = Tensor<Float>.normal([1 << 40, 1 << 40], generator: generator) } != nil)
    #expect(generator.next32() == 0x6627_E8D5)
  }
}

/// Dropout whose mask a device draws.
struct PhiloxDropoutTests {
  private func dropout<Element: FloatingElement>(
    _ x: Tensor<Element>, p: Double = 0.25, seed: UInt64 = 1
  ) -> Tensor<Element> {
    x.dropout(p: p, generator: Generator(seed: seed, algorithm: .philox))
  }

  private func checkMask<Element: FloatingElement>(_: Element.Type) {
    let x = Tensor<Element>.ones([37, 29]) * 3
    let y = dropout(x, p: 0.5)
    #expect(Set(y.scalars.map(\.doubleValue)) == [0, 6])
    #expect(y.shape == [37, 29])
    #expect(dropout(x, p: 0.5).scalars == y.scalars)
    #expect(dropout(x, p: 0.5, seed: 2).scalars != y.scalars)
    #expect(dropout(x, p: 1).scalars.allSatisfy { $0 == 0 })
    #expect(dropout(Tensor<Element>.ones([0, 3])).shape == [0, 3])
  }

  @Test func elementsAreDroppedOrScaledInAllTypes() {
    checkMask(Float16.self)
    checkMask(BFloat16.self)
    checkMask(Float.self)
    checkMask(Double.self)
  }

  @Test func viewsAreDroppedInTheirOrder() {
    let x = Tensor<Float>.normal([13, 7], generator: Generator(seed: 3))
    let view = x.transposed()
    #expect(dropout(view).scalars == dropout(view + 0).scalars)
    let part = x[2..<9, stride(from: 6, through: 0, by: -2)]
    #expect(dropout(part).scalars == dropout(part + 0).scalars)
    #expect(
      dropout(x[3..<6]).scalars
        == dropout(Tensor<Float>(shape: [3, 7], scalars: x[3..<6].scalars)).scalars)
  }

  @Test func gradientsPassWhereElementsDo() throws {
    let x = Parameter(Tensor<Double>.normal([5, 6], generator: Generator(seed: 4)))
    let mask = dropout(Tensor<Double>.ones([5, 6]))
    let y = dropout(x.tensor)
    #expect(y.scalars == (x.tensor * mask).scalars)
    (y * y).sum().backward()
    let expected = (x.tensor * mask * mask * 2).scalars
    let gradient = try #require(x.grad).scalars
    #expect(zip(gradient, expected).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func gradientsAreDifferentiable() throws {
    for order in [1, 2] {
      let check = checkGradient(
        at: [Tensor<Double>.normal([3, 4], generator: Generator(seed: 4))], order: order
      ) { x in (self.dropout(x[0]) * x[0].exp()).sum() }
      #expect(check.isCorrect, "\(check)")
    }
  }

  @Test func checkedNumbersAreTheSame() throws {
    let x = Tensor<Float>.normal([50], generator: Generator(seed: 4))
    let plain = dropout(x).scalars
    #expect(try Numerics.check { dropout(x).scalars } == plain)
    #expect(throws: NumericsError.self) {
      _ = try Numerics.check { dropout(Tensor<Float>.ones([50]) * 3e38).scalars }
    }
  }

  @Test func infiniteElementsBecomeNaNWhereTheyAreDropped() {
    let y = dropout(Tensor<Float>.ones([64]) / 0, p: 0.5).scalars
    let kept = dropout(Tensor<Float>.ones([64]), p: 0.5).scalars
    #expect(zip(y, kept).allSatisfy { $1 == 0 ? $0.isNaN : $0 == .infinity })
  }
}
