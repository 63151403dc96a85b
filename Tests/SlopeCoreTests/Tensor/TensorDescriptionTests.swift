import TestSupport
import Testing

@testable import SlopeCore

/// The texts are those that PyTorch 2.15 prints, with `dtype: float64` for `dtype=torch.float64`
/// and `true` for `True`; deliberate differences have a comment.
@Suite(.onTheCPU) struct TensorDescriptionTests {
  @Test(
    arguments: [
      ([], [3], "tensor(3.)"), ([], [-2.5], "tensor(-2.5000)"),
      ([3], [1, -2, 3], "tensor([ 1., -2.,  3.])"),
      ([2], [0.5, -1.25], "tensor([ 0.5000, -1.2500])"),
      ([2, 2], [1, 2, 3, 4], "tensor([[1., 2.],\n        [3., 4.]])"),
      ([2, 1, 2], [1, 2, 3, 4], "tensor([[[1., 2.]],\n\n        [[3., 4.]]])"),
      (
        [2, 2, 1], [1, 2, 3, 4],
        "tensor([[[1.],\n         [2.]],\n\n        [[3.],\n         [4.]]])"
      ),
      (
        [2, 1, 1, 2], [1, 2, 3, 4], "tensor([[[[1., 2.]]],\n\n\n        [[[3., 4.]]]])"
      ),
      // Scientific from 10⁸ on, below 10⁻⁴, and if magnitudes differ by more than a factor of a
      // thousand.
      ([2], [1e-5, 1], "tensor([1.0000e-05, 1.0000e+00])"), ([1], [1e8], "tensor([100000000.])"),
      ([1], [1e8 + 8], "tensor([1.0000e+08])"), ([1], [-1e9], "tensor([-1.0000e+09])"),
      ([1], [99_999_992], "tensor([99999992.])"), ([1], [0x1p-13], "tensor([0.0001])"),
      ([1], [0.00009], "tensor([9.0000e-05])"), ([2], [0.5, 500], "tensor([  0.5000, 500.0000])"),
      ([2], [-0.00005, 1], "tensor([-5.0000e-05,  1.0000e+00])"),
      ([2], [0.5, 501], "tensor([5.0000e-01, 5.0100e+02])"),
      ([2], [0.5, -501], "tensor([ 5.0000e-01, -5.0100e+02])"),
      ([1], [300_000.5], "tensor([300000.5000])"), ([1], [123_456_789.5], "tensor([1.2346e+08])"),
      ([2], [1.5, 1e9], "tensor([1.5000e+00, 1.0000e+09])"),
      ([2], [0, 0.25], "tensor([0.0000, 0.2500])"), ([1], [-0.0], "tensor([-0.])"),
      ([3], [.nan, 0.5, -0.25], "tensor([    nan,  0.5000, -0.2500])"),
      ([2], [-.infinity, 12_345_678], "tensor([     -inf, 12345678.])"),
      ([3], [.nan, 1e-5, -1], "tensor([        nan,  1.0000e-05, -1.0000e+00])"),
      (
        [2, 2], [.nan, 1, 10.5, -3],
        "tensor([[    nan,  1.0000],\n        [10.5000, -3.0000]])"
      ), ([1], [.nan], "tensor([nan])"),
      // PyTorch ignores infinities, NaN and zeros in the width: [nan, inf, -inf, 1.].
      ([4], [.nan, .infinity, -.infinity, 1], "tensor([ nan,  inf, -inf,   1.])"),
      ([2], [-0.0, 1], "tensor([-0.,  1.])"),
      // PyTorch rounds integers to five digits here: [1.0000e+00, 1.2346e+06].
      ([2], [1, 1_234_567], "tensor([      1., 1234567.])"),
    ] as [([Int], [Double], String)])
  func doublesSayTheirTypeAndFloatsDoNot(shape: [Int], numbers: [Double], expected: String) {
    let tensor = Tensor<Double>(shape: Shape(shape), scalars: numbers)
    #expect("\(tensor.cast(to: Float.self))" == expected)
    #expect("\(tensor)" == expected.dropLast() + ", dtype: float64)")
  }

  @Test func integersAndTruthValues() {
    #expect("\(Tensor([1, -20, 300]))" == "tensor([  1, -20, 300])")
    #expect("\(Tensor([true, false]))" == "tensor([ true, false])")
    #expect("\(Tensor(false))" == "tensor(false)")
    #expect("\(Tensor<UInt8>(7))" == "tensor(7, dtype: uint8)")
    #expect(
      "\(Tensor<UInt64>([255, .max]))"
        == "tensor([                 255, 18446744073709551615], dtype: uint64)")
    #expect("\(Tensor([[1, 2], [3, 40]]).transposed())" == "tensor([[ 1,  3],\n        [ 2, 40]])")
    #expect("\(Tensor<Int32>.failed)" == "failed: int32")
  }

  @Test func everyTypeButTheThreeOfLiteralsIsNamed() {
    func check<Element: NumericElement>(_: Element.Type, _ expected: String) {
      #expect("\(Tensor<Element>([100, 0, 100]))" == "tensor(\(expected))")
    }
    check(UInt8.self, "[100,   0, 100], dtype: uint8")
    check(UInt16.self, "[100,   0, 100], dtype: uint16")
    check(UInt32.self, "[100,   0, 100], dtype: uint32")
    check(UInt64.self, "[100,   0, 100], dtype: uint64")
    check(Int8.self, "[100,   0, 100], dtype: int8")
    check(Int16.self, "[100,   0, 100], dtype: int16")
    check(Int32.self, "[100,   0, 100], dtype: int32")
    check(Int64.self, "[100,   0, 100]")
    check(Float16.self, "[100.,   0., 100.], dtype: float16")
    check(BFloat16.self, "[100.,   0., 100.], dtype: bfloat16")
    check(Float.self, "[100.,   0., 100.]")
    check(Double.self, "[100.,   0., 100.], dtype: float64")
    #expect("\(Tensor<BFloat16>([0.1]))" == "tensor([0.1001], dtype: bfloat16)")
  }

  @Test func tensorsWithoutElementsShowTheirShapeAndType() {
    #expect("\(Tensor<Float>.zeros([0]))" == "tensor([])")
    #expect("\(Tensor<Float>.zeros([0, 3]))" == "tensor([], shape: [0, 3])")
    #expect("\(Tensor<Float>.zeros([2, 0, 2000]))" == "tensor([], shape: [2, 0, 2000])")
    #expect("\(Tensor<Int>.zeros([0]))" == "tensor([], dtype: int64)")
    #expect("\(Tensor<Bool>.zeros([0, 3]))" == "tensor([], shape: [0, 3], dtype: bool)")
    #expect("\(Tensor<Int8>.zeros([1, 0]))" == "tensor([], shape: [1, 0], dtype: int8)")
  }

  @Test func longRowsAreWrapped() {
    let wrapped = """
      tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,
              18, 19, 20])
      """
    #expect("\(Tensor<Int>.arange(21))" == wrapped)
    #expect("\(Tensor<Int>.arange(1, 19))".contains("\n") == false)
    // As many as fill 80 columns, and one more; each bracket takes one.
    let row = Tensor<Int>.arange(10, 28)
    let matrix = "tensor([[10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27"
    #expect("\(row.reshaped(to: [1, 18]))" == matrix + "]])")
    #expect(
      "\(Tensor<Int>.arange(10, 29).reshaped(to: [1, 19]))" == matrix + ",\n         28]])")
    #expect(
      "\(row.reshaped(to: [1, 1, 18]))" == """
        tensor([[[10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
                  27]]])
        """)
    // Numbers wider than a line have a line each.
    let deep = Tensor<Int>.arange(2).reshaped(to: [1, 1, 1, 1, 1, 1, 1, 2])
    #expect("\(deep)" == "tensor([[[[[[[[0, 1]]]]]]]])")
  }

  @Test func largeTensorsAreCut() {
    let cut = "tensor([   0.,    1.,    2.,  ...,  998.,  999., 1000.])"
    #expect("\(Tensor<Float>.arange(1001))" == cut)
    #expect(!"\(Tensor<Float>.arange(1000))".contains("..."))
    let matrix = """
      tensor([[   0,    1,    2,  ...,    4,    5,    6],
              [   7,    8,    9,  ...,   11,   12,   13],
              [  14,   15,   16,  ...,   18,   19,   20],
              ...,
              [ 994,  995,  996,  ...,  998,  999, 1000],
              [1001, 1002, 1003,  ..., 1005, 1006, 1007],
              [1008, 1009, 1010,  ..., 1012, 1013, 1014]])
      """
    #expect("\(Tensor<Int>.arange(1015).reshaped(to: [145, 7]))" == matrix)
    #expect(!"\(Tensor<Int>.zeros([201, 6])[0])".contains("..."))
    let six = "\(Tensor<Int>.zeros([201, 6]))"
    #expect(six.hasPrefix("tensor([[0, 0, 0, 0, 0, 0],\n") && six.contains("...,"))
    // The format depends on the shown elements: the small number is not among them.
    var numbers = [Float](repeating: 1, count: 1001)
    numbers[500] = 1e-9
    #expect("\(Tensor(numbers))" == "tensor([1., 1., 1.,  ..., 1., 1., 1.])")
    #expect(
      "\(Tensor<Float>.full([1001], 1.5e-5))" == """
        tensor([1.5000e-05, 1.5000e-05, 1.5000e-05,  ..., 1.5000e-05, 1.5000e-05,
                1.5000e-05])
        """)
    // Only the shown elements are copied: all would be 288 petabytes.
    let endless = Tensor<Double>(
      Tensor<Double>(0.5).value.expanded(to: [1 << 20, 1 << 20, 1 << 15]))
    #expect("\(endless)".hasPrefix("tensor([[[0.5000, 0.5000, 0.5000,  ..., 0.5000,"))
  }

  @Test func matricesOfCutMatricesAreCut() {
    let lines = "\(Tensor<Int>.arange(1092).reshaped(to: [7, 12, 13]))".split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 49)
    #expect(
      lines[..<10].joined(separator: "\n") == """
        tensor([[[   0,    1,    2,  ...,   10,   11,   12],
                 [  13,   14,   15,  ...,   23,   24,   25],
                 [  26,   27,   28,  ...,   36,   37,   38],
                 ...,
                 [ 117,  118,  119,  ...,  127,  128,  129],
                 [ 130,  131,  132,  ...,  140,  141,  142],
                 [ 143,  144,  145,  ...,  153,  154,  155]],

                [[ 156,  157,  158,  ...,  166,  167,  168],
                 [ 169,  170,  171,  ...,  179,  180,  181],
        """)
    #expect(
      lines[22...26].joined(separator: "\n") == """
                 [ 455,  456,  457,  ...,  465,  466,  467]],

                ...,

                [[ 624,  625,  626,  ...,  634,  635,  636],
        """)
    #expect(lines[48] == "         [1079, 1080, 1081,  ..., 1089, 1090, 1091]]])")
  }

  @Test func whatDoesNotFitBehindTheElementsBeginsALine() {
    let eleven = "tensor([10., 10., 10., 10., 10., 10., 10., 10., 10., 10., 10.]"
    #expect("\(Tensor<Double>.full([11], 10))" == eleven + ", dtype: float64)")
    let fourteen = "tensor([1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.]"
    #expect("\(Tensor<Double>.ones([14]))" == fourteen + ",\n       dtype: float64)")
    // Only the last line counts.
    #expect(
      "\((Tensor<Int>.arange(27).reshaped(to: [3, 9]) * 100 - 7).cast(to: Int16.self))" == """
        tensor([[  -7,   93,  193,  293,  393,  493,  593,  693,  793],
                [ 893,  993, 1093, 1193, 1293, 1393, 1493, 1593, 1693],
                [1793, 1893, 1993, 2093, 2193, 2293, 2393, 2493, 2593]], dtype: int16)
        """)
    // Of two, the second may be the one that does not fit.
    func sum(_ numbers: [Double]) -> String { "\(Parameter(Tensor(numbers)).tensor + 0)" }
    #expect(
      sum([-1e-5, -1, -1])
        == "tensor([-1.0000e-05, -1.0000e+00, -1.0000e+00], dtype: float64, operation: add)")
    let ten = "tensor([1., 1., 1., 1., 1., 1., 1., 1., 1., 1.]"
    #expect(
      sum([Double](repeating: 1, count: 10)) == ten + ", dtype: float64,\n       operation: add)")
    #expect(
      sum([Double](repeating: 1, count: 14))
        == fourteen + ",\n       dtype: float64, operation: add)")
  }

  @Test func whatRequiresGradientsSaysSo() {
    let parameter = Parameter(Tensor<Float>([1, 2]))
    let x = parameter.tensor
    #expect("\(x)" == "tensor([1., 2.], requiresGradient: true)")
    #expect("\(parameter)" == "Parameter containing:\n\(x)")
    #expect("\(x * 3)" == "tensor([3., 6.], operation: multiply)")
    #expect("\(x.sum())" == "tensor(3., operation: sum)")
    #expect("\(x.cast(to: Double.self))".hasSuffix(", dtype: float64, operation: copy)"))
    #expect("\(x.detached())" == "tensor([1., 2.])")
    #expect("\(noGrad { x + 1 })" == "tensor([2., 3.])")
    #expect("\(noGrad { x })" == "\(x)")
    // Printing is not an operation on the device.
    (x * x).sum().backward()
    #expect(parameter.grad.map { "\($0)" } == "tensor([2., 4.])")
  }

  @Test func devicesOtherThanTheProcessorAreNamed() {
    let device = Device(ReferenceBackend.shared)
    #expect("\(Tensor<Float>([1, 2]).to(device))" == "tensor([1., 2.], device: reference)")
    #expect("\(Tensor<Float>([1, 2]).to(device).to(.cpu))" == "tensor([1., 2.])")
    let parameter = Parameter(Tensor<Double>.zeros([0, 2]))
    parameter.move(to: device)
    #expect(
      "\(parameter.tensor)" == """
        tensor([], device: reference, shape: [0, 2], dtype: float64,
               requiresGradient: true)
        """)
    // Also if it is the default device.
    withDevice(device) { #expect("\(Tensor(7))" == "tensor(7, device: reference)") }
  }

  #if OpenCL
    @Test(.enabled(if: (try? OpenCLTestDevices.best.get()) != nil))
    func tensorsOnAnOpenCLDeviceAreShownAndNamed() throws {
      let device = try OpenCLTestDevices.best.get()
      #expect(device.description.hasPrefix("opencl:"))
      #expect(
        "\(Tensor<Float>([0.5, .nan]).to(device))" == "tensor([0.5000,    nan], device: \(device))")
      let cut = "tensor([   0,    1,    2,  ..., 1997, 1998, 1999], device: \(device))"
      #expect("\(Tensor<Int>.arange(2000).to(device))" == cut)
    }
  #endif
}
