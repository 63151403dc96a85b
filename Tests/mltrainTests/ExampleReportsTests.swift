import Foundation
import TestSupport
import Testing

/// The pages of docs/reports, made again by the command that each shows.
struct ExampleReportsTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The numbers of a page that have names.
  private static func numbers(_ html: String) -> [String: Double] {
    var numbers: [String: Double] = [:]
    for part in html.components(separatedBy: "<data value=\"").dropFirst() {
      let fields = part.components(separatedBy: "\"")
      guard fields.count > 2, fields[1] == " data-name=" else { continue }
      numbers[fields[2]] = Double(fields[0])
    }
    return numbers
  }

  /// What stands between two texts, each time.
  private static func parts(_ html: String, from start: String, to end: String) -> [String] {
    html.components(separatedBy: start).dropFirst().map { $0.components(separatedBy: end)[0] }
  }

  @Test(arguments: [("diabetes", "linear"), ("penguins", "mlp")])
  func aPageIsMadeAgain(_ name: String, _ model: String) throws {
    let stored = try String(
      contentsOf: Self.root.appendingPathComponent("docs/reports/\(name).html"), encoding: .utf8)
    let command = try #require(Self.parts(stored, from: "<pre>", to: "</pre>").first)
    let words = command.split(separator: " ").map(String.init)
    #expect(words.prefix(2) == ["mltrain", "fit"])
    let folder = try TemporaryFolder()
    #expect(
      symlink(Self.root.appendingPathComponent("datasets").path, folder.file("datasets")) == 0)
    let fit = try CommandRun(Array(words.dropFirst()) + ["--json"], in: folder)
    #expect(fit.exitCode == 0, "\(fit.error)")
    let page = try folder.text("\(name).html")
    #expect(page.utf8.count < 1_000_000)

    // The same sections, charts and names; the same numbers of what is solved, of what is trained about.
    for (start, end) in [("<h2>", "</h2>"), ("<title>", "</title>"), ("<th>", "</th>")] {
      #expect(
        Set(Self.parts(page, from: start, to: end)) == Set(Self.parts(stored, from: start, to: end))
      )
    }
    let (now, then) = (Self.numbers(page), Self.numbers(stored))
    #expect(Set(now.keys) == Set(then.keys) && now.count >= 12)
    for (key, number) in then {
      let other = try #require(now[key])
      let isSolved = model == "linear" && !key.contains("mlp")
      #expect(abs(other - number) <= (isSolved ? 1e-4 : 0.25) * abs(number) + 0.05, "\(key)")
    }

    // The page's numbers are those of the model: what evaluate says of the test rows.
    let parts = try #require(
      try JSONSerialization.jsonObject(with: Data(fit.output.utf8)) as? [String: Any])["parts"]
    let test = try #require((parts as? [String: Any])?["test"] as? [String: Any])
    let later = try CommandRun(
      ["report", "\(name).safetensors", words[2], "-o", "later.html"], in: folder)
    #expect(later.exitCode == 0, "\(later.error)")
    let evaluated = try CommandRun(
      ["evaluate", "\(name).safetensors", words[2], "--json"], in: folder)
    let all = try #require(
      (try JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any])?[
        "metrics"] as? [String: Any])
    let table = Self.numbers(try folder.text("later.html"))
    let names = ["rmse", "mae", "r2", "accuracy", "balancedAccuracy", "logLoss", "auc"]
    var count = 0
    for name in names {
      guard let number = test[name] as? Double, let whole = all[name] as? Double else { continue }
      #expect(now["test \(name)"] == number, "\(name)")
      #expect(table["table \(name)"] == whole, "\(name)")
      count += 1
    }
    #expect(count >= 3)
  }
}
