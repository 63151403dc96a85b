import Glibc

/// A file of records to which records are added while other programs read it: TensorFlow's TFRecord.
///
/// Each record is written by one call, so that what a program reads ends after a whole record.
///
/// Source: TensorFlow, "TFRecord and tf.train.Example", the format of a record.
package final class RecordFile {
  /// The path as it was given.
  package let path: String
  private let descriptor: Int32

  /// Makes a new file.
  ///
  /// Throws `FileError` if that fails, also if there is one.
  package init(path: String) throws {
    self.path = path
    guard !path.utf8.contains(0) else {
      throw FileError(file: path, message: "not the name of a file")
    }
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw FileError(file: path, message: "cannot be written: \(systemMessage(errno))")
    }
  }

  deinit { close(descriptor) }

  /// Adds a record.
  ///
  /// Throws `FileError` if it cannot be written.
  package func add(_ content: [UInt8]) throws {
    let isWritten = Self.framed(content).withUnsafeBytes { writeWhole($0, to: descriptor) }
    guard isWritten else {
      throw FileError(file: path, message: "cannot be written: \(systemMessage(errno))")
    }
  }

  /// A record with its length and the checks of both.
  static func framed(_ content: [UInt8]) -> [UInt8] {
    func bytes(_ word: some FixedWidthInteger) -> [UInt8] {
      withUnsafeBytes(of: word.littleEndian) { Array($0) }
    }
    let length = bytes(UInt64(content.count))
    return length + bytes(masked(CyclicChecksum.castagnoli(length))) + content
      + bytes(masked(CyclicChecksum.castagnoli(content)))
  }

  /// The check as it is stored: the check of bytes that hold their own check would be the same for all.
  private static func masked(_ check: UInt32) -> UInt32 {
    (check >> 15 | check << 17) &+ 0xA282_EAD8
  }
}
