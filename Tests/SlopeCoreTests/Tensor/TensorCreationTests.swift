import Testing

@testable import SlopeCore

@Suite struct TensorCreationTests {
  @Test func fromNestedArrays() {
    #expect(show(Tensor<Float>(2.5)) == "[] 2.5")
    #expect(show(Tensor([1, 2, 3])) == "[3] 1 2 3" && Tensor([1]).dtype == .int64)
    #expect(show(Tensor<Int8>([[1, 2], [3, 4], [5, 6]])) == "[3, 2] 1 2 3 4 5 6")
    #expect(show(Tensor<Double>([[[1], [2]], [[3], [4]]])) == "[2, 2, 1] 1 2 3 4")
    #expect(show(Tensor([Float]())) == "[0] " && show(Tensor([[Float]]())) == "[0, 0] ")
    #expect(show(Tensor([[Bool]](repeating: [], count: 2))) == "[2, 0] ")
    #expect(show(Tensor([[[Float]]]())) == "[0, 0, 0] ")
    #expect(
      show(Tensor(shape: [2, 2], scalars: [true, false, false, true])).hasPrefix("[2, 2] t"))
  }

  @Test func shapesThatDoNotFitFail() {
    #expect(failure { Tensor([[1, 2], [3]]) } == "tensor: rows of lengths [2, 1] differ")
    #expect(failure { Tensor([[[1]], [[1], [2]]]) } == "tensor: the matrices differ in shape")
    #expect(failure { Tensor([[[1, 2]], [[1]]]) } == "tensor: the matrices differ in shape")
    #expect(
      failure { Tensor(shape: [2, 2], scalars: [1, 2, 3]) }
        == "tensor: 3 elements do not fill the shape [2, 2]")
    #expect(failure { Tensor(shape: [-2, -2], scalars: [1, 2, 3, 4]) } != nil)
  }

  @Test func equalElements() {
    #expect(show(Tensor<Int16>.full([2, 2], -7)) == "[2, 2] -7 -7 -7 -7")
    #expect(show(Tensor<Float>.zeros([3])) == "[3] 0 0 0")
    #expect(show(Tensor<BFloat16>.ones([2])) == "[2] 1 1")
    #expect(show(Tensor<Bool>.ones([2])) == "[2] true true")
    #expect(show(Tensor<Bool>.zeros([2])) == "[2] false false")
    #expect(show(Tensor<Double>.full([], .nan)) == "[] nan")
    #expect(show(Tensor<UInt64>.full([1], .max)) == "[1] 18446744073709551615")
    #expect(show(Tensor<Float>.ones([2, 0])) == "[2, 0] ")
  }

  @Test(arguments: [[-1], [-1, -1], [2, -3], [.max, 2], [1 << 50], [1 << 31, 1 << 31, 1 << 31]])
  func hostileShapesFail(extents: [Int]) throws {
    let message = try #require(failure { Tensor<Float>.zeros(Shape(extents)) })
    #expect(
      extents.contains { $0 < 0 }
        ? message == "full: the shape \(extents) has a negative extent"
        : message.hasPrefix("fill: no memory for \(extents) of float32"))
    #expect(failure { Tensor<Double>.ones(Shape(extents)) } != nil)
  }

  @Test func memoryThatIsNotThereFails() {
    #expect(failure { Tensor<Float>.arange(9e13) }?.hasPrefix("arange") == true)
    #expect(failure { Tensor<Float>.arange(9e20) }?.hasPrefix("arange") == true)
    #expect(failure { Tensor<Int>.arange(.max) }?.hasPrefix("arange") == true)
    #expect(
      failure { Tensor<Double>.linspace(0, 1, count: 1 << 50) }?.hasPrefix("linspace") == true)
    #expect(failure { Tensor<Double>.linspace(0, 1, count: .max) }?.hasPrefix("linspace") == true)
    #expect(failure { Tensor<Float>.eye(1 << 50) } != nil)
    #expect(failure { Tensor<Float>.eye(.max, 1) } != nil)
  }

  @Test func equidistantNumbers() {
    #expect(show(Tensor<Float>.arange(4)) == "[4] 0 1 2 3")
    #expect(show(Tensor<Int>.arange(2, 5)) == "[3] 2 3 4")
    #expect(show(Tensor<Double>.arange(0, 1, step: 0.25)) == "[4] 0 0.25 0.5 0.75")
    #expect(show(Tensor<Double>.arange(0, 1, step: 0.3)) == "[4] 0 0.3 0.6 0.8999999999999999")
    // What reaches the end when both are rounded to the type is left out.
    #expect(Tensor<Float>.arange(0, 1, step: 0.01).count == 100)
    #expect(Tensor<Float>.arange(1, 2.2, step: 0.3).count == 4)
    #expect(Tensor<Float16>.arange(0, 2.1, step: 0.7).count == 3)
    #expect(Tensor<Float>.arange(0, 0.3, step: 0.1).scalars == [0, 0.1, 0.2])
    #expect(Tensor<Float>.arange(2.5).scalars == [0, 1, 2])
    // Numbers of the type itself.
    let (end, step): (Float, Float) = (2, 0.5)
    #expect(Tensor<Float>.arange(1, end, step: step).scalars == [1, 1.5])
    #expect(Tensor.arange(end).scalars == [0, 1])
    #expect(show(Tensor<Int>.arange(5, 0, step: -2)) == "[3] 5 3 1")
    #expect(show(Tensor<Int>.arange(0, 7, step: 3)) == "[3] 0 3 6")
    #expect(show(Tensor<Int>.arange(0, 6, step: 3)) == "[2] 0 3")
    #expect(show(Tensor<Int>.arange(6, 0, step: -3)) == "[2] 6 3")
    #expect(show(Tensor<UInt8>.arange(250, 255)) == "[5] 250 251 252 253 254")
    #expect(show(Tensor<Int8>.arange(-128, 127, step: 100)) == "[3] -128 -28 72")
    #expect(show(Tensor<Int>.arange(3, 3)) == "[0] " && show(Tensor<Float>.arange(0)) == "[0] ")
    #expect(show(Tensor<Int>.arange(.max - 2, .max)) == "[2] \(Int.max - 2) \(Int.max - 1)")
    #expect(show(Tensor<UInt64>.arange(.max - 1, .max)) == "[1] \(UInt64.max - 1)")
    #expect(show(Tensor<Int>.arange(1 << 53, 1 << 53 + 3)).hasPrefix("[3] "))
    #expect(show(Tensor<Int>.arange(.min, .max, step: .max)) == "[3] \(Int.min) -1 \(Int.max - 1)")
  }

  @Test func stepsThatDoNotLeadThereFail() {
    #expect(
      failure { Tensor<Int>.arange(0, 5, step: 0) } == "arange: no steps of 0 lead from 0 to 5")
    #expect(
      failure { Tensor<Int>.arange(0, 5, step: -1) } == "arange: no steps of -1 lead from 0 to 5")
    #expect(
      failure { Tensor<Int>.arange(5, 0) } != nil && failure { Tensor<Float>.arange(.nan) } != nil)
    #expect(failure { Tensor<Float>.arange(0, .infinity) } != nil)
    #expect(failure { Tensor<Int>.arange(.max, .max - 1) } != nil)
    #expect(failure { Tensor<Float>.arange(0, 1, step: .infinity) } != nil)
  }

  @Test func linspaceMeetsBothEnds() {
    #expect(show(Tensor<Float>.linspace(0, 1, count: 5)) == "[5] 0 0.25 0.5 0.75 1")
    #expect(show(Tensor<Float>.linspace(3, -3, count: 4)) == "[4] 3 1 -1 -3")
    #expect(show(Tensor<Float>.linspace(2, 9, count: 1)) == "[1] 2")
    #expect(show(Tensor<Float>.linspace(2, 9, count: 2)) == "[2] 2 9")
    #expect(show(Tensor<Float>.linspace(2, 9, count: 0)) == "[0] ")
    #expect(failure { Tensor<Float>.linspace(0, 1, count: -1) } == "linspace: -1 is not a count")
    let numbers = Tensor<Double>.linspace(-0.7, 0.7, count: 14).scalars
    #expect(numbers == numbers.reversed().map { -$0 })
  }

  @Test func onesOnTheDiagonal() {
    #expect(show(Tensor<Float>.eye(2)) == "[2, 2] 1 0 0 1")
    #expect(show(Tensor<Int>.eye(2, 3)) == "[2, 3] 1 0 0 0 1 0")
    #expect(
      show(Tensor<UInt8>.eye(3, 1)) == "[3, 1] 1 0 0" && show(Tensor<Int>.eye(0)) == "[0, 0] ")
    #expect(failure { Tensor<Int>.eye(-1) } == "eye: -1 × -1 is not a shape")
    #expect(failure { Tensor<Int>.eye(2, -1) } == "eye: 2 × -1 is not a shape")
  }
}
