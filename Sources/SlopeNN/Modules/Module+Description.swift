extension Module {
  /// The type and, a line each, the modules in it under the names that their parameters' begin with,
  /// as PyTorch prints them:
  ///
  /// ```text
  /// Sequential(
  ///   (0): Linear(inFeatures: 8, outFeatures: 64, bias: true)
  ///   (1): ReLU()
  /// )
  /// ```
  public var description: String {
    let type = "\(type(of: self))".prefix { $0 != "<" }
    let open = ModuleDescription.open
    // A module that holds the one that holds it would be described without end.
    if let identity, open.contains(identity) { return type + "(...)" }
    var lines: [String] = []
    ModuleDescription.$open.withValue(open + [identity].compactMap { $0 }) {
      forEachMember { name, value in
        guard let module = value as? any Module else { return }
        lines.append("\n(\(name)): \(module.description)".replacing("\n", with: "\n  "))
      }
    }
    return type + "(" + lines.joined() + (lines.isEmpty ? ")" : "\n)")
  }
}

private enum ModuleDescription {
  /// The modules that are being described.
  @TaskLocal static var open: [ObjectIdentifier] = []
}
