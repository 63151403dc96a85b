import CFuzzer
import Glibc
import SlopeCore
import SlopeData
import SlopeTabular
import SlopeTraining

/// A file in memory with a path, for what opens files.
enum InputFile {
  private static let descriptor = slope_memory_file()

  /// The path of the file after `bytes` have become its contents.
  static func path(of bytes: some Collection<UInt8>) -> String {
    let bytes = [UInt8](bytes)
    guard ftruncate(descriptor, 0) == 0,
      pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
    else { found("no file in memory") }
    return "/dev/fd/\(descriptor)"
  }
}

/// The result of `body`, or nil where it ends in one of the library's errors.
func refusable<Result>(_ body: () throws -> Result) -> Result? {
  do {
    return try body()
  } catch is FileError {
  } catch is TableError {
  } catch is TabularError {
  } catch is TensorError {
  } catch let error as MetricError where error.description.contains("must be finite") {
    // Finite weights may predict numbers beyond all numbers.
  } catch {
    found("an error of another type: \(type(of: error)): \(error)")
  }
  return nil
}
