import Glibc

/// The first 4096 bytes of a file that the system generates, such as in /proc; nil if unreadable.
func systemFile(_ path: String) -> String? {
  let file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
  guard file >= 0 else { return nil }
  defer { close(file) }
  // Its size is not known in advance.
  var bytes = [UInt8](repeating: 0, count: 4096)
  var count = 0
  while count < bytes.count {
    let got = bytes.withUnsafeMutableBytes { memory in
      read(file, memory.baseAddress.map { $0 + count }, memory.count - count)
    }
    if got < 0, errno == EINTR { continue }
    if got < 0 { return nil }
    if got == 0 { break }
    count += got
  }
  return String(decoding: bytes.prefix(count), as: UTF8.self)
}
