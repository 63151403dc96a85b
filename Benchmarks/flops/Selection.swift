/// What `--only` chose: whole sections, or single workloads by the names of their results.
struct Selection: Equatable {
  var sections: Set<Section>
  var workloads: Set<String> = []

  /// What runs when nothing is named.
  static let usual = Selection(sections: Set(Section.usual))

  init(sections: Set<Section>) { self.sections = sections }

  /// Reads `NAME[,NAME]`; nil where a name is neither a section's nor a workload's.
  init?(_ text: String) {
    self.init(sections: [])
    for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      if let section = Section(rawValue: name) {
        sections.insert(section)
      } else if Section.allCases.contains(where: { $0.workloads.contains { $0.name == name } }) {
        workloads.insert(name)
      } else {
        return nil
      }
    }
  }

  /// The chosen workloads, in the order of the sections.
  var chosen: [Workload] {
    Section.allCases.flatMap { section in
      section.workloads.filter { sections.contains(section) || workloads.contains($0.name) }
    }
  }

  /// Whether the machine's peak is asked for, or one of the workloads is held against it.
  var needsPeak: Bool {
    sections.contains(.peak) || chosen.contains { $0.peak != nil }
  }
}
