import Foundation
import Testing

/// The short programs print the results that their comments describe.
@Suite struct ShortExamplesTests {
  /// The number before a word of a line.
  private func number(before word: String, in line: String?) -> Double? {
    let words = (line ?? "").split(separator: " ")
    return words.firstIndex(of: Substring(word)).flatMap { Double(words[$0 - 1]) }
  }

  @Test func irisAreToldApart() throws {
    let run = try ExampleRun("Iris")
    #expect(run.exitCode == 0, "\(run.error)")
    #expect(run.lines.count == 5 && run.lines[0].hasPrefix("epoch 10: loss 0."))
    let losses = run.lines.prefix(3).compactMap {
      $0.split(separator: " ").last.flatMap { Double($0) }
    }
    #expect(losses.count == 3 && losses == losses.sorted(by: >))
    #expect(try #require(number(before: "of", in: run.lines[3])) >= 28)
    #expect(run.lines[3].hasSuffix("of 30 right"))
  }

  @Test func digitsAreRead() throws {
    let run = try ExampleRun("Digits", "cpu")
    #expect(run.exitCode == 0, "\(run.error)")
    #expect(run.lines[0].hasPrefix("cpu: ") && run.lines[0].hasSuffix("of 359 right"))
    #expect(try #require(number(before: "of", in: run.lines[0])) >= 345)
    let other = try ExampleRun("Digits", "abacus")
    #expect(other.exitCode != 0 && other.error.contains("abacus"))
  }

  @Test func digitsAreReadByConvolutions() throws {
    let run = try ExampleRun("Convolution", "cpu")
    #expect(run.exitCode == 0, "\(run.error)")
    #expect(run.lines[0].hasPrefix("cpu: ") && run.lines[0].hasSuffix("of 359 right"))
    // 98 %
    #expect(try #require(number(before: "of", in: run.lines[0])) >= 352)
  }

  @Test func anOptimizerAndALossOfOnesOwnTrain() throws {
    let run = try ExampleRun("OwnOptimizer")
    #expect(run.exitCode == 0, "\(run.error)")
    let losses = run.lines.prefix(4).compactMap {
      $0.split(separator: " ").last.flatMap { Double($0) }
    }
    #expect(losses.count == 4 && losses[3] < 1e-3 && losses[0] > 10 * losses[3])
    #expect(run.lines[4].hasPrefix("weight tensor(["))
  }

  @Test func aFunctionOfOnesOwnIsDifferentiatedTwice() throws {
    let run = try ExampleRun("OwnFunction")
    #expect(run.exitCode == 0, "\(run.error)")
    #expect(run.lines.contains("largest error of mish″: below 1e-6"))
    #expect(run.lines.contains { $0.hasSuffix("mish [5] float64 ← 0") })
  }

  @Test func aTrainingGoesOnInAnotherModel() throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("saving-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    let run = try ExampleRun("Saving", file.path)
    #expect(run.exitCode == 0, "\(run.error)")
    #expect(run.lines[0] == "\(file.path): 0.bias, 0.weight, 2.bias, 2.weight")
    #expect(run.lines[1] == "the same to the last bit: true")
  }

  @Test func noneIsLongerThanFiftyLines() throws {
    for name in ["Iris", "Digits", "Convolution", "OwnOptimizer", "OwnFunction", "Saving"] {
      #expect(try lines(of: "Examples/\(name).swift").count <= 51, "\(name)")
    }
  }
}
