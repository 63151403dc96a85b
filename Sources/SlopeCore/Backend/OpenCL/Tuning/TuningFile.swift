#if OpenCL
  internal import FoundationEssentials

  /// The key of a measured plan: a device, its driver and the source of the kernels.
  package struct TuningKey: Codable, Hashable, Sendable {
    package var name: String
    package var vendor: String
    package var driver: String
    package var platform: String
    package var platformVersion: String
    package var version: String
    /// The kernel variant, `wide` or `simt`.
    package var kernels: String
    /// The checksum of the product's source.
    package var checksum: String

    package init(_ backend: OpenCLBackend) {
      let device = backend.device
      name = device.name
      vendor = device.vendor
      driver = device.driverVersion
      platform = device.platform
      platformVersion = device.platformVersion
      version = device.version
      kernels = backend.variant.rawValue
      checksum = Self.hex(
        OpenCLSource.file(backend.variant == .wide ? "gemm_wide.cl" : "gemm_simt.cl").utf8)
    }

    /// The name of its file, which plans for a later source of the kernels replace.
    package var fileName: String {
      let parts = [name, vendor, driver, platform, platformVersion, version, kernels]
      let readable = name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }.prefix(40)
      return "\(String(readable))-\(kernels)-\(Self.hex(parts.joined(separator: "\0").utf8)).json"
    }

    /// FNV-1a (Fowler, Noll, Vo): distinguishes texts, but is no protection against malice.
    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
      var sum: UInt64 = 0xcbf2_9ce4_8422_2325
      for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3 }
      let digits = String(sum, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
  }

  /// A plan that a tuner chose for one class of products of one element type.
  package struct TunedPlan: Hashable, Sendable {
    package var dtype: DType
    package var products: MatMulClass
    package var plan: MatMulPlan
    /// The measured rates of this plan and of the built-in one; nil if time was short.
    package var gigaflops: Double?
    package var builtInGigaflops: Double?
    /// The time of the measurement, as `2026-01-31T12:00:00Z`.
    package var measured: String

    package init(
      _ dtype: DType, _ products: MatMulClass, _ plan: MatMulPlan, gigaflops: Double?,
      builtInGigaflops: Double?, measured: String
    ) {
      self.dtype = dtype
      self.products = products
      self.plan = plan
      self.gigaflops = gigaflops
      self.builtInGigaflops = builtInGigaflops
      self.measured = measured
    }
  }

  extension MatMulPlan: Codable {
    private enum Key: CodingKey { case kernel, parameters }

    package init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      let kernel = try container.decode(String.self, forKey: .kernel)
      let parameters = try container.decode([String: Int].self, forKey: .parameters)
      guard let plan = MatMulPlan(kernel: kernel, parameters: parameters) else {
        throw DecodingError.dataCorruptedError(
          forKey: .kernel, in: container, debugDescription: "no plan of this library")
      }
      self = plan
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(kernel, forKey: .kernel)
      try container.encode(tiles.parameters, forKey: .parameters)
    }
  }

  extension TunedPlan: Codable {
    private enum Key: CodingKey {
      case dtype, products, plan, gigaflops, builtInGigaflops, measured
    }

    package init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      let name = try container.decode(String.self, forKey: .dtype)
      guard let dtype = DType.allCases.first(where: { $0.name == name }) else {
        throw DecodingError.dataCorruptedError(
          forKey: .dtype, in: container, debugDescription: "no element type")
      }
      self.dtype = dtype
      products = try container.decode(MatMulClass.self, forKey: .products)
      plan = try container.decode(MatMulPlan.self, forKey: .plan)
      gigaflops = try container.decodeIfPresent(Double.self, forKey: .gigaflops)
      builtInGigaflops = try container.decodeIfPresent(Double.self, forKey: .builtInGigaflops)
      measured = try container.decode(String.self, forKey: .measured)
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(dtype.name, forKey: .dtype)
      try container.encode(products, forKey: .products)
      try container.encode(plan, forKey: .plan)
      try container.encodeIfPresent(gigaflops, forKey: .gigaflops)
      try container.encodeIfPresent(builtInGigaflops, forKey: .builtInGigaflops)
      try container.encode(measured, forKey: .measured)
    }
  }

  /// The contents of a file of plans.
  struct TuningFile: Codable {
    static let format = "slope-tuning"
    static let version = 1

    var format = TuningFile.format
    var version = TuningFile.version
    var device: TuningKey
    private var plans: [Entry]

    /// A plan, or nil for an invalid entry: the others are still used.
    private struct Entry: Codable {
      let plan: TunedPlan?

      init(_ plan: TunedPlan) { self.plan = plan }
      init(from decoder: any Decoder) throws { plan = try? TunedPlan(from: decoder) }
      func encode(to encoder: any Encoder) throws { try plan?.encode(to: encoder) }
    }

    init(_ device: TuningKey, _ plans: [TunedPlan]) {
      self.device = device
      self.plans = plans.map(Entry.init)
    }

    /// The plans of a file for a device; nil if it has another version or is for another device.
    static func plans(_ bytes: [UInt8], for device: TuningKey) -> [TunedPlan]? {
      guard let file = try? JSONDecoder().decode(TuningFile.self, from: Data(bytes)),
        file.format == format, file.version == version, file.device == device
      else { return nil }
      return file.plans.compactMap(\.plan)
    }

    var bytes: [UInt8] {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      // Only numbers that are not finite cannot be encoded, and rates are finite.
      guard let data = try? encoder.encode(self) else { return [] }
      return Array(data) + [UInt8(ascii: "\n")]
    }
  }
#endif
