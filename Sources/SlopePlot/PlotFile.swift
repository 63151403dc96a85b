import SlopeData

extension Chart {
  /// Writes the chart, whole or not at all.
  ///
  /// PNG has two pixels for each one of `width` and `height`, and needs the library librsvg
  /// (Debian's package librsvg2-2), which is loaded then.
  ///
  /// - Parameter path: the path of the file, which ends in `.svg` or `.png`.
  /// - Throws: `FileError` for another ending, if the file cannot be written, or without the library.
  public func write(to path: String) throws {
    try PlotFile(path: path).write(drawing, title: title)
  }
}

extension BarChart {
  /// Writes the chart, whole or not at all, as `Chart.write(to:)` does.
  ///
  /// - Parameter path: the path of the file, which ends in `.svg` or `.png`.
  /// - Throws: `FileError` for another ending, if the file cannot be written, or without librsvg for PNG.
  public func write(to path: String) throws {
    try PlotFile(path: path).write(drawing, title: title)
  }
}

/// A file of a drawing, opened before the drawing is made.
package struct PlotFile {
  private let path: String
  private let file: AtomicFile
  private let library: PNGLibrary?

  /// Opens the file; `FileError` where `Chart.write(to:)` has one.
  package init(path: String) throws {
    self.path = path
    if path.hasSuffix(".png") {
      library = try PNGLibrary(for: path)
    } else if path.hasSuffix(".svg") {
      library = nil
    } else {
      throw FileError(file: path, message: "a plot's file ends in .svg or .png")
    }
    file = try AtomicFile(path: path)
  }

  /// Writes a chart and commits the file.
  package func write(_ chart: Chart) throws { try write(chart.drawing, title: chart.title) }

  func write(_ drawing: SVG, title: String) throws {
    let text = drawing.document(title: title)
    if let library {
      try file.write(try library.png(of: text, width: drawing.width, height: drawing.height))
    } else {
      try file.write(text)
    }
    try file.commit()
  }
}
