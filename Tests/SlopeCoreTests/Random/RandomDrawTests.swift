import CKernels
import Glibc
import TestSupport
import Testing

@testable import SlopeCore

/// Draws by Philox on the CPU, on the reference and on OpenCL devices.
@Suite(.serialized) struct RandomDrawTests {
  static let dtypes: [DType] = [.float16, .bfloat16, .float32, .float64]
  private static let key: UInt64 = 0x0123_4567_89AB_CDEF

  private static let draws: [RandomDraw.Numbers] = [
    .mask(keep: 0.75), .uniform(from: 0, to: 1), .uniform(from: -2, to: 3),
    .normal(mean: 0, standardDeviation: 1), .normal(mean: -3, standardDeviation: 2.5),
  ]

  /// The vectors of Random123, `philox4x32 10` in kat_vectors.
  @Test(
    arguments: [
      (0, 0, 0, [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]),
      (.max, .max, .max, [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]),
      (
        0x299F_31D0_A409_3822, 0x85A3_08D3_243F_6A88, 0x0370_7344_1319_8A2E,
        [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]
      ),
    ] as [(UInt64, UInt64, UInt64, [UInt32])])
  func blocksAreThePublishedVectors(key: UInt64, low: UInt64, high: UInt64, expected: [UInt32]) {
    var words = [UInt32](repeating: 0, count: 4)
    slope_philox(key, low, high, &words)
    #expect(words == expected)
  }

  /// The elements of a draw as bits of its type.
  private static func bits(
    _ numbers: RandomDraw.Numbers, _ dtype: DType, _ count: Int, on backend: any Backend,
    block: UInt64 = 0xFFFF_FFF0, source: Value? = nil
  ) throws -> [UInt64] {
    let size = dtype.byteCount
    let buffer = try #require(backend.allocate(byteCount: count * size))
    if count > 0 {
      backend.draw(
        RandomDraw(numbers, key: key, block: block), source: source, count: count,
        output: Output(buffer, dtype))
    }
    return Value(Layout([count]), dtype, buffer).bits
  }

  @Test(arguments: dtypes) func everyLevelEqualsTheReference(dtype: DType) throws {
    // The reference's normals come from the C library.
    let unit: Double =
      switch dtype {
      case .float16: 0x1p-10
      case .bfloat16: 0x1p-7
      case .float32: 1e-6
      default: 1e-14
      }
    for numbers in Self.draws {
      for count in [1, 2, 3, 4, 5, 7, 31, 32, 33, 1023, 1025, 2050] {
        let expected = try Self.bits(numbers, dtype, count, on: ReferenceBackend.shared)
        try forEachLevel { level in
          let drawn = try Self.bits(numbers, dtype, count, on: CPUBackend.shared)
          guard case .normal = numbers else {
            #expect(drawn == expected, "\(numbers) [\(count)] level \(level)")
            return
          }
          let isClose = zip(drawn, expected).allSatisfy { one, other in
            let (a, b) = (dtype.number(one), dtype.number(other))
            return abs(a - b) <= unit * max(abs(b), 4)
          }
          #expect(isClose, "\(numbers) [\(count)] level \(level)")
        }
      }
    }
  }

  @Test(arguments: dtypes) func levelsAndThreadsGiveTheSameBits(dtype: DType) throws {
    let before = Device.cpuThreadCount
    defer { Device.cpuThreadCount = before }
    for numbers in Self.draws {
      Device.cpuThreadCount = 1
      let expected = try Self.bits(numbers, dtype, 70_001, on: CPUBackend.shared)
      try forEachLevel { level in
        for threads in [1, 2, 5] {
          Device.cpuThreadCount = threads
          let drawn = try Self.bits(numbers, dtype, 70_001, on: CPUBackend.shared)
          #expect(drawn == expected, "\(numbers) level \(level), \(threads) threads")
        }
      }
    }
  }

  @Test(arguments: dtypes) func aMaskMultipliesItsSource(dtype: DType) throws {
    let source = try #require(
      Value.filledByFloats([2, 33], dtype, on: CPUBackend.shared, for: "test") {
        for index in $0.indices { $0.initializeElement(at: index, to: Float(index) / 8 - 4) }
      } as Value?)
    let mask = try Self.bits(.mask(keep: 0.3), dtype, 66, on: CPUBackend.shared)
    let expected = zip(source.bits, mask).map { dtype.number($0) * dtype.number($1) }
    try forEachLevel { _ in
      let masked = try Self.bits(
        .mask(keep: 0.3), dtype, 66, on: CPUBackend.shared, source: source)
      for (one, other) in zip(masked, expected) {
        #expect(abs(dtype.number(one) - other) <= abs(other) * 0x1p-8)
      }
      let again = try Self.bits(
        .mask(keep: 0.3), dtype, 66, on: ReferenceBackend.shared,
        source: source.moved(to: ReferenceBackend.shared))
      #expect(masked == again)
    }
  }

  /// How often elements are kept, and by which factor.
  @Test func masksKeepWhatTheirProbabilitySays() throws {
    #expect(RandomDraw(.mask(keep: 0.75), key: 0, block: 0).limit == 3 << 30)
    #expect(RandomDraw(.mask(keep: 1), key: 0, block: 0).limit == 1 << 32)
    #expect(RandomDraw(.mask(keep: 0), key: 0, block: 0).limit == 0)
    #expect(RandomDraw(.uniform(from: 0, to: 1), key: 0, block: 0).limit == 0)
    for dtype in Self.dtypes {
      for (keep, factor) in [(0.0, 0.0), (1, 1), (0.5, 2), (0.125, 8)] {
        let numbers = try Self.bits(.mask(keep: keep), dtype, 40_000, on: CPUBackend.shared)
          .map { dtype.number($0) }
        #expect(Set(numbers).isSubset(of: [0, factor]))
        let kept = Double(numbers.count { $0 != 0 }) / 40_000
        // Four standard deviations.
        #expect(abs(kept - keep) <= 4 * (keep * (1 - keep) / 40_000).squareRoot())
      }
    }
    // The same elements in every type.
    let masks = try Self.dtypes.map { dtype in
      try Self.bits(.mask(keep: 0.5), dtype, 999, on: CPUBackend.shared).map { $0 != 0 }
    }
    #expect(masks.allSatisfy { $0 == masks[0] })
  }

  /// The first word of the key 0 is 0x6627E8D5.
  @Test func wordsBelowTheLimitAreKept() throws {
    var backends: [any Backend] = [CPUBackend.shared, ReferenceBackend.shared]
    #if OpenCL
      if let best = try OpenCLDescription.all().first {
        backends.append(try OpenCLBackend(best, cache: nil))
      }
    #endif
    for backend in backends {
      for (word, isKept) in [(0x6627_E8D5, false), (0x6627_E8D6, true)] {
        let buffer = try #require(backend.allocate(byteCount: 4))
        backend.draw(
          RandomDraw(.mask(keep: Double(word) / 0x1p32), key: 0, block: 0), source: nil, count: 1,
          output: Output(buffer, .float32))
        let element = Value(Layout([1]), .float32, buffer).bits[0]
        #expect((element != 0) == isKept, "\(backend.name)")
      }
    }
  }

  @Test(arguments: dtypes) func uniformNumbersStayBelowTheEnd(dtype: DType) throws {
    let numbers = try Self.bits(.uniform(from: 1, to: 1.5), dtype, 100_000, on: CPUBackend.shared)
      .map { dtype.number($0) }
    #expect(numbers.allSatisfy { (1..<1.5).contains($0) })
    #expect(abs(numbers.reduce(0, +) / 100_000 - 1.25) < 0.005)
  }

  @Test(arguments: [DType.float32, .float64]) func normalsHaveTheirMoments(dtype: DType) throws {
    let count = 200_000
    let numbers = try Self.bits(
      .normal(mean: 0, standardDeviation: 1), dtype, count, on: CPUBackend.shared
    ).map { dtype.number($0) }
    func moment(_ power: Double) -> Double {
      numbers.reduce(0) { $0 + pow($1, power) } / Double(count)
    }
    // Four standard deviations of each mean: of x¹ … x⁴ they are 1, √2, √15 and √96.
    let scale = 4 / Double(count).squareRoot()
    #expect(abs(moment(1)) < scale && abs(moment(2) - 1) < scale * 2.0.squareRoot())
    #expect(abs(moment(3)) < scale * 15.0.squareRoot())
    #expect(abs(moment(4) - 3) < scale * 96.0.squareRoot())
    // Neighbours, a pair of one length and one turn, are uncorrelated.
    let products = stride(from: 0, to: count, by: 2).reduce(0) {
      $0 + numbers[$1] * numbers[$1 + 1]
    }
    #expect(abs(products / Double(count / 2)) < scale * 2.0.squareRoot())
  }

  #if OpenCL
    @Test(.enabled(if: (try? OpenCLDescription.all().first) != nil))
    func devicesDrawWithoutUploads() throws {
      let best = try #require(try OpenCLDescription.all().first)
      let device = Device(try OpenCLBackend(best, cache: nil))
      let generator = Generator(seed: 1, algorithm: .philox)
      let x = Parameter(Tensor<Float>.ones([300], on: device))
      let before = device.statistics
      let noise = Tensor<Float>.normal([300], generator: generator, on: device)
      let y = x.tensor.dropout(p: 0.5, generator: generator) * noise
      y.sum().backward()
      let after = device.statistics
      #expect(after.uploads == before.uploads && after.downloads == before.downloads)
      #expect(Set(try #require(x.grad).scalars.map { $0 == 0 }) == [false, true])
    }

    @Test(.enabled(if: (try? OpenCLDescription.all().first) != nil), arguments: dtypes)
    func devicesGiveTheSameBits(dtype: DType) throws {
      let best = try #require(try OpenCLDescription.all().first)
      for variant in KernelVariant.allCases {
        let device = try OpenCLBackend(best, variant: variant, cache: nil)
        guard dtype != .float64 || device.hasDouble else { continue }
        for numbers in Self.draws {
          for count in [1, 6, 1027, 70_001] {
            #expect(
              try Self.bits(numbers, dtype, count, on: device)
                == Self.bits(numbers, dtype, count, on: CPUBackend.shared),
              "\(numbers) [\(count)] \(variant)")
          }
        }
        // A source that begins within its memory.
        let source = Value.filledByFloats([5, 401], dtype, on: CPUBackend.shared, for: "test") {
          for index in $0.indices { $0.initializeElement(at: index, to: Float(index) / 64 - 9) }
        }
        func rows(_ backend: any Backend) -> Value {
          source.moved(to: backend).sliced(
            Slice(source.shape, axis: 0, from: 1, count: 3))
        }
        #expect(
          try Self.bits(.mask(keep: 0.3), dtype, 1203, on: device, source: rows(device))
            == Self.bits(
              .mask(keep: 0.3), dtype, 1203, on: CPUBackend.shared,
              source: rows(CPUBackend.shared)))
      }
    }
  #endif
}

extension Value {
  /// The elements as the bits of their type.
  fileprivate var bits: [UInt64] {
    var bytes = [UInt8](repeating: 0, count: count * dtype.byteCount)
    bytes.withUnsafeMutableBytes { download(into: $0) }
    return bytes.withUnsafeBytes { bytes in
      (0..<count).map { index in
        let place = index * dtype.byteCount
        return switch dtype.byteCount {
        case 2: UInt64(bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self))
        case 4: UInt64(bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        default: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        }
      }
    }
  }
}

extension DType {
  /// The number with the given bits in a floating type.
  fileprivate func number(_ bits: UInt64) -> Double {
    switch self {
    case .float16: Double(Float16(bitPattern: UInt16(bits)))
    case .bfloat16: Double(Float(bitPattern: UInt32(bits) << 16))
    case .float32: Double(Float(bitPattern: UInt32(bits)))
    default: Double(bitPattern: bits)
    }
  }
}
