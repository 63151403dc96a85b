import TestSupport
import Testing

/// The command, also if a stream, a file or the device is not as expected.
@Suite struct TorchStreamCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(#"{"draws": {"1": {"randperm_2": [1, 0]}}}"#, to: "draws.json")
  }

  private func run(
    _ file: String, environment: [String] = ["SLOPE_DEVICE=cpu"], streams: String = ""
  ) throws -> CommandRun {
    try CommandRun(
      [file], of: "torchstream", in: folder, environment: environment, streams: streams)
  }

  @Test func theLastLineCounts() throws {
    let fine = try run("draws.json")
    #expect(fine.exitCode == 0 && fine.output == "1 passed, 0 failed, 0 skipped\n")
    #expect(fine.error.isEmpty)
    try folder.write(
      #"{"draws": {"1": {"randperm_2": [0, 1], "unheard_of": [1]}}}"#, to: "others.json")
    let others = try run("others.json")
    #expect(others.exitCode == 1)
    let lines = others.output.split(separator: "\n")
    #expect(lines.count == 3 && lines.last == "0 passed, 1 failed, 1 skipped")
    #expect(lines.first?.hasPrefix("failed ") == true)
  }

  @Test(arguments: [">/dev/full", ">&-"])
  func aResultThatDoesNotArriveIsAnError(streams: String) throws {
    let run = try run("draws.json", streams: streams)
    #expect(run.exitCode == 1 && run.output.isEmpty)
    let reason = streams == ">&-" ? "Bad file descriptor" : "No space left on device"
    #expect(run.error == "torchstream: standard output: cannot be written: \(reason)\n")
  }

  @Test func aDeviceThatThereIsNotIsNamed() throws {
    let run = try run("draws.json", environment: ["SLOPE_DEVICE=abacus"])
    #expect(run.exitCode == 1 && run.output.isEmpty)
    #expect(
      run.error
        == "torchstream: device abacus: the devices are auto, cpu, gpu and "
        + "opencl:PLATFORM:DEVICE (named by SLOPE_DEVICE)\n")
  }

  @Test func aFileOfSomethingElseIsKnownByItsBeginning() throws {
    let zero = try run("/dev/zero")
    #expect(zero.exitCode == 1)
    #expect(
      zero.error.hasPrefix(
        "torchstream: /dev/zero: is not a file of draws and programs: it does not begin"),
      "\(zero.error)")
    try folder.write(#"{"programs": [{"file": 3}]}"#, to: "odd.json")
    let odd = try run("odd.json")
    #expect(odd.exitCode == 1 && odd.error.split(separator: "\n").count == 1)
    #expect(odd.error.contains("programs.[0].file: not String"), "\(odd.error)")
  }
}
