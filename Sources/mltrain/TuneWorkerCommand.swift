#if OpenCL
  import ArgumentParser
  import SlopeCore
  import SlopeTuning

  /// `mltrain tune-worker`: the process in which `mltrain tune` tries plans.
  struct TuneWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "tune-worker", abstract: "Try plans for mltrain tune.", shouldDisplay: false)

    @Argument var device: String
    @Option var dtype: DType

    func run() throws { try TuneWorker(device: device, dtype: dtype).run() }
  }
#endif
