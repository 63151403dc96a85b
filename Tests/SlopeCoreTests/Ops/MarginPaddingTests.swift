import Testing

@testable import SlopeCore

/// Margins from a tensor's own elements; expected values are PyTorch's.
struct MarginPaddingTests {
  private let row = Tensor<Int>([1, 2, 3, 4])
  private let matrix = Tensor<Int>([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]])

  @Test(arguments: [
    (PaddingMode.reflect, 2, 3, "[9] 3 2 1 2 3 4 3 2 1"), (.reflect, -1, 2, "[5] 2 3 4 3 2"),
    (.reflect, 2, -1, "[5] 3 2 1 2 3"), (.reflect, -3, 3, "[4] 4 3 2 1"),
    (.reflect, -1, -2, "[1] 2"), (.reflect, 1, -2, "[3] 2 1 2"), (.reflect, 0, 0, "[4] 1 2 3 4"),
    (.reflect, 3, 0, "[7] 4 3 2 1 2 3 4"), (.reflect, 3, -6, "[1] 4"), (.reflect, -5, 3, "[2] 2 1"),
    (.replicate, 2, 3, "[9] 1 1 1 2 3 4 4 4 4"), (.replicate, -1, 2, "[5] 2 3 4 4 4"),
    (.replicate, -3, 3, "[4] 4 4 4 4"), (.replicate, 1, -2, "[3] 1 1 2"),
    (.replicate, -6, 3, "[1] 4"), (.replicate, 7, -9, "[2] 1 1"),
    (.circular, 2, 3, "[9] 3 4 1 2 3 4 1 2 3"), (.circular, -1, 2, "[5] 2 3 4 2 3"),
    (.circular, 2, -1, "[5] 2 3 1 2 3"), (.circular, 1, -2, "[3] 2 1 2"),
    (.circular, 4, 4, "[12] 1 2 3 4 1 2 3 4 1 2 3 4"), (.circular, -1, -3, "[0] "),
  ])
  func oneAxis(mode: PaddingMode, before: Int, after: Int, expected: String) {
    #expect(show(row.padded([(before, after)], mode: mode)) == expected)
  }

  @Test func severalAxes() {
    #expect(
      show(matrix.padded([(1, 2), (2, 1)], mode: .reflect)[0]) == "[7] 7 6 5 6 7 8 7")
    #expect(
      matrix.padded([(1, 2), (2, 1)], mode: .reflect)[5].scalars == [3, 2, 1, 2, 3, 4, 3])
    #expect(
      matrix.padded([(1, 2), (2, 1)], mode: .replicate)[0...2, 1].scalars == [1, 1, 5])
    #expect(
      matrix.padded([(1, 2), (2, 1)], mode: .circular)[0].scalars == [11, 12, 9, 10, 11, 12, 9])
    #expect(matrix.padded([(0, 0), (0, 1)], mode: .circular).shape == [3, 5])
    #expect(matrix.transposed().padded([(1, 0), (0, 0)], mode: .reflect)[0].scalars == [2, 6, 10])
    #expect(show(Tensor<Int>(7).padded([], mode: .reflect)) == "[] 7")
    #expect(Tensor<Int>.zeros([0, 3]).padded([(0, 0), (1, 1)], mode: .reflect).shape == [0, 5])
  }

  @Test(arguments: [
    (PaddingMode.reflect, [12.0, 14, 13, 6]), (.replicate, [6, 4, 5, 30]),
    (.circular, [10, 12, 15, 8]),
  ])
  func anElementReceivesTheGradientsOfItsCopies(mode: PaddingMode, expected: [Double]) {
    let x = Parameter(Tensor<Double>([1, 2, 3, 4]))
    (x.tensor.padded([(2, 3)], mode: mode) * .arange(1, 10)).sum().backward()
    #expect(x.grad?.scalars == expected)
  }

  @Test func everyElementTypeKeepsItsBits() {
    #expect(Tensor<Bool>([true, false]).padded([(1, 0)], mode: .reflect).scalars[0] == false)
    #expect(Tensor<BFloat16>([1, 2]).padded([(0, 1)], mode: .circular).scalars == [1, 2, 1])
    let odd = Tensor<Float>([.nan, -0.0]).padded([(0, 2)], mode: .replicate).scalars
    #expect(odd[0].isNaN && odd[3].sign == .minus)
  }

  @Test func marginsThatCannotBeFilledAreFailures() {
    func message(_ mode: PaddingMode, _ before: Int, _ after: Int) -> String? {
      failure { row.padded([(before, after)], mode: mode) }
    }
    #expect(message(.reflect, 4, 0) == "pad: reflect by (4, 0) along axis 0 of [4]")
    #expect(message(.reflect, 0, 4) == "pad: reflect by (0, 4) along axis 0 of [4]")
    #expect(message(.circular, 5, 0) == "pad: circular by (5, 0) along axis 0 of [4]")
    #expect(message(.circular, 0, 5) == "pad: circular by (0, 5) along axis 0 of [4]")
    #expect(message(.circular, -3, 3) == "pad: circular by (-3, 3) along axis 0 of [4]")
    #expect(message(.circular, 0, -5) == "pad: circular by (0, -5) along axis 0 of [4]")
    for mode in [PaddingMode.reflect, .replicate] {
      #expect(message(mode, -2, -2) == "pad: \(mode) by (-2, -2) along axis 0 of [4]")
    }
    for mode in PaddingMode.allCases {
      for pair in [(Int.min, 0), (0, Int.min), (Int.min, Int.min), (.max, 1), (.max, .max)] {
        #expect(message(mode, pair.0, pair.1)?.hasPrefix("pad: \(mode) by") == true)
      }
    }
    #expect(message(.replicate, .max - 4, 0)?.contains("no memory") == true)
    #expect(
      failure { Tensor<Int>.zeros([0]).padded([(1, 0)], mode: .replicate) }
        == "pad: replicate by (1, 0) along axis 0 of [0]")
    #expect(
      failure { matrix.padded([(1, 0)], mode: .reflect) } == "pad: 1 pairs for the 2 axes of [3, 4]"
    )
  }

  @Test func pairsForTheLastAxesComeInPyTorchsOrder() {
    #expect(matrix.margins([(1, 2)])?.map(\.before) == [0, 1])
    #expect(matrix.margins([(1, 2), (3, 4)])?.map(\.after) == [4, 2])
    #expect(
      failure { _ = row.margins([(1, 2), (3, 4)]) } == "pad: 2 pairs for the 1 axes of [4]")
  }
}
