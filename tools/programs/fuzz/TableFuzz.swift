import SlopeCore
import SlopeData
import SlopeTabular

/// Reads a table from all but the first three bytes, which choose options; then uses what was read.
func fuzzTable(_ bytes: [UInt8]) {
  guard bytes.count > 3 else { return }
  let (form, kinds, use) = (bytes[0], bytes[1], bytes[2])
  let path = InputFile.path(of: bytes[3...])
  var options = CSVOptions(form: form)
  guard var table = refusable({ try Table(csv: path, options: options) }) else { return }
  if kinds != 0 {
    options.force(kinds, of: table)
    guard let forced = refusable({ try Table(csv: path, options: options) }) else { return }
    guard forced.rowCount == table.rowCount || options.columns != nil else {
      found("\(table.rowCount) rows, and \(forced.rowCount) with forced kinds")
    }
    table = forced
  }
  _ = table.description
  _ = table.describe().description
  checkWriting(table)
  if let column = table.columns.first {
    _ = refusable { try table.sorted(by: column.name) }
    _ = refusable { try table.classes(column.name) }
    _ = refusable { try table.tensor(table.columnNames, missing: .fill(0)) as Tensor<Float> }
  }
  transform(table, use)
  if use & 0x80 != 0, table.rowCount <= 64, table.columnCount <= 8 { fit(table) }
}

extension CSVOptions {
  /// Options about the form of the file.
  fileprivate init(form: UInt8) {
    self.init()
    if form & 1 != 0 { delimiter = Self.delimiters[Int(form >> 1 & 3)] }
    hasHeader = form & 8 == 0
    decimalMark = form & 16 == 0 ? .point : .comma
    if form & 32 != 0 { missingWords = ["0", "x", "1,5"] }
  }

  /// Forces the kinds of some columns of a table that was read.
  fileprivate mutating func force(_ kinds: UInt8, of table: Table) {
    for (index, column) in table.columns.enumerated() where table.hasColumn(column.name) {
      switch (Int(kinds) + index) % 5 {
      case 1: categorical.insert(column.name)
      case 2: numeric.insert(column.name)
      case 3: dates.insert(column.name)
      default: break
      }
    }
    if kinds & 64 != 0 { columns = table.columnNames.filter(table.hasColumn) }
  }
}

/// A table that is written and read back has the same cells.
private func checkWriting(_ table: Table) {
  var options = CSVOptions()
  options.delimiter = ","
  options.categorical = Set(table.columns.filter { $0.kind.isText }.map(\.name))
  let path = InputFile.path(of: table.csvText.utf8)
  let again: Table
  do { again = try Table(csv: path, options: options) } catch { found("not read back: \(error)") }
  guard again.rowCount == table.rowCount, again.columnNames == table.columnNames else {
    found("\(again.columnNames) × \(again.rowCount) read back of \(table.columnNames)")
  }
  for (column, other) in zip(table.columns, again.columns) {
    guard texts(of: column) == texts(of: other) else {
      found("column \(column.name) of \(column.kind) is read back as \(other.kind) of other cells")
    }
  }
}

private func texts(of column: Column) -> [String?]? { try? column.cells(as: String.self) }

/// Fits a pipeline to a table, and applies it to all and to some of its rows.
private func transform(_ table: Table, _ use: UInt8) {
  let scaling: Transform.Scaling = use & 1 == 0 ? .standard : .robust
  let levels: Transform = use & 2 == 0 ? .oneHot(maximumLevels: 1 + Int(use >> 2 & 7)) : .codes
  let pipeline = Pipeline(.impute(use & 32 == 0 ? .median : .mean), .scale(scaling), levels, .dates)
  guard let fitted = refusable({ try pipeline.fit(table, target: table.columnNames.last) }) else {
    return
  }
  _ = fitted.description
  guard let inputs: Tensor<Double> = refusable({ try fitted.transform(table) }) else { return }
  guard inputs.shape == [table.rowCount, fitted.outputCount],
    inputs.scalars.allSatisfy(\.isFinite), fitted.outputNames.count == fitted.outputCount
  else { found("inputs of shape \(inputs.shape), or not finite") }
  guard let row: Tensor<Double> = refusable({ try fitted.transform(table.head(1)) }) else {
    found("a row of the table is refused")
  }
  guard row.scalars == Array(inputs.scalars.prefix(fitted.outputCount)) else {
    found("the inputs of a row depend on other rows")
  }
}

/// Trains a linear model on a table, and predicts its rows.
private func fit(_ table: Table) {
  guard let target = table.columnNames.last else { return }
  var options = TabularOptions(target: target)
  options.model = .linear
  guard let fit = refusable({ try TabularModel<Float>.fit(table, options) }) else { return }
  guard refusable({ try fit.model.predict(table) }) != nil else { found("rows are not predicted") }
}
