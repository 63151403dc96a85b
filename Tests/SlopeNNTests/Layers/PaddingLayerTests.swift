import SlopeCore
import SlopeNN
import Testing

/// Layers that pad; expected values are PyTorch's.
struct PaddingLayerTests {
  private let row = Tensor<Float>([[[1, 2, 3]]])
  private let square = Tensor<Float>([[[1, 2], [3, 4]]])

  private func padded(_ layer: any Layer<Float>, _ input: Tensor<Float>) -> [Float] {
    layer(input).scalars
  }

  @Test func oneAxis() {
    #expect(padded(ReflectionPad1d(left: 2, right: 1), row) == [3, 2, 1, 2, 3, 2])
    #expect(padded(ReflectionPad1d(1), row) == [2, 1, 2, 3, 2])
    #expect(padded(ReplicationPad1d(left: 2, right: 1), row) == [1, 1, 1, 2, 3, 3])
    #expect(padded(ReplicationPad1d(1), row) == [1, 1, 2, 3, 3])
    #expect(padded(CircularPad1d(left: 2, right: 1), row) == [2, 3, 1, 2, 3, 1])
    #expect(padded(CircularPad1d(1), row) == [3, 1, 2, 3, 1])
    #expect(padded(ConstantPad1d(left: 2, right: 1, value: 9), row) == [9, 9, 1, 2, 3, 9])
    #expect(padded(ConstantPad1d(1, value: 9), row) == [9, 1, 2, 3, 9])
    #expect(padded(ZeroPad1d(left: -1, right: 1), row) == [2, 3, 0])
    #expect(padded(ZeroPad1d(1), row) == [0, 1, 2, 3, 0])
  }

  @Test func twoAxes() {
    #expect(
      padded(ReflectionPad2d(left: 1, right: 0, top: 0, bottom: 1), square)
        == [2, 1, 2, 4, 3, 4, 2, 1, 2])
    #expect(padded(ReflectionPad2d(1), square)[0...3] == [4, 3, 4, 3])
    #expect(
      padded(ReplicationPad2d(left: 1, right: 0, top: 0, bottom: 1), square)
        == [1, 1, 2, 3, 3, 4, 3, 3, 4])
    #expect(padded(ReplicationPad2d(1), square)[0...3] == [1, 1, 2, 2])
    #expect(
      padded(CircularPad2d(left: 2, right: 0, top: 1, bottom: 0), square)
        == [3, 4, 3, 4, 1, 2, 1, 2, 3, 4, 3, 4])
    #expect(padded(CircularPad2d(1), square)[0...3] == [4, 3, 4, 3])
    #expect(
      padded(ConstantPad2d(left: 1, right: 0, top: 1, bottom: 0, value: 5), square)
        == [5, 5, 5, 5, 1, 2, 5, 3, 4])
    #expect(padded(ConstantPad2d(1, value: 5), square)[4...7] == [5, 1, 2, 5])
    #expect(
      padded(ZeroPad2d(left: 0, right: 1, top: 0, bottom: -1), square) == [1, 2, 0])
    #expect(padded(ZeroPad2d(1), square)[4...7] == [0, 1, 2, 0])
  }

  @Test func descriptionsNameTheMargins() {
    let layers: [any Layer<Float>] = [
      ReflectionPad1d(left: 1, right: 2), ReplicationPad1d(3), CircularPad1d(1),
      ConstantPad1d(1, value: 0.5), ZeroPad1d(0),
      ReflectionPad2d(left: 1, right: 2, top: 3, bottom: 4), ReplicationPad2d(1), CircularPad2d(2),
      ConstantPad2d(1, value: 2), ZeroPad2d(1),
    ]
    #expect(
      layers.map(\.description) == [
        "ReflectionPad1d(left: 1, right: 2)", "ReplicationPad1d(left: 3, right: 3)",
        "CircularPad1d(left: 1, right: 1)", "ConstantPad1d(left: 1, right: 1, value: 0.5)",
        "ZeroPad1d(left: 0, right: 0)", "ReflectionPad2d(left: 1, right: 2, top: 3, bottom: 4)",
        "ReplicationPad2d(left: 1, right: 1, top: 1, bottom: 1)",
        "CircularPad2d(left: 2, right: 2, top: 2, bottom: 2)",
        "ConstantPad2d(left: 1, right: 1, top: 1, bottom: 1, value: 2.0)",
        "ZeroPad2d(left: 1, right: 1, top: 1, bottom: 1)",
      ])
  }

  @Test func inputsWithoutTheAxesAreFailures() {
    for layer in [ZeroPad2d<Float>(1) as any Layer<Float>, CircularPad2d<Float>(1)] {
      let error = #expect(throws: TensorError.self) { try checked { layer(Tensor([1, 2])) } }
      #expect(error?.description == "pad: 2 pairs for the 1 axes of [2]")
    }
  }
}
