#if OpenCL
  import ArgumentParser
  import SlopeCore
  import SlopeTuning

  extension DType: ExpressibleByArgument {
    /// The names of all.
    public static var allValueStrings: [String] { allCases.map(\.name) }

    /// Its name.
    public var defaultValueDescription: String { name }

    /// An element type by its name.
    public init?(argument: String) {
      guard let dtype = DType.allCases.first(where: { $0.name == argument }) else { return nil }
      self = dtype
    }
  }

  extension MatMulClass: ExpressibleByArgument {}

  extension TuneFault: ExpressibleByArgument {
    /// A fault by its name and place.
    public init?(argument: String) { self.init(argument) }
  }
#endif
