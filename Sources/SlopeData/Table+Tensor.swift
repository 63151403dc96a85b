public import SlopeCore

extension Table {
  /// The named columns as a tensor: `[rows, columns]`, also for one column, each value rounded once
  /// to `Element`.
  ///
  /// Throws `TableError` for an unknown or ambiguous name, listing the names, and for a value
  /// beyond the range of `Element`.
  public func tensor<Element: FloatingElement>(
    _ names: String..., as element: Element.Type = Float.self
  ) throws -> Tensor<Element> {
    try tensor(names, as: element)
  }

  /// The named columns as a tensor: `[rows, columns]`, each value rounded once to `Element`.
  ///
  /// Throws `TableError` for an unknown or ambiguous name, listing the names, for a value beyond
  /// the range of `Element`, and for an empty list.
  public func tensor<Element: FloatingElement>(
    _ names: [String], as element: Element.Type = Float.self
  ) throws -> Tensor<Element> {
    guard !names.isEmpty else { throw TableError("\(source): a tensor of no columns") }
    let columns = try names.map(numericColumnIndex(of:))
    let selection = ScaledColumns(
      columns: columns, scales: columns.map { _ in ColumnScale.identity })
    let scalars = try scalars(selection, as: Element.self)
    return Tensor(shape: [rowCount, columns.count], scalars: scalars, on: .default)
  }
}
