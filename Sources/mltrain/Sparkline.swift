/// Numbers as a line of small bars, `▁▂▅█`.
enum Sparkline {
  private static let bars = Array("▁▂▃▄▅▆▇█")

  /// The bars of some numbers, the newest last; each of at most `width` stands for as many numbers, of which
  /// it shows the last.
  ///
  /// The lowest bar is the least of the numbers shown, the highest the largest. Equal numbers are low bars,
  /// and a number that is not finite is a blank.
  static func text(_ numbers: [Double], width: Int) -> String {
    guard width > 0, !numbers.isEmpty else { return "" }
    let count = min(width, numbers.count)
    let shown = (1...count).map { numbers[numbers.count * $0 / count - 1] }
    let finite = shown.filter(\.isFinite)
    guard let least = finite.min(), let largest = finite.max() else {
      return String(repeating: " ", count: count)
    }
    return String(
      shown.map { number -> Character in
        guard number.isFinite else { return " " }
        // Halves, since the difference of two finite numbers may be infinite.
        let range = largest / 2 - least / 2
        let height = range > 0 ? (number / 2 - least / 2) / range : 0
        return bars[min(bars.count - 1, Int(height * Double(bars.count)))]
      })
  }
}
