import Testing

@testable import SlopeCore

@Suite struct TensorDescriptionTests {
  @Test(
    arguments: [
      ([], [3], "tensor(3.)"), ([], [-2.5], "tensor(-2.5000)"), ([0], [], "tensor([])"),
      ([3], [1, -2, 3], "tensor([ 1., -2.,  3.])"),
      ([2], [0.5, -1.25], "tensor([ 0.5000, -1.2500])"),
      ([0, 3], [], "tensor([], shape: [0, 3])"), ([2, 0], [], "tensor([], shape: [2, 0])"),
      ([2, 2], [1, 2, 3, 4], "tensor([[1., 2.],\n        [3., 4.]])"),
      ([2, 1, 2], [1, 2, 3, 4], "tensor([[[1., 2.]],\n\n        [[3., 4.]]])"),
      (
        [2, 2, 1], [1, 2, 3, 4],
        "tensor([[[1.],\n         [2.]],\n\n        [[3.],\n         [4.]]])"
      ),
      ([2], [1e-5, 1], "tensor([1.0000e-05, 1.0000e+00])"), ([1], [1e8], "tensor([1.0000e+08])"),
      ([1], [99_999_992], "tensor([99999992.])"), ([1], [0x1p-13], "tensor([0.0001])"),
      ([1], [0.00009], "tensor([9.0000e-05])"), ([2], [0.5, 500], "tensor([  0.5000, 500.0000])"),
      ([2], [0.5, 501], "tensor([5.0000e-01, 5.0100e+02])"),
      ([2], [0, 0.25], "tensor([0.0000, 0.2500])"), ([1], [123_456_789.5], "tensor([1.2346e+08])"),
      ([4], [.nan, .infinity, -.infinity, 1], "tensor([ nan,  inf, -inf,   1.])"),
      ([2], [.nan, 0.5], "tensor([   nan, 0.5000])"), ([1], [-0.0], "tensor([-0.])"),
      ([1], [.nan], "tensor([nan])"),
    ] as [([Int], [Double], String)])
  func doublesSayTheirTypeAndFloatsDoNot(shape: [Int], numbers: [Double], expected: String) {
    let tensor = Tensor<Double>(shape: Shape(shape), scalars: numbers)
    #expect("\(tensor.cast(to: Float.self))" == expected)
    let suffix = ", dtype: float64"
    let end = expected.firstRange(of: ", shape") ?? expected.endIndex..<expected.endIndex
    let place = end.isEmpty ? expected.index(before: end.lowerBound) : end.lowerBound
    #expect("\(tensor)" == expected[..<place] + suffix + expected[place...])
  }

  @Test func otherTypes() {
    #expect("\(Tensor([1, -20, 300]))" == "tensor([  1, -20, 300])")
    #expect("\(Tensor([true, false]))" == "tensor([ true, false])")
    #expect("\(Tensor<UInt8>(7))" == "tensor(7, dtype: uint8)")
    #expect("\(Tensor<BFloat16>([0.5]))" == "tensor([0.5000], dtype: bfloat16)")
    #expect("\(Tensor<Int8>.zeros([1, 0]))" == "tensor([], dtype: int8, shape: [1, 0])")
    #expect("\(Tensor<Int32>.failed)" == "failed: int32")
    #expect("\(Tensor([[1, 2], [3, 40]]).transposed())" == "tensor([[ 1,  3],\n        [ 2, 40]])")
  }

  @Test func longRowsAreWrapped() {
    let wrapped = """
      tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,
              18, 19, 20])
      """
    #expect("\(Tensor<Int>.arange(21))" == wrapped)
    #expect("\(Tensor<Int>.arange(1, 19))".contains("\n") == false)
  }

  @Test func largeTensorsAreCut() {
    let cut = "tensor([   0.,    1.,    2., ...,  998.,  999., 1000.])"
    #expect("\(Tensor<Float>.arange(1001))" == cut)
    #expect(!"\(Tensor<Float>.arange(1000))".contains("..."))
    let matrix = """
      tensor([[   0,    1,    2, ...,    4,    5,    6],
              [   7,    8,    9, ...,   11,   12,   13],
              [  14,   15,   16, ...,   18,   19,   20],
              ...,
              [ 994,  995,  996, ...,  998,  999, 1000],
              [1001, 1002, 1003, ..., 1005, 1006, 1007],
              [1008, 1009, 1010, ..., 1012, 1013, 1014]])
      """
    #expect("\(Tensor<Int>.arange(1015).reshaped(to: [145, 7]))" == matrix)
    #expect(!"\(Tensor<Int>.zeros([201, 6])[0])".contains("..."))
    let six = "\(Tensor<Int>.zeros([201, 6]))"
    #expect(six.hasPrefix("tensor([[0, 0, 0, 0, 0, 0],\n") && six.contains("...,"))
    // The format is chosen by what is shown: the small number is not.
    var numbers = [Float](repeating: 1, count: 1001)
    numbers[500] = 1e-9
    #expect("\(Tensor(numbers))" == "tensor([1., 1., 1., ..., 1., 1., 1.])")
  }
}
