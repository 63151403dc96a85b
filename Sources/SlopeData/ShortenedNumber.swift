import Glibc

extension Double {
  /// The number with six significant digits, as C's `%g` writes it.
  package var shortened: String {
    var buffer = [CChar](repeating: 0, count: 32)
    let count = withVaList([self]) { vsnprintf(&buffer, buffer.count, "%.6g", $0) }
    return String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension Double? {
  /// The number with six significant digits; a dash if there is none.
  package var shortened: String { self?.shortened ?? "–" }
}
