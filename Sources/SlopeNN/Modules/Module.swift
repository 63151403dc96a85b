public import SlopeCore

/// Something with parameters: a layer, or a model made of layers.
///
/// Parameters are found by reflection: stored properties that are parameters, modules, or arrays,
/// tuples, dictionaries and optionals of those. A conforming type need do nothing; its description
/// lists the modules in it.
public protocol Module<Element>: CustomStringConvertible {
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
    var seen: Set<ObjectIdentifier> = []
    return storedUnderAllNames(Found.self).filter {
      seen.insert(ObjectIdentifier($0.value)).inserted
    }
  }

  /// The same, each under every name that leads to it.
  func storedUnderAllNames<Found: AnyObject>(_: Found.Type) -> [(name: String, value: Found)] {
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
    for (_, buffer) in namedBuffers() { buffer.move(to: device) }
    return self
  }
}

/// Collects objects of one class and their names from the stored properties of modules.
private struct PropertyFinder<Found: AnyObject> {
  var found: [(name: String, value: Found)] = []
  /// The instances of classes that are being visited, so that one that holds itself ends.
  private var open: Set<ObjectIdentifier> = []

  mutating func visit(_ value: Any, name: String) {
    if let object = value as? Found {
      found.append((name, object))
    } else if let module = value as? any Module {
      if let identity = module.identity, !open.insert(identity).inserted { return }
      module.forEachMember(of: name) { visit($1, name: $0) }
      if let identity = module.identity { open.remove(identity) }
    }
  }
}
