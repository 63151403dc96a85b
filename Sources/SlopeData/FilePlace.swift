import Glibc

/// Where a path leads when its symbolic links are followed, whether or not a file exists there.
package enum FilePlace: Hashable, Sendable {
  /// A file in a folder, whose path has no links in it, unless the path without links is not UTF-8.
  case file(String)
  /// A descriptor of this process, such as `/dev/stdout` or `/dev/fd/3`.
  case descriptor(Int32)
  /// A link that only the kernel can follow, such as another process's descriptor.
  case kernelLink(String)

  /// The place of `path`; throws the error that following its links ends with.
  package init(following path: String) throws(SystemError) {
    var path = path
    // The kernel follows as many links.
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

  /// Whether `folder` is a list of this process's descriptors.
  private static func isOfDescriptors(_ folder: String) -> Bool {
    guard folder.hasSuffix("/fd"), let own = resolved("/proc/self") else { return false }
    return folder.hasPrefix(own + "/")
  }

  /// The path up to and including the last slash, and the name after it.
  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
    return (String(path[...slash]), String(path[path.utf8.index(after: slash)...]))
  }

  /// The path without links, or unchanged if that is not UTF-8; nil, with `errno` set, if it fails.
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

/// The error number of a failed system call.
package struct SystemError: Error, Hashable {
  package let number: Int32

  package init(_ number: Int32) { self.number = number }
}

/// Throws if writing to `output` would change the regular file at `input`.
///
/// It finds that under any name, link or descriptor of both. An `input` of `-` is standard input.
package func refuseToReplace(_ input: String, with what: String, at output: String) throws {
  var (source, target) = (stat(), stat())
  let isThere = input == "-" ? fstat(STDIN_FILENO, &source) == 0 : stat(input, &source) == 0
  guard isThere, stat(output, &target) == 0, source.st_mode & S_IFMT == S_IFREG,
    source.st_dev == target.st_dev, source.st_ino == target.st_ino
  else { return }
  throw FileError(file: output, message: what)
}

/// Whether `path` is a regular file, which can be read again.
package func isRegularFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}
