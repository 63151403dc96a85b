#if OpenCL
  import FoundationEssentials
  package import SlopeCore
  import SlopeData

  /// Finds the plans of one device and element type.
  ///
  /// Plans are tried in a separate process, which is ended and started again if one of them crashes
  /// it or takes too long.
  package final class TuneSession {
    /// The outcome of one plan.
    package struct Row {
      package let plan: MatMulPlan
      package var gigaflops: Double?
      /// The speed as a multiple of the built-in plan's.
      package var share: Double?
      /// The same over all layouts of operands, measured for longer.
      package var confirmed: Double?
      package var problem: String?
    }

    /// The outcome of one class of products.
    package struct Result {
      package let products: MatMulClass
      package let rows: [Row]
      package let chosen: TunedPlan

      /// Whether the chosen plan was measured and computed correct results.
      package var isMeasured: Bool {
        rows.contains { $0.plan == chosen.plan && $0.gigaflops != nil && $0.problem == nil }
      }
    }

    /// The time and the number of plans of a search.
    package struct Effort {
      /// The seconds for one class of products.
      var seconds: Double
      /// The fraction of them in which plans are tried; in the rest the best are confirmed.
      var trying: Double
      /// The approximate duration of one turn of a measurement.
      var turn: Double
      /// The most plans that are tried, not counting the built-in one.
      package var plans: Int
      /// The number of plans that are confirmed.
      var finalists: Int
      /// The most seconds to wait for an answer, compiling included.
      var patience = 60.0

      package static func full(seconds: Double) -> Effort {
        Effort(seconds: seconds, trying: 0.7, turn: 0.03, plans: .max, finalists: 3)
      }

      package static func quick(seconds: Double) -> Effort {
        Effort(seconds: seconds, trying: 0.4, turn: 0.01, plans: 8, finalists: 1)
      }
    }

    private let device: String
    private let backend: OpenCLBackend
    private let dtype: DType
    private let effort: Effort
    private let faults: [TuneFault]
    private let progress: (String) -> Void
    private let clock = ContinuousClock()
    private var worker: WatchedProcess?
    /// Plans that crashed the process or did not end in time, and what was wrong.
    private var fatal: [MatMulPlan: String] = [:]

    init(
      device: String, _ backend: OpenCLBackend, _ dtype: DType, _ effort: Effort,
      faults: [TuneFault] = [], progress: @escaping (String) -> Void
    ) {
      self.device = device
      self.backend = backend
      self.dtype = dtype
      self.effort = effort
      self.faults = faults
      self.progress = progress
    }

    private enum Outcome {
      case rate(MatMulTrial.Rate)
      case problem(String)
      /// The time for the class is over.
      case late
    }

    /// Tries plans for one class until its time is over.
    package func tune(_ products: MatMulClass) throws -> Result {
      let deadline = clock.now + .seconds(effort.seconds)
      let last = clock.now + .seconds(effort.seconds * effort.trying)
      var search = MatMulSearch(products, dtype, backend.matMulLimits)
      var rows: [Row] = []
      var baseline: MatMulPlan?
      while rows.count <= effort.plans, rows.isEmpty || clock.now < last, let plan = search.next() {
        progress("\(products.rawValue): plan \(rows.count + 1), \(plan.tiles)")
        let request = TuneRequest(
          plan: plan, baseline: baseline, products: products, isThorough: false,
          seconds: effort.turn, fault: fault(rows.count))
        var row = Row(plan: plan)
        switch try ask(request, until: deadline) {
        case .late where rows.isEmpty: row.problem = "there was no time to measure it"
        case .late: continue
        case .problem(let problem): row.problem = problem
        case .rate(let rate):
          row.gigaflops = rate.gigaflops
          row.share = rows.isEmpty ? 1 : rate.share
          search.note(plan, rate: row.share ?? rate.gigaflops)
          if rows.isEmpty { baseline = plan }
        }
        rows.append(row)
      }
      let chosen = try confirm(search, &rows, baseline, products, until: deadline)
      return Result(products: products, rows: rows, chosen: chosen)
    }

    /// Measures the best plans again, in all layouts, and chooses one.
    private func confirm(
      _ search: MatMulSearch, _ rows: inout [Row], _ baseline: MatMulPlan?,
      _ products: MatMulClass, until deadline: ContinuousClock.Instant
    ) throws -> TunedPlan {
      var chosen = TunedPlan(
        dtype, products, search.builtIn, gigaflops: rows.first?.gigaflops,
        builtInGigaflops: rows.first?.gigaflops, measured: Date.now.formatted(.iso8601))
      var best = baseline == nil ? 0 : MatMulSearch.margin
      for plan in search.finalists(effort.finalists) {
        guard let place = rows.firstIndex(where: { $0.plan == plan }) else { continue }
        progress("\(products.rawValue): confirming \(plan.tiles)")
        let request = TuneRequest(
          plan: plan, baseline: baseline, products: products, isThorough: true,
          seconds: effort.turn, fault: fault(TuneFault.confirmation))
        switch try ask(request, until: deadline) {
        case .late: return chosen
        case .problem(let problem): rows[place].problem = problem
        case .rate(let rate):
          rows[place].confirmed = rate.share
          let merit = rate.share ?? rate.gigaflops
          guard merit >= best else { continue }
          best = merit
          chosen.plan = plan
          chosen.gigaflops = rate.gigaflops
          chosen.builtInGigaflops = rate.baselineGigaflops
        }
      }
      return chosen
    }

    private func fault(_ number: Int) -> TuneFault.Kind? {
      faults.first { $0.number == number }?.kind
    }

    private func ask(
      _ request: TuneRequest, until deadline: ContinuousClock.Instant
    ) throws -> Outcome {
      if let problem = fatal[request.plan] { return .problem(problem) }
      let left = clock.now.duration(to: deadline) / .seconds(1)
      guard left > 0 else { return .late }
      let worker = try worker ?? start()
      let patience = request.fault == .hang ? 0.5 : effort.patience
      let problem: String
      switch worker.ask(try request.jsonLine(), seconds: min(patience, left)) {
      case .line(let line):
        let reply = try? TuneReply(jsonLine: line)
        if let rate = reply?.rate { return .rate(rate) }
        return .problem(reply?.problem ?? "an answer without sense")
      case .ended(let reason): problem = "the process failed: \(reason)"
      case .silent:
        stop()
        if left <= patience { return .late }
        problem = "no answer in \(patience.shortened) s"
      }
      stop()
      fatal[request.plan] = problem
      return .problem(problem)
    }

    private func start() throws -> WatchedProcess {
      let new = try WatchedProcess(["tune-worker", device, "--dtype", dtype.name])
      worker = new
      return new
    }

    private func stop() {
      worker?.end()
      worker = nil
    }
  }
#endif
