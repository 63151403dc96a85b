import Glibc

/// The names in a folder, without "." and ".."; none if it cannot be read.
package func folderEntries(_ path: String) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  // A record ends after its name: `d_name` as a whole may reach beyond the memory of the record.
  guard let start = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = String(
      cString: UnsafeRawPointer(entry).advanced(by: start).assumingMemoryBound(to: CChar.self))
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
