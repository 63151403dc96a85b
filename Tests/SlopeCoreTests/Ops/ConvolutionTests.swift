import Testing

@testable import SlopeCore

/// Convolutions: small ones by hand, edges and failures; the list of operations and the stored cases
/// have the usual ones.
struct ConvolutionTests {
  private let plane = Tensor<Int>.arange(1, 10).reshaped(to: [1, 1, 3, 3])
  private let kernel = Tensor<Int>([[1, 2], [3, 4]]).reshaped(to: [1, 1, 2, 2])

  @Test func aKernelIsNotFlipped() {
    #expect(show(conv2d(plane, weight: kernel)) == "[1, 1, 2, 2] 37 47 67 77")
    #expect(show(conv2d(plane, weight: kernel, bias: Tensor([100]))).hasSuffix("137 147 167 177"))
    #expect(
      show(conv1d(Tensor([[1, 2, 3, 4]]), weight: Tensor([[[1, 10]]]))) == "[1, 3] 21 32 43")
  }

  @Test func stridesPaddingAndDilationMoveTheKernel() {
    #expect(
      show(conv2d(plane, weight: kernel, stride: [2, 1], padding: 1))
        == "[1, 1, 2, 4] 4 11 18 9 36 67 77 33")
    #expect(show(conv2d(plane, weight: kernel, dilation: 2)) == "[1, 1, 1, 1] 64")
    #expect(
      show(conv2d(plane, weight: kernel, padding: .same))
        == "[1, 1, 3, 3] 37 47 21 67 77 33 23 26 9")
    #expect(show(conv2d(plane, weight: kernel, padding: .valid)) == "[1, 1, 2, 2] 37 47 67 77")
    #expect(
      show(conv1d(Tensor([[1, 2, 3]]), weight: Tensor([[[1, 10, 100]]]), padding: .same))
        == "[1, 3] 210 321 32")
    #expect(
      show(conv1d(Tensor([[1, 2]]), weight: Tensor([[[1, 10]]]), stride: 2, padding: [1]))
        == "[1, 2] 10 2")
  }

  @Test func groupsHaveChannelsOfTheirOwn() {
    let x = Tensor<Int>([[1, 2], [10, 20]])
    let weight = Tensor<Int>([[[1]], [[2]], [[3]], [[4]]])
    #expect(
      show(conv1d(x, weight: weight, groups: 2)) == "[4, 2] 1 2 2 4 30 60 40 80")
    #expect(
      show(convTranspose1d(x, weight: Tensor([[[1], [2]], [[3], [4]]]), groups: 2))
        == "[4, 2] 1 2 2 4 30 60 40 80")
  }

  @Test func transposedConvolutionsAddKernels() {
    let x = Tensor<Int>([[1, 10]]).reshaped(to: [1, 1, 2])
    #expect(
      show(convTranspose2d(x, weight: kernel)) == "[1, 2, 3] 1 12 20 3 34 40")
    #expect(
      show(convTranspose2d(x, weight: kernel, stride: 2, outputPadding: 1))
        == "[1, 3, 5] 1 2 10 20 0 3 4 30 40 0 0 0 0 0 0")
    #expect(
      show(convTranspose1d(Tensor([[1, 10]]), weight: Tensor([[[1, 2, 3]]]), padding: 1))
        == "[1, 2] 12 23")
    #expect(
      show(
        convTranspose1d(
          Tensor([[1, 10]]), weight: Tensor([[[1, 2]]]), bias: Tensor([5]), dilation: 2))
        == "[1, 4] 6 15 7 25")
  }

  @Test func integersWrapAndHalvesAreRoundedOnce() {
    let bytes = Tensor<Int8>([[100, 100]])
    #expect(show(conv1d(bytes, weight: Tensor([[[1, 1]]]))) == "[1, 1] -56")
    // In Float16 2048 + 1 is 2048.
    let halves = Tensor<Float16>([[2048, 1, 1]])
    let ones = Tensor<Float16>([[[1, 1, 1]]])
    #expect(conv1d(halves, weight: ones).scalars == [2050])
    let y = Tensor<Float16>([[2048], [1], [1]])
    #expect(
      convTranspose1d(y, weight: Tensor<Float16>([[[1]], [[1]], [[1]]])).scalars == [2050])
  }

  /// Planes of several parts that the CPU unfolds one after another, the last of them shorter.
  ///
  /// Sums of small integers are exact, and integers have no kernel of their own.
  @Test func largePlanesAreConvolvedInParts() {
    func numbers(_ shape: Shape, _ step: Int) -> Tensor<Int32> {
      let count = shape.reduce(1, *)
      return Tensor<Int32>((0..<count).map { Int32($0 * step % 7 - 3) }).reshaped(to: shape)
    }
    let (x, w) = (numbers([3, 4, 70, 40], 5), numbers([4, 4, 5, 5], 3))
    let g = numbers([3, 4, 35, 40], 4)
    let (padding, stride): (Pair, Pair) = (2, [2, 1])
    let leaves = [x, w].map { Parameter($0.cast(to: Float.self)) }
    let y = conv2d(
      leaves[0].tensor, weight: leaves[1].tensor, stride: stride, padding: .margins(padding))
    y.backward(seed: g.cast(to: Float.self))
    let whole = conv2d(x, weight: w, stride: stride, padding: .margins(padding))
    #expect(y.cast(to: Int32.self).elementsEqual(whole))
    let toInput = convTranspose2d(
      g, weight: w, stride: stride, padding: padding, outputPadding: [1, 0])
    #expect(leaves[0].grad?.cast(to: Int32.self).elementsEqual(toInput) == true)
    // The gradient of the weight is a convolution of channels, with the stride as dilation.
    let sums = conv2d(
      x.permuted([1, 0, 2, 3]), weight: g.permuted([1, 0, 2, 3]), padding: .margins(padding),
      dilation: stride)
    let toWeight = sums[0..., 0..., 0..<5].permuted([1, 0, 2, 3])
    #expect(leaves[1].grad?.cast(to: Int32.self).elementsEqual(toWeight) == true)
  }

  @Test func anEmptyBatchIsConvolved() {
    let weight = Parameter(Tensor<Float>.ones([2, 1, 2, 2]))
    let y = conv2d(Tensor<Float>.zeros([0, 1, 3, 3]), weight: weight.tensor)
    #expect(y.shape == [0, 2, 2, 2])
    y.sum().backward()
    #expect(weight.grad?.scalars == Array(repeating: 0, count: 8))
  }

  @Test func onlyWhatNeedsAGradientIsKept() {
    let weight = Parameter(Tensor<Float>([[[1, 2]]]))
    let x = Parameter(Tensor<Float>([[1, 2, 3]]))
    conv1d(x.tensor.detached(), weight: weight.tensor).sum().backward()
    #expect(weight.grad?.scalars == [3, 5] && x.grad == nil)
    conv1d(x.tensor, weight: weight.tensor.detached()).sum().backward()
    #expect(x.grad?.scalars == [1, 3, 2])
    let y = conv1d(x.tensor, weight: weight.tensor)
    #expect("\(y.graph)".contains("conv1d"))
  }

  @Test func gradientsOfAnyOrderAgreeWithDifferences() {
    let x = Tensor<Double>.uniform([1, 2, 4, 3], generator: Generator(seed: 1))
    let weight = Tensor<Double>.uniform([2, 1, 2, 2], generator: Generator(seed: 2))
    for order in 1...3 {
      let check = checkGradient(at: [x, weight], order: order, tolerance: 1e-5) {
        (conv2d($0[0], weight: $0[1], stride: [2, 1], padding: 1, groups: 2).square()).sum()
      }
      #expect(check.isCorrect, "\(order): \(check)")
    }
  }

  @Test func shapesThatDoNotFitAreRefused() {
    func refused(_ text: String, _ body: () -> Void, line: Int = #line) {
      let found = failure(body)
      #expect(found == text, "line \(line): \(found ?? "no failure")")
    }
    let weight = Tensor<Float>.zeros([4, 2, 3, 3])
    func conv(
      _ shape: Shape, stride: Pair = 1, padding: ConvolutionPadding = 0, dilation: Pair = 1,
      groups: Int = 1, bias: Int? = nil
    ) {
      _ = conv2d(
        Tensor<Float>.zeros(shape), weight: weight,
        bias: bias.map { Tensor<Float>.zeros([$0]) }, stride: stride, padding: padding,
        dilation: dilation, groups: groups)
    }
    refused("conv2d: input [2, 5] and weight [4, 2, 3, 3]") { conv([2, 5]) }
    refused("conv2d: input [1, 1, 2, 5, 5] and weight [4, 2, 3, 3]") { conv([1, 1, 2, 5, 5]) }
    refused("conv2d: input [1, 3, 5, 5] has not the 1 × 2 channels of weight [4, 2, 3, 3]") {
      conv([1, 3, 5, 5])
    }
    refused("conv2d: input [1, 2, 5, 5] has not the 2 × 2 channels of weight [4, 2, 3, 3]") {
      conv([1, 2, 5, 5], groups: 2)
    }
    for groups in [0, -1, 3, 8, .min, .max] {
      refused("conv2d: \(groups) groups do not divide weight [4, 2, 3, 3]") {
        conv([1, 2, 5, 5], groups: groups)
      }
    }
    refused("conv2d: stride [0, 1]") { conv([1, 2, 5, 5], stride: [0, 1]) }
    refused("conv2d: dilation [1, -1]") { conv([1, 2, 5, 5], dilation: [1, -1]) }
    refused("conv2d: padding [-1, -1]") { conv([1, 2, 5, 5], padding: -1) }
    refused("conv2d: bias [3] for 4 channels") { conv([1, 2, 5, 5], bias: 3) }
    refused("conv2d: padding 'same' with stride [2, 2], not 1") {
      conv([1, 2, 5, 5], stride: 2, padding: .same)
    }
    refused(
      "conv2d: kernel [3, 3] with dilation [1, 3] does not fit a plane [5, 5] with padding [0, 0]"
    ) { conv([1, 2, 5, 5], dilation: [1, 3]) }
    refused(
      "conv2d: kernel [3, 3] with dilation [1, 1] does not fit a plane [2, 5] with padding [0, 0]"
    ) { conv([1, 2, 2, 5]) }
    refused(
      "conv2d: kernel [3, 3] with dilation [\(Int.max), \(Int.max)] does not fit a plane [5, 5] "
        + "with padding [0, 0]"
    ) { conv([1, 2, 5, 5], dilation: Pair(.max)) }
    #expect(
      failure { conv([1, 2, 5, 5], padding: .margins(Pair(1 << 40))) }?.hasPrefix("conv2d: windows")
        == true)
    refused("conv2d: kernel [0, 1]") {
      _ = conv2d(Tensor<Float>.zeros([1, 2, 5, 5]), weight: Tensor<Float>.zeros([4, 2, 0, 1]))
    }
  }

  @Test func transposedShapesThatDoNotFitAreRefused() {
    func refused(_ text: String, _ body: () -> Void, line: Int = #line) {
      let found = failure(body)
      #expect(found == text, "line \(line): \(found ?? "no failure")")
    }
    func conv(
      _ shape: Shape, stride: Pair = 1, padding: Pair = 0, outputPadding: Pair = 0, groups: Int = 1,
      dilation: Pair = 1
    ) {
      _ = convTranspose2d(
        Tensor<Float>.zeros(shape), weight: Tensor<Float>.zeros([4, 2, 3, 3]), stride: stride,
        padding: padding, outputPadding: outputPadding, groups: groups, dilation: dilation)
    }
    refused("convTranspose2d: input [1, 2, 5, 5] has not the 4 channels of weight [4, 2, 3, 3]") {
      conv([1, 2, 5, 5])
    }
    refused("convTranspose2d: 3 groups do not divide weight [4, 2, 3, 3]") {
      conv([1, 4, 5, 5], groups: 3)
    }
    refused(
      "convTranspose2d: output padding [1, 0] is not less than stride [1, 1] or dilation [1, 1]"
    ) { conv([1, 4, 5, 5], outputPadding: [1, 0]) }
    refused(
      "convTranspose2d: output padding [0, -1] is not less than stride [1, 1] or dilation [1, 1]"
    ) { conv([1, 4, 5, 5], outputPadding: [0, -1]) }
    refused(
      "convTranspose2d: no output of [1, 4, 2, 2], kernel [3, 3], stride [1, 1], padding [2, 0]"
    ) { conv([1, 4, 2, 2], padding: [2, 0]) }
    refused("convTranspose2d: dilation [0, 0]") { conv([1, 4, 5, 5], dilation: 0) }
    #expect(failure { conv([1, 4, 2, 2], stride: Pair(.max)) } != nil)
    // More output padding than a stride, but not than a dilation.
    #expect(failure { conv([1, 4, 5, 5], outputPadding: 1, dilation: 2) } == nil)
  }
}
