import Glibc

/// A file, a FIFO, standard input or bytes in memory, read in blocks.
///
/// The file is not mapped: a mapped file that shrinks while it is read kills the process, and a
/// FIFO cannot be mapped.
package final class ByteSource {
  private let descriptor: Int32
  /// What is read in place of a file, and how much of it has been; nil for a file.
  private var memory: (bytes: [UInt8], place: Int)?
  /// The offset at which reading begins; negative for a source that cannot go back.
  private let start: off_t
  /// The path as it was given, or `standard input`.
  package let name: String

  /// Opens `path`; `-` is standard input.
  package init(path: String) throws {
    name = path == "-" ? "standard input" : path
    if path == "-" {
      descriptor = STDIN_FILENO
    } else {
      guard !path.isEmpty, !path.utf8.contains(0) else {
        throw FileError(file: name, message: "not the name of a file")
      }
      var opened: Int32
      repeat { opened = open(path, O_RDONLY | O_CLOEXEC) } while opened < 0 && errno == EINTR
      guard opened >= 0 else {
        throw FileError(file: name, message: "cannot be opened: \(systemMessage(errno))")
      }
      descriptor = opened
    }
    start = lseek(descriptor, 0, SEEK_CUR)
  }

  /// A source of bytes in memory, with a name for messages.
  init(_ bytes: [UInt8], name: String) {
    (memory, self.name, descriptor, start) = ((bytes, 0), name, -1, -1)
  }

  /// Goes back to where reading began; false if the source cannot, such as a pipe.
  func rewind() -> Bool { start >= 0 && lseek(descriptor, start, SEEK_SET) == start }

  deinit {
    if descriptor > STDIN_FILENO { close(descriptor) }
  }

  /// Fills `buffer` from `index` to its end, or to the end of the file; returns the bytes read.
  ///
  /// With `takesWhatIsThere` it waits for the first byte only, and 0 means the end of the file.
  func fill(
    _ buffer: inout [UInt8], from index: Int, takesWhatIsThere: Bool = false
  ) throws -> Int {
    if let (bytes, place) = memory {
      let count = min(buffer.count - index, bytes.count - place)
      buffer.replaceSubrange(index..<(index + count), with: bytes[place..<(place + count)])
      memory?.place += count
      return count
    }
    let name = name
    let descriptor = descriptor
    return try buffer.withUnsafeMutableBytes { bytes in
      var filled = index
      while filled < bytes.count {
        let tail = UnsafeMutableRawBufferPointer(rebasing: bytes[filled...])
        let count = Glibc.read(descriptor, tail.baseAddress, tail.count)
        if count == 0 { break }
        if count > 0 {
          filled += count
          if takesWhatIsThere { break }
        } else if errno == EAGAIN {
          // A pipe that other processes read too may be non-blocking.
          var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
          poll(&ready, 1, -1)
        } else if errno != EINTR {
          throw FileError(file: name, message: "cannot be read: \(systemMessage(errno))")
        }
      }
      return filled - index
    }
  }

  /// The next `count` bytes, or fewer at the end of the file.
  ///
  /// Memory grows with what the file holds, not with `count`, which may come from the file.
  package func read(upTo count: Int) throws -> [UInt8] {
    try read(upTo: count, whileThereIsRoom: { _ in true }) ?? []
  }

  /// The next `count` bytes, or nil if the file holds more than there is memory for.
  ///
  /// `hasRoom` is asked before memory of the given size is allocated, which happens only while the
  /// file holds more bytes.
  package func read(upTo count: Int, whileThereIsRoom hasRoom: (Int) -> Bool) throws -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: min(count, 1 << 16))
    var end = 0
    while end < count {
      end += try fill(&bytes, from: end)
      if end < bytes.count { break }
      guard hasRoom(2 * bytes.count) else { return nil }
      bytes.append(contentsOf: repeatElement(0, count: min(bytes.count, count - bytes.count)))
    }
    bytes.removeSubrange(end...)
    return bytes
  }
}

/// The C library's text for an error number, such as `No such file or directory`.
package func systemMessage(_ number: Int32) -> String {
  guard let text = strerror(number) else { return "error \(number)" }
  return String(cString: text)
}
