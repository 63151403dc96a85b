#if OpenCL
  import Glibc

  /// What the environment's SLOPE_TUNING asks for.
  package enum TuningMode: String, CaseIterable, Sendable {
    /// Stored plans are not used, and none are made.
    case off
    /// Stored plans are used; `mltrain fit` makes them for GPUs where training is long.
    case auto
    /// The same, for any training on an OpenCL device.
    case always

    /// The mode by its name in the environment; nil where the name is none.
    package static var current: TuningMode? {
      guard let name = getenv("SLOPE_TUNING").map({ String(cString: $0) }), !name.isEmpty else {
        return .auto
      }
      return TuningMode(rawValue: name)
    }
  }

  /// The plans that a tuner chose, one file to a device, its driver and variant of kernels.
  package struct TuningStore: Sendable {
    package let folder: PrivateFolder
    /// No file that a tuner writes comes near it.
    private static let largestFile = 1 << 20

    package init(_ folder: PrivateFolder) { self.folder = folder }

    /// `$XDG_CACHE_HOME/slope/tuning`; nil where there is no such place, and with SLOPE_TUNING=off.
    package static var standard: TuningStore? {
      TuningMode.current == .off ? nil : PrivateFolder.cache("tuning").map(TuningStore.init)
    }

    /// The path of the file for a device.
    package func path(_ key: TuningKey) -> String { "\(folder.path)/\(key.fileName)" }

    /// The plans for a device; none where the file is missing, damaged, old or another device's.
    package func plans(_ key: TuningKey) -> [TunedPlan] {
      guard let bytes = folder.read(key.fileName, atMost: Self.largestFile) else { return [] }
      return TuningFile.plans(bytes, for: key) ?? []
    }

    /// Adds a plan to those for a device, in the place of the one for the same products.
    package func add(_ plan: TunedPlan, _ key: TuningKey) throws(PrivateFolderError) {
      var plans = plans(key).filter { $0.dtype != plan.dtype || $0.products != plan.products }
      plans.append(plan)
      plans.sort { ($0.dtype.rawValue, $0.products.index) < ($1.dtype.rawValue, $1.products.index) }
      try folder.write(TuningFile(key, plans).bytes, to: key.fileName)
    }
  }
#endif
