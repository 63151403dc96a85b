import Glibc

/// Where a path leads when its symbolic links are followed, whether or not anything is there.
package enum FilePlace: Hashable, Sendable {
  /// A name in a folder; the folder's path has no links in it, unless without them it were not UTF-8.
  case file(String)
  /// One of this process's own descriptors: `/dev/stdout`, `/dev/fd/3`.
  case descriptor(Int32)
  /// A link that only the kernel can follow, such as another process's descriptor.
  case kernelLink(String)

  /// The place of `path`, or the number of the error that its links end in.
  package init(following path: String) throws(SystemError) {
    var path = path
    // As many links as the kernel follows.
    for _ in 0...40 {
      let (folder, name) = Self.split(path)
      guard let folder = Self.resolved(folder.isEmpty ? "." : folder) else {
        throw SystemError(errno)
      }
      guard !name.isEmpty, name != ".", name != ".." else { throw SystemError(EISDIR) }
      let full = folder == "/" ? "/" + name : folder + "/" + name
      if Self.isOfDescriptors(folder), let number = Int32(name), number >= 0 {
        self = .descriptor(number)
        return
      }
      var status = stat()
      guard lstat(full, &status) == 0 else {
        guard errno == ENOENT else { throw SystemError(errno) }
        self = .file(full)
        return
      }
      guard status.st_mode & S_IFMT == S_IFLNK else {
        self = .file(full)
        return
      }
      guard !folder.hasPrefix("/proc/") else {
        self = .kernelLink(full)
        return
      }
      guard let target = Self.target(of: full) else { throw SystemError(errno) }
      path = target.utf8.first == UInt8(ascii: "/") ? target : folder + "/" + target
    }
    throw SystemError(ELOOP)
  }

  /// Whether `folder` lists the descriptors of this process.
  private static func isOfDescriptors(_ folder: String) -> Bool {
    guard folder.hasSuffix("/fd"), let own = resolved("/proc/self") else { return false }
    return folder.hasPrefix(own + "/")
  }

  /// What stands up to the last slash, with it, and behind it.
  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
    return (String(path[...slash]), String(path[path.utf8.index(after: slash)...]))
  }

  /// The path without links, or as it is where that is not UTF-8; nil, with `errno` set, if there is none.
  private static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(validatingCString: resolved) ?? path
  }

  private static func target(of link: String) -> String? {
    var characters = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(link, &characters, characters.count)
    guard count >= 0 else { return nil }
    errno = EILSEQ
    return String(validating: characters.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// The number of a failed call of the system.
package struct SystemError: Error, Hashable {
  package let number: Int32

  package init(_ number: Int32) { self.number = number }
}

/// Throws if writing to `output` would change the regular file at `input` (`-` is standard input),
/// by whatever name, link or descriptor both are reached.
package func refuseToReplace(_ input: String, with what: String, at output: String) throws {
  var (source, target) = (stat(), stat())
  let isThere = input == "-" ? fstat(STDIN_FILENO, &source) == 0 : stat(input, &source) == 0
  guard isThere, stat(output, &target) == 0, source.st_mode & S_IFMT == S_IFREG,
    source.st_dev == target.st_dev, source.st_ino == target.st_ino
  else { return }
  throw FileError(file: output, message: what)
}
