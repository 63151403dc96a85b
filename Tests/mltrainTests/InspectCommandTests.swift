import SlopeData
import TestSupport
import Testing

@Suite struct InspectCommandTests {
  @Test func theTextSaysWhatTheModelReadsAndHowItWasTrained() throws {
    let (folder, _) = try MessyTable.fit(MessyTable.grade + ["--seed", "5"])
    let run = try CommandRun(["inspect", "model"], in: folder)
    #expect(run.exitCode == 0 && run.error.isEmpty)
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("model: \"grade\" has 3 classes ("))
    #expect(lines[1] == "layers: linear, 10 inputs; 33 parameters, float32")
    #expect(lines.contains { $0.hasPrefix("size ") && $0.hasSuffix("1 input, 1 flag") })
    #expect(lines.contains { $0.hasPrefix("training ") && $0.contains(" 72 ") })
    let last = try #require(lines.last)
    #expect(last.hasPrefix("trained on messy.csv: 120 rows, seed 5, "))
    #expect(last.hasSuffix(" epochs, Slope \(SlopeVersion.number)"))
  }

  @Test func theModelCardIsMarkdown() throws {
    let (folder, _) = try MessyTable.fit(MessyTable.grade)
    let run = try CommandRun(["inspect", "model", "--card"], in: folder)
    #expect(run.exitCode == 0 && run.error.isEmpty)
    #expect(run.output.hasPrefix("# `grade`\n\nA linear model, which predicts one of 3 classes: "))
    #expect(run.output.hasSuffix("like those of the table.\n"))
    let both = try CommandRun(["inspect", "model", "--card", "--json"], in: folder)
    #expect(both.exitCode == 64 && both.error.contains("--json and --card ask for two outputs."))
  }

  @Test func theLayersOfANetworkAreShown() throws {
    let (folder, _) = try MessyTable.fit(
      MessyTable.price + ["--hidden", "6,5", "--activation", "tanh", "--epochs", "3"])
    let run = try CommandRun(["inspect", "model"], in: folder)
    #expect(
      run.output.contains("layers: 10 inputs, hidden layers 6, 5, tanh; 107 parameters, float32"))
    #expect(run.output.contains(", 3 epochs (the best was "))
  }

  @Test(arguments: [("fast", 1, 135_435, "a network"), ("good", 4, 0, "4 networks")])
  func networksForTablesAreShown(
    quality: String, networks: Int, parameters: Int, text: String
  ) throws {
    let (folder, fit) = try MessyTable.fit(
      MessyTable.price + ["--model", "mlp", "--quality", quality, "--epochs", "2"])
    #expect(fit.exitCode == 0, "\(fit.error)")
    let layers = "10 inputs, \(text) of hidden layers 256, 256, 256, mish"
    #expect(
      fit.output.hasSuffix("model: model (\(layers))\nlook: mltrain report model messy.csv\n"))
    let run = try CommandRun(["inspect", "model"], in: folder)
    #expect(run.output.contains("layers: \(layers); "), "\(run.output)")
    #expect(run.output.contains(", 2 epochs (the best was "))
    let object = try jsonObject(try CommandRun(["inspect", "model", "--json"], in: folder).output)
    #expect(object["networks"] == .number(Double(networks)) && object["activation"] == "mish")
    #expect(object["hidden"] == [256, 256, 256])
    if parameters > 0 { #expect(object["parameters"] == .number(Double(parameters))) }
  }

  @Test func aChoiceAmongModelsIsShown() throws {
    let (folder, fit) = try MessyTable.fit(
      MessyTable.price + ["--model", "auto", "--quality", "fast", "--epochs", "2"])
    #expect(fit.exitCode == 0, "\(fit.error)")
    // Two epochs are too few for networks.
    let kept = try #require(fit.output.split(separator: "\n").first { $0.hasPrefix("kept: ") })
    #expect(kept.hasPrefix("kept: linear model, whose validation RMSE is "))
    #expect(kept.contains(" (networks: ") && fit.output.contains("coefficient"))
    let text = try CommandRun(["inspect", "model"], in: folder).output
    #expect(text.hasSuffix("\(kept)\n"))
    let object = try jsonObject(try CommandRun(["inspect", "model", "--json"], in: folder).output)
    let candidates = try #require(object["candidates"]).elements
    #expect(candidates.map { $0["model"] } == ["linear", "mlp"])
    #expect(candidates.map { $0["kept"] } == [.boolean(true), .boolean(false)])
    #expect(candidates[0]["validationScore"] == object["parts"]?["validation"]?["rmse"])
    #expect(object["metric"] == "rmse")
    let (_, alone) = try MessyTable.fit(MessyTable.price + ["--json"])
    #expect(try jsonObject(alone.output)["candidates"] == .null)
  }

  @Test func aRefittedModelSaysSo() throws {
    let (folder, fit) = try MessyTable.fit(MessyTable.price + ["--refit", "--json"])
    let report = try jsonObject(fit.output)
    #expect(report["refitted"] == .boolean(true) && report["parts"]?["validation"]?["rows"] == 0)
    let object = try jsonObject(try CommandRun(["inspect", "model", "--json"], in: folder).output)
    #expect(object["refitted"] == .boolean(true))
    let text = try CommandRun(["inspect", "model"], in: folder).output
    #expect(text.contains(", then fitted to the validation rows too, Slope "))
    let (other, plain) = try MessyTable.fit(MessyTable.price + ["--json"])
    #expect(try jsonObject(plain.output)["refitted"] == .boolean(false))
    let once = try CommandRun(["inspect", "model"], in: other).output
    #expect(!once.contains("fitted to the validation rows"))
  }

  @Test func aLogarithmIsShown() throws {
    let network = ["--model", "mlp", "--quality", "fast", "--epochs", "2"]
    let (folder, fit) = try MessyTable.fit(MessyTable.price + network + ["--target-log"])
    #expect(fit.output.contains("\"price\" is predicted as a number, by its logarithm\n"))
    let text = try CommandRun(["inspect", "model"], in: folder).output
    #expect(text.contains("by its logarithm\n"))
    let (_, other) = try MessyTable.fit(
      MessyTable.price + network + ["--no-target-log", "--json"])
    #expect(try jsonObject(other.output)["targetLogarithm"] == .boolean(false))
    let (_, refused) = try MessyTable.fit(MessyTable.price + ["--target-log"])
    #expect(refused.exitCode == 64 && refused.error.contains("--target-log is for --model mlp"))
  }

  @Test func theMetricIsShown() throws {
    let (folder, fit) = try MessyTable.fit(
      MessyTable.grade + [
        "--metric", "auc", "--model", "mlp", "--quality", "fast", "--epochs", "2",
      ])
    #expect(fit.exitCode == 0, "\(fit.error)")
    #expect(fit.error.contains("epoch 2 of 2: training log loss "))
    #expect(fit.error.contains(", validation AUC 0."))
    let object = try jsonObject(try CommandRun(["inspect", "model", "--json"], in: folder).output)
    #expect(object["metric"] == "auc")
    for (name, exitCode, text) in [
      ("mae", 1, "the metric MAE is one of numbers"), ("balanced-accuracy", 0, ""),
    ] {
      let (_, run) = try MessyTable.fit(MessyTable.grade + ["--metric", name, "--json"])
      #expect(run.exitCode == exitCode && run.error.contains(text), "\(run.error)")
      if exitCode == 0 { #expect(try jsonObject(run.output)["metric"] == .string(name)) }
    }
  }

  @Test func theObjectHasWhatTheFitReported() throws {
    let (folder, fit) = try MessyTable.fit(MessyTable.grade + ["--json"])
    let report = try jsonObject(fit.output)
    let object = try jsonObject(try CommandRun(["inspect", "model", "--json"], in: folder).output)
    for name in [
      "target", "task", "classes", "features", "dtype", "schema", "seed", "epochs", "bestEpoch",
      "parts",
    ] {
      #expect(object[name] == report[name] && object[name] != nil, "\(name)")
    }
    #expect(object["source"] == "messy.csv" && object["rows"] == 120)
    #expect(object["parameters"] == 33 && object["hidden"] == [] && object["activation"] == .null)
    #expect(object["inputs"]?.elements.count == 10)
    #expect(object["version"] == .string(SlopeVersion.number))
  }

  @Test func aModelOfTheFormatBeforeHasNoTraining() throws {
    let path = packageFile("Tests/Fixtures/tabular-1-network.safetensors")
    let folder = try TemporaryFolder()
    let object = try jsonObject(try CommandRun(["inspect", path, "--json"], in: folder).output)
    #expect(object["task"] == "regression" && object["features"] == ["x", "z"])
    #expect(object["hidden"] == [3] && object["activation"] == "tanh")
    for name in ["source", "rows", "seed", "epochs", "bestEpoch", "version"] {
      #expect(object[name] == .null, "\(name)")
    }
    #expect(object["parts"]?["test"] == .null)
    #expect(try CommandRun(["inspect", path], in: folder).output.contains("hidden layers 3, tanh"))
  }

  @Test func faultsAreNamed() throws {
    let folder = try TemporaryFolder()
    try folder.write("x\n1\n", to: "a.csv")
    for (file, message) in [
      ("none", "none: cannot be opened"), ("a.csv", "a.csv: not a safetensors file"),
    ] {
      let run = try CommandRun(["inspect", file], in: folder)
      #expect(run.exitCode == 1 && run.output.isEmpty && run.error.hasPrefix("mltrain: \(message)"))
    }
    #expect(try CommandRun(["inspect"], in: folder).exitCode == 64)
  }
}
