/// Numbers as a line of small bars, `▁▂▅█`.
enum Sparkline {
  private static let bars = Array("▁▂▃▄▅▆▇█")

  /// The bars of some numbers, the newest last; each of at most `width` stands for as many numbers, of which
  /// it shows the last.
  ///
  /// The lowest bar is the least of the numbers shown, the highest the largest. Of ten numbers and more, the
  /// tenth that is farthest on the side of the first does not count: the errors of the first epochs would leave
  /// the others no height. Equal numbers are low bars, and a number that is not finite is a blank.
  static func text(_ numbers: [Double], width: Int) -> String {
    guard width > 0, !numbers.isEmpty else { return "" }
    let count = min(width, numbers.count)
    let shown = (1...count).map { numbers[numbers.count * $0 / count - 1] }
    let finite = shown.filter(\.isFinite)
    guard let first = finite.first, let last = finite.last else {
      return String(repeating: " ", count: count)
    }
    let sorted = finite.sorted()
    let (left, end) = (sorted.count / 10, sorted.count - 1)
    let least = sorted[first < last ? left : 0]
    let largest = sorted[first > last ? end - left : end]
    return String(
      shown.map { number -> Character in
        guard number.isFinite else { return " " }
        // Halves, since the difference of two finite numbers may be infinite.
        let range = largest / 2 - least / 2
        let height = range > 0 ? (number / 2 - least / 2) / range : 0
        return bars[max(0, min(bars.count - 1, Int(height * Double(bars.count))))]
      })
  }
}
