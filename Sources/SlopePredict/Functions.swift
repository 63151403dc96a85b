public import CSlopePredict
import Glibc
import SlopeCore

/// See slope_predict.h, which describes all functions of this file.
@_cdecl("slope_model_open")
public func openModel(
  _ path: UnsafePointer<CChar>?, _ model: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  Failure.status(opening: true) {
    model?.pointee = nil
    guard let path, let model else {
      throw Failure(
        slope_invalid_argument, "the \(path == nil ? "path" : "place of the model") is null")
    }
    guard let path = String(validatingCString: path) else {
      throw Failure(slope_invalid_argument, "the path is not UTF-8")
    }
    // A file that is called so is not the caller's standard input.
    let opened = try withDevice(.cpu) { try OpenModel(path: path == "-" ? "./-" : path) }
    model.pointee = OpenModels.add(opened)
  }
}

/// Closes a model.
@_cdecl("slope_model_close")
public func closeModel(_ model: OpaquePointer?) { OpenModels.remove(model) }

/// Describes a model.
@_cdecl("slope_model_describe")
public func describeModel(
  _ model: OpaquePointer?, _ description: UnsafeMutablePointer<slope_description>?, _ size: Int
) -> Int32 {
  Failure.status {
    let model = try OpenModels.model(model)
    guard let description else {
      throw Failure(slope_invalid_argument, "the place of the description is null")
    }
    let known = MemoryLayout<slope_description>.size
    guard (known...4096).contains(size) else {
      throw Failure(
        slope_invalid_argument,
        "a description of \(UInt(bitPattern: size)) bytes; it has \(known)")
    }
    // A caller of a later version knows members that this one does not have.
    memset(description, 0, size)
    withUnsafeBytes(of: model.description) { bytes in
      UnsafeMutableRawPointer(description).copyMemory(
        from: bytes.baseAddress ?? UnsafeRawPointer(description), byteCount: known)
    }
  }
}

/// Predicts rows.
@_cdecl("slope_predict")
public func predictRows(
  _ model: OpaquePointer?, _ rowCount: Int, _ columns: UnsafePointer<slope_column>?,
  _ columnCount: Int, _ values: UnsafeMutablePointer<Double>?, _ valueCount: Int
) -> Int32 {
  Failure.status {
    let model = try OpenModels.model(model)
    let about = model.description
    guard columnCount == about.column_count else {
      throw Failure(
        slope_invalid_argument,
        "\(UInt(bitPattern: columnCount)) columns, but the model reads \(about.column_count)")
    }
    let (expected, isBeyond) = rowCount.multipliedReportingOverflow(by: about.value_count)
    guard !isBeyond, rowCount >= 0, valueCount == expected else {
      throw Failure(
        slope_invalid_argument,
        "\(UInt(bitPattern: valueCount)) values for \(UInt(bitPattern: rowCount)) rows, "
          + "of which each has \(about.value_count)")
    }
    guard rowCount > 0 else { return }
    guard let columns, let values else {
      throw Failure(
        slope_invalid_argument, "the \(columns == nil ? "columns" : "values") are null")
    }
    try model.predict(
      rowCount: rowCount, UnsafeBufferPointer(start: columns, count: columnCount), to: values)
  }
}

/// Why this thread's last call that failed did so.
@_cdecl("slope_error_message")
public func lastErrorMessage() -> UnsafePointer<CChar>? { Failure.lastMessage }
