import SlopeCore
import TestSupport
import Testing

@testable import SlopeData

@Suite struct SafetensorsTests {
  private func bytes(header: String, data: [UInt8] = []) -> [UInt8] {
    let count = header.utf8.count
    return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(header.utf8) + data
  }

  private func message(_ bytes: [UInt8]) throws -> String {
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes, to: "model")
    return try #require(throws: FileError.self) { try Safetensors(path: path) }.message
  }

  @Test func tensorsAndMetadataComeBack() throws {
    let folder = try TemporaryFolder()
    var file = Safetensors()
    file.metadata = ["target": "y/\"z\"", "note": "ü\n"]
    file.insert(
      Tensor<Float>(shape: [2, 3], scalars: [1, -2, 0.5, .infinity, .leastNonzeroMagnitude, 6]),
      as: "a")
    file.insert(Tensor<Double>(shape: [1], scalars: [0.1]), as: "b")
    file.insert(Tensor<Bool>(shape: [3], scalars: [true, false, true]), as: "c")
    file.insert(Tensor<Float>(shape: [0, 4], scalars: []), as: "empty")
    try file.write(to: folder.file("model"))

    let read = try Safetensors(path: folder.file("model"))
    #expect(read.metadata == file.metadata)
    #expect(read.names == ["a", "b", "c", "empty"])
    let a = try #require(read.tensor("a", as: Float.self))
    #expect(Array(a.shape) == [2, 3])
    #expect(a.scalars == [1, -2, 0.5, .infinity, .leastNonzeroMagnitude, 6])
    #expect(read.tensor("b", as: Double.self)?.scalars == [0.1])
    #expect(read.tensor("c", as: Bool.self)?.scalars == [true, false, true])
    #expect(read.layout(of: "empty")?.shape == [0, 4])
    #expect(read.tensor("b", as: Float.self) == nil, "another element type")
    #expect(read.tensor("d", as: Float.self) == nil)
  }

  @Test func theLayoutIsTheFormats() throws {
    let folder = try TemporaryFolder()
    var file = Safetensors()
    file.insert(Tensor<Bool>(shape: [1], scalars: [true]), as: "flag")
    file.insert(Tensor<Float>(shape: [2], scalars: [1, 2]), as: "x")
    try file.write(to: folder.file("model"))
    let bytes = try folder.read("model")
    let headerCount = Int(bytes[0]) | Int(bytes[1]) << 8
    #expect(headerCount.isMultiple(of: 8))
    let header = String(decoding: bytes[8..<(8 + headerCount)], as: UTF8.self)
    #expect(
      header.hasPrefix(
        #"{"flag":{"data_offsets":[8,9],"dtype":"BOOL","shape":[1]},"#
          + #""x":{"data_offsets":[0,8],"dtype":"F32","shape":[2]}}"#))
    #expect(Array(bytes[(8 + headerCount)...]) == [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 1])
  }

  @Test func bytesOfOtherProgramsBoolsAreTrue() throws {
    let folder = try TemporaryFolder()
    let header = #"{"x":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}  "#
    let path = try folder.write(bytes(header: header, data: [7, 0]), to: "model")
    #expect(try Safetensors(path: path).tensor("x", as: Bool.self)?.scalars == [true, false])
  }

  @Test(arguments: [
    (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, "cut"),
    (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, "more bytes"),
    (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "[2] of float32 are 8"),
    (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "does not begin"),
    (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 8, "impossible offsets"),
    (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, 8, "impossible offsets"),
    (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4, "impossible offsets"),
    (#"{"x":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}"#, 4, "type \"F33\" are not read"),
    (#"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "impossible shape"),
    (
      #"{"x":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0,
      "impossible shape"
    ),
    (
      #"{"x":{"dtype":"U8","shape":[1099511627776],"data_offsets":[0,1099511627776]}}"#, 9, "cut"
    ),
    (
      #"{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"#
        + #""y":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, 3, "does not begin"
    ),
    (#"{"x":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}"#, 1, "shape"),
    (#"{"x":{"dtype":"U8","shape":[1e30],"data_offsets":[0,1]}}"#, 1, "JSON"),
    (#"[1]"#, 0, "JSON"), (#"{"x":3}"#, 0, "JSON"), (#"{"x":"#, 0, "JSON"), ("", 0, "JSON"),
    (#"{"__metadata__":{"a":1}}"#, 0, "JSON"),
  ])
  func aFaultyHeaderIsRefused(header: String, dataCount: Int, expected: String) throws {
    let data = [UInt8](repeating: 0, count: dataCount)
    let message = try message(bytes(header: header, data: data))
    #expect(message.contains(expected), "\(message)")
  }

  @Test func aShortOrForeignFileIsRefused() throws {
    #expect(try message([]).contains("not a safetensors file"))
    #expect(try message([1, 2, 3]).contains("not a safetensors file"))
    #expect(try message(Array(repeating: 0xFF, count: 64)).contains("not a safetensors file"))
    #expect(try message([9, 0, 0, 0, 0, 0, 0, 0, 0x7B]).contains("cut"))
    #expect(throws: FileError.self) { try Safetensors(path: "/dev/zero") }
  }

  /// Two numbers of 8 bits before and after a tensor that is read.
  private static let withOtherTypes =
    #"{"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]},"#
    + #""b":{"dtype":"U8","shape":[3],"data_offsets":[2,5]},"#
    + #""c":{"dtype":"C64","shape":[1],"data_offsets":[5,13]}}"#

  @Test func aTypeThatIsNotReadIsNamedWithThoseThatAre() throws {
    let data = [UInt8](1...13)
    #expect(
      try message(bytes(header: Self.withOtherTypes, data: data))
        == "tensor \"a\": elements of type \"F8_E4M3\" are not read; those that are: "
        + "BOOL, U8, U16, U32, U64, I8, I16, I32, I64, F16, BF16, F32, F64")
  }

  @Test func tensorsThatAreNotAskedForMayHaveAnyType() throws {
    let folder = try TemporaryFolder()
    let whole = bytes(header: Self.withOtherTypes, data: [UInt8](1...13))
    let path = try folder.write(whole, to: "model")
    let read = try Safetensors(path: path, only: ["b", "d"])
    #expect(read.names == ["b"] && read.tensor("b", as: UInt8.self)?.scalars == [3, 4, 5])
    #expect(try Safetensors(path: path, only: []).names.isEmpty)
    for (names, type) in [(["a", "b"], "F8_E4M3"), (["c"], "C64")] {
      let error = #expect(throws: FileError.self) { try Safetensors(path: path, only: Set(names)) }
      #expect(error?.message.contains("elements of type \"\(type)\"") == true)
    }
    // The rest of the file is checked as ever.
    let cut = try folder.write(Array(whole.dropLast()), to: "cut")
    let error = #expect(throws: FileError.self) { try Safetensors(path: cut, only: ["b"]) }
    #expect(error?.message == "the file is cut: it ends inside tensor \"c\"")
    for (header, fault) in [
      (#"{"a":{"dtype":"F4","shape":[2],"data_offsets":[1,0]}}"#, "impossible offsets [1, 0]"),
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}"#, "1 bytes, but [2] of uint8 are 2"
      ),
    ] {
      let path = try folder.write(bytes(header: header, data: [0]), to: "other")
      let error = #expect(throws: FileError.self) { try Safetensors(path: path, only: []) }
      #expect(error?.message == "tensor \"a\": \(fault)")
    }
  }

  @Test func everyElementTypeHasItsName() {
    for raw: UInt8 in 0...12 {
      guard let dtype = DType(rawValue: raw) else { continue }
      #expect(DType(safetensorsName: dtype.safetensorsName) == dtype)
    }
    #expect(DType(safetensorsName: "F64") == .float64)
    #expect(DType(safetensorsName: "BF16") == .bfloat16)
  }

  @Test(arguments: ["2.0", "2e0", "0.2e1", "2E+0", "2.5"])
  func anExtentThatIsNotWrittenAsAnIntegerIsRefused(extent: String) throws {
    let shape = #"{"x":{"dtype":"U8","shape":[\#(extent)],"data_offsets":[0,2]}}"#
    let offset = #"{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,\#(extent)]}}"#
    for header in [shape, offset] {
      let message = try message(bytes(header: header, data: [1, 2]))
      #expect(message.contains("JSON"), "\(message)")
      if extent != "2.5" {
        #expect(message.contains("the number \(extent) where an integer should be"))
      }
    }
  }

  @Test(arguments: [
    "true", "null", "\"2\"", "1e400", "-1", "99999999999999999999", "18446744073709551615", "[2]",
    "{}",
  ])
  func anExtentThatIsNoneIsRefused(extent: String) throws {
    let header = #"{"x":{"dtype":"U8","shape":[\#(extent)],"data_offsets":[0,2]}}"#
    #expect(throws: FileError.self) {
      let folder = try TemporaryFolder()
      _ = try Safetensors(path: folder.write(bytes(header: header, data: [1, 2]), to: "model"))
    }
  }

  @Test func numbersInNamesAndTextsAreNoFault() throws {
    let folder = try TemporaryFolder()
    var file = Safetensors()
    file.metadata = ["v": "2.0 \\\" -1e5"]
    file.insert(Tensor<Float>([1]), as: "x2.0\"e: 1.5{")
    try file.write(to: folder.file("model"))
    let read = try Safetensors(path: folder.file("model"))
    #expect(read.names == ["x2.0\"e: 1.5{"] && read.metadata == file.metadata)
  }

  @Test func aNameThatOccursTwiceIsRefused() throws {
    func header(_ first: String, _ second: String) -> String {
      #"{"\#(first)":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
        + #""\#(second)":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#
    }
    for (first, second) in [("x", "x"), ("\u{E9}", "e\u{301}"), ("\u{E9}", #"\u00e9"#)] {
      let message = try message(bytes(header: header(first, second), data: [1, 2]))
      #expect(message.contains("a name twice"), "\(message)")
    }
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes(header: header("x", "y"), data: [1, 2]), to: "model")
    #expect(try Safetensors(path: path).names == ["x", "y"])
  }

  // MARK: What is not written

  private func expectRefusal(
    _ message: String, _ change: (inout Safetensors) throws -> Void
  ) throws {
    let folder = try TemporaryFolder()
    var file = Safetensors()
    file.insert(Tensor<Float>([1]), as: "good")
    try file.write(to: folder.file("model"))
    let before = try folder.read("model")
    try change(&file)
    let error = try #require(throws: FileError.self) { try file.write(to: folder.file("model")) }
    #expect(error.message.contains(message), "\(error)")
    #expect(try folder.read("model") == before, "the good file stays")
    #expect(folder.names == ["model"])
  }

  @Test func aFailedTensorIsNeverWritten() throws {
    try expectRefusal("tensor \"product\" is of an operation that failed") { file in
      _ = try? checked {
        file.insert(matmul(Tensor<Float>.ones([2, 3]), Tensor<Float>.ones([2, 3])), as: "product")
      }
    }
    try expectRefusal("tensor \"good\" is of an operation that failed") { file in
      _ = try? checked { file.insert(Tensor<Float>([1, 2]).reshaped(to: [3]), as: "good") }
    }
    // Another tensor of that name replaces it.
    let folder = try TemporaryFolder()
    var file = Safetensors()
    _ = try? checked { file.insert(Tensor<Float>([1, 2]).reshaped(to: [3]), as: "x") }
    #expect(file.names.isEmpty && file.layout(of: "x") == nil)
    file.insert(Tensor<Float>([5]), as: "x")
    try file.write(to: folder.file("model"))
    #expect(try Safetensors(path: folder.file("model")).tensor("x", as: Float.self)?.scalars == [5])
  }

  @Test func theFormatsOwnNameIsNoTensors() throws {
    try expectRefusal("a tensor cannot be called __metadata__") { file in
      file.insert(Tensor<Float>([1]), as: "__metadata__")
    }
  }

  @Test func aHeaderTooLongToBeReadIsNotWritten() throws {
    try expectRefusal("too many to read") { file in
      file.metadata["x"] = String(repeating: "y", count: 100_000_001)
    }
  }
}
