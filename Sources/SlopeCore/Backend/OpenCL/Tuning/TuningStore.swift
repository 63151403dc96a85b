#if OpenCL
  import Glibc

  /// The tuning mode that the environment variable SLOPE_TUNING sets.
  package enum TuningMode: String, CaseIterable, Sendable {
    /// Stored plans are not used, and none are made.
    case off
    /// Stored plans are used; `mltrain fit` makes them for GPUs if training is long.
    case auto
    /// The same, for any training on an OpenCL device.
    case always

    /// The mode that the environment names; nil if the name is unknown.
    package static var current: TuningMode? {
      guard let name = getenv("SLOPE_TUNING").map({ String(cString: $0) }), !name.isEmpty else {
        return .auto
      }
      return TuningMode(rawValue: name)
    }
  }

  /// The plans that a tuner chose: one file for each device, driver and kernel variant.
  package struct TuningStore: Sendable {
    package let folder: PrivateFolder
    /// Much larger than any file that a tuner writes.
    private static let largestFile = 1 << 20

    package init(_ folder: PrivateFolder) { self.folder = folder }

    /// The plans in `$XDG_CACHE_HOME/slope/tuning`, else in `~/.cache/slope/tuning`.
    ///
    /// Nil if neither is set, or with SLOPE_TUNING=off.
    package static var standard: TuningStore? {
      TuningMode.current == .off ? nil : PrivateFolder.cache("tuning").map(TuningStore.init)
    }

    /// The path of the file for a device.
    package func path(_ key: TuningKey) -> String { "\(folder.path)/\(key.fileName)" }

    /// The plans for a device; none if the file is missing, damaged, old or for another device.
    package func plans(_ key: TuningKey) -> [TunedPlan] {
      guard let bytes = folder.read(key.fileName, atMost: Self.largestFile) else { return [] }
      return TuningFile.plans(bytes, for: key) ?? []
    }

    /// Adds a plan for a device, replacing the one for the same products.
    package func add(_ plan: TunedPlan, _ key: TuningKey) throws(PrivateFolderError) {
      var plans = plans(key).filter { $0.dtype != plan.dtype || $0.products != plan.products }
      plans.append(plan)
      plans.sort { ($0.dtype.rawValue, $0.products.index) < ($1.dtype.rawValue, $1.products.index) }
      try folder.write(TuningFile(key, plans).bytes, to: key.fileName)
    }
  }
#endif
