import Testing

@testable import SlopeCore

/// Windows as such: unfolded and folded planes, parts of an axis, shuffled channels.
struct WindowTests {
  @Test func columnsAreElementsOfWindows() {
    let x = Tensor<Int>.arange(1, 7).reshaped(to: [1, 2, 3])
    #expect(show(x.unfolded(kernel: 2)) == "[4, 2] 1 2 2 3 4 5 5 6")
    #expect(
      show(x.unfolded(kernel: [1, 2], padding: [0, 1], stride: [2, 2])) == "[2, 2] 0 2 1 3")
    #expect(show(x.unfolded(kernel: [2, 2], dilation: [1, 2])) == "[4, 1] 1 3 4 6")
    #expect(x.reshaped(to: [1, 1, 2, 3]).unfolded(kernel: 2).shape == [1, 4, 2])
  }

  @Test func foldingAddsWhatOverlaps() {
    let ones = Tensor<Int>.ones([4, 2])
    #expect(show(ones.folded(into: [2, 3], kernel: 2)) == "[1, 2, 3] 1 2 1 1 2 1")
    #expect(
      show(Tensor<Int>.ones([1, 2, 6]).folded(into: [1, 5], kernel: [1, 2], padding: [0, 1]))
        == "[1, 1, 1, 5] 2 2 2 2 2")
    // Float16 has no 2049: sums are rounded once.
    let halves = Tensor<Float16>([[2048, 0, 0], [0, 1, 0], [0, 0, 1]]).flipped(axes: [1])
    #expect(halves.folded(into: [1, 5], kernel: [1, 3]).scalars == [0, 0, 2050, 0, 0])
  }

  @Test func foldingIsTheAdjointOfUnfolding() {
    let generator = Generator(seed: 5)
    let options: [(Pair, Pair, Pair, Pair)] = [
      (2, 1, 0, 1), ([3, 2], [1, 2], [1, 0], [2, 1]), (3, 2, 2, 3), ([1, 4], 1, [0, 3], [1, 2]),
    ]
    for (kernel, dilation, padding, stride) in options {
      let x = Tensor<Double>.uniform([2, 3, 6, 7], generator: generator)
      let columns = x.unfolded(
        kernel: kernel, dilation: dilation, padding: padding, stride: stride)
      let y = Tensor<Double>.uniform(columns.shape, generator: generator)
      let planes = y.folded(
        into: [6, 7], kernel: kernel, dilation: dilation, padding: padding, stride: stride)
      let (left, right) = ((columns * y).sum().item(), (x * planes).sum().item())
      #expect(abs(left - right) < 1e-12 * abs(left), "\(kernel): \(left), \(right)")
    }
  }

  @Test func partsOfAnAxisAreViews() {
    let x = Tensor<Int>([1, 2, 3, 4, 5])
    let parts = x.unfolded(axis: 0, size: 3, step: 2)
    #expect(show(parts) == "[2, 3] 1 2 3 3 4 5")
    #expect(parts.value.buffer === x.value.buffer)
    #expect(show(x.unfolded(axis: -1, size: 2, step: 4)) == "[1, 2] 1 2")
    #expect(x.unfolded(axis: 0, size: 0, step: 2).shape == [3, 0])
    #expect(show(x.unfolded(axis: 0, size: 5, step: .max)) == "[1, 5] 1 2 3 4 5")
    #expect(show(Tensor<Int>(7).unfolded(axis: 0, size: 1, step: 1)) == "[1] 7")
    #expect(
      Tensor<Bool>([true, false]).unfolded(axis: 0, size: 2, step: 1).scalars == [true, false])
    let matrix = Tensor<Int>([[1, 2, 3], [4, 5, 6]])
    #expect(
      show(matrix.transposed().unfolded(axis: 0, size: 2, step: 1))
        == "[2, 2, 2] 1 2 4 5 2 3 5 6")
    let parameter = Parameter(Tensor<Float>([[1, 2, 3], [4, 5, 6]]))
    parameter.tensor.unfolded(axis: 1, size: 2, step: 1).sum().backward()
    #expect(show(parameter.grad) == "[2, 3] 1 2 1 1 2 1")
  }

  @Test func partsThatDoNotFitAreRefused() {
    let x = Tensor<Int>([1, 2, 3])
    for (size, step) in [(4, 1), (-1, 1), (2, 0), (2, -1), (.min, 1), (2, .min)] {
      #expect(
        failure { _ = x.unfolded(axis: 0, size: size, step: step) }
          == "unfold: parts of \(size) elements every \(step) along axis 0 of [3]")
    }
    #expect(
      failure { _ = x.unfolded(axis: 1, size: 1, step: 1) } == "unfold: shape [3] has no axis 1")
    let eight = Tensor<Int>.zeros([1, 1, 1, 1, 1, 1, 1, 1])
    #expect(failure { _ = eight.unfolded(axis: 0, size: 1, step: 1) } != nil)
    let many = Tensor<Int>.zeros([1]).expanded(to: [1 << 58])
    #expect(
      failure { _ = many.unfolded(axis: 0, size: 1 << 40, step: 1) }?.hasSuffix(
        "is larger than a tensor can be") == true)
  }

  @Test func columnsThatDoNotFitAreRefused() {
    let x = Tensor<Float>.zeros([2, 4, 6])
    #expect(
      failure { _ = x.folded(into: [3, 3], kernel: 2) }
        == "fold: [2, 4, 6] is not the elements of [2, 2] windows [2, 2] of planes [3, 3]")
    #expect(
      failure { _ = x.folded(into: [3, 4], kernel: [3, 1]) }?.hasPrefix("fold: [2, 4, 6]") == true)
    #expect(failure { _ = x.folded(into: [0, 4], kernel: 2) } == "fold: a plane [0, 4]")
    #expect(
      failure { _ = Tensor<Float>.zeros([4]).folded(into: 2, kernel: 2) }
        == "fold: [4] is not [batch, channels · kernel elements, windows]")
    #expect(
      failure { _ = Tensor<Float>.zeros([4, 4]).unfolded(kernel: 2) }
        == "unfold: [4, 4] is not [batch, channels, height, width]")
    #expect(failure { _ = x.unfolded(kernel: Pair(.max)) } != nil)
    #expect(failure { _ = x.unfolded(kernel: 2, padding: Pair(1 << 40)) } != nil)
  }

  @Test func channelsAreShuffled() {
    let x = Tensor<Int>.arange(8).reshaped(to: [4, 1, 2])
    #expect(show(x.pixelShuffled(2)) == "[1, 2, 4] 0 2 1 3 4 6 5 7")
    #expect(show(x.pixelShuffled(2).pixelUnshuffled(2)) == show(x))
    #expect(show(x.pixelShuffled(1)) == show(x))
    let channels = Tensor<Int>.arange(6).reshaped(to: [1, 6, 1])
    #expect(show(channels.channelShuffled(groups: 2)) == "[1, 6, 1] 0 3 1 4 2 5")
    #expect(show(channels.channelShuffled(groups: 3)) == "[1, 6, 1] 0 2 4 1 3 5")
    for factor in [0, -1, 3, .max, .min] {
      #expect(
        failure { _ = x.pixelShuffled(factor) } == "pixelShuffle: factor \(factor) for [4, 1, 2]")
      #expect(
        failure { _ = x.pixelUnshuffled(factor) }
          == "pixelUnshuffle: factor \(factor) for [4, 1, 2]")
      #expect(
        failure { _ = x.channelShuffled(groups: factor) }
          == (factor == 3
            ? "channelShuffle: 3 groups of the channels of [4, 1, 2]"
            : "channelShuffle: \(factor) groups of the channels of [4, 1, 2]")
          || factor == 1)
    }
    #expect(
      failure { _ = Tensor<Int>.zeros([4, 2]).pixelShuffled(2) }
        == "pixelShuffle: factor 2 for [4, 2]")
  }

  @Test func pairsAreOneNumberOrTwo() {
    #expect(Pair(2) == [2, 2] && Pair(2, 3) == [2, 3] && (3 as Pair) == [3])
    #expect("\(Pair(2, 3))" == "[2, 3]")
    #expect(failure { _ = [1, 2, 3] as Pair } == "pair: [1, 2, 3] are not one or two numbers")
    #expect(failure { _ = [] as Pair } == "pair: [] are not one or two numbers")
    #expect(
      failure { _ = [1, 2, 3] as ConvolutionPadding }
        == "padding: [1, 2, 3] are not one or two numbers")
    #expect(
      "\(ConvolutionPadding.same) \(ConvolutionPadding.valid) \(2 as ConvolutionPadding)"
        == "same valid [2, 2]")
  }
}
