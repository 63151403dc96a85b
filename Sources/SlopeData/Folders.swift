import Glibc

/// Makes a folder, and those around it, unless it is there; throws `FileError` if that fails.
package func makeFolder(_ path: String) throws {
  guard !path.isEmpty, !path.utf8.contains(0) else {
    throw FileError(file: path, message: "not the name of a folder")
  }
  var part = path.utf8.first == UInt8(ascii: "/") ? "" : "."
  for name in path.split(separator: "/") {
    part += "/" + name
    if mkdir(part, 0o777) == 0 {
      syncFolder(of: part)
    } else if errno != EEXIST {
      throw FileError(file: path, message: "cannot be made: \(systemMessage(errno))")
    }
  }
}

/// Syncs the folder that a file or folder is in: a new entry is safe only when its folder is on the disk too.
///
/// Errors are ignored: some file systems cannot do it.
package func syncFolder(of path: String) {
  var path = path[...]
  while path.count > 1, path.utf8.last == UInt8(ascii: "/") { path = path.dropLast() }
  let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "./"
  let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  fsync(descriptor)
  close(descriptor)
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
