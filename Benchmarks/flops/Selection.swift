import Slope

/// The selection of `--only` and `--dtype`: whole sections, or single workloads by the names of
/// their results.
struct Selection: Equatable {
  var sections: Set<Section>
  var names: Set<String> = []
  var dtypes = DTypeChoice.usual

  /// The selection by default.
  static let usual = Selection(sections: Set(Section.usual))

  init(sections: Set<Section>) { self.sections = sections }

  /// Reads `NAME[,NAME]`; nil if a name is neither a section's nor a workload's.
  init?(_ text: String) {
    self.init(sections: [])
    for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      if let section = Section(rawValue: name) {
        sections.insert(section)
      } else if Selection.everyName.contains(name) {
        names.insert(name)
      } else {
        return nil
      }
    }
  }

  /// The names of all workloads.
  static let everyName: Set<String> = {
    let size = ArraySize(cacheBytes: 0, memoryBytes: 1 << 32)
    return Set(
      Section.allCases.flatMap { section in
        DType.allCases.flatMap { section.workloads($0, size).map(\.name) }
      })
  }()

  /// The selected workloads that a device with the given types can run.
  ///
  /// They are ordered by section, then by type. A name selects its workload whatever types are
  /// selected.
  func workloads(_ size: ArraySize, on device: [DType]) -> [Workload] {
    let order = dtypes.full + dtypes.brief
    let dtypes = order + DType.allCases.filter { !order.contains($0) }
    return Section.allCases.flatMap { section in
      dtypes.filter { device.contains($0) }.flatMap { dtype in
        let glance = section.glance(dtype, size).map(\.name)
        return section.workloads(dtype, size).filter { workload in
          names.contains(workload.name)
            || sections.contains(section)
              && (self.dtypes.full.contains(dtype)
                || self.dtypes.brief.contains(dtype) && glance.contains(workload.name))
        }
      }
    }
  }

  /// Whether the peak is selected, or one of the workloads is compared with it.
  func needsPeak(_ workloads: [Workload]) -> Bool {
    sections.contains(.peak) || workloads.contains { $0.roof != nil }
  }
}
