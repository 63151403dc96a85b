public import SlopeCore

/// Something with parameters: a layer, or a model made of layers.
///
/// Parameters are found by reflection: stored properties that are parameters, modules, or arrays,
/// tuples, dictionaries and optionals of those. A conforming type need do nothing.
public protocol Module<Element> {
  /// The element type of the parameters.
  associatedtype Element: FloatingElement
}

/// A module that turns one tensor into another.
public protocol Layer<Element>: Module {
  /// The layer's output for `input`.
  func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element>
}

extension Module {
  /// The parameters in the order of their declaration, each once.
  public func parameters() -> [Parameter<Element>] { namedParameters().map(\.parameter) }

  /// The parameters with the names that PyTorch's state dictionary gives them, such as `0.weight`
  /// in a `Sequential`, in the order of their declaration, each once.
  public func namedParameters() -> [(name: String, parameter: Parameter<Element>)] {
    stored(Parameter<Element>.self).map { (name: $0.name, parameter: $0.value) }
  }

  /// The buffers with their names, in the order of their declaration, each once.
  public func namedBuffers() -> [(name: String, buffer: ModuleBuffer<Element>)] {
    stored(ModuleBuffer<Element>.self).map { (name: $0.name, buffer: $0.value) }
  }

  /// The objects of a class that are stored in this module and the ones within, each once.
  func stored<Found: AnyObject>(_: Found.Type) -> [(name: String, value: Found)] {
    var finder = PropertyFinder<Found>()
    finder.visit(self, name: "")
    return finder.found
  }
}

extension Module {
  /// Moves every parameter and buffer to another device, and returns the module itself.
  ///
  /// Do it before an optimiser has made its first step: its own state stays where it is.
  @discardableResult
  public func to(_ device: Device) -> Self {
    for parameter in parameters() { parameter.move(to: device) }
    for (_, buffer) in namedBuffers() { buffer.tensor = buffer.tensor.to(device) }
    return self
  }
}

/// Collects objects of one class and their names from the stored properties of modules.
private struct PropertyFinder<Found: AnyObject> {
  var found: [(name: String, value: Found)] = []
  /// Objects found and class instances seen, so that shared ones count once and cycles end.
  private var seen: Set<ObjectIdentifier> = []

  mutating func visit(_ value: Any, name: String) {
    if let object = value as? Found {
      if seen.insert(ObjectIdentifier(object)).inserted { found.append((name, object)) }
      return
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      // Its one child is labelled `some`, which is no part of a name.
      for child in mirror.children { visit(child.value, name: name) }
    case .collection, .tuple:
      visitChildren(of: mirror, name: name)
    case .dictionary:
      visitEntries(of: mirror, name: name)
    default:
      guard value is any Module else { return }
      if mirror.displayStyle == .class {
        guard seen.insert(ObjectIdentifier(value as AnyObject)).inserted else { return }
      }
      visitChildren(of: mirror, name: name)
    }
  }

  private mutating func visitChildren(of mirror: Mirror, name: String) {
    if let superclass = mirror.superclassMirror { visitChildren(of: superclass, name: name) }
    for (index, child) in mirror.children.enumerated() {
      visit(child.value, name: join(name, child.label.map(plain) ?? "\(index)"))
    }
  }

  private mutating func visitEntries(of mirror: Mirror, name: String) {
    let entries = mirror.children.compactMap { child -> (key: String, value: Any)? in
      let pair = Array(Mirror(reflecting: child.value).children)
      return pair.count == 2 ? ("\(pair[0].value)", pair[1].value) : nil
    }
    // A dictionary's own order changes from run to run.
    for entry in entries.sorted(by: { $0.key < $1.key }) {
      visit(entry.value, name: join(name, entry.key))
    }
  }

  private func join(_ prefix: String, _ label: String) -> String {
    prefix.isEmpty ? label : prefix + "." + label
  }

  /// A label without what Swift adds: the dot of a tuple's place, the prefix of a lazy property.
  private func plain(_ label: String) -> String {
    let lazyPrefix = "$__lazy_storage_$_"
    if label.hasPrefix(lazyPrefix) { return String(label.dropFirst(lazyPrefix.count)) }
    return label.hasPrefix(".") ? String(label.dropFirst()) : label
  }
}
