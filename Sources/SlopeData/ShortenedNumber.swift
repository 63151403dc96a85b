import Glibc

extension Double {
  /// The number with six significant digits, as C's `%g` writes it.
  package var shortened: String {
    var buffer = [CChar](repeating: 0, count: 32)
    let count = withVaList([self]) { vsnprintf(&buffer, buffer.count, "%.6g", $0) }
    return String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension Double {
  /// The number with four significant digits, for people.
  package var figures: String {
    guard isFinite, self != 0 else { return shortened }
    let magnitude = abs(self)
    guard magnitude >= 1e-4, magnitude < 1e7 else { return shortened }
    var scale = 1.0
    while magnitude * scale < 1000 { scale *= 10 }
    // Powers of ten up to 10⁸ are exact, and so is the quotient's shortest text.
    return ((self * scale).rounded() / scale).shortened
  }
}

extension Double? {
  /// The number with six significant digits; a dash if there is none.
  package var shortened: String { self?.shortened ?? "–" }

  /// The number with four significant digits; a dash if there is none.
  package var figures: String { self?.figures ?? "–" }
}
