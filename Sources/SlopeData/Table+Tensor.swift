public import SlopeCore

extension Table {
  /// The named columns as a tensor, `[rows, columns]`, also for a single column.
  ///
  /// Each value is rounded once to `Element`. The tensor is on the default device.
  ///
  /// - Parameters:
  ///   - names: the names of columns of numbers, in the order of the tensor's columns.
  ///   - element: the element type of the tensor.
  /// - Returns: a tensor of copies.
  /// - Throws: `TableError` for an unknown or ambiguous name, for a column of text, for a value
  ///   beyond the range of `Element`, and if no column is named.
  public func tensor<Element: FloatingElement>(
    _ names: String..., as element: Element.Type = Float.self
  ) throws -> Tensor<Element> {
    try tensor(names, as: element)
  }

  /// The columns of a list of names as a tensor, `[rows, columns]`.
  ///
  /// Each value is rounded once to `Element`. The tensor is on the default device.
  ///
  /// - Parameters:
  ///   - names: the names of columns of numbers, in the order of the tensor's columns.
  ///   - element: the element type of the tensor.
  /// - Returns: a tensor of copies.
  /// - Throws: `TableError` for an unknown or ambiguous name, for a column of text, for a value
  ///   beyond the range of `Element`, and for an empty list.
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
