import SlopeCore

/// The sum of losses over rows, kept where they were computed until it is asked for.
struct LossSum<Element: FloatingElement> {
  private(set) var rowCount = 0
  private(set) var sum: Tensor<Element.Computed>?

  /// The sum of some rows; nil of none.
  init(rowCount: Int = 0, sum: Tensor<Element.Computed>? = nil) {
    (self.rowCount, self.sum) = (rowCount, sum)
  }

  /// Adds the mean loss of a batch.
  mutating func add(_ loss: Tensor<Element>, rowCount: Int) {
    if rowCount < 0 { reportFailure(operation: "Trainer", "a batch of \(rowCount) rows") }
    let rowCount = max(rowCount, 0)
    let (count, isTooLarge) = self.rowCount.addingReportingOverflow(rowCount)
    self.rowCount = isTooLarge ? .max : count
    let part =
      loss.detached().cast(to: Element.Computed.self)
      * Element.Computed(
        clamping: Double(rowCount))
    sum = sum.map { $0 + part } ?? part
  }

  /// The mean over the rows; NaN if there are none.
  ///
  /// Waits for the device.
  var mean: Double {
    guard let sum, rowCount > 0 else { return .nan }
    return sum.item().doubleValue / Double(rowCount)
  }
}
