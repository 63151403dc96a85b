/// Kinds of files that are not CSV text, recognised by their first bytes.
enum FileSignature {
  /// The kind of a file that begins with `bytes`, if it is known not to be UTF-8 text.
  static func kind(of bytes: some Collection<UInt8>) -> String? {
    known.first { bytes.starts(with: $0.bytes) }?.kind
  }

  /// The byte order mark that some programs write before UTF-8 text.
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private static let known: [(bytes: [UInt8], kind: String)] = [
    // UTF-32's byte order mark begins with UTF-16's.
    ([0xFF, 0xFE, 0x00, 0x00], "UTF-32 text; save it as UTF-8"),
    ([0xFF, 0xFE], "UTF-16 text; save it as UTF-8"),
    ([0xFE, 0xFF], "UTF-16 text; save it as UTF-8"),
    ([0x1F, 0x8B], "gzip data; unpack it first (gunzip)"),
    ([0x50, 0x4B, 0x03, 0x04], "a zip archive or a spreadsheet; unpack it or export it as CSV"),
    ([0x42, 0x5A, 0x68], "bzip2 data; unpack it first"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz data; unpack it first"),
    ([0x28, 0xB5, 0x2F, 0xFD], "zstd data; unpack it first"),
    ([0x7F, 0x45, 0x4C, 0x46], "a program (ELF)"),
    (Array("PAR1".utf8), "a Parquet file"),
    (Array("%PDF".utf8), "a PDF document"),
    ([0x89, 0x50, 0x4E, 0x47], "a picture (PNG)"),
    ([0xD0, 0xCF, 0x11, 0xE0], "an old spreadsheet; export it as CSV"),
  ]
}
