import Glibc

/// A claim on a file that is to be written, which one process of a machine has at a time.
///
/// It is a name among the kernel's sockets: nothing of it is on a disk, and it ends with the process,
/// however that ends. Processes of containers with networks of their own do not see it.
package final class PathClaim: Sendable {
  private let descriptor: Int32

  /// A claim on a file; nil if another process has one.
  ///
  /// What is no file is not claimed, and nothing is where the kernel makes no sockets.
  package init?(_ place: FilePlace) {
    guard case .file(let path) = place else {
      descriptor = -1
      return
    }
    var checksum = Checksum()
    Array(path.utf8).withUnsafeBytes { checksum.update($0) }
    // A first byte of 0 makes it a name that is no path.
    let name = [0] + Array("slope-writes-\(checksum.text)".utf8)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let byteCount = MemoryLayout<sa_family_t>.size + name.count
    let isBound = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(byteCount))
      }
    }
    guard isBound == 0 || errno != EADDRINUSE else {
      close(descriptor)
      return nil
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
