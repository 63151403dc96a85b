import FoundationEssentials

extension StreamFile {
  /// Reads a JSON file.
  ///
  /// - Throws: an error that names the file, if it cannot be read or is no such file.
  package init(path: String) throws {
    do {
      let data = try Data(contentsOf: URL(filePath: path))
      self = try JSONDecoder().decode(StreamFile.self, from: data)
    } catch {
      throw StreamError("\(path): \(error)")
    }
  }
}
