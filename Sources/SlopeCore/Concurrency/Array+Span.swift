extension Array {
  /// The elements of a span.
  // Never inlined: Swift 6.3's optimiser fails on a loop over a span in a larger function.
  @inline(never)
  init(copying span: Span<Element>) { self = (0..<span.count).map { span[$0] } }
}
