import Glibc
import Testing

@testable import SlopeCore

private let zero = Tensor<Float>([1, 0])

/// The failure that a check finds in an asynchronous body, as text.
private func faultLater<Result>(_ body: () async throws -> Result) async -> String? {
  do {
    _ = try await Numerics.check(body)
    return nil
  } catch {
    return "\(error)"
  }
}

private let found = "log: -inf at [1]: log(0.0)"

@Suite struct NumericsScopeTests {
  private struct Stop: Error {}

  @Test func theErrorHasParts() throws {
    let error = try #require(throws: NumericsError.self) {
      try Numerics.check { Pointwise("f") { x, y in x / y }(zero.transposed(), zero) + 1 }
    }
    #expect(error.kind == .nan && error.operation == "f" && error.step == "divide")
    #expect(error.index == [1] && error.result.doubleValue.isNaN && error.result.dtype == .float32)
    #expect(error.operands.map { $0.numbers.map(\.doubleValue) } == [[0], [0]])
    #expect(error.operands.map(\.count) == [1, 1])
    #expect("\(error)" == "f: nan at [1]: divide(0.0, 0.0)")
    let kinds: [NumericsError.Kind] = [.infinity, .wrap, .divisionByZero, .lossyCast]
    let bodies: [() -> Void] = [
      { _ = zero.log() }, { _ = Tensor<UInt8>([255]) + 1 }, { _ = Tensor([1]) / 0 },
      { _ = Tensor<Float>([0.5]).cast(to: Int.self) },
    ]
    for (kind, body) in zip(kinds, bodies) {
      #expect(try #require(throws: NumericsError.self) { try Numerics.check(body) }.kind == kind)
    }
    let wrap = try #require(throws: NumericsError.self) {
      try Numerics.check { Tensor<Int>((0..<9).map { _ in Int.max }).sum() }
    }
    #expect(wrap.operands[0].count == 9 && wrap.operands[0].numbers.count == 8)
    #expect(wrap.operands[0].numbers[7].doubleValue == 0x1p63)
  }

  @Test func aScopeGivesTheResultWhereNothingIsWrong() throws {
    #expect(try Numerics.check { (zero + 1).scalars } == [2, 1])
  }

  @Test func nothingIsCheckedOutside() throws {
    #expect(zero.log().scalars == [0, -.infinity])
    #expect(try checked { zero.log().scalars } == [0, -.infinity])
    #expect(fault { zero.log() } == found)
    #expect(zero.log().scalars == [0, -.infinity] && !Numerics.isOn)
  }

  @Test func nothingIsAskedOnceAllScopesHaveEnded() async {
    await #expect(processExitsWith: .success) {
      guard !Numerics.isUsed, fault({ zero.log() }) != nil, !Numerics.isUsed,
        await faultLater({ zero.log() }) != nil, !Numerics.isUsed,
        fault({ fault({ zero.log() }) == nil || !Numerics.isUsed }) == nil, !Numerics.isUsed
      else { exit(EXIT_FAILURE) }
    }
  }

  @Test func theResultIsFailedAndNothingRunsAfterwards() {
    var (bad, later, kept) = (false, false, [Float]())
    #expect(
      fault {
        let plain = zero + 1
        bad = zero.log().isFailed
        later = (zero + zero).isFailed && zero.sum().isFailed && matmul(zero, zero).isFailed
        _ = (zero - 2).sqrt()
        kept = plain.scalars
      } == found)
    #expect(bad && later && kept == [2, 1])
  }

  @Test func whatIsKeptIsNotMadeFailed() {
    var zeros: [Float] = []
    #expect(
      fault {
        _ = zero.log()
        // Makes constants that are kept.
        zeros = Tensor<Float>.zeros([2]).scalars
        Parameter(Tensor<Double>(1)).tensor.backward()
        Parameter(Tensor<Float>(1)).tensor.backward()
      } == found && zeros == [0, 0])
    let p = Parameter(Tensor<Double>(1))
    (p.tensor * 3).backward()
    #expect(p.grad?.item() == 3)
  }

  @Test func aFailureComesBeforeTheErrorOfTheBody() {
    #expect(throws: Stop.self) { try Numerics.check { throw Stop() } }
    #expect(
      fault {
        _ = zero.log()
        throw Stop()
      } == found)
    #expect(
      fault {
        _ = matmul(zero, Tensor([[1]]))
        return zero.log()
      }?.hasPrefix("matmul: [2] × [1, 1]") == true)
  }

  @Test func scopesNest() {
    var inner: String?
    #expect(fault { inner = fault { zero.log() } } == nil && inner == found)
    #expect(fault { try Numerics.check { zero.log() } } == found)
    #expect(
      fault {
        _ = (zero - 1).reciprocal()
        inner = fault { zero.log() }
      } == "reciprocal: inf at [0]: reciprocal(0.0)")
    #expect(inner == found)
    // A checked scope inside checks numbers, too; one outside does not.
    #expect(fault { inner = failure { zero.log() } } == nil && inner == found)
    #expect(failure { inner = fault { zero.log() } } == nil && inner == found)
    #expect(
      failure {
        inner = fault { zero + 1 }
        _ = zero.log()
      } == nil && inner == nil)
  }

  @Test func tasksInheritTheScope() async {
    #expect(
      await faultLater {
        await Task.yield()
        return zero.log()
      } == found)
    #expect(
      await faultLater {
        async let part = zero.log()
        return await part
      } == found)
    #expect(await faultLater { await withTaskGroup { $0.addTask { _ = zero.log() } } } == found)
    #expect(await faultLater { await Task { _ = zero.log() }.value } == found)
    #expect(await faultLater { await Task.detached { _ = zero.log() }.value } == nil)
    #expect(await faultLater { throw Stop() } == "\(Stop())")
    #expect(
      await faultLater {
        _ = zero.log()
        throw Stop()
      } == found)
    #expect(await faultLater { await Task.yield() } == nil)
  }

  @Test func oneTaskIsCheckedAndAnotherIsNot() async {
    await withTaskGroup(of: Bool.self) { group in
      for number in 0..<8 {
        group.addTask {
          for _ in 0..<50 {
            if number % 2 == 0 {
              if fault({ zero.log() }) != found { return false }
            } else if zero.log().scalars != [0, -.infinity] {
              return false
            }
            await Task.yield()
          }
          return true
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test func aTaskThatOutlivesTheScopeGoesOnUnchecked() async {
    let (stream, signal) = AsyncStream<Void>.makeStream()
    var task: Task<[Float], Never>?
    #expect(
      fault {
        task = Task {
          for await _ in stream {}
          return zero.log().scalars
        }
      } == nil)
    // Another scope, so that the process keeps checking.
    let text = await faultLater {
      signal.finish()
      #expect(await task?.value == [0, -.infinity])
    }
    #expect(text == nil)
  }

  @Test func theFirstOfSeveralIsFound() {
    #expect(fault { Tensor<Float>([1, -1, 0]).log() } == "log: nan at [1]: log(-1.0)")
    #expect(
      fault {
        let y = Tensor<Float>([-1]).sqrt()
        return y.log() + zero.log()
      } == "sqrt: nan at [0]: sqrt(-1.0)")
    // The first element, though it fails in a later step.
    let formula = Pointwise("f") { x in (1 / x).log() }
    #expect(fault { formula(Tensor<Float>([-1, 0])) } == "f: nan at [0]: log(-1.0)")
    #expect(fault { formula(Tensor<Float>([1, 0])) } == "f: inf at [1]: divide(1.0, 0.0)")
    // A propagated NaN does not hide what comes after it.
    #expect(fault { Tensor<Float>([.nan, 0]).log() } == "log: -inf at [1]: log(0.0)")
  }

  @Test func operandsOnADeviceThatHasNoMemoryAreAFailure() {
    let text = fault { Tensor<Float>.zeros([1 << 50, 1 << 10]) }
    #expect(text?.contains("no memory") == true)
  }
}
