public import SlopeCore

/// Why a state does not fit a module.
public struct ModuleStateError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One line for each parameter that is missing, unexpected or of another shape.
  public let problems: [String]

  /// All problems in one line.
  public var description: String {
    "the state does not fit the module: " + problems.joined(separator: "; ")
  }
}

extension Module {
  /// The parameters' values by name, as PyTorch's `state_dict`.
  public func state() -> [String: Tensor<Element>] {
    Dictionary(uniqueKeysWithValues: namedParameters().map { ($0.name, $0.parameter.tensor) })
  }

  /// Sets every parameter to the tensor of its name in `state`.
  ///
  /// - Throws: `ModuleStateError` if a name is missing or unknown, or a shape differs; then no
  ///   parameter has changed.
  public func load(_ state: [String: Tensor<Element>]) throws {
    let named = namedParameters()
    var problems: [String] = []
    for (name, parameter) in named {
      guard let tensor = state[name] else {
        problems.append("'\(name)' is missing")
        continue
      }
      if tensor.isFailed {
        problems.append("'\(name)' is a failed tensor")
      } else if tensor.shape != parameter.tensor.shape {
        problems.append(
          "'\(name)' has shape \(tensor.shape), the module's is \(parameter.tensor.shape)")
      }
    }
    let known = Set(named.map(\.name))
    for name in state.keys.sorted() where !known.contains(name) {
      problems.append("'\(name)' is not a parameter of the module")
    }
    guard problems.isEmpty else { throw ModuleStateError(problems: problems) }
    for (name, parameter) in named {
      if let tensor = state[name] { parameter.tensor = tensor.detached() }
    }
  }
}
