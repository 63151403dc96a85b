import SlopeCore
import TestSupport
import Testing

/// `mltrain fit --device auto`.
@Suite struct FastestDeviceTests {
  @Test(arguments: [
    ["--model", "mlp", "--quality", "fast", "--epochs", "2"], ["--hidden", "4", "--epochs", "2"],
    ["--model", "auto", "--quality", "fast", "--epochs", "2"],
  ])
  func theFastestOfAllDevicesIsTaken(arguments: [String]) throws {
    let (folder, run) = try MessyTable.fit(
      MessyTable.price + ["--device", "auto", "--json"] + arguments)
    #expect(run.exitCode == 0, "\(run.error)")
    let prefix = "a step of training: cpu "
    let line = try #require(
      run.error.split(separator: "\n").first { $0.hasPrefix(prefix) }, "\(run.error)")
    let parts = line.dropFirst("a step of training: ".count).split(separator: "; ")
    // Each device with its milliseconds, then the one that is taken: that of the least.
    let times = try parts[0].split(separator: ", ").map { part in
      let words = part.split(separator: " ").map(String.init)
      #expect(words.count == 3 && words[2] == "ms", "\(part)")
      return (words[0], try #require(Double(words[1])))
    }
    let fastest = try #require(times.min { $0.1 < $1.1 }).0
    #expect(times.allSatisfy { $0.1 > 0 } && parts[1] == "\(fastest) is taken")
    let usable = DeviceDescription.all().devices.filter(\.isUsable)
    #expect(times.map(\.0) == usable.map(\.name))
    #expect(try jsonObject(run.output)["device"] == .string(fastest))
    #expect(try CommandRun(["inspect", "model"], in: folder).exitCode == 0)
  }

  @Test func modelsThatAreSolvedNeedNoChoice() throws {
    let (_, run) = try MessyTable.fit(
      MessyTable.price + ["--device", "auto", "--json", "--model", "linear"])
    #expect(run.exitCode == 0 && !run.error.contains("a step of training"), "\(run.error)")
    #expect(try jsonObject(run.output)["device"] == "cpu")
  }

  @Test func quietSaysNothing() throws {
    let (_, run) = try MessyTable.fit(
      MessyTable.price + ["--device", "auto", "--hidden", "4", "--epochs", "1", "--quiet"])
    #expect(run.exitCode == 0 && run.error.isEmpty, "\(run.error)")
  }
}
