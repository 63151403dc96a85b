extension Value {
  /// The same elements in the memory of another device; the value itself if it is there.
  ///
  /// Copies through the process' memory, and waits only for what it reads. x receives g, moved back
  /// to its own device.
  func moved(to backend: any Backend, record: Bool = true) -> Value {
    let origin = self.backend
    if isFailed || origin === backend { return self }
    return copied(to: backend).recorded(
      "to", [self], record: record, savesValues: false
    ) { g, record in [g.moved(to: origin, record: record)] }
  }
}
