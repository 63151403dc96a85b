#if OpenCL
  import SlopeCore
  import TestSupport
  import Testing

  /// The tuning that `mltrain fit` does before it trains on a device that was never tuned.
  @Suite(.enabled(if: (try? Device.gpu) != nil)) struct AutomaticTuningTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func fit(_ more: [String], _ variables: [String]) throws -> CommandRun {
      try folder.write(
        "x,z,y\n" + (0..<50).map { "\($0),\($0 * $0 % 7),\(3 * $0)\n" }.joined(), to: "line.csv")
      return try CommandRun(
        [
          "fit", "line.csv", "--model", "linear", "--target", "y", "--device", "opencl:0:0:simt",
          "--tuning-seconds",
          "0.01",
        ] + more + (more.contains("--epochs") ? [] : ["--epochs", "1"]), in: folder,
        environment: folder.tuningEnvironment + variables)
    }

    private var tuningFileCount: Int {
      folderEntries(folder.path + "/cache/slope/tuning").count
    }

    @Test(arguments: [(100_000, true), (1000, false)])
    func onlyALongTrainingTunesByItself(epochs: Int, isLong: Bool) throws {
      // 3·30·(2·1000 + 1000·1000) multiplications per epoch; the second diverges.
      let run = try fit(
        ["--hidden", "1000,1000", "--epochs", "\(epochs)", "--learning-rate", "1e30"], [])
      #expect(run.exitCode == 1 && run.error.contains("stopped being finite"), "\(run.error)")
      #expect(run.error.contains("tuning small matrix products for ") == isLong, "\(run.error)")
      #expect(tuningFileCount == (isLong ? 1 : 0))
    }

    @Test func aTrainingTunesOnceWhereItIsAskedTo() throws {
      let announcement =
        "once for this device and driver, at most 0.01 s; SLOPE_TUNING=off prevents it\n"
      // Not worthwhile, or not wanted.
      #expect(try !fit([], []).error.contains("tuning"))
      #expect(try !fit([], ["SLOPE_TUNING=off"]).error.contains("tuning"))
      #expect(tuningFileCount == 0)
      let first = try fit(["--hidden", "17"], ["SLOPE_TUNING=always"])
      #expect(first.exitCode == 0, "\(first.error)")
      #expect(first.error.contains("tuning small matrix products for "), "\(first.error)")
      #expect(first.error.contains(announcement) && tuningFileCount == 1)
      let second = try fit(["--hidden", "17"], ["SLOPE_TUNING=always"])
      #expect(second.exitCode == 0 && !second.error.contains("tuning"), "\(second.error)")
      // Another class of products is tuned separately.
      let narrow = try fit(["--hidden", "16"], ["SLOPE_TUNING=always"])
      #expect(narrow.error.contains("tuning narrow matrix products for "), "\(narrow.error)")
      let flat = try fit(
        ["--hidden", "17", "--batch-size", "8", "--quiet"], ["SLOPE_TUNING=always"])
      #expect(flat.exitCode == 0 && flat.error == "")
      #expect(
        try !fit(["--hidden", "17", "--batch-size", "8"], ["SLOPE_TUNING=always"]).error
          .contains("tuning"))
      let huge = try fit(
        ["--hidden", "17", "--batch-size", "\(Int.max)"], ["SLOPE_TUNING=always"])
      #expect(huge.exitCode == 0, "\(huge.error)")
      let wrong = try fit([], ["SLOPE_TUNING=on"])
      #expect(
        wrong.exitCode == 1
          && wrong.error == "mltrain: SLOPE_TUNING: the values are off, auto, always\n"
      )
    }
  }
#endif
