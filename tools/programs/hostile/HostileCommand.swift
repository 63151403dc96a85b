import ArgumentParser
import Glibc
import Slope
import SlopeCore

/// Calls every public entry point with invalid and extreme arguments, and checks that each call
/// returns: with a result or an error, in time, and with the process alive.
@main
struct HostileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hostile",
    abstract: "Calls every public entry point with hostile arguments.",
    discussion: """
      Prints how often each entry point was called, and every call that trapped, hung or ended the \
      process; exits 1 if there is one.
      """)

  @Option(help: "The device whose tensors are used.")
  var device = "cpu"
  @Option(help: "How often each entry point is called.")
  var calls = 500
  @Option(help: "Where the random arguments start.")
  var seed: UInt64 = 1
  @Option(help: "Calls only entry points whose name contains this.")
  var only: String?
  @Option(help: "The seconds after which a call counts as hanging.")
  var seconds = 2.0
  @Option(help: "Mebibytes of address space for the calls; 0: no limit, as sanitizers need.")
  var memory = 1024
  @Flag(help: "Prints the entry points, a line each with its overloads' number, and calls none.")
  var list = false
  @Flag(help: "Prints what is drawn.")
  var verbose = false

  @Option(help: .hidden) var worker: String?
  @Option(help: .hidden) var from = 0

  func run() throws {
    let plan = try plan()
    if list { return printList(plan.calls) }
    if let worker {
      return Worker(plan: plan, place: try SharedPlace(path: worker)).run(from: from)
    }
    let path = "/tmp/hostile-\(getpid())"
    defer { unlink(path) }
    let place = try SharedPlace(path: path)
    let arguments = Array(CommandLine.arguments.dropFirst()) + ["--worker", path]
    let faults = try Watcher(plan: plan, place: place, arguments: arguments, seconds: seconds).run()
    let slowest = plan.entry(place[.slowestCall])
    print(
      "hostile: \(plan.calls.count) entry points, \(plan.callCount) calls each on \(device), seed \(seed): "
        + "\(place[.done]) calls came back, \(place[.refused]) of them with an error; "
        + "the longest took \(Double(place[.slowest] / 1000) / 1000) s (\(slowest.call.name) #\(slowest.turn)); "
        + "\(faults.count) did not come back")
    if !faults.isEmpty { throw ExitCode.failure }
  }

  private func plan() throws -> Worker.Plan {
    if device != "cpu" { setenv("POCL_MEMORY_LIMIT", "1", 0) }
    let chosen = try Device(named: device)
    let calls = CallList.all(on: chosen).calls.filter { call in
      only.map { call.name.contains($0) } ?? true
    }
    guard !calls.isEmpty else {
      throw ValidationError("no entry point has '\(only ?? "")' in its name")
    }
    guard self.calls > 0 else { throw ValidationError("--calls \(self.calls) is not positive") }
    return Worker.Plan(
      device: chosen, callCount: self.calls, seed: seed,
      memory: memory > 0 ? memory << 20 : nil, isVerbose: verbose, calls: calls)
  }

  private func printList(_ calls: [Call]) {
    let overloads = Dictionary(grouping: calls, by: \.name).mapValues { list in
      Set(list.map(\.place)).count
    }
    for (name, count) in overloads.sorted(by: { $0.key < $1.key }) { print("\(count) \(name)") }
  }
}
