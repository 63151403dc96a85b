import SlopeTabular

/// The JSON object of all predictions, which begins with their number: they are kept until the end.
struct PredictionObject {
  private let schema: TabularSchema
  private var rowCount = 0
  private var numbers: [Double] = []
  private var classIndices: [Int32] = []

  init(_ schema: TabularSchema) { self.schema = schema }

  /// Adds the predictions of the next rows.
  mutating func append(_ predictions: TabularPredictions) {
    rowCount += predictions.rowCount
    numbers += predictions.numbers + predictions.probabilities
    classIndices += predictions.classIndices.map { Int32($0) }
  }

  /// Writes the object and a line feed, some of it at a time.
  func write(_ put: ([UInt8]) throws -> Void) throws {
    let classes = schema.task.classes.map { JSON.string($0) }
    var members: [(String, JSON)] = [
      ("rows", .integer(rowCount)), ("target", .string(schema.target)),
      ("task", .string(schema.task.name)),
    ]
    if !classes.isEmpty { members.append(("classes", .array(classes))) }
    try put(Array(JSON.object(members).text.dropLast().utf8))
    if classes.isEmpty {
      try write("predictions", count: rowCount, put) { .number(numbers[$0]) }
    } else {
      try write("predictions", count: rowCount, put) { classes[Int(classIndices[$0])] }
      try write("probabilities", count: rowCount, put) { row in
        .array((0..<classes.count).map { .number(numbers[row * classes.count + $0]) })
      }
    }
    try put(Array("}\n".utf8))
  }

  private func write(
    _ name: String, count: Int, _ put: ([UInt8]) throws -> Void, _ element: (Int) -> JSON
  ) throws {
    var text = ",\"\(name)\":["
    for index in 0..<count {
      if index > 0 { text += "," }
      text += element(index).text
      if text.utf8.count >= 1 << 16 {
        try put(Array(text.utf8))
        text = ""
      }
    }
    try put(Array((text + "]").utf8))
  }
}
