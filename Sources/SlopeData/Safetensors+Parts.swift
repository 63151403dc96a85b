extension Safetensors {
  /// Whether there are neither tensors nor texts.
  package var isEmpty: Bool { entries.isEmpty && metadata.isEmpty && failed.isEmpty }

  /// Adds all tensors and texts of another value, their names after a prefix.
  package mutating func insert(_ other: Safetensors, under prefix: String) {
    for (name, entry) in other.entries { entries[prefix + name] = entry }
    for (name, text) in other.metadata { metadata[prefix + name] = text }
    failed.formUnion(other.failed.map { prefix + $0 })
  }

  /// The tensors and texts whose names begin with a prefix, by the rest of their names.
  package func part(under prefix: String) -> Safetensors {
    var part = Safetensors()
    for (name, entry) in entries where name.hasPrefix(prefix) {
      part.entries[String(name.dropFirst(prefix.count))] = entry
    }
    for (name, text) in metadata where name.hasPrefix(prefix) {
      part.metadata[String(name.dropFirst(prefix.count))] = text
    }
    return part
  }
}
