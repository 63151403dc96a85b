import FoundationEssentials
import SlopeCore
import TestSupport
import Testing

@testable import SlopeData

/// Archives that NumPy and zipfile wrote (tools/make-npz-cases.py), and archives for NumPy.
struct NumpyArchiveTests {
  private struct Cases: Decodable {
    struct Array: Decodable {
      let name: String
      let dtype: String
      let shape: [Int]
      let elements: [Double]
    }
    struct Case: Decodable {
      let name: String
      let file: Data
      let arrays: [Array]
    }
    struct Refused: Decodable {
      let message: String
      let file: Data
    }
    let cases: [Case]
    let refused: [Refused]
  }

  private static let all: Cases = {
    do {
      return try JSONDecoder().decode(
        Cases.self, from: Data(try readFile(packageFile("Tests/Fixtures/npz-cases.json"))))
    } catch { preconditionFailure("npz-cases.json: \(error)") }
  }()

  private static func read(_ bytes: some Sequence<UInt8>) throws -> NumpyArchive {
    let folder = try TemporaryFolder()
    return try NumpyArchive(path: try folder.write(Array(bytes), to: "arrays.npz"))
  }

  private static func elements(_ array: NumpyArray) -> [Double] {
    func numbers<Element: TensorElement & BinaryInteger>(_: Element.Type) -> [Double] {
      array.tensor(as: Element.self)?.scalars.map { Double($0) } ?? []
    }
    switch array.dtype {
    case .bool: return array.tensor(as: Bool.self)?.scalars.map { $0 ? 1 : 0 } ?? []
    case .uint8: return numbers(UInt8.self)
    case .int16: return numbers(Int16.self)
    case .int64: return numbers(Int.self)
    case .float32: return array.tensor(as: Float.self)?.scalars.map { Double($0) } ?? []
    default: return []
    }
  }

  @Test func whatNumPyWroteIsRead() throws {
    #expect(Self.all.cases.count > 10)
    for wanted in Self.all.cases {
      let archive = try Self.read(wanted.file)
      #expect(archive.names == wanted.arrays.map(\.name), "\(wanted.name)")
      for wantedArray in wanted.arrays {
        let array = try #require(archive[wantedArray.name])
        #expect(array.dtype.name == wantedArray.dtype && array.shape == wantedArray.shape)
        #expect(Self.elements(array) == wantedArray.elements, "\(wanted.name): \(wantedArray.name)")
      }
    }
  }

  @Test func damagedArchivesAreRefused() throws {
    #expect(Self.all.refused.count > 60)
    for wanted in Self.all.refused {
      let error = #expect(throws: FileError.self, "\(wanted.message)") {
        try Self.read(wanted.file)
      }
      let text = error?.description ?? ""
      #expect(text.contains(wanted.message), "\(wanted.message): \(text)")
      #expect(!text.contains("\n"))
    }
  }

  @Test func noCutOrChangeEndsTheProcess() throws {
    for name in ["numpy.savez_compressed", "sizes of 64 bits"] {
      let whole = Array(Self.all.cases.first { $0.name == name }?.file ?? Data())
      for count in 0..<whole.count {
        #expect(throws: FileError.self) { try Self.read(whole.prefix(count)) }
      }
      for place in whole.indices {
        for flip: UInt8 in [1, 255] {
          var bytes = whole
          bytes[place] ^= flip
          // Some bytes, such as dates, say nothing.
          if let archive = try? Self.read(bytes) { #expect(archive.names.count == 3) }
        }
      }
    }
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("arrays.npz")
    for wanted in Self.all.cases {
      let archive = try Self.read(wanted.file)
      try archive.write(to: path)
      let again = try NumpyArchive(path: path)
      #expect(again.names == archive.names)
      for name in archive.names {
        #expect(again[name]?.bytes == archive[name]?.bytes, "\(wanted.name)")
        #expect(again[name]?.shape == archive[name]?.shape)
      }
    }
  }

  @Test func aFileIsAZipArchive() throws {
    let folder = try TemporaryFolder()
    var archive = NumpyArchive()
    archive["é"] = NumpyArray(Tensor<UInt8>([1, 2, 3]))
    try archive.write(to: folder.file("arrays.npz"))
    let bytes = try folder.read("arrays.npz")
    func number(_ place: Int, _ width: Int) -> Int {
      bytes[place..<(place + width)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    // The file's own header: version 2.0, UTF-8, stored, 1 January 1980.
    #expect(bytes.prefix(4) == [0x50, 0x4B, 3, 4])
    #expect(number(4, 2) == 20 && number(6, 2) == 0x800 && number(8, 2) == 0)
    #expect(number(10, 2) == 0 && number(12, 2) == 33)
    #expect(
      number(18, 4) == 131 && number(22, 4) == 131 && number(26, 2) == 6 && number(28, 2) == 0)
    #expect(String(decoding: bytes[30..<36], as: UTF8.self) == "é.npy")
    let content = Array(bytes[36..<167])
    #expect(content.suffix(3) == [1, 2, 3])
    #expect(number(14, 4) == Int(CyclicChecksum.zip(content)))
    // The directory, with the same numbers, and the record at its end.
    #expect(bytes[167..<171] == [0x50, 0x4B, 1, 2] && number(167 + 42, 4) == 0)
    #expect(bytes[173..<195] == bytes[4..<26].dropFirst(0))
    let end = bytes.count - 22
    #expect(number(end, 4) == 0x0605_4B50 && number(end + 8, 2) == 1 && number(end + 10, 2) == 1)
    #expect(number(end + 16, 4) == 167 && number(end + 12, 4) == end - 167)
  }

  @Test(arguments: [0, 140, 300, 100_000]) func numbersOf64BitsAreReadAgain(limit: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("arrays.npz")
    let arrays = (0..<4).map { NumpyArray(Tensor<UInt8>(Array(0..<UInt8(20 * $0)))) }
    let file = try AtomicFile(path: path)
    var writer = ZipWriter(file, limit: limit)
    for (index, array) in arrays.enumerated() {
      try writer.add("\(index).npy", [array.header, array.bytes])
    }
    try writer.finish()
    try file.commit()
    let archive = try NumpyArchive(path: path)
    #expect(archive.names == ["0", "1", "2", "3"])
    for (name, array) in zip(archive.names, arrays) { #expect(archive[name]?.bytes == array.bytes) }
    let bytes = try folder.read("arrays.npz")
    #expect((bytes.suffix(22)[bytes.count - 6] == 0xFF) == (limit < 100_000))
  }

  @Test func namesKeepTheirPlaces() {
    var archive = NumpyArchive()
    let (one, two) = (NumpyArray(Tensor<Int>([1])), NumpyArray(Tensor<Int>([2])))
    archive["b"] = one
    archive["a"] = one
    archive["b"] = two
    #expect(archive.names == ["b", "a"] && archive["b"]?.tensor(as: Int.self)?.scalars == [2])
    archive["b"] = nil
    archive["c"] = nil
    #expect(archive.names == ["a"] && archive["b"] == nil)
  }

  @Test func whatCannotBeWrittenLeavesNothing() throws {
    let folder = try TemporaryFolder()
    var archive = NumpyArchive()
    archive[String(repeating: "x", count: 65_001)] = NumpyArray(Tensor<Int>([1]))
    var error = #expect(throws: FileError.self) {
      try archive.write(to: folder.file("arrays.npz"))
    }
    #expect(error?.message.hasSuffix("a name that no file of an archive can have") == true)
    var failed = NumpyArchive()
    #expect(throws: TensorError.self) {
      try checked { failed["x"] = NumpyArray(Tensor<Float>([1, 2]) + Tensor<Float>([1, 2, 3])) }
    }
    error = #expect(throws: FileError.self) { try failed.write(to: folder.file("arrays.npz")) }
    #expect(error?.message == "not written: \"x\": the tensor is of an operation that failed")
    #expect(folder.names.isEmpty)
  }
}
