import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers

extension StreamProgram {
  /// Trains as the program says and compares each epoch's validation loss, the test loss and the
  /// final parameters.
  func check(name: String, datasets: String, into report: inout StreamReport) {
    guard standardise == "x only, over all rows, divisor n-1" else {
      report.add(name, .skipped("standardise: \(standardise)"))
      return
    }
    guard (1...1 << 16).contains(hidden ?? 1) else {
      report.add(name, .skipped("\(hidden ?? 0) hidden units"))
      return
    }
    guard (0...100_000).contains(epochs) else {
      report.add(name, .skipped("\(epochs) epochs"))
      return
    }
    do {
      switch dtype {
      case "float32":
        compare(try train(Float.self, datasets), name, .relative(5e-6), .scaled(5e-6), &report)
      case "float64":
        compare(try train(Double.self, datasets), name, .relative(1e-12), .scaled(1e-11), &report)
      default:
        report.add(name, .skipped("dtype \(dtype)"))
      }
    } catch {
      report.add(name, .different("\(error)"))
    }
  }

  private struct Result {
    var validationLosses: [Double] = []
    var testLoss = 0.0
    var parameters: [String: NumberTree] = [:]
  }

  private func compare(
    _ result: Result, _ name: String, _ losses: Tolerance, _ parameters: Tolerance,
    _ report: inout StreamReport
  ) {
    report.add(
      "\(name), validation loss",
      StreamReport.Outcome(NumberTree(result.validationLosses), validationLoss, losses))
    if let testLoss {
      report.add(
        "\(name), test loss",
        StreamReport.Outcome(.number(result.testLoss), .number(testLoss), losses))
    }
    for (parameter, expected) in (self.parameters ?? [:]).sorted(by: { $0.key < $1.key }) {
      report.add(
        "\(name), \(parameter)",
        result.parameters[parameter].map { StreamReport.Outcome($0, expected, parameters) }
          ?? .skipped("the model has no such parameter"))
    }
  }

  private func train<Element: FloatingElement>(_ type: Element.Type, _ datasets: String) throws
    -> Result
  {
    let table = try Table(csv: "\(datasets)/\(file)")
    let x = try table.tensor(features, as: Element.self)
    let y = try table.tensor(target, as: Element.self)
    return try checked {
      manualSeed(seed)
      let dataset = TensorDataset((x - x.mean(axis: 0)) / x.std(axes: [0]), y)
      let parts = randomSplit(dataset, split)
      guard parts.count == 3 else { throw StreamError("the split has \(parts.count) parts, not 3") }
      let loader = DataLoader(parts[0], batchSize: batchSize, shuffle: true)
      if let hidden {
        return train(
          Sequential(
            Linear<Element>(features.count, hidden), ReLU(), Linear(hidden, 1)), loader, parts)
      }
      return train(Linear<Element>(features.count, 1), loader, parts)
    }
  }

  private func train<Element: FloatingElement>(
    _ model: some Layer<Element>, _ loader: DataLoader<Subset<TensorDataset<Element, Element>>>,
    _ parts: [Subset<TensorDataset<Element, Element>>]
  ) -> Result {
    let optimizer = SGD(
      model.parameters(), learningRate: learningRate, momentum: momentum ?? 0)
    let lossFunction = MSELoss<Element>()
    var result = Result()
    for _ in 0..<epochs {
      for (x, y) in loader {
        lossFunction(model(x), y).backward()
        optimizer.step()
        optimizer.zeroGrad()
      }
      let (x, y) = parts[1][...]
      result.validationLosses.append(lossFunction(model(x), y).item().doubleValue)
    }
    let (x, y) = parts[2][...]
    result.testLoss = lossFunction(model(x), y).item().doubleValue
    for (name, parameter) in model.namedParameters() {
      result.parameters[name] = parameter.tensor.tree
    }
    return result
  }
}

/// Why a program of a stream file cannot be run.
struct StreamError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
