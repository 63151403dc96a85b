import ConformanceKit
import Slope
import Testing

/// An operation on a view gives the same bytes as the view of the operation's result.
@Suite struct ViewTests {
  @Test(arguments: OperationList.floating(Float.self).filter { $0.arity == 1 }.map(\.name))
  func floatingOperationsCommuteWithViews(name: String) throws {
    try commutes(OperationList.floating(Float.self), name)
  }

  @Test(arguments: OperationList.integer(Int16.self).filter { $0.arity == 1 }.map(\.name))
  func integerOperationsCommuteWithViews(name: String) throws {
    try commutes(OperationList.integer(Int16.self), name)
  }

  private func commutes<Element: TensorElement>(
    _ list: [ConformanceKit.Operation<Element>], _ name: String
  ) throws {
    let operation = try #require(list.first { $0.name == name })
    for seed in UInt64(1)...8 {
      var random = RandomNumbers(seed: seed)
      let shape = [3, Int.random(in: 1...70, using: &random), 4]
      let elements = random.elements(shape.reduce(1, *), Element.dtype)
      let x = try Tensor<Element>(
        TensorData(dtype: Element.dtype, shape: shape, bytes: elements.bytes))
      func view<T: TensorElement>(_ tensor: Tensor<T>) -> Tensor<T> {
        tensor.permuted([2, 0, 1])[1...2, stride(from: 2, through: 0, by: -2)]
      }
      let early = try operation.call(Arguments([view(x)]))[0].data
      let whole = try operation.call(Arguments([x]))[0]
      let late: TensorData? =
        switch whole {
        case let tensor as Tensor<Element>: view(tensor).data
        case let tensor as Tensor<Bool>: view(tensor).data
        default: nil
        }
      #expect(early == late, "\(name), seed \(seed), shape \(shape)")
    }
  }
}
