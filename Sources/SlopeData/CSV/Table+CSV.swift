import SlopeCore

extension Table {
  /// Reads a CSV file.
  ///
  /// The text is UTF-8, with quotes as in RFC 4180 and lines ended by LF, CR or CRLF; a byte order
  /// mark and blanks around fields are skipped. The delimiter is the comma, or where it does not
  /// divide the first lines a semicolon, tab or vertical bar, with a warning. Blank lines are
  /// skipped; in a file of one column they are missing cells, so that no row moves.
  ///
  /// The kind of a column follows from all of its cells:
  /// - integers if all are, to 64 bits, and numbers if all are decimal numbers (a sign, also `+`, a
  ///   point, an exponent), which become the nearest Double;
  /// - booleans if all are `true` or `false`, in any case; dates if all are, see `DateTime`;
  /// - otherwise a category, or text if more than half of the cells and more than 20 are distinct.
  ///   Digits that begin with a zero, such as 007, are text, and with them their column.
  ///
  /// Where 90 % or more of a column's cells are numbers, another cell is an error. Cells that are
  /// empty, `NA`, `N/A`, `n/a`, `NaN`, `nan`, `null`, `NULL`, `None`, `?`, `-` or one of the options'
  /// words are missing. Nothing depends on the locale.
  ///
  /// The file is read once, in blocks that are parsed on all threads, and a second time if a column
  /// mixes numbers and other text. It is never mapped. Memory is checked while it is read.
  ///
  /// - Parameters:
  ///   - path: the path of the file; `-` is standard input. FIFOs work.
  ///   - options: what the file's form does not tell.
  /// - Throws: `FileError`, with line and column, for a cell that does not fit its column, an
  ///   infinity or a number beyond Double, a row shorter or longer than the header, a faulty quote,
  ///   bytes that are not UTF-8, compressed data and other kinds of files, a file without rows, and
  ///   a table that does not fit into memory. `TableError` for a name in the options that the file
  ///   does not have.
  public init(csv path: String, options: CSVOptions = CSVOptions()) throws {
    try self.init(csv: path, options: options, beside: .nothing)
  }

  /// Reads a CSV file for a use that needs memory in addition to the table.
  ///
  /// A table that would leave too little memory for it is refused while it is read.
  package init(
    csv path: String, options: CSVOptions = CSVOptions(), beside use: TableUse,
    memory: Int = MachineMemory.remaining
  ) throws {
    var file = try TableFile(path: path, options, use: use, memory: memory)
    self = try file.read()
  }
}
