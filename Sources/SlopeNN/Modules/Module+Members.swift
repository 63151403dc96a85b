extension Module {
  /// Calls `body` with the name and value of each stored property.
  ///
  /// The members of arrays, tuples, dictionaries and optionals are visited in their place, under
  /// names such as `heads.0`. All names begin with `name`.
  func forEachMember(of name: String = "", _ body: (String, Any) -> Void) {
    visitChildren(of: Mirror(reflecting: self), name: name, body)
  }

  /// The identity of the instance, if the module's type is a class.
  var identity: ObjectIdentifier? {
    type(of: self) is AnyClass ? ObjectIdentifier(self as AnyObject) : nil
  }
}

private func visit(_ value: Any, name: String, _ body: (String, Any) -> Void) {
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .optional:
    // Its only child is labelled `some`, which is not part of a name.
    for child in mirror.children { visit(child.value, name: name, body) }
  case .collection, .tuple:
    visitChildren(of: mirror, name: name, body)
  case .dictionary:
    visitEntries(of: mirror, name: name, body)
  default:
    body(name, value)
  }
}

private func visitChildren(of mirror: Mirror, name: String, _ body: (String, Any) -> Void) {
  if let superclass = mirror.superclassMirror { visitChildren(of: superclass, name: name, body) }
  for (index, child) in mirror.children.enumerated() {
    visit(child.value, name: join(name, child.label.map(plain) ?? "\(index)"), body)
  }
}

private func visitEntries(of mirror: Mirror, name: String, _ body: (String, Any) -> Void) {
  let entries = mirror.children.compactMap { child -> (key: String, value: Any)? in
    let pair = Array(Mirror(reflecting: child.value).children)
    return pair.count == 2 ? ("\(pair[0].value)", pair[1].value) : nil
  }
  // The order of a dictionary differs from run to run.
  for entry in entries.sorted(by: { $0.key < $1.key }) {
    visit(entry.value, name: join(name, entry.key), body)
  }
}

private func join(_ prefix: String, _ label: String) -> String {
  prefix.isEmpty ? label : prefix + "." + label
}

/// A label without what Swift adds: the dot of a tuple's index, the prefix of a lazy property.
private func plain(_ label: String) -> String {
  let lazyPrefix = "$__lazy_storage_$_"
  if label.hasPrefix(lazyPrefix) { return String(label.dropFirst(lazyPrefix.count)) }
  return label.hasPrefix(".") ? String(label.dropFirst()) : label
}
