#if OpenCL
  import FoundationEssentials
  package import SlopeCore

  /// A request to the process that tries plans, as one line of JSON.
  struct TuneRequest: Codable {
    var plan: MatMulPlan
    /// The plan to compare with.
    var baseline: MatMulPlan?
    var products: MatMulClass
    var isThorough: Bool
    /// The approximate duration of one turn.
    var seconds: Double
    var fault: TuneFault.Kind?
  }

  /// The reply of the process that tries plans, as one line of JSON.
  struct TuneReply: Codable {
    var rate: MatMulTrial.Rate?
    /// Why there is no rate.
    var problem: String?
  }

  /// A plan that is made to fail, for tests.
  ///
  /// `hang:1` is for the second plan of each class, `wrong:-1` for those that are confirmed.
  package struct TuneFault: Sendable {
    package enum Kind: String, Codable, Sendable {
      case wrong, crash, hang
      /// As `hang`, but the tuner waits as long as for any candidate.
      case stall
    }

    let kind: Kind
    let number: Int
    static let confirmation = -1

    /// The fault that a text names, such as `hang:1`.
    package init?(_ text: String) {
      let parts = text.split(separator: ":")
      guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])),
        let number = Int(parts[1])
      else { return nil }
      (self.kind, self.number) = (kind, number)
    }
  }

  extension Encodable {
    /// The value as one line of JSON.
    func jsonLine() throws -> String {
      String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
    }
  }

  extension Decodable {
    /// The value of a line of JSON.
    init(jsonLine: some StringProtocol) throws {
      self = try JSONDecoder().decode(Self.self, from: Data(jsonLine.utf8))
    }
  }
#endif
