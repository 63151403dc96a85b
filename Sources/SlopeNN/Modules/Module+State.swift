public import SlopeCore

/// Why a state does not fit a module.
public struct ModuleStateError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One line for each tensor that is missing, unexpected, failed or of another shape.
  public let problems: [String]

  /// All problems in one line.
  public var description: String {
    "the state does not fit the module: " + problems.joined(separator: "; ")
  }
}

extension Module {
  /// The values of all parameters and buffers by name.
  ///
  /// One that is shared is under each of its names. Nothing is copied: the tensors refer to the
  /// current values. They keep these values when training goes on, since an optimiser writes to
  /// fresh memory if another tensor refers to the old. PyTorch: `state_dict()`, whose tensors are
  /// detached; here those of parameters are recorded, as `Parameter.tensor` is.
  public func state() -> [String: Tensor<Element>] {
    var state: [String: Tensor<Element>] = [:]
    for entry in stateEntries() {
      for name in entry.names { state[name] = entry.value }
    }
    return state
  }

  /// Sets every parameter and buffer to the tensor of its name in `state`.
  ///
  /// Each stays on its device, to which a tensor on another one is copied; gradients stay as they
  /// are. For one that is shared any of its names suffices, and the last that is present counts. If
  /// a device has no memory for a copy, that is a failure and nothing has changed. Only the count of
  /// batches of a `BatchNorm1d` or `BatchNorm2d` may be missing. PyTorch: `load_state_dict`, with
  /// `strict=True`.
  ///
  /// - Throws: `ModuleStateError` if a name is missing or unknown, a tensor has failed, or a shape
  ///   differs; then nothing has changed.
  public func load(_ state: [String: Tensor<Element>]) throws {
    let entries = stateEntries()
    var problems: [String] = []
    for entry in entries {
      let present = entry.accepted.filter { state[$0] != nil }
      if present.isEmpty, !entry.isOptional {
        problems.append("'\(entry.names[0])' is missing")
      }
      for name in present {
        guard let tensor = state[name] else { continue }
        if tensor.isFailed {
          problems.append("'\(name)' is a failed tensor")
        } else if tensor.shape != entry.value.shape {
          problems.append(
            "'\(name)' has shape \(tensor.shape), the module's is \(entry.value.shape)")
        }
      }
    }
    let known = Set(entries.flatMap(\.accepted))
    for name in state.keys.sorted() where !known.contains(name) {
      problems.append("'\(name)' is not a parameter of the module")
    }
    guard problems.isEmpty else { throw ModuleStateError(problems: problems) }
    // All are moved before the first is set: a device may have no memory.
    let moved = entries.compactMap { entry in
      entry.accepted.last { state[$0] != nil }.flatMap { state[$0] }
        .map { (entry, $0.detached().to(entry.value.device)) }
    }
    guard moved.allSatisfy({ !$0.1.isFailed }) else { return }
    for (entry, tensor) in moved { entry.set(tensor) }
  }

  /// The tensors of the state with all their names, in the order of the first, and what sets each.
  private func stateEntries() -> [StateEntry<Element>] {
    var entries: [StateEntry<Element>] = []
    var places: [ObjectIdentifier: Int] = [:]
    func add(_ name: String, _ object: AnyObject, _ entry: @autoclosure () -> StateEntry<Element>) {
      if let place = places[ObjectIdentifier(object)] {
        entries[place].names.append(name)
      } else {
        places[ObjectIdentifier(object)] = entries.count
        entries.append(entry())
      }
    }
    for (name, parameter) in storedUnderAllNames(Parameter<Element>.self) {
      add(
        name, parameter,
        StateEntry(names: [name], value: parameter.tensor) { parameter.tensor = $0 })
    }
    for (name, buffer) in storedUnderAllNames(ModuleBuffer<Element>.self) {
      add(
        name, buffer,
        StateEntry(
          names: [name], formerName: buffer.formerName, isOptional: buffer.isOptional,
          value: buffer.tensor
        ) { buffer.tensor = $0 })
    }
    return entries
  }
}

private struct StateEntry<Element: FloatingElement> {
  var names: [String]
  var formerName: String?
  var isOptional = false
  let value: Tensor<Element>
  let set: (Tensor<Element>) -> Void

  /// The names under which a state may have the tensor, of which the last that it has counts.
  var accepted: [String] {
    guard let formerName else { return names }
    return names.map { $0.split(separator: ".").dropLast() + [formerName[...]] }
      .map { $0.joined(separator: ".") } + names
  }
}
