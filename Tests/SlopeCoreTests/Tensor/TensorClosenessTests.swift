import Testing

@testable import SlopeCore

@Suite struct TensorClosenessTests {
  private let one: [Double] = [1, .nan, .infinity, .infinity, 1, 1, 0]
  private let other: [Double] = [1 + 1e-6, .nan, .infinity, -.infinity, .infinity, 1.1, 1e-9]

  @Test func closeNumbersDifferByTheTolerances() {
    let (x, y) = (Tensor(one), Tensor(other))
    #expect(x.isClose(to: y).scalars == [true, false, true, false, false, false, true])
    #expect(
      x.isClose(to: y, equalNaN: true).scalars == [true, true, true, false, false, false, true])
    #expect(
      x.isClose(to: y, relativeTolerance: 0, absoluteTolerance: 0).scalars
        == [false, false, true, false, false, false, false])
    // The tolerance is relative to the other tensor.
    let (small, large) = (Tensor<Float>([10]), Tensor<Float>([11]))
    #expect(small.isClose(to: large, relativeTolerance: 0.095, absoluteTolerance: 0).item())
    #expect(!large.isClose(to: small, relativeTolerance: 0.095, absoluteTolerance: 0).item())
    #expect(small.isClose(to: large, relativeTolerance: 0, absoluteTolerance: 1).item())
    #expect(Tensor<Float>([-10]).isClose(to: Tensor([-11]), relativeTolerance: 0.1).item())
    #expect(x.isClose(to: y, relativeTolerance: .infinity).scalars[5])
  }

  @Test func integersAreClose() {
    let (x, y) = (Tensor<Int>([100, 5, -7, 1 << 40]), Tensor<Int>([101, 5, -8, 1 + 1 << 40]))
    #expect(x.isClose(to: y, relativeTolerance: 0.01).scalars == [true, true, false, true])
    #expect(
      x.isClose(to: y, relativeTolerance: 0, absoluteTolerance: 0.5).scalars
        == [false, true, false, false])
    #expect(
      x.isClose(to: y, relativeTolerance: 0, absoluteTolerance: 0).scalars
        == [false, true, false, false])
    #expect(!Tensor<Int8>([-128]).isClose(to: Tensor([127]), absoluteTolerance: 5).item())
    #expect(Tensor<UInt8>([3]).isClose(to: Tensor([5]), absoluteTolerance: 2).item())
  }

  @Test func allAreClose() {
    let x = Tensor<Float>([1, 2])
    #expect(x.allClose(to: x + 1e-6) && !x.allClose(to: x + 0.1))
    #expect(!x.allClose(to: Tensor([1, 3])) && x.allClose(to: x + 0.1, absoluteTolerance: 0.2))
    #expect(x.allClose(to: x + 0.1, relativeTolerance: 0.2))
    #expect(Tensor<Float>.zeros([0]).allClose(to: .zeros([0])))
    let nan = Tensor<Float>([.nan])
    #expect(!nan.allClose(to: nan) && nan.allClose(to: nan, equalNaN: true))
  }

  @Test func negativeTolerancesAndShapesAreFailures() {
    let x = Tensor<Float>([1, 2])
    func message(_ body: () -> Void) -> String? {
      #expect(throws: TensorError.self) { try checked(body) }?.description
    }
    #expect(
      message { _ = x.isClose(to: x, relativeTolerance: -1) }
        == "isClose: the tolerances -1.0 and 1e-08 are not both at least 0")
    #expect(message { _ = x.isClose(to: x, absoluteTolerance: .nan) } != nil)
    #expect(
      message { _ = x.allClose(to: Tensor([1, 2, 3])) }
        == "isClose: shapes [2], [3] do not broadcast")
  }

  @Test func wholeTensorsAreEqual() {
    let x = Tensor<Float>([1, -0.0])
    #expect(x.elementsEqual(Tensor([1, 0])) && !x.elementsEqual(Tensor([1, 1])))
    let none = Tensor<Int>.zeros([0])
    #expect(!x.elementsEqual(Tensor([[1, 0]])) && none.elementsEqual(.zeros([0])))
    #expect(!Tensor<Float>([.nan]).elementsEqual(Tensor([.nan])))
    #expect(Tensor([true, false]).elementsEqual(Tensor([true, false])))
    #expect(
      Tensor<Float>([[1, 2], [2, 4]]).transposed().elementsEqual(Tensor([[1, 2], [2, 4]])))
  }
}
