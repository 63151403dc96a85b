extension Value {
  /// The same elements in the memory of another device; itself where they are there already.
  ///
  /// Copies through the process' memory, and waits only for what it reads.
  func moved(to backend: any Backend, record: Bool = true) -> Value {
    let origin = self.backend
    if isFailed || origin === backend { return self }
    return copied(to: backend).recorded(
      "to", [self], record: record, savesValues: false
    ) { g, record in [g.moved(to: origin, record: record)] }
  }
}
