import Glibc
import SlopeData
import TestSupport
import Testing

/// `mltrain fit` that is stopped by a signal, and `mltrain resume`.
struct ResumeCommandTests {
  private static let fit =
    [
      "fit", "messy.csv", "--quiet", "--checkpoint-every", "1steps", "--model", "mlp", "--quality",
      "fast", "-o", "model.safetensors",
    ] + MessyTable.price

  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(MessyTable.text, to: "messy.csv")
    return folder
  }

  /// Runs a fit and sends it a signal as soon as it has a checkpoint; its exit code and standard error.
  private static func stopped(
    _ arguments: [String] = fit, by signals: [Int32] = [SIGINT], in folder: TemporaryFolder,
    waitingFor path: String = "model.run/training-01", pause: UInt32 = 0
  ) throws -> (code: Int32, error: String) {
    let script = "cd \"$1\" && shift && exec \"$@\" >.out 2>.err"
    let words =
      ["sh", "-c", script, "sh", folder.path, CommandRun.executable()] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var process = pid_t()
    guard posix_spawn(&process, "/bin/sh", nil, nil, &pointers, environ) == 0 else {
      throw TemporaryFolder.Failure(what: "posix_spawn")
    }
    var status: Int32 = 0
    var waited = 0
    while access(folder.file(path), F_OK) != 0, waited < 60_000 {
      usleep(1000)
      waited += 1
    }
    for (index, signal) in signals.enumerated() {
      if index > 0 { usleep(pause) }
      kill(process, signal)
    }
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let error = try folder.text(".err")
    unlink(folder.file(".out"))
    unlink(folder.file(".err"))
    return (status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F, error)
  }

  @Test(arguments: zip([SIGINT, SIGTERM, SIGHUP], [Int32(130), 143, 129]))
  func aStopSaysHowToGoOn(_ signal: Int32, _ code: Int32) throws {
    let folder = try Self.folder()
    let wanted = try CommandRun(Self.fit, in: folder)
    #expect(wanted.exitCode == 0, "\(wanted.error)")
    #expect(folder.names == ["messy.csv", "model.safetensors"])
    let model = try folder.read("model.safetensors")
    unlink(folder.file("model.safetensors"))

    let stopped = try Self.stopped(by: [signal], in: folder)
    #expect(stopped.code == code)
    let words = stopped.error.split(separator: " ", maxSplits: 5)
    #expect(
      words.prefix(5) == ["mltrain:", "stopped", "after", "step", words[4]]
        && words[5] == "go on with: mltrain resume model.run\n", "\(stopped.error)")
    #expect(folder.names == ["messy.csv", "model.run"])

    let resumed = try CommandRun(["resume", "model.run"], in: folder)
    #expect(resumed.exitCode == 0 && resumed.output == wanted.output, "\(resumed.error)")
    #expect(try folder.read("model.safetensors") == model)
    #expect(folder.names == ["messy.csv", "model.safetensors"])
  }

  @Test func aFitGoesOnFromAnotherFolderToo() throws {
    let folder = try Self.folder()
    #expect(try Self.stopped(in: folder).code == 130)
    let elsewhere = try TemporaryFolder()
    let resumed = try CommandRun(["resume", folder.file("model.run")], in: elsewhere)
    #expect(resumed.exitCode == 0, "\(resumed.error)")
    #expect(folder.names == ["messy.csv", "model.safetensors"] && elsewhere.names.isEmpty)
  }

  @Test func beforeTheFirstStepNothingIsKept() throws {
    let folder = try Self.folder()
    mkfifo(folder.file("pipe.csv"), 0o600)
    // The fit waits for rows.
    let stopped = try Self.stopped(
      ["fit", "pipe.csv", "--target", "price"], by: [SIGTERM], in: folder, waitingFor: "pipe.csv")
    #expect(stopped.code == 143)
    #expect(stopped.error == "mltrain: stopped; nothing is kept\n", "\(stopped.error)")
    #expect(folder.names == ["messy.csv", "pipe.csv"])
  }

  @Test func withoutCheckpointsNothingIsKept() throws {
    let folder = try Self.folder()
    let arguments = Self.fit + ["--no-checkpoints"]
    let run = try CommandRun(arguments, in: folder)
    #expect(run.exitCode == 0)
    let both = try CommandRun(arguments + ["--checkpoint", "x"], in: folder)
    #expect(both.exitCode == 64)
    #expect(both.error.contains("--no-checkpoints and --checkpoint exclude each other."))
    let none = try CommandRun(Self.fit + ["--checkpoints-kept", "0"], in: folder)
    #expect(none.exitCode == 64 && none.error.contains("at least 1 is needed"))
    for interval in ["x", "3", "0steps", "-1s", "5m", "1.5steps"] {
      let run = try CommandRun(
        ["fit", "messy.csv", "--target", "price", "--checkpoint-every", interval], in: folder)
      #expect(run.exitCode == 64, "\(interval)")
    }
    for interval in ["1s", "0.5 s", "2 steps", "1step"] {
      let run = try CommandRun(
        ["fit", "messy.csv", "--model", "linear", "--checkpoint-every", interval]
          + MessyTable.price, in: folder)
      #expect(run.exitCode == 0, "\(interval): \(run.error)")
    }
  }

  @Test func aStoppedRunIsNotReplaced() throws {
    let folder = try Self.folder()
    #expect(try Self.stopped(in: folder).code == 130)
    let record = try folder.text("model.run/run.json")
    // The usual folder is taken: the fit takes another one, and says so.
    let quiet = Self.fit.filter { $0 != "--quiet" }
    let other = try CommandRun(quiet, in: folder)
    #expect(other.exitCode == 0)
    let message =
      "model.run: has a run that was stopped: mltrain resume model.run goes on with it"
    #expect(
      other.error.contains(
        "warning: " + message + "; the checkpoints of this fit are in model-2.run\n"))
    #expect(folder.names == ["messy.csv", "model.run", "model.safetensors"])
    // It is gone on with there.
    let stopped = try Self.stopped(in: folder, waitingFor: "model-2.run/training-01")
    #expect(stopped.code == 130)
    #expect(stopped.error.hasSuffix("; go on with: mltrain resume model-2.run\n"))
    #expect(try CommandRun(["resume", "model-2.run"], in: folder).exitCode == 0)
    // Nine fits may have been stopped.
    for number in 2...9 {
      mkdir(folder.file("model-\(number).run"), 0o777)
      mkdir(folder.file("model-\(number).run/training-01"), 0o777)
    }
    let last = try CommandRun(quiet, in: folder)
    #expect(last.exitCode == 0)
    #expect(last.error.contains("warning: no checkpoints are kept: " + message + "\n"))
    #expect(try folder.text("model.run/run.json") == record)
    // A folder that was asked for is refused.
    let asked = try CommandRun(Self.fit + ["--checkpoint", "model.run"], in: folder)
    #expect(asked.exitCode == 1 && asked.error == "mltrain: " + message + "\n")
    #expect(try CommandRun(["resume", "model.run"], in: folder).exitCode == 0)
  }

  @Test func aCheckpointNamesItsRun() throws {
    let folder = try Self.folder()
    let wanted = try CommandRun(Self.fit, in: folder)
    #expect(wanted.exitCode == 0)
    let model = try folder.read("model.safetensors")
    #expect(try Self.stopped(in: folder).code == 130)
    let other = try CommandRun(["resume", "model.run/training-01/other"], in: folder)
    #expect(
      other.exitCode == 1
        && other.error
          == "mltrain: model.run/training-01/other: cannot be opened: No such file or directory\n"
    )
    #expect(try CommandRun(["resume", "model.run"], in: folder).exitCode == 0)
    for path in [
      "model.run/training-01/step-0000000002.safetensors", "model.run/training-01", "./model.run//",
    ] {
      unlink(folder.file("model.safetensors"))
      #expect(try Self.stopped(in: folder).code == 130)
      let resumed = try CommandRun(["resume", path], in: folder)
      #expect(resumed.exitCode == 0, "\(path): \(resumed.error)")
      #expect(try folder.read("model.safetensors") == model)
    }
    #expect(folder.names == ["messy.csv", "model.safetensors"])
    let none = try CommandRun(["resume", "messy.csv"], in: folder)
    #expect(none.error == "mltrain: messy.csv: cannot be opened: Not a directory\n")
  }

  @Test func aFullDiskIsSaidOnce() throws {
    guard CommandRun.canLimitFiles else { return }
    let folder = try Self.folder()
    // The model is half a megabyte, a checkpoint four times as large.
    let run = try CommandRun(
      Self.fit.filter { $0 != "--quiet" } + ["--epochs", "5", "--log", "log"], in: folder,
      fileLimit: 2 << 20)
    #expect(run.exitCode == 0, "\(run.error)")
    let lines = run.error.split(separator: "\n").filter { $0.contains("no checkpoint: ") }
    #expect(lines.count == 1 && lines[0].hasSuffix(": File too large"), "\(lines)")
    // The log has each.
    let events = try folder.text("log").split(separator: "\n")
    #expect(events.count { $0.contains("no checkpoint: ") } == 6)
  }

  @Test func resumingCanBeQuiet() throws {
    let folder = try Self.folder()
    for quiet in [[], ["--quiet"]] {
      let fit = Self.fit.filter { $0 != "--quiet" }
      #expect(try Self.stopped(fit, in: folder).code == 130)
      let resumed = try CommandRun(["resume", "model.run"] + quiet, in: folder)
      #expect(resumed.exitCode == 0 && resumed.error.isEmpty == !quiet.isEmpty)
    }
  }

  @Test(
    arguments: [
      (SIGTERM, SIGTERM, 143), (SIGINT, SIGHUP, 129),
    ] as [(Int32, Int32, Int32)])
  func aSecondSignalEndsAtOnce(_ first: Int32, _ second: Int32, _ code: Int32) throws {
    let folder = try Self.folder()
    // A step takes a while, and so does the checkpoint after it; the first has ended when there is a board.
    let fit =
      [
        "fit", "messy.csv", "--quiet", "--checkpoint-every", "100000steps", "--hidden", "3000,3000",
        "--batch-size", "all", "--dtype", "float64", "--tensorboard", "tb", "-o",
        "model.safetensors",
      ] + MessyTable.price
    let stopped = try Self.stopped(
      fit, by: [first, second], in: folder, waitingFor: "tb/training-1", pause: 80_000)
    #expect(stopped.code == code)
    #expect(!stopped.error.contains("after step"), "\(stopped.error)")
  }

  @Test func twoFitsDoNotWriteOneModel() throws {
    let folder = try Self.folder()
    // The first one waits for its rows, with the model's path claimed.
    mkfifo(folder.file("pipe.csv"), 0o600)
    let first = try LiveCommand(
      ["fit", "pipe.csv", "--target", "price", "--model", "linear", "-o", "./model.safetensors"],
      in: folder)
    // It can be written to as soon as the fit reads it.
    var pipe: Int32 = -1
    for _ in 0..<6000 where pipe < 0 {
      pipe = open(folder.file("pipe.csv"), O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      if pipe < 0 { usleep(10_000) }
    }
    defer { close(pipe) }
    let second = try CommandRun(
      ["fit", "messy.csv", "--quiet", "--model", "linear", "-o", "model.safetensors"]
        + MessyTable.price, in: folder)
    #expect(second.exitCode == 1)
    #expect(
      second.error == "mltrain: model.safetensors: another training is about to write it\n")
    // Other models of the folder are not meant, and the claim ends with the process.
    let other = Self.fit.map { $0 == "model.safetensors" ? "other.safetensors" : $0 }
    #expect(try CommandRun(other, in: folder).exitCode == 0)
    first.kill()
    #expect(try CommandRun(Self.fit, in: folder).exitCode == 0)
  }

  @Test func twoRunsDoNotWriteToOneFolder() throws {
    let folder = try Self.folder()
    #expect(try Self.stopped(in: folder).code == 130)
    let open = Glibc.open(folder.file("model.run"), O_RDONLY)
    defer { close(open) }
    #expect(flock(open, LOCK_EX | LOCK_NB) == 0)
    let resumed = try CommandRun(["resume", "model.run"], in: folder)
    #expect(resumed.exitCode == 1)
    #expect(resumed.error == "mltrain: model.run: another training is writing to it\n")
  }

  @Test func whatIsNotTheRunsIsRefusedByName() throws {
    let folder = try Self.folder()
    #expect(try Self.stopped(in: folder).code == 130)
    func refusal(_ name: String = "model.run") throws -> String {
      let run = try CommandRun(["resume", name], in: folder)
      #expect(run.exitCode == 1)
      return run.error
    }
    #expect(try refusal("none") == "mltrain: none: cannot be opened: No such file or directory\n")
    mkdir(folder.file("empty"), 0o777)
    #expect(try refusal("empty") == "mltrain: empty: not the folder of a run\n")
    let text = try folder.text("model.run/run.json")
    func change(_ from: String, _ to: String) throws {
      let parts = text.components(around: from)
      #expect(parts.count == 2, "\(from)")
      try folder.write(parts.joined(separator: to), to: "model.run/run.json")
    }
    try change("\"version\" : \"", "\"version\" : \"9.")
    #expect(
      try refusal()
        == "mltrain: model.run: a run of version \"9.\(SlopeVersion.number)\", not "
        + "\(SlopeVersion.number): its numbers may differ\n")
    try change("mltrain run 1", "mltrain run 2")
    #expect(
      try refusal()
        == "mltrain: model.run: a run of the format \"mltrain run 2\", not \"mltrain run 1\"\n")
    // What another format or version has beside that does not matter.
    try folder.write("{\"format\": \"mltrain run 2\"}", to: "model.run/run.json")
    #expect(
      try refusal()
        == "mltrain: model.run: a run of the format \"mltrain run 2\", not \"mltrain run 1\"\n")
    try folder.write(
      "{\"format\": \"mltrain run 1\", \"version\": \"9\"}", to: "model.run/run.json")
    #expect(
      try refusal()
        == "mltrain: model.run: a run of version \"9\", not \(SlopeVersion.number): its numbers may "
        + "differ\n")
    try folder.write("{\"format\": \"mltrain run 1\"}", to: "model.run/run.json")
    #expect(try refusal() == "mltrain: model.run: run.json is damaged\n")
    try change("\"--quality\"", "\"--qualiti\"")
    #expect(try refusal().hasPrefix("mltrain: model.run: its arguments are damaged: "))
    try change("\"arguments\"", "\"argumenta\"")
    #expect(try refusal() == "mltrain: model.run: run.json is damaged\n")
    try folder.write(text, to: "model.run/run.json")
    try folder.write(MessyTable.text + "\n", to: "messy.csv")
    #expect(
      try refusal().hasPrefix("mltrain: model.run: \"messy.csv\" has changed since: "))
    unlink(folder.file("messy.csv"))
    #expect(try refusal() == "mltrain: messy.csv: cannot be opened: No such file or directory\n")
  }

  @Test func aFitThatFailsLeavesNoFolder() throws {
    let folder = try Self.folder()
    let run = try CommandRun(
      ["fit", "messy.csv", "--target", "nothing", "-o", "m.safetensors"], in: folder)
    #expect(run.exitCode == 1)
    #expect(folder.names == ["messy.csv"])
    // What others have put there stays.
    mkdir(folder.file("kept"), 0o777)
    try folder.write("mine", to: "kept/notes.txt")
    #expect(try CommandRun(Self.fit + ["--checkpoint", "kept"], in: folder).exitCode == 0)
    #expect(try folder.text("kept/notes.txt") == "mine")
  }

  @Test func onlyWhatTheRunWroteIsRemoved() throws {
    let folder = try Self.folder()
    mkdir(folder.file("training-final"), 0o777)
    mkdir(folder.file("training-data"), 0o777)
    try folder.write("mine", to: "training-data/embeddings.safetensors")
    var arguments = Self.fit
    arguments[arguments.firstIndex(of: "model.safetensors")!] = "training-final/model.safetensors"
    let run = try CommandRun(arguments + ["--checkpoint", "."], in: folder)
    #expect(run.exitCode == 0, "\(run.error)")
    #expect(try folder.text("training-data/embeddings.safetensors") == "mine")
    #expect(try folder.read("training-final/model.safetensors").count > 100)
    #expect(folder.names == ["messy.csv", "training-data", "training-final"])
    // Somebody else's checkpoints are left alone.
    mkdir(folder.file("other"), 0o777)
    mkdir(folder.file("other/training-01"), 0o777)
    try folder.write("mine", to: "other/training-01/step-0000000001.safetensors")
    let refused = try CommandRun(Self.fit + ["--checkpoint", "other"], in: folder)
    #expect(refused.exitCode == 1)
    #expect(refused.error == "mltrain: other: has checkpoints of something else\n")
    #expect(try folder.text("other/training-01/step-0000000001.safetensors") == "mine")
  }

  @Test func aRunWithoutCheckpointsIsNotGoneOnWith() throws {
    let folder = try Self.folder()
    #expect(try Self.stopped(in: folder).code == 130)
    for name in ["step-0000000001", "step-0000000002", "step-0000000003", "best"] {
      unlink(folder.file("model.run/training-01/\(name).safetensors"))
    }
    let left = try CommandRun(["resume", "model.run"], in: folder)
    #expect(left.exitCode == 0 && folder.names == ["messy.csv", "model.safetensors"])
  }

  @Test func namesAreQuotedForTheShell() throws {
    let folder = try Self.folder()
    var arguments = Self.fit
    arguments[arguments.firstIndex(of: "model.safetensors")!] = "it's mine.safetensors"
    let stopped = try Self.stopped(
      arguments, in: folder, waitingFor: "it's mine.run/training-01")
    #expect(
      stopped.error.hasSuffix("; go on with: mltrain resume 'it'\\''s mine.run'\n"),
      "\(stopped.error)")
  }

  @Test func memoryThatIsMissingKeepsTheCheckpoints() throws {
    guard CommandRun.canLimitAddresses else { return }
    let folder = try Self.folder()
    #expect(try Self.stopped(in: folder).code == 130)
    let run = try CommandRun(["resume", "model.run"], in: folder, addressLimit: 120_000 * 1024)
    #expect(run.exitCode != 0)
    #expect(try CommandRun(["resume", "model.run"], in: folder).exitCode == 0)
  }

  @Test func standardInputCannotBeReadAgain() throws {
    let folder = try Self.folder()
    let arguments = ["fit", "-", "--model", "mlp", "--epochs", "1", "--quiet"] + MessyTable.price
    #expect(try CommandRun(arguments, in: folder, input: MessyTable.text).exitCode == 0)
    let asked = try CommandRun(
      arguments + ["--checkpoint", "run"], in: folder, input: MessyTable.text)
    #expect(asked.exitCode == 1)
    #expect(asked.error == "mltrain: run: no checkpoints: - cannot be read again\n")
  }
}

extension String {
  /// The parts before, between and after the places of a text.
  fileprivate func components(around text: String) -> [String] {
    var parts = [""]
    var rest = self[...]
    while let first = rest.first {
      if rest.hasPrefix(text) {
        parts.append("")
        rest = rest.dropFirst(text.count)
      } else {
        parts[parts.count - 1].append(first)
        rest = rest.dropFirst()
      }
    }
    return parts
  }
}
