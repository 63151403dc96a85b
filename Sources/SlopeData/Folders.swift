import Glibc

/// Makes a folder, and those around it, unless it is there; throws `FileError` if that fails.
package func makeFolder(_ path: String) throws {
  guard !path.isEmpty, !path.utf8.contains(0) else {
    throw FileError(file: path, message: "not the name of a folder")
  }
  var part = path.utf8.first == UInt8(ascii: "/") ? "" : "."
  for name in path.split(separator: "/") {
    part += "/" + name
    guard mkdir(part, 0o777) != 0, errno != EEXIST else { continue }
    throw FileError(file: path, message: "cannot be made: \(systemMessage(errno))")
  }
}

/// The names of what is in a folder, without `.` and `..`; nil, with `errno` set, if it cannot be read.
package func folderNames(_ path: String) -> [String]? {
  guard let folder = opendir(path) else { return nil }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
