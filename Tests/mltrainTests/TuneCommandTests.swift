#if OpenCL
  import Glibc
  import SlopeCore
  import TestSupport
  import Testing

  /// `mltrain tune` as a process, which tries few plans; without an OpenCL device there is nothing
  /// to tune.
  @Suite(.enabled(if: (try? Device.gpu) != nil)) struct TuneCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func tune(_ arguments: [String], _ more: [String] = []) throws -> CommandRun {
      try CommandRun(
        ["tune", "--device", "opencl:0:0:wide"] + arguments, in: folder,
        environment: folder.tuningEnvironment + more)
    }

    private func keyAndStore() throws -> (TuningKey, TuningStore) {
      let device = try Device(named: "opencl:0:0:wide")
      let backend = try #require(device.backend as? OpenCLBackend)
      return (TuningKey(backend), TuningStore(PrivateFolder(folder.path + "/cache/slope/tuning")))
    }

    private func stored() throws -> [TunedPlan] {
      let (key, store) = try keyAndStore()
      return store.plans(key)
    }

    /// The lines of the table about plans, in order.
    private func lines(_ run: CommandRun) -> [String] {
      run.output.split(separator: "\n").filter { $0.contains(", blocks of ") }.map(String.init)
    }

    @Test func plansAreTriedAndTheBestIsKept() throws {
      let run = try tune(["--products", "flat", "--plans", "1"])
      #expect(run.exitCode == 0 && run.error == "", "\(run.error)")
      let lines = lines(run)
      #expect(lines.count == 2 && lines[0].hasPrefix("4x6, ") && lines[1].hasPrefix("12x2, "))
      #expect(lines[0].contains("100 %"), "\(run.output)")
      #expect(lines.filter { $0.hasSuffix("chosen") }.count == 1, "\(run.output)")
      #expect(run.output.contains("wide kernels, float32\n\nflat products"))
      let plans = try stored()
      #expect(plans.count == 1 && plans[0].products == .flat && plans[0].dtype == .float32)
      #expect((plans[0].gigaflops ?? 0) > 0 && (plans[0].builtInGigaflops ?? 0) > 0)
      #expect(plans[0].measured.hasPrefix("20") && plans[0].measured.hasSuffix("Z"))
      let (key, store) = try keyAndStore()
      #expect(run.output.hasSuffix("\nkept in \(store.path(key))\n"))
    }

    @Test func aWrongPlanIsRejectedAndNamed() throws {
      let run = try tune(["--products", "flat", "--plans", "1", "--fault", "wrong:1"])
      #expect(run.exitCode == 0, "\(run.error)")
      #expect(lines(run)[1].hasSuffix("rejected") && lines(run)[0].hasSuffix("chosen"))
      #expect(
        run.output.contains(
          "rejected 12x2, depth 256, blocks of 256, unrolled 4: "
            + "x·Wᵀ of [27, 277] · [277, 69]: element [0, 0, 0] is "), "\(run.output)")
      #expect(try stored()[0].plan == .builtIn(.flat, .float32, limits()))
    }

    private func limits() throws -> MatMulLimits {
      let device = try Device(named: "opencl:0:0:wide")
      return try #require(device.backend as? OpenCLBackend).matMulLimits
    }

    @Test(arguments: [
      ("crash", "the process failed: it was stopped by Aborted"), ("hang", "no answer in 0.5 s"),
    ])
    func aPlanThatStopsOrHoldsTheProcessCostsItselfAlone(fault: String, reason: String) throws {
      let run = try tune(["--products", "flat", "--plans", "2", "--fault", "\(fault):1"])
      #expect(run.exitCode == 0, "\(run.error)")
      let lines = lines(run)
      #expect(lines.count == 4 && lines[1].hasSuffix("rejected"), "\(run.output)")
      #expect(lines[3].hasSuffix(": \(reason)"), "\(run.output)")
      // The plan after it was tried in another process, next to the built-in one.
      #expect(lines[2].hasPrefix("14x2, ") && lines[2].contains(" %"), "\(run.output)")
      #expect(try stored().count == 1)
    }

    @Test func aPlanThatStoppedTheProcessIsNotTriedForOtherProducts() throws {
      // 12x2 is the second plan for flat products, and the first for small ones.
      let run = try tune([
        "--products", "flat", "--products", "small", "--plans", "1", "--fault", "crash:1",
      ])
      #expect(run.exitCode == 1 && run.error.contains("for small products"), "\(run.error)")
      let tried = lines(run).filter { $0.hasPrefix("12x2, ") }
      #expect(tried.count == 2 && tried.allSatisfy { $0.hasSuffix("rejected") }, "\(run.output)")
      #expect(try stored().map(\.products) == [.flat])
    }

    @Test func withoutAnyRightPlanNothingIsKept() throws {
      let run = try tune(["--products", "flat", "--plans", "0", "--fault", "crash:0"])
      #expect(run.exitCode == 1)
      #expect(run.error == "mltrain: tune: no plan for flat products could be measured\n")
      #expect(try stored() == [])
    }

    @Test func aPlanIsConfirmedBeforeItIsKept() throws {
      // Without a built-in plan every correct one is judged by its speed.
      let run = try tune(["--products", "flat", "--plans", "1", "--fault", "crash:0"])
      #expect(run.exitCode == 0, "\(run.error)")
      #expect(lines(run)[1].hasSuffix("chosen"), "\(run.output)")
      let plan = try #require(try stored().first)
      #expect(plan.plan.tiles.parameters["tileRows"] == 12)
      #expect((plan.gigaflops ?? 0) > 0 && plan.builtInGigaflops == nil)
      let wrong = try tune([
        "--products", "narrow", "--plans", "1", "--fault", "crash:0", "--fault", "wrong:-1",
      ])
      #expect(wrong.exitCode == 1)
      #expect(lines(wrong)[1].hasSuffix("rejected"), "\(wrong.output)")
      #expect(try stored().map(\.products) == [.flat])
    }

    @Test func helpListsTheTypesByName() throws {
      let run = try CommandRun(["tune", "--help"], in: folder, environment: ["COLUMNS=80"])
      let text = run.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      #expect(
        text.contains(
          "--dtype <dtype> The element type, by PyTorch's name (default: float32). (values: bool, "
            + "uint8, uint16, uint32, uint64, int8, int16, int32, int64, float16, bfloat16, float32, "
            + "float64)"), "\(run.output)")
    }

    @Test func otherTypesHaveTheirOwnPlans() throws {
      #expect(try tune(["--products", "flat", "--plans", "0"]).exitCode == 0)
      #expect(
        try tune(["--products", "flat", "--plans", "0", "--dtype", "int16"]).exitCode == 0)
      #expect(try stored().map(\.dtype) == [.int16, .float32])
    }

    /// Starts a tuner whose second plan stalls for as long as a plan may take.
    private func startStalled() throws -> pid_t {
      let command =
        "exec env \"$@\" '\(CommandRun.executable())' tune --device opencl:0:0:wide "
        + "--products narrow --plans 1 --fault stall:1 >/dev/null"
      var pointers: [UnsafeMutablePointer<CChar>?] =
        (["sh", "-c", command, "sh"] + folder.tuningEnvironment).map { strdup($0) }
      pointers.append(nil)
      defer { for pointer in pointers { free(pointer) } }
      var process = pid_t()
      try #require(posix_spawn(&process, "/bin/sh", nil, nil, pointers, environ) == 0)
      return process
    }

    @Test func theProcessThatTriesPlansIsStoppedByAllSignals() throws {
      // As `fit` does, which leaves them to a thread of its own.
      var (blocked, before) = (sigset_t(), sigset_t())
      sigemptyset(&blocked)
      for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&blocked, signal) }
      #expect(pthread_sigmask(SIG_BLOCK, &blocked, &before) == 0)
      let process = try startStalled()
      #expect(pthread_sigmask(SIG_SETMASK, &before, nil) == 0)
      // Before it is another program, and while it starts a thread, it blocks all signals.
      let worker = try #require(
        wait { self.children(of: process).first { self.isWorker($0) } })
      let mask = wait { () -> Substring? in
        let status = (try? readFile("/proc/\(worker)/status")) ?? []
        return String(decoding: status, as: UTF8.self).split(separator: "\n")
          .first { $0 == "SigBlk:\t0000000000000000" }
      }
      #expect(mask != nil)
      #expect(kill(process, SIGKILL) == 0)
      var end: Int32 = 0
      #expect(waitpid(process, &end, 0) == process)
    }

    @Test func aKilledTunerLeavesTheFileAsItWas() throws {
      #expect(try tune(["--products", "flat", "--plans", "0"]).exitCode == 0)
      let (key, store) = try keyAndStore()
      let before = try readFile(store.path(key))
      let process = try startStalled()
      let worker = wait { self.children(of: process).first }
      #expect(kill(process, SIGKILL) == 0)
      var status: Int32 = 0
      #expect(waitpid(process, &status, 0) == process && status & 0x7F == SIGKILL)
      #expect(try readFile(store.path(key)) == before)
      // The process in which it tried plans does not outlive it.
      let worker1 = try #require(worker)
      #expect(wait { kill(worker1, 0) != 0 || isZombie(worker1) ? true : nil } == true)
      #expect(try tune(["--products", "narrow", "--plans", "0"]).exitCode == 0)
      #expect(try stored().map(\.products) == [.narrow, .flat])
    }

    private func children(of process: pid_t) -> [pid_t] {
      let list = (try? readFile("/proc/\(process)/task/\(process)/children")) ?? []
      return String(decoding: list, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
    }

    private func isWorker(_ process: pid_t) -> Bool {
      let words = (try? readFile("/proc/\(process)/cmdline")) ?? []
      return String(decoding: words, as: UTF8.self).contains("tune-worker")
    }

    private func isZombie(_ process: pid_t) -> Bool {
      let text = (try? readFile("/proc/\(process)/stat")) ?? []
      return String(decoding: text, as: UTF8.self).contains(") Z ")
    }

    /// The result of `find`, which is repeated for up to a minute.
    private func wait<Found>(_ find: () -> Found?) -> Found? {
      for _ in 0..<6000 {
        if let found = find() { return found }
        usleep(10_000)
      }
      return nil
    }

    @Test func mistakesAreNamed() throws {
      let off = try tune(["--plans", "0"], ["SLOPE_TUNING=off"])
      #expect(
        off.exitCode == 1
          && off.error == "mltrain: SLOPE_TUNING is off: nothing would use what is found\n")
      let unknown = try tune([], ["SLOPE_TUNING=on"])
      #expect(
        unknown.exitCode == 1
          && unknown.error == "mltrain: SLOPE_TUNING: the values are off, auto, always\n")
      let cpu = try CommandRun(
        ["tune", "--device", "cpu"], in: folder, environment: folder.tuningEnvironment)
      #expect(
        cpu.exitCode == 1
          && cpu.error == "mltrain: device cpu: there is nothing to tune; name an OpenCL device\n")
      for wrong in [
        ["--products", "tall"], ["--dtype", "float12"], ["--seconds", "0"], ["--fault", "x:1"],
        ["--device", "cuda"],
      ] { #expect(try tune(wrong).exitCode == 64) }
      // A file in place of the folder.
      try folder.write("", to: "slope")
      let full = try tune(
        ["--plans", "0", "--products", "flat"], ["XDG_CACHE_HOME=\(folder.path)"])
      #expect(full.exitCode == 1)
      #expect(
        full.error
          == "mltrain: \(folder.path)/slope/tuning: cannot be written: Not a directory\n")
    }
  }

  extension TemporaryFolder {
    /// A separate cache for our files; PoCL's stays, so that it need not rebuild all kernels.
    var tuningEnvironment: [String] {
      func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
      let cache = variable("XDG_CACHE_HOME") ?? variable("HOME").map { $0 + "/.cache" } ?? "/tmp"
      return [
        "XDG_CACHE_HOME=\(path)/cache", "SLOPE_TUNING=",
        "POCL_CACHE_DIR=\(variable("POCL_CACHE_DIR") ?? cache + "/pocl/kcache")",
      ]
    }
  }
#endif
