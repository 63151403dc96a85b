import Glibc
import TestSupport
import Testing

/// Commands whose streams, outputs or device are not as expected.
@Suite struct StreamsTests {
  private let folder: TemporaryFolder
  private let fit = [
    "fit", "line.csv", "--model", "linear", "--target", "y", "--epochs", "5", "--device", "cpu",
  ]

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("x,y\n" + (0..<20).map { "\($0),\($0 * 2)\n" }.joined(), to: "line.csv")
  }

  // MARK: Results

  @Test(
    arguments: [
      ["help"], ["fit", "--help"], ["devices"], ["devices", "--json"],
      ["ops"], ["predict", "model", "line.csv"],
      ["fit", "line.csv", "--model", "linear", "--target", "y", "--quiet"],
      ["fit", "line.csv", "--model", "linear", "--target", "y", "--quiet", "--json"],
    ], [">/dev/full", ">&-"])
  func aResultThatDoesNotArriveIsAnError(arguments: [String], streams: String) throws {
    if arguments[0] == "predict" { _ = try CommandRun(fit + ["-o", "model"], in: folder) }
    let run = try CommandRun(
      arguments, in: folder, environment: ["SLOPE_DEVICE=cpu"], streams: streams)
    #expect(run.exitCode == 1, "\(arguments) \(streams): \(run.error)")
    #expect(run.output.isEmpty)
    let reason = streams == ">&-" ? "Bad file descriptor" : "No space left on device"
    #expect(run.error == "mltrain: standard output: cannot be written: \(reason)\n")
  }

  @Test func progressThatNobodyReadsEndsNothing() throws {
    for streams in ["2>&-", "2>/dev/full"] {
      let run = try CommandRun(fit + ["-o", "model"], in: folder, streams: streams)
      #expect(run.exitCode == 0)
      #expect(run.output.contains("model: model"))
      #expect(unlink(folder.file("model")) == 0)
    }
  }

  @Test func closedStreamsTakeNoFile() throws {
    // Otherwise the model's file would get the descriptor of a stream, whose lines would be written
    // to it.
    let run = try CommandRun(fit + ["-o", "model"], in: folder, streams: "<&- >&- 2>&-")
    #expect(run.exitCode == 1)
    #expect(try CommandRun(["predict", "model", "line.csv"], in: folder).exitCode == 0)
    let none = try CommandRun(
      ["fit", "-", "--model", "linear", "--target", "y"], in: folder, streams: "<&-")
    #expect(none.error == "mltrain: standard input: cannot be read: Bad file descriptor\n")
  }

  // MARK: Outputs

  @Test func standardOutputIsAppendedToAndNotReplaced() throws {
    let trained = try CommandRun(fit + ["-o", "model"], in: folder)
    #expect(trained.exitCode == 0)
    let plain = try CommandRun(["predict", "model", "line.csv"], in: folder).output
    for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
      try folder.write("old\n", to: "log")
      let run = try CommandRun(
        ["predict", "model", "line.csv", "-o", name], in: folder, streams: ">>log")
      #expect(run.exitCode == 0, "\(run.error)")
      #expect(try folder.text("log") == "old\n" + plain)
    }
    #expect(folder.names == ["line.csv", "log", "model"])
  }

  @Test func aFIFOIsWrittenOnce() throws {
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    let words = [
      "sh", "-c", "exec cat \(folder.file("pipe")) >\(folder.file("model"))",
    ]
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    var reader = pid_t()
    #expect(posix_spawn(&reader, "/bin/sh", nil, nil, pointers, environ) == 0)
    let run = try CommandRun(fit + ["-o", "pipe"], in: folder)
    var status: Int32 = 0
    while waitpid(reader, &status, 0) < 0, errno == EINTR {}
    #expect(run.exitCode == 0, "\(run.error)")
    #expect(try CommandRun(["predict", "model", "line.csv"], in: folder).exitCode == 0)
  }

  // MARK: Devices

  @Test func aDeviceThatIsNotNeededIsNotLookedFor() throws {
    let wrong = ["SLOPE_DEVICE=abacus"]
    #expect(try CommandRun(fit, in: folder, environment: wrong).exitCode == 0)
    #expect(try CommandRun(["devices"], in: folder, environment: wrong).exitCode == 0)
    #expect(try CommandRun(["ops"], in: folder, environment: wrong).exitCode == 0)
    let run = try CommandRun(Array(fit.dropLast(2)), in: folder, environment: wrong)
    #expect(run.exitCode == 1 && run.output.isEmpty)
    #expect(
      run.error
        == "mltrain: device abacus: the devices are auto, cpu, gpu and opencl:PLATFORM:DEVICE "
        + "(named by SLOPE_DEVICE)\n")
  }

  // MARK: Inputs

  @Test func anEndlessFileIsKnownByItsBeginning() throws {
    for (arguments, message) in [
      (["predict", "/dev/zero", "line.csv"], "/dev/zero: not a safetensors file"),
      (
        ["fit", "/dev/zero", "--model", "linear", "--target", "y"],
        "/dev/zero:1: byte 0 of the file is NUL"
      ),
    ] {
      let run = try CommandRun(arguments, in: folder)
      #expect(run.exitCode == 1 && run.error.hasPrefix("mltrain: \(message)"), "\(run.error)")
    }
  }

  @Test(.enabled(if: CommandRun.canLimitAddresses), arguments: [600 << 20])
  func aTableThatMemoryCannotHoldIsAnError(byteCount: Int) throws {
    // Half of it as the table, as much again for each of two copies, and what libraries take.
    let rows = byteCount / 2 / (125 * 8)
    let line = (0..<125).map { "\($0)" }.joined(separator: ",") + "\n"
    let header = (0..<125).map { "c\($0)" }.joined(separator: ",") + "\n"
    try folder.write(header + String(repeating: line, count: rows), to: "wide.csv")
    let run = try CommandRun(
      [
        "fit", "wide.csv", "--model", "linear", "--target", "c0", "--epochs", "1", "--device",
        "cpu", "--quiet",
      ],
      in: folder, addressLimit: byteCount)
    #expect(run.exitCode == 1 && run.output.isEmpty, "\(run.error)")
    #expect(run.error.contains("memory") && run.error.split(separator: "\n").count == 1)
    #expect(folder.names == ["line.csv", "wide.csv"])
  }
}
