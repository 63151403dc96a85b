extension Generator {
  /// A draw of `count` elements for a device, by Philox; the stream continues after its blocks.
  ///
  /// Nil for other algorithms, whose numbers are drawn on the host.
  func draw(_ numbers: RandomDraw.Numbers, _ dtype: DType, count: Int) -> RandomDraw? {
    guard algorithm == .philox else { return nil }
    let blocks = RandomDraw.blockCount(numbers, dtype, count: count)
    return stream.withLock { stream in
      RandomDraw(numbers, key: stream.seed, block: stream.engine.takeBlocks(blocks))
    }
  }
}
