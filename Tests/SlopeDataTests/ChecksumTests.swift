import SlopeCore
import TestSupport
import Testing

@testable import SlopeData

struct ChecksumTests {
  private static func checksum(_ bytes: [UInt8], pieces: Int = .max) -> UInt64 {
    var checksum = Checksum()
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + min(pieces, bytes.count))
      bytes[start..<end].withUnsafeBytes { checksum.update($0) }
      start = end
    }
    return checksum.value
  }

  /// Published values of XXH64 with the seed 0, and of the project's own test: bytes of a generator.
  @Test func itIsXXH64() {
    #expect(Self.checksum([]) == 0xEF46_DB37_51D8_E999)
    #expect(Self.checksum(Array("a".utf8)) == 0xD24E_C4F1_A98C_6E5B)
    #expect(Self.checksum(Array("abc".utf8)) == 0x44BC_2CF5_AD77_0999)
    // From xxHash's sanity check: bytes of a product with the prime 11400714785074694797.
    var (generator, bytes): (UInt64, [UInt8]) = (2_654_435_761, [])
    for _ in 0..<222 {
      bytes.append(UInt8(truncatingIfNeeded: generator >> 56))
      generator &*= 11_400_714_785_074_694_797
    }
    #expect(Self.checksum(Array(bytes.prefix(1))) == 0xE934_A84A_DB05_2768)
    #expect(Self.checksum(Array(bytes.prefix(4))) == 0x9136_A0DC_A574_57EE)
    #expect(Self.checksum(Array(bytes.prefix(14))) == 0x8282_DCC4_994E_35C8)
    #expect(Self.checksum(bytes) == 0xB641_AE8C_B691_C174)
  }

  @Test func piecesMakeNoDifference() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 * $0 + 7) }
    for count in [0, 1, 5, 31, 32, 33, 64, 100, 300] {
      let whole = Self.checksum(Array(bytes.prefix(count)))
      for pieces in [1, 7, 31, 32, 40] {
        #expect(Self.checksum(Array(bytes.prefix(count)), pieces: pieces) == whole)
      }
    }
  }

  @Test func itsTextHasSixteenDigits() {
    var checksum = Checksum()
    #expect(checksum.text == "ef46db3751d8e999")
    checksum.update("abc")
    #expect(checksum.text == "44bc2cf5ad770999")
  }

  // MARK: Files

  private static let sealed: Safetensors = {
    var file = Safetensors()
    file.insert(Tensor<Float>([1, 2]), as: "a")
    file.insert(Tensor<Int8>([3]), as: "b")
    file.metadata["text"] = "some"
    file.seal()
    return file
  }()

  private static func fault(_ change: (inout Safetensors) -> Void) -> String? {
    var file = sealed
    change(&file)
    do {
      try file.checkIntegrity(of: "file")
      return nil
    } catch { return "\(error)" }
  }

  @Test func aSealedFileShowsEveryChange() throws {
    #expect(Self.fault { _ in } == nil)
    #expect(Self.sealed.metadata["slope.checksum"]?.count == 16)
    let changes: [(inout Safetensors) -> Void] = [
      { $0.insert(Tensor<Float>([1, 2.0000002]), as: "a") },
      { $0.insert(Tensor<Float>([[1], [2]]), as: "a") },
      { $0.insert(Tensor<UInt8>([3]), as: "b") },
      { $0.insert(Tensor<UInt8>([3]), as: "c") },
      { $0.metadata["text"] = "same" },
      { $0.metadata["more"] = "" },
      { $0.metadata["text"] = nil },
      { $0.metadata["slope.checksum"] = "0" },
    ]
    for (index, change) in changes.enumerated() {
      #expect(
        Self.fault(change)?.hasPrefix("file: damaged: the checksum of its contents is ") == true,
        "change \(index)")
    }
    // Names of other lengths with the same bytes in a row.
    var (first, second) = (Safetensors(), Safetensors())
    first.metadata = ["ab": "c"]
    second.metadata = ["a": "bc"]
    first.seal()
    second.seal()
    #expect(first.metadata["slope.checksum"] != second.metadata["slope.checksum"])
  }

  @Test func aChecksumMayBeMissing() {
    #expect(Self.fault { $0.metadata["slope.checksum"] = nil } == nil)
    var file = Self.sealed
    file.metadata["slope.checksum"] = nil
    let error = #expect(throws: FileError.self) {
      try file.checkIntegrity(of: "file", isRequired: true)
    }
    #expect(error?.message == "damaged: its checksum is missing")
  }

  @Test func elementsAreFiniteOrNot() {
    var file = Safetensors()
    file.insert(Tensor<Float>([1, -2, .greatestFiniteMagnitude]), as: "a")
    file.insert(Tensor<Float>([1, 2, .nan]), as: "b")
    file.insert(Tensor<Double>([-.infinity]), as: "c")
    file.insert(Tensor<Double>([1e308, 0]), as: "d")
    file.insert(Tensor<Int>([7]), as: "e")
    #expect(
      ["a", "b", "c", "d", "e", "f"].map(file.isFinite) == [true, false, false, true, true, true])
  }

  @Test func partsHaveNamesAfterAPrefix() throws {
    var whole = Safetensors()
    whole.insert(Self.sealed, under: "x.")
    #expect(whole.names == ["x.a", "x.b"] && whole.metadata["x.text"] == "some")
    whole.insert(Tensor<Float>([7]), as: "y.a")
    let part = whole.part(under: "x.")
    #expect(part.names == ["a", "b"] && part.metadata["text"] == "some")
    #expect(part.tensor("a", as: Float.self)?.scalars == [1, 2])
    try part.checkIntegrity(of: "part", isRequired: true)
  }
}
