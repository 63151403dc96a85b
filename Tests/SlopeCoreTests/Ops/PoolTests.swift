import Testing

@testable import SlopeCore

/// Pools: NaN, ties, windows at the edge and failures; the list of operations and the stored cases
/// have the usual ones.
struct PoolTests {
  private let plane = Tensor<Float>([[1, 5, 2], [7, 3, 7], [0, 7, 4]]).reshaped(to: [1, 3, 3])

  @Test func maximaAreTheFirstOfEquals() {
    let (values, indices) = plane.maxPool2dWithIndices(2, stride: 1)
    #expect(show(values) == "[1, 2, 2] 7 7 7 7")
    #expect(show(indices) == "[1, 2, 2] 3 5 3 5")
    let parameter = Parameter(plane)
    parameter.tensor.maxPool2d(3).sum().backward()
    #expect(parameter.grad?.scalars == [0, 0, 0, 1, 0, 0, 0, 0, 0])
  }

  @Test func aNaNIsTheGreatest() {
    let x = Tensor<Float>([1, .nan, 3, .infinity, .nan, 2]).reshaped(to: [1, 6])
    let (values, indices) = x.maxPool1dWithIndices(3)
    #expect(values.isNaN().scalars == [true, true])
    #expect(indices.scalars == [1, 4])
    #expect(x.maxPool1d(2, stride: 2).scalars[1] == .infinity)
  }

  @Test func whatIsOutsideDoesNotCount() {
    let x = Tensor<Float>([-3, -.infinity, -2]).reshaped(to: [1, 3])
    #expect(x.maxPool1d(2, stride: 1, padding: 1).scalars == [-3, -3, -2, -2])
    #expect(
      x.maxPool1dWithIndices(2, stride: 1, padding: 1).indices.scalars == [0, 0, 2, 2])
    #expect(x.maxPool1d(2, padding: 1).scalars == [-3, -2])
    let lowest = Tensor<Float>([-.infinity, -.infinity]).reshaped(to: [1, 2])
    #expect(lowest.maxPool1dWithIndices(2, stride: 1, padding: 1).indices.scalars == [0, 0, 1])
    #expect(
      x.avgPool1d(2, stride: 1, padding: 1, countsPadding: false).scalars
        == [-3, -.infinity, -.infinity, -2])
    #expect(Tensor<Float>([[2, 4]]).avgPool1d(2, stride: 1, padding: 1).scalars == [1, 3, 2])
  }

  @Test func partialWindowsCountWithCeilMode() {
    let x = Tensor<Float>([[1, 2, 3, 4, 5]])
    #expect(x.maxPool1d(2, ceilMode: true).scalars == [2, 4, 5])
    #expect(x.avgPool1d(2, ceilMode: true).scalars == [1.5, 3.5, 5])
    #expect(x.avgPool1d(3, stride: 3, padding: 1, ceilMode: true).scalars == [1, 4])
    // A window that would begin in the padding is none.
    #expect(x.maxPool1d(2, stride: 3, padding: 1, ceilMode: true).scalars == [1, 4])
    #expect(Tensor<Float>([[1]]).maxPool1d(2, stride: 2, ceilMode: true).scalars == [1])
  }

  @Test func dilatedWindowsSkipElements() {
    let x = Tensor<Int>([[5, 1, 4, 2, 3]])
    #expect(x.maxPool1d(2, stride: 1, dilation: 2).scalars == [5, 2, 4])
    #expect(x.maxPool1d(2, stride: 1, padding: 1, dilation: 2).scalars == [1, 5, 2, 4, 2])
  }

  @Test func adaptiveWindowsCoverThePlane() {
    let x = Tensor<Float>([[1, 2, 3, 4, 5]])
    #expect(x.adaptiveAvgPool1d(2).scalars == [2, 4])
    #expect(x.adaptiveAvgPool1d(5).scalars == [1, 2, 3, 4, 5])
    #expect(x.adaptiveAvgPool1d(7).scalars == [1, 1.5, 2.5, 3, 3.5, 4.5, 5])
    #expect(x.adaptiveMaxPool1d(2).values.scalars == [3, 5])
    #expect(x.adaptiveMaxPool1d(2).indices.scalars == [2, 4])
    #expect(plane.adaptiveAvgPool2d(rows: 1, columns: 1).scalars == [4])
    #expect(plane.adaptiveAvgPool2d(rows: nil, columns: 1).shape == [1, 3, 1])
    // An infinity stays in its window.
    let edge = Tensor<Float>([[.infinity, 1, 2]])
    #expect(edge.adaptiveAvgPool1d(2).scalars == [.infinity, 1.5])
  }

  @Test func divisorsReplaceCounts() {
    let x = Tensor<Float>([[[1, 2], [3, 4]]])
    #expect(x.avgPool2d(2, divisor: 5).scalars == [2])
    #expect(x.avgPool2d(2, divisor: -1).scalars == [-10])
    #expect(failure { _ = x.avgPool2d(2, divisor: 0) } == "avgPool2d: divisor 0")
  }

  @Test func unpoolingPutsMaximaBack() {
    let (values, indices) = plane.maxPool2dWithIndices(2, stride: 1)
    // Places that several windows have are set once.
    #expect(
      values.maxUnpool2d(indices, kernel: 2, stride: 1).scalars == [0, 0, 0, 7, 0, 7, 0, 0, 0])
    let x = Parameter(Tensor<Float>([[1, 2]]))
    let y = x.tensor.maxUnpool1d(Tensor([[1, 1]]), kernel: 2)
    #expect(y.scalars == [0, 2, 0, 0])
    y.backward(seed: Tensor([[1, 2, 3, 4]]))
    #expect(x.grad?.scalars == [2, 2])
    #expect(
      failure { _ = x.tensor.maxUnpool1d(Tensor([[1, 4]]), kernel: 2) }
        == "maxUnpool1d: index 4 at position 1 is not in 0..<4")
    #expect(
      failure { _ = x.tensor.maxUnpool1d(Tensor([[1, 1]]), kernel: 2, to: 6) }
        == "maxUnpool1d: kernel 2 for [1, 2]")
    #expect(x.tensor.maxUnpool1d(Tensor([[1, 4]]), kernel: 2, to: 5).shape == [1, 5])
  }

  @Test func wrongArgumentsAreRefused() {
    func refused(_ text: String, _ body: () -> Void, line: Int = #line) {
      let found = failure(body)
      #expect(found == text, "line \(line): \(found ?? "no failure")")
    }
    let x = plane
    refused("maxPool2d: kernel [0, 2]") { _ = x.maxPool2d([0, 2]) }
    refused("maxPool2d: stride [0, 0]") { _ = x.maxPool2d(2, stride: 0) }
    refused("maxPool2d: dilation [0, 0]") { _ = x.maxPool2d(2, dilation: 0) }
    refused("maxPool2d: padding [-1, -1]") { _ = x.maxPool2d(2, padding: -1) }
    refused("maxPool2d: padding [2, 2] is more than half of kernel [3, 3]") {
      _ = x.maxPool2d(3, padding: 2)
    }
    refused("maxPool2d: padding [1, 1] is more than half of kernel [1, 1]") {
      _ = x.maxPool2d(1, padding: 1, dilation: 3)
    }
    refused("maxPool2d: no window of kernel [4, 4] fits a plane [3, 3] with padding [0, 0]") {
      _ = x.maxPool2d(4)
    }
    refused("maxPool2d: [3, 3] is not [batch, channels, height, width]") {
      _ = Tensor<Float>.zeros([3, 3]).maxPool2d(2)
    }
    refused("avgPool1d: [3] is not [batch, channels, length]") {
      _ = Tensor<Float>.zeros([3]).avgPool1d(2)
    }
    refused("adaptiveAvgPool2d: [0, 1] windows of a plane [3, 3]") {
      _ = x.adaptiveAvgPool2d(rows: 0, columns: 1)
    }
    refused("adaptiveMaxPool1d: [1, 2] windows of a plane [1, 0]") {
      _ = Tensor<Float>.zeros([1, 0]).adaptiveMaxPool1d(2)
    }
    refused("maxPool1d: a window has no element of a plane [1, 1]") {
      _ = Tensor<Float>.zeros([1, 1]).maxPool1d(2, padding: 1, dilation: 2)
    }
    #expect(failure { _ = x.maxPool2d(Pair(.max)) } != nil)
    #expect(failure { _ = x.maxPool2d(3, stride: Pair(.max), padding: 1) } == nil)
    #expect(failure { _ = x.maxPool2d(2, padding: Pair(.max)) } != nil)
    #expect(failure { _ = x.maxPool2d(2, dilation: Pair(.max)) } != nil)
  }
}
