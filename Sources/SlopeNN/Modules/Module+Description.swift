extension Module {
  /// The module's type and the modules in it, one per line, as PyTorch prints them.
  ///
  /// Each is listed under the name that the names of its parameters begin with:
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
    // Modules that hold each other would be described without end.
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
