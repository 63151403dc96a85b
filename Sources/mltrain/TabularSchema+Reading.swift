import Slope
import SlopeData
import SlopeTabular

extension TabularSchema {
  /// What the reader of a table must know: the model's columns alone are read, as they were.
  func apply(to options: inout CSVOptions, withTarget: Bool = false) {
    var names = features
    for column in pipeline.columns where column.omission == nil {
      switch column.kind {
      case .integer, .number: options.numeric.insert(column.name)
      case .category, .text: options.categorical.insert(column.name)
      case .date: options.dates.insert(column.name)
      case .boolean: break
      }
    }
    if withTarget {
      names.append(target)
      let kind = pipeline.columns.first { $0.name == target }?.kind ?? .number
      // Classes are the texts that they were trained as, `1.0` not 1; true and false may be numbers.
      if kind.isText {
        options.categorical.insert(target)
      } else if !task.isClassification, kind != .boolean {
        options.numeric.insert(target)
      }
    }
    options.columns = names
  }

  /// The rows of a file with their targets, and what each counts if `weight` names a column.
  func labelledTable(
    csv file: String, _ reading: TableArguments, weight: String?, beside use: TableUse
  ) throws -> Table {
    var options = reading.options
    apply(to: &options, withTarget: true)
    if let weight {
      options.columns?.append(weight)
      options.numeric.insert(weight)
    }
    return try Table(csv: file, options: options, beside: use)
  }

  /// The names of the columns of predictions, other than `taken`.
  func predictionNames(beside taken: [String]) -> [String] {
    var names = [target] + task.classes.map { "probability of \($0)" }
    for index in names.indices {
      if index == 0, taken.contains(names[0]) { names[0] = "predicted \(target)" }
      while taken.contains(names[index]) { names[index] += "'" }
    }
    return names
  }
}
