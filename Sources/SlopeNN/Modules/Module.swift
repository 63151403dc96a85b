public import SlopeCore

/// Something with parameters: a layer, or a model made of layers.
///
/// A module is a struct or class whose stored properties are parameters, buffers and other modules.
/// A conforming type names its `Element` and implements nothing else. It is called in whatever way
/// suits it; one that maps a single tensor to a tensor is a `Layer`.
///
/// ```swift
/// struct TwoHeads: Module {
///   typealias Element = Float
///   let body = Linear<Float>(4, 8)
///   let heads = [Linear<Float>(8, 3), Linear<Float>(8, 1, bias: false)]
///
///   func callAsFunction(_ x: Tensor<Float>) -> (classes: Tensor<Float>, value: Tensor<Float>) {
///     let hidden = body(x).relu()
///     return (heads[0](hidden), heads[1](hidden))
///   }
/// }
///
/// let model = TwoHeads()
/// let (classes, value) = model(Tensor<Float>.ones([2, 4]))
/// print(classes.shape, value.shape)
/// // [2, 3] [2, 1]
/// print(model.namedParameters().map(\.name))
/// // ["body.weight", "body.bias", "heads.0.weight", "heads.0.bias", "heads.1.weight"]
/// ```
///
/// Parameters, buffers and modes are found by reflection: in stored properties, those of
/// superclasses included, and in arrays, tuples, dictionaries and optionals of them. A property
/// whose type is another struct or class is searched only if that is a module. A parameter is named
/// by the path that leads to it, as in PyTorch's `state_dict`; one that several paths lead to is
/// listed once. The search visits every property, so a training loop should call `parameters()`
/// before the loop.
///
/// `Parameter` is a class. Copies of a module that is a struct therefore share their parameters:
/// training one trains the others. No module is `Sendable` unless its type says so.
///
/// PyTorch's counterpart is `nn.Module`. Nothing is registered here, and an array takes the place
/// of `ModuleList`.
///
/// - SeeAlso: `Layer`, `Sequential`, `Optimizer`; `Safetensors` saves what `state()` returns.
public protocol Module<Element>: CustomStringConvertible {
  /// The element type of the parameters.
  associatedtype Element: FloatingElement
}

/// A module that maps one tensor to another, and that `Sequential` can hold.
///
/// A layer is called like a function. What it computes is recorded as usual, so that the backward
/// pass reaches its parameters. A layer only combines operations, which a device works on after the
/// call has returned: a layer waits for the device only if it reads elements.
///
/// ```swift
/// struct Residual: Layer {
///   typealias Element = Float
///   let first = Linear<Float>(4, 4, bias: false)
///   let second = Linear<Float>(4, 1)
///
///   func callAsFunction(_ input: Tensor<Float>) -> Tensor<Float> {
///     second(input + first(input).relu())
///   }
/// }
///
/// let model = Residual()
/// print(model)
/// // Residual(
/// //   (first): Linear(inFeatures: 4, outFeatures: 4, bias: false)
/// //   (second): Linear(inFeatures: 4, outFeatures: 1, bias: true)
/// // )
/// print(model(Tensor<Float>.ones([2, 4])).shape)
/// // [2, 1]
/// ```
///
/// A generic layer is `struct Residual<Element: FloatingElement>: Layer`, which needs no
/// `typealias`. A layer that computes differently in training and evaluation stores a
/// `TrainingMode`; one with running statistics stores them in a `ModuleBuffer`.
///
/// PyTorch's counterpart is an `nn.Module` with `forward`.
public protocol Layer<Element>: Module {
  /// The layer's output for `input`.
  ///
  /// Each layer documents the shapes. A shape that does not fit is a failure.
  func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element>
}

extension Module {
  /// The parameters in the order of their declaration, each once.
  ///
  /// The objects themselves, not copies. Complexity: visits every stored property of the module and
  /// of the modules in it.
  public func parameters() -> [Parameter<Element>] { namedParameters().map(\.parameter) }

  /// The parameters with their names, in the order of their declaration, each once.
  ///
  /// The names are those of PyTorch's state dictionary, such as `0.weight` in a `Sequential`. A
  /// parameter that is shared has its first name here; `state()` has all of them.
  public func namedParameters() -> [(name: String, parameter: Parameter<Element>)] {
    stored(Parameter<Element>.self).map { (name: $0.name, parameter: $0.value) }
  }

  /// The buffers with their names, in the order of their declaration, each once.
  ///
  /// The objects themselves, not copies, named as parameters are.
  public func namedBuffers() -> [(name: String, buffer: ModuleBuffer<Element>)] {
    stored(ModuleBuffer<Element>.self).map { (name: $0.name, buffer: $0.value) }
  }

  /// The objects of a class that are stored in this module and the modules in it, each once.
  package func stored<Found: AnyObject>(_: Found.Type) -> [(name: String, value: Found)] {
    var seen: Set<ObjectIdentifier> = []
    return storedUnderAllNames(Found.self).filter {
      seen.insert(ObjectIdentifier($0.value)).inserted
    }
  }

  /// The objects of a class, each under every name that leads to it.
  func storedUnderAllNames<Found: AnyObject>(_: Found.Type) -> [(name: String, value: Found)] {
    var finder = PropertyFinder<Found>()
    finder.visit(self, name: "")
    return finder.found
  }
}

extension Module {
  /// Moves every parameter, its gradient and every buffer to another device.
  ///
  /// What is there already is not copied; a copy waits for the old device's work on that tensor.
  /// Call this before an optimiser's first step, since the optimiser's state stays on the old
  /// device. A device without memory for a tensor, or without its element type, is a failure, after
  /// which that parameter or buffer stays where it was. PyTorch: `model.to(device)`.
  ///
  /// - Returns: the module itself.
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
  /// The instances of classes that are being visited: one that holds itself is not visited again.
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
