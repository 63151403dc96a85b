import Glibc
import TestSupport

/// The data sets of the repository.
enum DataSets {
  /// Links datasets/ into a folder.
  static func link(in folder: TemporaryFolder, file: String = #filePath) throws {
    let root = file.split(separator: "/").dropLast(3).joined(separator: "/")
    guard symlink("/\(root)/datasets", folder.file("datasets")) == 0 else {
      throw TemporaryFolder.Failure(what: "symlink")
    }
  }
}
