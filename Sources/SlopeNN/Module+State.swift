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
  /// The values of parameters and buffers by name, as PyTorch's `state_dict`.
  public func state() -> [String: Tensor<Element>] {
    Dictionary(uniqueKeysWithValues: namedTensors().map { ($0.name, $0.value) })
  }

  /// Sets every parameter and buffer to the tensor of its name in `state`, each on the device where it is.
  ///
  /// - Throws: `ModuleStateError` if a name is missing or unknown, or a shape differs; then nothing has
  ///   changed.
  public func load(_ state: [String: Tensor<Element>]) throws {
    let named = namedTensors()
    var problems: [String] = []
    for (name, value, _) in named {
      guard let tensor = state[name] else {
        problems.append("'\(name)' is missing")
        continue
      }
      if tensor.isFailed {
        problems.append("'\(name)' is a failed tensor")
      } else if tensor.shape != value.shape {
        problems.append("'\(name)' has shape \(tensor.shape), the module's is \(value.shape)")
      }
    }
    let known = Set(named.map(\.name))
    for name in state.keys.sorted() where !known.contains(name) {
      problems.append("'\(name)' is not a parameter of the module")
    }
    guard problems.isEmpty else { throw ModuleStateError(problems: problems) }
    // All are moved before one is set: a device may have no room.
    let moved = named.map { state[$0.name]?.detached().to($0.value.device) ?? .failed }
    guard moved.allSatisfy({ !$0.isFailed }) else { return }
    for ((_, _, set), tensor) in zip(named, moved) { set(tensor) }
  }

  /// The tensors of the state, and what sets each.
  private func namedTensors() -> [(
    name: String, value: Tensor<Element>, set: (Tensor<Element>) -> Void
  )] {
    namedParameters().map { name, parameter in
      (name, parameter.tensor, { parameter.tensor = $0 })
    }
      + namedBuffers().map { name, buffer in (name, buffer.tensor, { buffer.tensor = $0 }) }
  }
}
