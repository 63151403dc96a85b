import ArgumentParser
import CommandSupport
import Slope

#if OpenCL
  import SlopeCore
  import SlopeTuning

  /// `mltrain tune`: finds the fastest plans of matrix products on an OpenCL device.
  struct TuneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "tune",
      abstract: "Find the fastest matrix products of an OpenCL device, and remember them.",
      discussion: """
        Tries the parameters of the matrix-product kernels, in a process of its own: one that gives \
        wrong results, crashes the driver or hangs is left out and named. The best are kept for this \
        device and driver in $XDG_CACHE_HOME/slope/tuning (~/.cache/slope/tuning), where all programs \
        find them. With SLOPE_TUNING=off programs take the built-in ones.
        """)

    @Option(
      help: ArgumentHelp(
        "The device: gpu or opencl:PLATFORM:DEVICE (default: SLOPE_DEVICE, else gpu).",
        valueName: "device"), completion: .list(["gpu"]))
    var device: String?

    @Option(help: "The element type, by PyTorch's name (default: float32).")
    var dtype: DType?

    @Option(
      help: ArgumentHelp(
        "Only these products: narrow, flat, small or large (default: all).",
        valueName: "products"))
    var products: [MatMulClass] = []

    @Option(
      help: ArgumentHelp(
        "How long it may take, for all products together (default: 240, with --quick 30).",
        valueName: "seconds"))
    var seconds: NumberArgument?

    @Flag(help: "Try a few plans only.")
    var quick = false

    @Option(help: .hidden)
    var plans: Int?

    @Option(help: .hidden)
    var fault: [TuneFault] = []

    func validate() throws {
      if let device, !Device.isName(device) {
        throw ValidationError("--device \(device): \(Device.nameSyntax).")
      }
      if let seconds, !(seconds.value > 0 && seconds.value < 1e6) {
        throw ValidationError("--seconds \(seconds): not a positive number of seconds.")
      }
    }

    func run() throws {
      let tuning = try Tuning(device ?? Environment.device ?? "gpu", dtype ?? .float32)
      let chosen = products.isEmpty ? MatMulClass.allCases : products
      let each = (seconds?.value ?? (quick ? 30 : 240)) / Double(chosen.count)
      var effort: TuneSession.Effort = quick ? .quick(seconds: each) : .full(seconds: each)
      if let plans { effort.plans = plans }
      let line = LiveLine()
      let session = tuning.session(effort, faults: fault) { line.show($0) }
      try StandardOutput.write(tuning.title.withControlsEscaped + "\n")
      var failed: [String] = []
      for products in chosen {
        let result = try session.tune(products)
        line.clear()
        if result.isMeasured { try tuning.store(result) } else { failed.append(products.rawValue) }
        try StandardOutput.write("\n" + result.table)
      }
      guard failed.isEmpty else {
        throw TuningProblem(
          "tune: no plan for \(failed.joined(separator: ", ")) products could be measured")
      }
      try StandardOutput.write("\nkept in \(tuning.path.withControlsEscaped)\n")
    }
  }

  extension TuneSession.Result {
    /// The plans in the order of their trials.
    var table: String {
      func percent(_ share: Double?) -> String {
        share.map { "\(Int(($0 * 100).rounded())) %" } ?? "–"
      }
      var lines = [["\(products.rawValue) products", "GFLOP/s", "share", "confirmed", ""]]
      var problems = ""
      for (number, row) in rows.enumerated() {
        let remark =
          row.problem != nil
          ? "rejected" : row.plan == chosen.plan ? "chosen" : number == 0 ? "built in" : ""
        lines.append([
          "\(row.plan.tiles)", row.gigaflops.shortened, percent(row.share),
          row.confirmed.map { percent($0) } ?? "", remark,
        ])
        if let problem = row.problem {
          problems += "rejected \(row.plan.tiles): \(problem.withControlsEscaped)\n"
        }
      }
      return AlignedTable(rows: lines).text + problems
    }
  }
#else
  /// `mltrain tune` in a build without OpenCL, which has nothing to tune.
  struct TuneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tune", shouldDisplay: false)

    func run() throws { _ = try Device.gpu }
  }
#endif

/// One line on standard error that is overwritten, in a terminal; nothing elsewhere.
final class LiveLine {
  private var isShown = false

  /// Shows a text in place of the one before.
  func show(_ text: String) {
    guard StandardError.isTerminal else { return }
    StandardError.writeRaw("\r\(text.withControlsEscaped.prefix(79))\u{1B}[K")
    isShown = true
  }

  /// Clears the line.
  func clear() {
    if isShown { StandardError.writeRaw("\r\u{1B}[K") }
    isShown = false
  }
}
