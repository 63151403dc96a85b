import FoundationEssentials
import SlopeCore
import TestSupport
import Testing

@testable import SlopeData

/// Files that NumPy wrote (tools/make-npy-cases.py), and files for it.
struct NumpyArrayTests {
  private struct Cases: Decodable {
    struct Case: Decodable {
      let name: String
      let dtype: String
      let shape: [Int]
      let elements: [String]
      let file: Data
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
        Cases.self, from: Data(try readFile(packageFile("Tests/Fixtures/npy-cases.json"))))
    } catch { preconditionFailure("npy-cases.json: \(error)") }
  }()

  private static func read(_ bytes: some Sequence<UInt8>) throws -> NumpyArray {
    let folder = try TemporaryFolder()
    return try NumpyArray(path: try folder.write(Array(bytes), to: "array.npy"))
  }

  /// The elements as NumPy's are told: integers, or Doubles.
  private static func elements(_ array: NumpyArray) -> [String] {
    func integers<Element: TensorElement & BinaryInteger>(_: Element.Type) -> [String] {
      array.tensor(as: Element.self)?.scalars.map { "\($0)" } ?? []
    }
    func numbers<Element: FloatingElement>(_: Element.Type) -> [String] {
      array.tensor(as: Element.self)?.scalars.map { "\($0.doubleValue)" } ?? []
    }
    switch array.dtype {
    case .bool: return array.tensor(as: Bool.self)?.scalars.map { $0 ? "1" : "0" } ?? []
    case .uint8: return integers(UInt8.self)
    case .uint16: return integers(UInt16.self)
    case .uint32: return integers(UInt32.self)
    case .uint64: return integers(UInt64.self)
    case .int8: return integers(Int8.self)
    case .int16: return integers(Int16.self)
    case .int32: return integers(Int32.self)
    case .int64: return integers(Int.self)
    case .float16: return numbers(Float16.self)
    case .bfloat16: return numbers(BFloat16.self)
    case .float32: return numbers(Float.self)
    case .float64: return numbers(Double.self)
    }
  }

  private static func isEqual(_ found: String, _ wanted: String) -> Bool {
    if found == wanted { return true }
    guard let found = Double(found), let wanted = Double(wanted) else { return false }
    return found.bitPattern == wanted.bitPattern
  }

  @Test func whatNumPyWroteIsRead() throws {
    #expect(Self.all.cases.count > 50)
    for wanted in Self.all.cases {
      let array = try Self.read(wanted.file)
      #expect(array.dtype.name == wanted.dtype && array.shape == wanted.shape, "\(wanted.name)")
      let elements = Self.elements(array)
      #expect(
        elements.count == wanted.elements.count
          && zip(elements, wanted.elements).allSatisfy { Self.isEqual($0, $1) },
        "\(wanted.name): \(elements)")
    }
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    for wanted in Self.all.cases {
      let array = try Self.read(wanted.file)
      let folder = try TemporaryFolder()
      try array.write(to: folder.file("array.npy"))
      let again = try NumpyArray(path: folder.file("array.npy"))
      #expect(again.dtype == array.dtype && again.shape == array.shape, "\(wanted.name)")
      #expect(again.bytes == array.bytes, "\(wanted.name)")
    }
  }

  @Test func aFileIsAsNumPyHasIt() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("array.npy")
    func written(_ array: NumpyArray) throws -> (header: String, bytes: [UInt8]) {
      try array.write(to: path)
      let bytes = try folder.read("array.npy")
      #expect(bytes.prefix(8) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
      let count = Int(bytes[8]) + 256 * Int(bytes[9])
      // The elements begin at a multiple of 64, after a line feed.
      #expect((10 + count).isMultiple(of: 64) && bytes[9 + count] == 0x0A)
      return (
        String(decoding: bytes[10..<(9 + count)], as: UTF8.self), Array(bytes[(10 + count)...])
      )
    }
    let (header, bytes) = try written(NumpyArray(Tensor<UInt16>([[1, 258], [3, 4]])))
    #expect(
      header.trimmed == "{'descr': '<u2', 'fortran_order': False, 'shape': (2, 2), }")
    #expect(bytes == [1, 0, 2, 1, 3, 0, 4, 0])
    #expect(
      try written(NumpyArray(Tensor<BFloat16>([1]))).header.trimmed
        == "{'descr': '<V2', 'fortran_order': False, 'shape': (1,), }")
    #expect(
      try written(NumpyArray(Tensor<Bool>(shape: [], scalars: [true], on: .cpu))).header.trimmed
        == "{'descr': '|b1', 'fortran_order': False, 'shape': (), }")
    // Views are written as they are seen.
    let view = Tensor<Int32>([[1, 2, 3], [4, 5, 6]]).transposed()[1...]
    try NumpyArray(view).write(to: path)
    let array = try NumpyArray(path: path)
    #expect(array.shape == [2, 2] && array.tensor(as: Int32.self)?.scalars == [2, 5, 3, 6])
    #expect(array.tensor(as: Int.self) == nil && array.tensor(as: Float.self) == nil)
  }

  @Test func whatNoTensorHasIsRefused() throws {
    #expect(Self.all.refused.count > 30)
    for wanted in Self.all.refused {
      let error = #expect(throws: FileError.self, "\(wanted.message)") {
        try Self.read(wanted.file)
      }
      #expect(error?.message.contains(wanted.message) == true, "\(error?.message ?? "")")
    }
  }

  @Test func noCutOrChangeEndsTheProcess() throws {
    let whole = Array(Self.all.cases.first { $0.name == "float32 columns first" }?.file ?? Data())
    let folder = try TemporaryFolder()
    for count in 0..<whole.count {
      try folder.write(Array(whole.prefix(count)), to: "array.npy")
      #expect(throws: FileError.self) { try NumpyArray(path: folder.file("array.npy")) }
    }
    for place in 0..<128 {
      for flip: UInt8 in [1, 2, 4, 8, 16, 32, 64, 128] {
        var bytes = whole
        bytes[place] ^= flip
        try folder.write(bytes, to: "array.npy")
        // Some are other arrays.
        if let array = try? NumpyArray(path: folder.file("array.npy")) {
          #expect(array.bytes.count == array.shape.reduce(array.dtype.byteCount, *))
        }
      }
    }
  }

  @Test func aFailedTensorIsNotWritten() throws {
    let folder = try TemporaryFolder()
    // The scope throws the operation's error, which was the first.
    var array: NumpyArray?
    #expect(throws: TensorError.self) {
      try checked { array = NumpyArray(Tensor<Float>([1, 2]) + Tensor<Float>([1, 2, 3])) }
    }
    let failed = try #require(array)
    #expect(failed.tensor(as: Float.self) == nil)
    let error = #expect(throws: FileError.self) { try failed.write(to: folder.file("array.npy")) }
    #expect(error?.message == "not written: the tensor is of an operation that failed")
    #expect(folder.names.isEmpty)
  }
}

extension String {
  fileprivate var trimmed: String {
    String(self[...(lastIndex { $0 != " " } ?? startIndex)])
  }
}
