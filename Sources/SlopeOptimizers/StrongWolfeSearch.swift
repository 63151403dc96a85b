import SlopeCore

/// A search along a line for a step where the loss is lower and its slope smaller.
///
/// It ends where loss(t) ≤ loss(0) + 10⁻⁴ · t · slope(0) and |slope(t)| ≤ 0.9 · |slope(0)|: the
/// strong Wolfe conditions. First steps grow until two of them have such a step between them; then
/// the bracket shrinks. Trials are minima of the cubic polynomials through losses and slopes.
///
/// PyTorch's `_strong_wolfe`, with its constants. Source: J. Nocedal and S. Wright, "Numerical
/// optimization", 2006, algorithms 3.5 and 3.6.
struct StrongWolfeSearch<Vector> {
  /// A step and what was found there.
  struct Point {
    var step: Double
    var loss: Double
    var slope: Double
    var gradient: Vector
  }

  private let start: Point
  private let trial: Double
  /// The largest magnitude in the direction, by which a step is multiplied for its length.
  private let reach: Double
  private let limit: Int
  private(set) var evaluationCount = 0

  init(
    loss: Double, slope: Double, gradient: Vector, trial: Double, reach: Double, limit: Int
  ) {
    start = Point(step: 0, loss: loss, slope: slope, gradient: gradient)
    self.trial = trial
    self.reach = reach
    self.limit = limit
  }

  /// The point that was found, or the best one when the evaluations are used up.
  mutating func run(
    _ evaluate: (_ step: Double) -> (loss: Double, slope: Double, gradient: Vector)
  ) -> Point {
    func point(_ step: Double) -> Point {
      let (loss, slope, gradient) = evaluate(step)
      return Point(step: step, loss: loss, slope: slope, gradient: gradient)
    }
    var (previous, present) = (start, point(trial))
    evaluationCount = 1
    var bracket: (Point, Point)?
    var count = 0
    while count < limit {
      let isHigher = !falls(present) || count > 1 && present.loss >= previous.loss
      if !isHigher, isFlat(present) { return present }
      if isHigher || present.slope >= 0 {
        bracket = (previous, present)
        break
      }
      let next = interpolated(
        previous, present, from: present.step + 0.01 * (present.step - previous.step),
        to: present.step * 10)
      (previous, present) = (present, point(next))
      evaluationCount += 1
      count += 1
    }
    return shrink(bracket ?? (start, present), count, point)
  }

  /// Shrinks a bracket; the best of its ends when that is done.
  private mutating func shrink(
    _ bracket: (Point, Point), _ done: Int, _ point: (Double) -> Point
  ) -> Point {
    // Which end is first decides ties, and how the polynomial rounds.
    var isLowFirst = bracket.0.loss <= bracket.1.loss
    var (low, high) = isLowFirst ? bracket : (bracket.1, bracket.0)
    var (count, isStuck) = (done, false)
    while count < limit, !(abs(high.step - low.step) * reach < 1e-9) {
      let ends = isLowFirst ? (low, high) : (high, low)
      let (left, right) = (min(low.step, high.step), max(low.step, high.step))
      var step = interpolated(ends.0, ends.1, from: left, to: right)
      let margin = 0.1 * (right - left)
      if min(right - step, step - left) < margin {
        // Twice near an end, or at one: a tenth of the bracket away from it.
        if isStuck || step >= right || step <= left {
          step = abs(step - right) < abs(step - left) ? right - margin : left + margin
          isStuck = false
        } else {
          isStuck = true
        }
      } else {
        isStuck = false
      }
      let new = point(step)
      evaluationCount += 1
      count += 1
      if !falls(new) || new.loss >= low.loss {
        high = new
        if isLowFirst != (isLowFirst ? low.loss <= high.loss : high.loss <= low.loss) {
          (low, high) = (high, low)
          isLowFirst.toggle()
        }
        continue
      }
      if isFlat(new) { return new }
      if new.slope * (high.step - low.step) >= 0 { high = low }
      low = new
    }
    return low
  }

  /// The first condition.
  private func falls(_ point: Point) -> Bool {
    !(point.loss > start.loss + 1e-4 * point.step * start.slope)
  }

  /// The second condition.
  private func isFlat(_ point: Point) -> Bool { abs(point.slope) <= -0.9 * start.slope }

  /// The minimum of the cubic polynomial through two points within bounds, or their middle.
  private func interpolated(
    _ first: Point, _ second: Point, from low: Double, to high: Double
  ) -> Double {
    let (x1, x2, g1, g2) = (first.step, second.step, first.slope, second.slope)
    let mean = g1 + g2 - 3 * (first.loss - second.loss) / (x1 - x2)
    let square = mean * mean - g1 * g2
    guard square >= 0 else { return (low + high) / 2 }
    let root = square.squareRoot()
    let place =
      x1 <= x2
      ? x2 - (x2 - x1) * ((g2 + root - mean) / (g2 - g1 + 2 * root))
      : x1 - (x1 - x2) * ((g1 + root - mean) / (g1 - g2 + 2 * root))
    return min(max(place, low), high)
  }
}
