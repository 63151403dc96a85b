import Glibc
import Testing

@testable import SlopeCore

private let a = Tensor<Float>([[1, 2, 3], [4, 5, 6]])
private let v = Tensor<Float>([1, 2])

/// Every operation on a failed tensor, by name.
private let operations: [(String, @Sendable (Tensor<Float>) -> Bool)] = [
  ("+", { ($0 + v).isFailed && (v + $0).isFailed && ($0 + 1).isFailed && (1 + $0).isFailed }),
  ("-", { (a - $0).isFailed && (1 - $0).isFailed && (-$0).isFailed }),
  ("*", { ($0 * a).isFailed && ($0 * 2).isFailed }),
  ("/", { ($0 / a).isFailed && (2 / $0).isFailed }),
  ("compare", { ($0 .< v).isFailed && ($0 .== 1).isFailed && (v .!= $0).isFailed }),
  ("pow", { $0.pow(2).isFailed && v.pow($0).isFailed && $0.pow(v).isFailed }),
  (
    "math",
    {
      $0.exp().isFailed && $0.relu().isFailed && $0.elu().isFailed
        && $0.clamped(min: 0, max: 1).isFailed
        && $0.isNaN().isFailed && $0.atan2(v).isFailed
    }
  ),
  ("extrema", { maximum($0, v).isFailed && minimum(a, $0).isFailed }),
  (
    "where",
    {
      Tensor.where($0 .> 0, v, v).isFailed && Tensor.where(v .> 0, $0, v).isFailed
        && Tensor.where(v .> 0, v, $0).isFailed
    }
  ),
  (
    "sum",
    {
      $0.sum().isFailed && $0.sum(axis: 3).isFailed && $0.mean(axes: [1]).isFailed
        && $0.product().isFailed && $0.max().isFailed && $0.min(axis: 4).isFailed
    }
  ),
  ("arg", { $0.argmax().isFailed && $0.argmin(axis: 2).isFailed }),
  ("existence", { $0.any().isFailed && $0.all(axes: [2]).isFailed }),
  ("spread", { $0.variance().isFailed && $0.std(axes: [4]).isFailed }),
  ("softmax", { $0.softmax().isFailed && $0.logSoftmax(axis: 5).isFailed }),
  ("matmul", { matmul($0, a).isFailed && matmul(a, $0).isFailed }),
  (
    "linear",
    {
      linear($0, weight: a).isFailed && linear(a, weight: $0).isFailed
        && linear(v, weight: Tensor([[1, 1]]), bias: $0).isFailed
    }
  ),
  (
    "reshape",
    {
      $0.reshaped(to: [3, -1]).isFailed && $0.flattened().isFailed && $0.reshaped(to: [2]).isFailed
    }
  ),
  (
    "transpose",
    { $0.transposed().isFailed && $0.transposed(0, 3).isFailed && $0.permuted([1, 0]).isFailed }
  ),
  ("expand", { $0.expanded(to: [3]).isFailed }),
  (
    "squeeze",
    { $0.squeezed().isFailed && $0.squeezed(at: 2).isFailed && $0.unsqueezed(at: 4).isFailed }
  ),
  ("subscript", { $0[3].isFailed && $0[1..., 2].isFailed && $0[...].isFailed }),
  ("gather", { $0.taking(Tensor([9])).isFailed && a.taking($0.cast(to: Int.self)).isFailed }),
  (
    "concatenate",
    {
      concatenate([$0, a]).isFailed && concatenate([a, $0]).isFailed && stack([$0, v]).isFailed
        && stack([v, $0]).isFailed
    }
  ),
  ("cast", { $0.cast(to: Int8.self).isFailed && $0.cast(to: Float.self).isFailed }),
  ("detached", { $0.detached().isFailed && !$0.requiresGradient }),
  (
    "errors",
    {
      meanSquaredError($0, v).isFailed && meanSquaredError(v, $0).isFailed
        && summedSquaredError($0, $0).isFailed
    }
  ),
  ("pointwise", { Pointwise.silu($0).isFailed && Pointwise { x, y in x + y }(v, $0).isFailed }),
  ("look", { $0.count == 0 && $0.shape == [] && $0.rank == 0 && "\($0)" == "failed: float32" }),
  ("graph", { $0.graph.vertices.isEmpty }),
  (
    "logic",
    {
      let b = $0 .> 0
      return (b & b).isFailed && (~b).isFailed && b.logicalXor(b).isFailed
    }
  ),
]

@Suite struct TensorErrorTests {
  @Test func outsideAScopeTheProgramStops() async throws {
    let result = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = matmul(Tensor<Float>([[1, 2, 3]]), Tensor<Float>([[1, 2]]))
      })
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(text.contains("matmul: [1, 3] × [1, 2]: inner extents 3 and 1 differ"))
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>([1, 2]) + Tensor<Float>([1, 2, 3])
    }
    // A device reports when something is read.
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>([1, 2]).taking(Tensor([2])).scalars
    }
    await #expect(processExitsWith: .failure) { Tensor<Float>([1, 2]).backward() }
  }

  @Test func aScopeThrowsTheFirstFailure() {
    #expect(throws: TensorError(operation: "item", message: "a tensor of shape [2] has 2 elements"))
    {
      try checked {
        let zero = v.item()
        _ = matmul(a, a)
        #expect(zero == 0)
      }
    }
    let error = TensorError(operation: "matmul", message: "no")
    #expect("\(error)" == "matmul: no" && error.operation == "matmul" && error.message == "no")
  }

  @Test func aScopeGivesTheResultWhereNothingFailed() throws {
    #expect(try checked { v.sum().item() } == 3)
    struct Stop: Error {}
    #expect(throws: Stop.self) { try checked { throw Stop() } }
    #expect(
      failure {
        _ = matmul(a, a)
        throw Stop()
      }?.hasPrefix("matmul") == true)
  }

  @Test func scopesNest() {
    var inner: String?
    #expect(failure { inner = failure { v[5] } } == nil && inner?.hasPrefix("subscript") == true)
    #expect(
      failure {
        _ = v[7]
        inner = failure { v[8] }
      } == "subscript: index 7 is not in 0..<2 (axis 0)")
    #expect(inner == "subscript: index 8 is not in 0..<2 (axis 0)")
    #expect(
      failure {
        inner = failure { v[1] }
        _ = v[9]
      } != nil && inner == nil)
    #expect(failure { try checked { v[3] } } == "subscript: index 3 is not in 0..<2 (axis 0)")
  }

  @Test func theScopeEndsWithItsBody() async {
    await #expect(processExitsWith: .failure) {
      _ = try? checked { Tensor<Float>([1])[3] }
      _ = Tensor<Float>([1])[3]
    }
  }

  @Test func asynchronousScopes() async throws {
    func caught<Result>(_ body: () async throws -> Result) async -> String? {
      do {
        _ = try await checked(body)
        return nil
      } catch {
        return "\(error)"
      }
    }
    struct Stop: Error {}
    #expect(
      await caught {
        await Task.yield()
        return v[2]
      } == "subscript: index 2 is not in 0..<2 (axis 0)")
    #expect(
      await caught {
        async let part = v[3]
        return await part
      } == "subscript: index 3 is not in 0..<2 (axis 0)")
    #expect(
      await caught { await withTaskGroup(of: Void.self) { $0.addTask { _ = v[4] } } }
        == "subscript: index 4 is not in 0..<2 (axis 0)")
    #expect(
      await caught { await Task { _ = v[5] }.value }
        == "subscript: index 5 is not in 0..<2 (axis 0)")
    #expect(await caught { throw Stop() } == "\(Stop())")
    let both = await caught {
      _ = v[6]
      throw Stop()
    }
    #expect(both == "subscript: index 6 is not in 0..<2 (axis 0)")
    #expect(await caught { await Task.yield() } == nil)
  }

  @Test func detachedTasksHaveNoScope() async {
    await #expect(processExitsWith: .failure) {
      _ = try? await checked { await Task.detached { _ = Tensor<Float>([1])[3] }.value }
      exit(EXIT_SUCCESS)
    }
  }

  @Test(arguments: operations.map(\.0))
  func failedTensorsPassThrough(name: String) throws {
    let operation = try #require(operations.first { $0.0 == name }).1
    var passes = false
    #expect(failure { passes = operation(.failed) } == nil && passes)
    // The scope's first failure is the one that is thrown.
    #expect(failure { operation(matmul(a, a)) }?.hasPrefix("matmul: [2, 3] × [2, 3]") == true)
  }

  @Test func readingAFailedTensorGivesNothing() {
    var found: [Float] = [9]
    let message = failure {
      let bad = v[9]
      found = [bad.item()] + bad.scalars + bad.withScalars { $0.isEmpty ? [] : [1] }
    }
    #expect(message == "subscript: index 9 is not in 0..<2 (axis 0)" && found == [0])
  }

  @Test func aFailedTensorHasNoGradient() {
    let end = "the tensor is the result of an operation that failed"
    #expect(failure { Tensor<Float>.failed.backward() } == "backward: \(end)")
    #expect(
      failure { gradients(of: Tensor<Float>.failed, withRespectTo: [v]) } == "gradients: \(end)")
    let p = Parameter(v)
    #expect(failure { p.tensor.backward(seed: .failed) } == "backward: \(end)" && p.grad == nil)
  }

  @Test func failedResultsKeepTheirType() {
    var types: [DType] = []
    let message = failure {
      let bad = v[9]
      types = [
        (bad .< v).value, bad.cast(to: Int8.self).value, bad.argmax().value, bad.any().value,
        Tensor<UInt8>([1])[9].sum().value, bad.isNaN().value, matmul(bad, bad).value,
      ].map(\.dtype)
    }
    #expect(message != nil && types == [.bool, .int8, .int64, .bool, .int64, .bool, .float32])
  }
}
