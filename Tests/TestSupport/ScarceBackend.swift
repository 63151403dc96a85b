import SlopeCore
import Synchronization

/// The reference's loops on a device whose memory, or whose launches, can be made to run out.
///
/// Without memory it shows whether anything is made on a device where nothing should be.
public final class ScarceBackend: Backend {
  package let name = "scarce"
  package let pointwiseSetLimit: Int

  private let allocationsLeft = Atomic(Int.max)
  private let launchesLeft = Atomic(Int.max)
  private let reference = ReferenceBackend.shared

  /// A separate device.
  ///
  /// - Parameter setLimit: the number of parameters that it updates in one launch.
  public init(setLimit: Int = 1) { pointwiseSetLimit = setLimit }

  /// The device.
  public var device: Device { Device(self) }

  /// Sets how many allocations succeed before all others fail; nil for all.
  public func limitAllocations(to count: Int?) {
    allocationsLeft.store(count ?? .max, ordering: .relaxed)
  }

  /// Sets how many launches of pointwise programs run before all others fail; nil for all.
  public func limitLaunches(to count: Int?) {
    launchesLeft.store(count ?? .max, ordering: .relaxed)
  }

  private static func takeOne(of left: borrowing Atomic<Int>) -> Bool {
    let count = left.load(ordering: .relaxed)
    if count == .max { return true }
    left.store(max(count - 1, 0), ordering: .relaxed)
    return count > 0
  }

  /// Whether one more launch runs; reports it if not.
  private func launches() -> Bool {
    if Self.takeOne(of: launchesLeft) { return true }
    reportFailure(operation: "pointwise", "\(name) cannot launch")
    return false
  }

  package func allocate(byteCount: Int) -> Buffer? {
    guard byteCount >= 0, byteCount <= 1 << 30, Self.takeOne(of: allocationsLeft) else {
      return nil
    }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 1), alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0xFF, count: max(byteCount, 1))
    return Buffer(memory, byteCount: byteCount, on: self)
  }

  package func release(_ handle: UnsafeMutableRawPointer, byteCount: Int) { handle.deallocate() }

  package func upload(_ source: UnsafeRawBufferPointer, to destination: Buffer) {
    reference.upload(source, to: destination)
  }

  package func download(
    _ source: Buffer, byteOffset: Int, into destination: UnsafeMutableRawBufferPointer
  ) {
    reference.download(source, byteOffset: byteOffset, into: destination)
  }

  package func copy(_ source: Value, to destination: Buffer, _ layout: Layout) {
    reference.copy(source, to: destination, layout)
  }

  package func pointwise(
    _ program: Program, _ inputs: Span<Value>, scalars: Span<UInt64>, shape: Shape,
    outputs: Span<Output>
  ) {
    guard launches() else { return }
    reference.pointwise(program, inputs, scalars: scalars, shape: shape, outputs: outputs)
  }

  package func pointwise(_ program: Program, sets: [PointwiseSet], scalars: Span<UInt64>) {
    guard launches() else { return }
    for set in sets {
      reference.pointwise(
        program, set.inputs.span, scalars: scalars, shape: set.shape, outputs: set.outputs.span)
    }
  }

  package func reduce(
    _ kind: ReductionKind, prologue: Program?, _ inputs: Span<Value>, scalars: Span<UInt64>,
    nest: Shape, reducedRank: Int, output: Output
  ) {
    reference.reduce(
      kind, prologue: prologue, inputs, scalars: scalars, nest: nest, reducedRank: reducedRank,
      output: output)
  }

  package func matmul(_ left: Value, _ right: Value, bias: Value?, output: Output) {
    reference.matmul(left, right, bias: bias, output: output)
  }

  package func softmax(_ source: Value, logarithm: Bool, output: Buffer) {
    reference.softmax(source, logarithm: logarithm, output: output)
  }

  package func scan(
    _ source: Value, isExclusive: Bool, isReversed: Bool, output: Buffer
  ) -> Bool {
    reference.scan(source, isExclusive: isExclusive, isReversed: isReversed, output: output)
  }

  package func gather(
    _ source: Value, indices: Value, output: Buffer, operation: String
  ) -> Int? {
    reference.gather(source, indices: indices, output: output, operation: operation)
  }

  package func checkIndices(
    _ indices: Value, bound: Int, exempt: Int, subject: String, operation: String
  ) -> Int? {
    reference.checkIndices(
      indices, bound: bound, exempt: exempt, subject: subject, operation: operation)
  }

  package func scatterAdd(_ source: Value, indices: Value, into destination: Buffer, extent: Int) {
    reference.scatterAdd(source, indices: indices, into: destination, extent: extent)
  }

  package func scatter(
    _ source: Value, indices: Value, into destination: Buffer, extent: Int
  ) -> Bool {
    reference.scatter(source, indices: indices, into: destination, extent: extent)
  }

  package func scatterAddRows(
    _ source: Value, places: Value, into destination: Buffer, extent: Int
  ) {
    reference.scatterAddRows(source, places: places, into: destination, extent: extent)
  }

  package func unfold(_ source: Value, _ windows: Windows, output: Buffer) {
    reference.unfold(source, windows, output: output)
  }

  package func fold(_ source: Value, _ windows: Windows, output: Buffer) {
    reference.fold(source, windows, output: output)
  }

  package func windowMaxima(
    _ source: Value, ranges: Value, count: Pair, dilation: Pair, output: Buffer
  ) {
    reference.windowMaxima(
      source, ranges: ranges, count: count, dilation: dilation, output: output)
  }

  package func argsort(_ source: Value, descending: Bool, output: Buffer) -> Bool {
    reference.argsort(source, descending: descending, output: output)
  }

  package func draw(_ draw: RandomDraw, source: Value?, count: Int, output: Output) {
    reference.draw(draw, source: source, count: count, output: output)
  }

  package func synchronize() {}
}
