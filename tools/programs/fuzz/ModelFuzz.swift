import FoundationEssentials
import SlopeCore
import SlopeData
import SlopeTabular

/// Reads a model from all but the first byte, and predicts some rows with it.
///
/// The first byte says what the others are: a whole file, the header of one, or a schema, for which a
/// file is made, so that changes reach the part that they are in.
func fuzzModel(_ bytes: [UInt8]) {
  guard let form = bytes.first else { return }
  let rest = bytes.dropFirst()
  let contents: [UInt8] =
    switch form % 3 {
    case 0: [UInt8](rest)
    case 1: file(header: [UInt8](rest), tensorByteCount: 256)
    default: file(schema: rest)
    }
  let path = InputFile.path(of: contents)
  guard let file = refusable({ try TabularModelFile(path: path) }) else { return }
  if file.dtype == .float64 {
    predict(refusable { try file.model(as: Double.self) })
  } else {
    predict(refusable { try file.model(as: Float.self) })
  }
}

private func file(header: [UInt8], tensorByteCount: Int) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.count).littleEndian) { [UInt8]($0) } + header
    + [UInt8](repeating: 0, count: tensorByteCount)
}

/// A file with a schema and, where it is one, the tensors that it asks for.
private func file(schema: ArraySlice<UInt8>) -> [UInt8] {
  struct Entry: Encodable {
    var dtype = "F32"
    var shape: [Int]
    var offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }
  var entries: [String: Entry] = [:]
  var offset = 0
  if let decoded = try? JSONDecoder().decode(TabularSchema.self, from: Data(schema)),
    decoded.fault == nil, (decoded.parameterCount ?? .max) < 1 << 20
  {
    for (name, shape) in decoded.parameterShapes {
      let end = offset + 4 * shape.reduce(1, *)
      entries[name] = Entry(shape: Array(shape), offsets: [offset, end])
      offset = end
    }
  }
  let metadata = [
    "slope.format": "tabular 2", "slope.schema": String(decoding: schema, as: UTF8.self),
  ]
  guard let head = try? JSONEncoder().encode(["__metadata__": metadata]),
    let tail = try? JSONEncoder().encode(entries)
  else { return [] }
  let header =
    entries.isEmpty ? [UInt8](head) : [UInt8](head.dropLast()) + [0x2C] + [UInt8](tail.dropFirst())
  return file(header: header, tensorByteCount: offset)
}

/// Predicts three rows of a table that the model's schema asks for.
private func predict<Element>(_ model: TabularModel<Element>?) {
  guard let model else { return }
  let columns = model.schema.pipeline.columns
  _ = model.schema.pipeline.description
  let table = Table(columns.map { column(of: $0) })
  guard let predictions = refusable({ try model.predict(table) }) else { return }
  guard predictions.rowCount == table.rowCount else { found("rows without a prediction") }
  _ = predictions.classIndices
  _ = refusable { try model.evaluate(table) }
}

private func column(of report: ColumnReport) -> Column {
  switch report.kind {
  case .integer: Column(report.name, [1, nil, -3])
  case .number: Column(report.name, [1.5, nil, 1e300])
  case .boolean: Column(report.name, [true, nil, false])
  case .category, .text: Column(report.name, [report.levels.first, nil, "\u{0}"])
  case .date: Column(report.name, [DateTime("2024-02-29"), nil, DateTime("1969-12-31 23:59")])
  }
}
