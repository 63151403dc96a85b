import Testing

@testable import SlopeData

struct CyclicChecksumTests {
  @Test func theCheckValuesAreThoseOfTheCatalogue() {
    // "check" of the catalogue of parametrised CRC algorithms: the text 123456789.
    let digits = Array("123456789".utf8)
    #expect(CyclicChecksum.zip(digits) == 0xCBF4_3926)
    #expect(CyclicChecksum.castagnoli(digits) == 0xE306_9283)
    #expect(CyclicChecksum.zip([]) == 0 && CyclicChecksum.castagnoli([]) == 0)
    // RFC 3720, B.4: 32 bytes of zeros, of ones, and ascending ones.
    #expect(CyclicChecksum.castagnoli([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CyclicChecksum.castagnoli([UInt8](repeating: 255, count: 32)) == 0x62A8_AB43)
    #expect(CyclicChecksum.castagnoli(Array(0..<32)) == 0x46DD_794E)
  }

  @Test func partsGiveTheCheckOfTheWhole() {
    let bytes = (0..<100).map { UInt8($0 * 37 % 251) }
    for split in 0...100 {
      let first = CyclicChecksum.zip(Array(bytes[..<split]))
      #expect(CyclicChecksum.zip(Array(bytes[split...]), after: first) == CyclicChecksum.zip(bytes))
    }
  }
}
