/// Resident memory over many training steps, which stays constant if a loop keeps nothing.
struct Soak {
  /// The step at which memory is first read, when all pools have filled.
  static let settled = 1000

  let steps: Int

  /// The results of the lecture's loop and of a larger model's.
  func run(_ progress: Progress) -> [Result] {
    measure("lecture", "Linear(1, 1)", Workload.lectureBody(), progress)
      + measure(
        "mlp", "8-64-64-1 MLP",
        Workload.mlpBody(rows: 64, [8, 64, 64, 1], adam: true, classifies: false), progress)
  }

  private func measure(
    _ name: String, _ title: String, _ body: (Int) -> Void, _ progress: Progress
  ) -> [Result] {
    progress.step("soak: \(title)")
    let first = min(Soak.settled, steps)
    body(first)
    let early = Machine.residentBytes
    // In parts, so that a maximum in between is seen too.
    var highest = early
    var done = first
    while done < steps {
      let part = min(max(steps / 20, 1), steps - done)
      body(part)
      done += part
      highest = max(highest, Machine.residentBytes)
    }
    let late = Machine.residentBytes
    return [
      Result(
        name: "soak_\(name)_early", title: "memory after \(first) steps of \(title)",
        value: mebibytes(early), unit: "MiB"),
      Result(
        name: "soak_\(name)_end", title: "memory after \(done) steps of \(title)",
        value: mebibytes(late), unit: "MiB", lowest: mebibytes(min(early, late)),
        highest: mebibytes(highest)),
    ]
  }

  private func mebibytes(_ bytes: Int) -> Double { Double(bytes) / 1_048_576 }
}
