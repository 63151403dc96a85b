import Glibc

/// Writes all bytes to a descriptor; false, with `errno` set, if that fails.
package func writeWhole(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
  var written = 0
  while written < bytes.count {
    let count = write(
      descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
    if count > 0 {
      written += count
    } else if count < 0, errno == EAGAIN {
      // Another process that shares the descriptor has made it non-blocking; wait until it accepts
      // bytes.
      var event = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&event, 1, -1)
    } else if count == 0 || errno != EINTR {
      return false
    }
  }
  return true
}
