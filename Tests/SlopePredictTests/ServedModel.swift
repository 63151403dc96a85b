import CSlopePredict
import Glibc
import SlopeData
import SlopePredict
import SlopeTabular
import TestSupport
import Testing

/// A model in a file, opened by the C interface, with the model itself.
struct ServedModel {
  let folder: TemporaryFolder
  let path: String
  let handle: OpaquePointer
  let model: TabularModel<Float>

  /// The rows of the training: a number, a flag, a category and a date, with missing cells.
  static let csv: String = {
    var text = "size,open,kind,day,price,grade\n"
    for row in 0..<90 {
      let size = row % 11 == 4 ? "" : "\(row * 37 % 83).5"
      let kind = ["flat", "7", "loft"][row * row % 7 % 3]
      text += "\(size),\(row % 3 == 0),\(kind),2024-0\(1 + row % 9)-1\(row % 10),"
      text += "\(row * 37 % 83 + row % 3),\(["low", "mid", "high"][row * 37 % 83 / 28])\n"
    }
    return text
  }()

  /// Fits a model of `target`, and writes and opens it.
  init(_ target: String) throws {
    folder = try TemporaryFolder()
    let table = try Table(csv: folder.write(Self.csv))
    var options = TabularOptions(target: target)
    options.model = .linear
    options.features = ["size", "open", "kind", "day"]
    model = try TabularModel<Float>.fit(table, options).model
    path = folder.file("model")
    try model.save(to: path)
    var opened: OpaquePointer?
    try #require(slope_model_open(path, &opened) == Int32(slope_ok.rawValue))
    handle = try #require(opened)
  }

  /// Closes the model.
  func close() { slope_model_close(handle) }
}

/// The message of the last failure of this thread.
var lastMessage: String { String(cString: slope_error_message()) }

/// Cells of a column, in memory that C can read.
final class Cells {
  let column: slope_column
  private let texts: [UnsafeMutablePointer<CChar>?]
  private let pointers: UnsafeMutablePointer<UnsafePointer<CChar>?>
  private let numbers: UnsafeMutablePointer<Double>

  init(_ cells: [String?]) {
    texts = cells.map { $0.flatMap { strdup($0) } }
    pointers = .allocate(capacity: cells.count + 1)
    pointers.initialize(from: texts.map { UnsafePointer($0) } + [nil], count: cells.count + 1)
    numbers = .allocate(capacity: 1)
    column = slope_column(numbers: nil, texts: UnsafePointer(pointers))
  }

  init(_ cells: [Double]) {
    texts = []
    pointers = .allocate(capacity: 1)
    numbers = .allocate(capacity: cells.count + 1)
    numbers.initialize(from: cells + [0], count: cells.count + 1)
    column = slope_column(numbers: UnsafePointer(numbers), texts: nil)
  }

  deinit {
    for text in texts { free(text) }
    pointers.deallocate()
    numbers.deallocate()
  }
}

/// Calls `slope_predict` and returns its status and the values.
func predict(
  _ handle: OpaquePointer?, _ cells: [Cells], rowCount: Int, valueCount: Int
) -> (status: slope_status, values: [Double]) {
  var values = [Double](repeating: -1, count: rowCount * valueCount)
  let status = withExtendedLifetime(cells) {
    slope_predict(handle, rowCount, cells.map(\.column), cells.count, &values, values.count)
  }
  return (slope_status(rawValue: UInt32(status)), values)
}
