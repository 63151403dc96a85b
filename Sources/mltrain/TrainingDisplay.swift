import Slope
import SlopeData

/// What a terminal shows of a training: a few lines of at most its width.
struct TrainingDisplay {
  /// What is trained, where several trainings follow one another.
  var title: String?
  var epoch = 0
  var epochCount = 0
  var step = 0
  var stepCount = 0
  /// What the errors of the training rows are, such as `log loss`.
  var errorName = ""
  var errors: [Double] = []
  /// What the scores of the validation rows are.
  var scoreName = ""
  var scores: [Double] = []
  var best: (epoch: Int, score: Double)?
  var rowsPerSecond: Double?
  /// The floating-point operations per second of products.
  var rate: Double?
  /// What the device reaches in a large product.
  var peakRate: Double?
  var memory = 0
  var secondsLeft: Double?
  /// How long the training took, when it has ended.
  var seconds: Double?

  /// The lines, none wider than `width`.
  func lines(width: Int, isColoured: Bool) -> [String] {
    let width = max(20, width)
    var lines = [progress(width, isColoured)]
    let names = ["training \(errorName)", "validation \(scoreName)"]
    let nameWidth = scores.isEmpty ? names[0].count : max(names[0].count, names[1].count)
    if let error = errors.last {
      lines.append(curve(names[0], nameWidth, error, errors, "", width, isColoured))
    }
    if let score = scores.last {
      let end = best.map { "best \($0.score.figures) at \($0.epoch)" } ?? ""
      lines.append(curve(names[1], nameWidth, score, scores, end, width, isColoured))
    }
    let costs = costs.reduce("") { line, cost in
      let longer = line.isEmpty ? cost : line + " · " + cost
      return longer.count <= width ? longer : line
    }
    if !costs.isEmpty { lines.append(isColoured ? Self.dim(costs) : costs) }
    return lines
  }

  private static func dim(_ text: String) -> String { "\u{1B}[2m\(text)\u{1B}[22m" }

  /// The epoch with a bar of the steps, and the time that is left.
  private func progress(_ width: Int, _ isColoured: Bool) -> String {
    let start = (title.map { $0 + ", " } ?? "") + "epoch \(epoch)/\(epochCount) "
    let share = stepCount > 0 ? min(1, Double(step) / Double(stepCount)) : 0
    var end = " \(Int(share * 100)) %"
    let time = seconds.map { "ended after \(Self.duration($0))" }
    for part in [
      "step \(step)/\(stepCount)",
      time ?? secondsLeft.map { "\(Self.duration($0)) left" } ?? "",
    ]
    where !part.isEmpty && start.count + end.count + 2 + part.count + 8 <= width {
      end += "  " + part
    }
    let length = min(40, width - start.count - end.count)
    guard length >= 4 else { return String((start + end.dropFirst()).prefix(width)) }
    let full = Int(share * Double(length))
    let (done, left) = (
      String(repeating: "█", count: full), String(repeating: "░", count: length - full)
    )
    return start + (isColoured ? "\u{1B}[36m\(done)\u{1B}[39m" : done)
      + (isColoured ? Self.dim(left) : left) + end
  }

  /// A number with its course; what does not fit is left out, the course first.
  private func curve(
    _ name: String, _ nameWidth: Int, _ number: Double, _ numbers: [Double], _ end: String,
    _ width: Int, _ isColoured: Bool
  ) -> String {
    let figures = number.figures
    let start = name.padded(to: nameWidth) + "  " + figures.padded(to: 8)
    var line = start
    let left = width - start.count - 2 - (end.isEmpty ? 0 : end.count + 2)
    if left >= 4 {
      let bars = Sparkline.text(numbers, width: min(30, left))
      line += "  " + (isColoured ? "\u{1B}[36m\(bars)\u{1B}[39m" : bars)
    }
    let hasEnd = !end.isEmpty && start.count + 2 + end.count <= width
    if hasEnd { line += "  " + end }
    if line != start { return line }
    return String((name.padded(to: nameWidth) + "  " + figures).prefix(width))
  }

  /// Speed and memory, the most important first.
  private var costs: [String] {
    var costs: [String] = []
    if let rowsPerSecond { costs.append("\(Self.thousands(rowsPerSecond)) rows/s") }
    if let rate {
      let share = peakRate.map { " (\(Int((100 * rate / $0).rounded())) % of the peak)" } ?? ""
      costs.append("\((rate / 1e9).figures) GFLOP/s\(share)")
    }
    if memory > 0 { costs.append("\(memory >> 20) MiB") }
    return costs
  }

  private static func thousands(_ number: Double) -> String {
    number < 10_000
      ? number.figures
      : number < 1e7
        ? "\((number / 1e3).figures) k" : "\((number / 1e6).figures) M"
  }

  /// Seconds as `8 s`, `3 min 20 s` or `2 h 5 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    let whole = Int(seconds.rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
