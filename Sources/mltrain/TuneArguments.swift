#if OpenCL
  import ArgumentParser
  import SlopeCore
  import SlopeTuning

  extension DType: ExpressibleByArgument {
    /// The names of all cases.
    public static var allValueStrings: [String] { allCases.map(\.name) }

    /// Nothing beside the names.
    public static var allValueDescriptions: [String: String] { [:] }

    /// The name of the case.
    public var defaultValueDescription: String { name }

    /// The element type of a name.
    public init?(argument: String) {
      guard let dtype = DType.allCases.first(where: { $0.name == argument }) else { return nil }
      self = dtype
    }
  }

  extension MatMulClass: ExpressibleByArgument {}

  extension TuneFault: ExpressibleByArgument {
    /// The fault that a text such as `hang:1` names.
    public init?(argument: String) { self.init(argument) }
  }
#endif
