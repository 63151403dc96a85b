import Slope
import SlopeData
import SlopeTabular

/// The CSV text of predictions, some rows at a time.
///
/// Numbers are the shortest texts that read back as they are in memory.
struct PredictionText {
  /// The line of the columns' names, those of the input first.
  let header: [UInt8]

  /// The classes as fields; none for numbers.
  private let classes: [String]
  /// The numbers of columns of the input, and of the predictions.
  private let (inputCount, outputCount): (Int, Int)

  /// The rows whose text one thread makes at a time.
  private static var rowsAtOnce: Int { 512 }

  /// The text of a model's predictions beside the columns of the input, if there are any.
  init(_ schema: TabularSchema, beside columnNames: [String]) {
    let names = schema.predictionNames(beside: columnNames)
    header = Array(((columnNames + names).map(\.csvField).joined(separator: ",") + "\n").utf8)
    classes = schema.task.classes.map(\.csvField)
    (inputCount, outputCount) = (columnNames.count, names.count)
  }

  /// A line for each row of some predictions, after the cells of the row.
  func lines(_ predictions: TabularPredictions, after cells: WrittenRows?) -> [UInt8] {
    let rowCount = predictions.rowCount
    let blocks = ParallelResults<[UInt8]>(
      count: (rowCount + Self.rowsAtOnce - 1) / Self.rowsAtOnce)
    inParallel(blocks.count) { block in
      let first = block * Self.rowsAtOnce
      var text: [UInt8] = []
      for row in first..<min(first + Self.rowsAtOnce, rowCount) {
        if let cells {
          cells.append(row, to: &text)
          text.append(UInt8(ascii: ","))
        }
        append(predictions, row, to: &text)
      }
      blocks.set(block, text)
    }
    return Array(blocks.all.joined())
  }

  private func append(_ predictions: TabularPredictions, _ row: Int, to text: inout [UInt8]) {
    if classes.isEmpty {
      text += "\(predictions.numbers[row])".utf8
    } else {
      text += classes[predictions.classIndex(ofRow: row)].utf8
      for probability in predictions.probabilities(ofRow: row) {
        text.append(UInt8(ascii: ","))
        text += "\(probability)".utf8
      }
    }
    text.append(UInt8(ascii: "\n"))
  }

  /// A line without a prediction, after the cells of a row, which are empty if there are none.
  func lineWithoutPrediction(after cells: WrittenRows?) -> [UInt8] {
    var text: [UInt8] = []
    if let cells, cells.count == 1 {
      cells.append(0, to: &text)
    } else {
      text += [UInt8](repeating: UInt8(ascii: ","), count: max(0, inputCount - 1))
    }
    if inputCount > 0 { text.append(UInt8(ascii: ",")) }
    // Some readers skip an empty line.
    if inputCount + outputCount == 1 { text += "NA".utf8 }
    text += [UInt8](repeating: UInt8(ascii: ","), count: outputCount - 1)
    return text + [UInt8(ascii: "\n")]
  }
}
