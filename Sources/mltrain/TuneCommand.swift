import ArgumentParser
import CommandSupport
import Slope

#if OpenCL
  import SlopeCore

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
        valueName: "device"))
    var device: String?

    @Option(help: ArgumentHelp("The element type, by PyTorch's name.", valueName: "dtype"))
    var dtype = DType.float32

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
        throw ValidationError("--device \(device): \(Device.forms).")
      }
      if let seconds, !(seconds.value > 0 && seconds.value < 1e6) {
        throw ValidationError("--seconds \(seconds): not a positive number of seconds.")
      }
    }

    func run() throws {
      let tuning = try Tuning(device ?? Environment.device ?? "gpu", dtype)
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
        try StandardOutput.write("\n" + tuning.table(result))
      }
      guard failed.isEmpty else {
        throw TuningProblem(
          description:
            "tune: no plan for \(failed.joined(separator: ", ")) products could be measured")
      }
      try StandardOutput.write("\nkept in \(tuning.path.withControlsEscaped)\n")
    }
  }

  /// What is tuned, and where the results are kept.
  struct Tuning {
    private let name: String
    private let backend: OpenCLBackend
    private let dtype: DType
    private let storage: TuningStore
    private let key: TuningKey

    init(_ name: String, _ dtype: DType) throws {
      let device = try Device(named: name)
      guard let backend = device.backend as? OpenCLBackend else {
        throw DeviceError(name, "there is nothing to tune; name an OpenCL device")
      }
      guard device.dtypes.contains(dtype) else { throw DeviceError(name, "it has no \(dtype)") }
      guard let mode = TuningMode.current else { throw TuningMode.unknown }
      guard let storage = TuningStore.standard else {
        throw TuningProblem(
          description: mode == .off
            ? "SLOPE_TUNING is off: nothing would use what is found"
            : "no place for what is found: neither XDG_CACHE_HOME nor HOME is a folder's path")
      }
      self.name = "\(device)"
      self.backend = backend
      self.dtype = dtype
      self.storage = storage
      key = TuningKey(backend)
    }

    var path: String { storage.path(key) }

    /// The device and what is tuned for it.
    var title: String {
      "\(name)  \(backend.device.name) (\(backend.device.platform) "
        + "\(backend.device.driverVersion)), \(backend.shape.rawValue) kernels, \(dtype)"
    }

    /// Whether there is a plan for some products already.
    func knows(_ products: MatMulClass) -> Bool {
      storage.plans(key).contains { $0.dtype == dtype && $0.products == products }
    }

    /// The class of a product of the device.
    func products(_ extents: MatMulExtents) -> MatMulClass {
      MatMulClass(extents, elementSize: dtype.matMulSize)
    }

    var isForGPU: Bool { backend.shape == .simt }
    var deviceName: String { backend.device.name }

    func session(
      _ effort: TuneSession.Effort, faults: [TuneFault] = [], progress: @escaping (String) -> Void
    ) -> TuneSession {
      TuneSession(device: name, backend, dtype, effort, faults: faults, progress: progress)
    }

    func store(_ result: TuneSession.Result) throws { try storage.add(result.chosen, key) }

    /// The plans in the order of their trials.
    func table(_ result: TuneSession.Result) -> String {
      func percent(_ share: Double?) -> String {
        share.map { "\(Int(($0 * 100).rounded())) %" } ?? "–"
      }
      var rows = [["\(result.products.rawValue) products", "GFLOP/s", "share", "confirmed", ""]]
      var problems = ""
      for (number, row) in result.rows.enumerated() {
        let remark =
          row.problem != nil
          ? "rejected" : row.plan == result.chosen.plan ? "chosen" : number == 0 ? "built in" : ""
        rows.append([
          "\(row.plan.tiles)", row.gigaflops.shortened, percent(row.share),
          row.confirmed.map { percent($0) } ?? "", remark,
        ])
        if let problem = row.problem {
          problems += "rejected \(row.plan.tiles): \(problem.withControlsEscaped)\n"
        }
      }
      return AlignedTable(rows: rows).text + problems
    }
  }

  /// Why nothing can be tuned.
  struct TuningProblem: Error, CustomStringConvertible {
    let description: String
  }

  extension TuningMode {
    /// The error of a name that is none.
    static var unknown: TuningProblem {
      let names = TuningMode.allCases.map(\.rawValue).joined(separator: ", ")
      return TuningProblem(description: "SLOPE_TUNING: the values are \(names)")
    }
  }
#else
  /// `mltrain tune`, where there is nothing to tune.
  struct TuneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tune", shouldDisplay: false)

    func run() throws { _ = try Device.gpu }
  }
#endif

/// One line on standard error that is written over, in a terminal; nothing elsewhere.
final class LiveLine {
  private var isShown = false

  /// Shows a text in the place of the one before.
  func show(_ text: String) {
    guard StandardError.isTerminal else { return }
    StandardError.writeRaw("\r\(text.withControlsEscaped.prefix(79))\u{1B}[K")
    isShown = true
  }

  /// Takes the line away.
  func clear() {
    if isShown { StandardError.writeRaw("\r\u{1B}[K") }
    isShown = false
  }
}
