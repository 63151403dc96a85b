import Glibc
import TestSupport
import Testing

/// The pages of docs/reports, made again by the command that each shows.
struct ExampleReportsTests {
  /// The path of a file of the package.
  private static func path(_ name: String) -> String {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + (parts + [Substring(name)]).joined(separator: "/")
  }

  @Test(arguments: [("diabetes", "linear"), ("penguins", "mlp")])
  func aPageIsMadeAgain(_ name: String, _ model: String) throws {
    let stored = PageNumbers(
      String(decoding: try readFile(Self.path("docs/reports/\(name).html")), as: UTF8.self))
    let command = try #require(stored.parts(from: "<pre>", to: "</pre>").first)
    let words = command.split(separator: " ").map(String.init)
    #expect(words.prefix(2) == ["mltrain", "fit"])
    let folder = try TemporaryFolder()
    #expect(symlink(Self.path("datasets"), folder.file("datasets")) == 0)
    let fit = try CommandRun(Array(words.dropFirst()) + ["--json"], in: folder)
    #expect(fit.exitCode == 0, "\(fit.error)")
    let html = try folder.text("\(name).html")
    #expect(html.utf8.count < 1_000_000)
    let page = PageNumbers(html)

    // The same sections and names, and of what is solved the same charts, columns and numbers: trainings
    // differ a little from processor to processor.
    let isSolved = model == "linear"
    let marks = [("<h2>", "</h2>"), ("<title>", "</title>"), ("<th>", "</th>")]
    for (start, end) in isSolved ? marks : [marks[0]] {
      #expect(Set(page.parts(from: start, to: end)) == Set(stored.parts(from: start, to: end)))
    }
    let (now, then) = (page.numbers, stored.numbers)
    #expect(Set(now.keys) == Set(then.keys) && now.count >= 12)
    for (key, number) in then {
      let other = try #require(now[key])
      let room = isSolved && !key.contains("mlp") ? 1e-4 : 0.25
      #expect(abs(other - number) <= room * abs(number) + (isSolved ? 0 : 0.05), "\(key)")
    }

    // The page's numbers are those of the model: what evaluate says of the test rows.
    guard case .object(let parts)? = try jsonObject(fit.output)["parts"],
      case .object(let test)? = parts["test"]
    else {
      Issue.record("no parts: \(fit.output)")
      return
    }
    let later = try CommandRun(
      ["report", "\(name).safetensors", words[2], "-o", "later.html"], in: folder)
    #expect(later.exitCode == 0, "\(later.error)")
    let evaluated = try CommandRun(
      ["evaluate", "\(name).safetensors", words[2], "--json"], in: folder)
    guard case .object(let all)? = try jsonObject(evaluated.output)["metrics"] else {
      Issue.record("no metrics: \(evaluated.output)")
      return
    }
    let table = PageNumbers(try folder.text("later.html")).numbers
    let names = ["rmse", "mae", "r2", "accuracy", "balancedAccuracy", "logLoss", "auc"]
    var count = 0
    for name in names {
      guard case .number(let number)? = test[name], case .number(let whole)? = all[name] else {
        continue
      }
      #expect(now["test \(name)"] == number, "\(name)")
      #expect(table["table \(name)"] == whole, "\(name)")
      count += 1
    }
    #expect(count >= 3)
  }
}
