import Glibc

/// The names in a folder, but for the folder itself and the one above; none where it cannot be read.
package func folderEntries(_ path: String) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  // A record ends behind its name: `d_name` as a whole may reach beyond the memory it lies in.
  guard let start = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = String(
      cString: UnsafeRawPointer(entry).advanced(by: start).assumingMemoryBound(to: CChar.self))
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
