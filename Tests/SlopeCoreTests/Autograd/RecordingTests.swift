import Testing

@testable import SlopeCore

@Suite struct RecordingTests {
  @Test func nothingIsRecordedInNoGrad() async {
    let x = Parameter(Tensor<Float>([1, 2])).tensor
    #expect(noGrad { !(x * 2).requiresGradient && !(x * 2).sum().requiresGradient })
    #expect(
      noGrad {
        !matmul(x, x).requiresGradient && !x.softmax().requiresGradient && !x[0].requiresGradient
          && !x.sum().requiresGradient
      })
    #expect(
      noGrad {
        noGrad { !x.exp().requiresGradient } && !x.max().requiresGradient
          && !x.product().requiresGradient
      })
    #expect((x * 2).requiresGradient && noGrad { x.requiresGradient })
    #expect(await noGrad { await Task { !x.exp().requiresGradient }.value })
    struct Stop: Error {}
    #expect(throws: Stop.self) { try noGrad { throw Stop() } }
    #expect(x.exp().requiresGradient)
    let y = x.exp().sum()
    let second = noGrad { gradients(of: y, withRespectTo: [x], recorded: true)[0] }
    #expect(second?.requiresGradient == false && second?.shape == [2])
  }

  @Test func detachedEndsTheWay() {
    let p = Parameter(Tensor<Float>(3))
    (p.tensor * p.tensor.detached()).backward()
    #expect(show(p.grad) == "[] 3")
  }

  @Test func savedValuesAreLetGoAfterTheBackwardPass() throws {
    func check(_ make: (Tensor<Float>) -> Tensor<Float>) throws -> [Bool] {
      let p = Parameter(Tensor<Float>([1, 2]))
      var middle: Tensor<Float>? = p.tensor * 2
      weak let saved = middle?.value.buffer
      let result = try make(#require(middle)).sum()
      middle = nil
      var states = [saved != nil]
      result.backward(retainGraph: true)
      states.append(saved != nil)
      result.backward()
      return states + [saved != nil]
    }
    #expect(try check { $0.sin() } == [true, true, false])
    #expect(try check { $0 * $0.detached() } == [true, true, false])
    #expect(
      try check { matmul($0, Parameter(Tensor<Float>([1, 2])).tensor) } == [true, true, false])
    #expect(
      try check { linear($0, weight: Parameter(Tensor<Float>([[1, 2]])).tensor) } == [
        true, true, false,
      ])
    #expect(
      try check { $0.max() } == [true, true, false]
        && check { $0.product() } == [true, true, false])
    // Nothing is kept that no derivative needs.
    #expect(try check { $0 + 1 } == [false, false, false])
    #expect(
      try check { $0 * 3 } == [false, false, false] && check { -$0 } == [false, false, false])
    #expect(
      try check { $0.exp() } == [false, false, false]
        && check { $0.sqrt() } == [false, false, false])
    // A result near 1 has lost the digits of its derivative.
    #expect(
      try check { $0.sigmoid() } == [true, true, false]
        && check { $0.tanh() } == [true, true, false])
    #expect(
      try check { matmul($0, Tensor([1, 2])) } == [false, false, false]
        && check { $0.softmax() } == [false, false, false])
    #expect(
      try check { linear($0, weight: Tensor([[1, 2]]), bias: Tensor([0])) } == [
        false, false, false,
      ])
    #expect(
      try check { $0 * Tensor([1, 2]) } == [false, false, false]
        && check { $0 / Tensor([1, 2]) } == [false, false, false])
    #expect(
      try check { $0.taking(Tensor([0])) } == [false, false, false]
        && check { concatenate([$0, $0]) } == [false, false, false])
  }

  @Test func outputsAreKeptAsMemoryOnlyAndLetGo() throws {
    for function in [{ $0.exp() }, { $0.softmax() }, { $0.logSoftmax() }, { $0.sqrt() }]
      as [(Tensor<Float>) -> Tensor<Float>]
    {
      let p = Parameter(Tensor<Float>([1, 2]))
      var output: Tensor<Float>? = function(p.tensor)
      weak let value = output?.value
      weak let buffer = output?.value.buffer
      let sum = try #require(output).sum()
      output = nil
      #expect(value == nil && buffer != nil)
      sum.backward()
      #expect(buffer == nil)
    }
  }

  @Test func aDroppedGraphIsFreed() {
    let p = Parameter(Tensor<Float>([1, 2]))
    var y: Tensor<Float>? = (p.tensor.sin() * matmul(p.tensor, p.tensor)).softmax().max()
    weak let recording = y?.value.recording
    weak let parent = y?.value.recording?.parents.first
    #expect(recording != nil && parent != nil)
    y?.backward()
    y = nil
    #expect(recording == nil && parent == nil)
  }

  @Test func droppingOneResultLeavesWhatOthersUse() {
    let p = Parameter(Tensor<Float>([2, 3]))
    let shared = (p.tensor * 2).square()
    do { _ = shared.sin() + matmul(shared, shared) + shared.softmax() }
    shared.sum().backward()
    #expect(show(p.grad) == "[2] 16 24")
  }

  private static let longChain = 200_000

  @Test(arguments: ["dropped", "walked", "walked for gradients"])
  func longChainsNeitherOverflowTheStackNorLeak(how: String) throws {
    let device = Device(CPUBackend())
    let pool = try #require(device.backend as? CPUBackend).pool
    let p = withDevice(device) { Parameter(Tensor<Float>.ones([512])) }
    func run() {
      var y = p.tensor
      for step in 0..<Self.longChain {
        switch step % 4 {
        case 0: y = y + 1
        case 1: y = y.reshaped(to: step % 8 == 1 ? [2, 256] : [512])
        case 2: y = y * 1
        default: y = step % 1000 == 3 ? y.softmax() : y - 1
        }
      }
      if how == "walked" { y.sum().backward() }
      if how == "walked for gradients" { _ = gradients(of: y.sum(), withRespectTo: [p]) }
    }
    run()
    p.grad = nil
    let before = pool.statistics
    run()
    p.grad = nil
    let after = pool.statistics
    #expect(
      before.bytesInUse == 2048 && after.bytesInUse == 2048
        && after.allocations == before.allocations)
    #expect(after.peakBytesInUse == before.peakBytesInUse)
  }

  @Test func chainsThatKeepValuesAreFreedToo() {
    weak var early: Value?
    weak var last: Recording?
    do {
      let p = Parameter(Tensor<Float>([0.5]))
      var y = p.tensor
      for step in 0..<Self.longChain {
        y = step % 2 == 0 ? y.sin() : matmul(y, p.tensor.detached()).reshaped(to: [1])
        if step == 11 { early = y.value }
      }
      last = y.value.recording
      #expect(early != nil && last != nil)
    }
    #expect(early == nil && last == nil)
  }

  @Test func tasksMayWalkOneGraph() async {
    let p = Parameter(Tensor<Double>([1, 2, 3]))
    let x = p.tensor
    let y = (x.square() * x.softmax()).sum() + matmul(x, x.exp()) + x.max()
    y.backward(retainGraph: true)
    let once = p.grad?.scalars ?? []
    p.grad = nil
    let same = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<2 {
        group.addTask {
          var isSame = true
          for _ in 0..<50 {
            y.backward(retainGraph: true)
            let found = gradients(of: y, withRespectTo: [x], retainGraph: true)[0]
            isSame = isSame && found?.scalars == once
          }
          return isSame
        }
      }
      return await group.allSatisfy { $0 }
    }
    #expect(same)
    let sum = p.grad?.scalars ?? []
    #expect(
      zip(sum, once).allSatisfy { Swift.abs($0 - 100 * $1) < 1e-9 * Swift.abs($0) }
        && sum.count == 3)
  }

  @Test func tasksMayReleaseOneGraph() async {
    for _ in 0..<20 {
      let p = Parameter(Tensor<Double>([1, 2, 3]))
      var y = p.tensor
      for _ in 0..<50 { y = y.sin() * y }
      let (left, right) = (y.sum(), y.exp())
      let messages = await withTaskGroup(of: String?.self) { group in
        group.addTask { failure { left.backward() } }
        group.addTask { failure { right.backward(seed: Tensor([1, 1, 1])) } }
        return await group.reduce(into: [String?]()) { $0.append($1) }
      }
      // Both may have succeeded, or one met values that the other had released.
      for message in messages {
        #expect(message == nil || message?.contains("were released") == true)
      }
    }
  }

  @Test func sequenceNumbersGrow() {
    let p = Parameter(Tensor<Float>(1))
    let y = p.tensor + 1
    let z = p.tensor * y
    let numbers = [p.tensor, y, z].compactMap(\.value.recording?.sequence)
    #expect(numbers == numbers.sorted() && Set(numbers).count == 3)
  }
}
