public import SlopeCore

extension Tensor {
  /// A chart of the elements: of a tensor of shape `[n]` a line over 0, 1 …, of one of shape `[n, k]` a
  /// line for each of its k columns.
  ///
  /// Waits for the device. Elements that are not finite leave gaps.
  ///
  /// ```swift
  /// let x = Tensor<Float>.linspace(0, 6.28, count: 200)
  /// try x.sin().plot(title: "sin", x: x).write(to: "sin.svg")
  /// ```
  ///
  /// - Parameters:
  ///   - title: what the chart shows.
  ///   - mark: how each column is drawn.
  ///   - x: the horizontal places, of shape `[n]`; nil for 0, 1 ….
  /// - Returns: the chart, to which more can be added. A tensor of more axes, more than 64 columns or
  ///   bars and places whose number does not fit is a mistake.
  public func plot(
    title: String = "", mark: Chart.Mark = .line, x: Tensor? = nil
  ) -> Chart {
    var chart = Chart(title: title)
    guard shape.rank == 1 || shape.rank == 2 && (1...64).contains(shape[1]) else {
      reportFailure(
        operation: "plot",
        "a tensor of shape \(shape); it must be [n], or [n, k] of at most 64 columns")
      return chart
    }
    let (rows, columns) = (shape[0], shape.rank == 1 ? 1 : shape[1])
    let needed = mark == .bars ? rows + 1 : rows
    if let x, x.shape != [needed] {
      reportFailure(
        operation: "plot",
        "places of shape \(x.shape) for a tensor of shape \(shape); they must be [\(needed)]")
      return chart
    }
    let places = x.map { $0.to(.cpu).cast(to: Double.self).scalars }
    let numbers = to(.cpu).cast(to: Double.self).scalars
    // What failed before has no elements.
    guard numbers.count == rows * columns else { return chart }
    for column in 0..<columns {
      chart.add(
        mark, named: columns == 1 ? nil : "\(column)", x: places,
        y: (0..<rows).map { numbers[$0 * columns + column] })
    }
    return chart
  }
}
