import SlopeCore

extension Table {
  /// The unique names of the columns of a CSV file, of which only the beginning is read.
  ///
  /// Throws what `init(csv:options:)` throws about the first line, and about names in the options.
  package static func columnNames(
    csv path: String, options: CSVOptions = CSVOptions()
  ) throws -> [String] {
    try TableFile(path: path, options, use: .nothing, memory: MachineMemory.remaining).columnNames
  }
}
