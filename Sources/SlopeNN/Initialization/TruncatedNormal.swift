import Glibc
import SlopeCore

/// A normal distribution within bounds, drawn as PyTorch's `nn.init.trunc_normal_` does.
///
/// Where the bounds hold more than three tenths of the distribution, normal numbers are drawn until
/// all are within them; elsewhere uniform ones, each of which is kept with a probability in
/// proportion to the density. Every round draws numbers for the whole tensor.
struct TruncatedNormal {
  let mean: Double
  let deviation: Double
  let low: Double
  let high: Double

  /// The smallest share of uniform draws that may be expected to be kept, roughly.
  private static let leastShare = 0.01

  func drawn<Element: FloatingElement>(
    _ shape: Shape, _ generator: Generator
  ) -> Tensor<Element> {
    let numbers = [mean, deviation, low, high]
    guard numbers.allSatisfy(\.isFinite), deviation > 0, low < high else {
      return refused(shape, "\(deviation) within \(low)...\(high) is no such distribution")
    }
    if share > 0.3 { return normal(shape, generator) }
    guard expectedShare >= Self.leastShare else {
      return refused(shape, "\(deviation) has hardly a number within \(low)...\(high)")
    }
    return uniform(shape, generator)
  }

  /// The probability of a number within the bounds.
  private var share: Double {
    func below(_ x: Double) -> Double { (1 + erf((x - mean) / deviation / 2.0.squareRoot())) / 2 }
    return below(high) - below(low)
  }

  /// The number within the bounds at which the density is largest, in standard deviations.
  private var peak: Double { (max(low, min(mean, high)) - mean) / deviation }

  /// Roughly the share of uniform numbers that are kept: the width of the density's peak within the
  /// bounds, of theirs.
  private var expectedShare: Double {
    1 / ((high - low) / deviation * max(1, abs(peak)))
  }

  /// Numbers of the normal distribution, those out of bounds drawn again.
  private func normal<Element: FloatingElement>(
    _ shape: Shape, _ generator: Generator
  ) -> Tensor<Element> {
    let (low, high) = (Element(clamping: low), Element(clamping: high))
    func draw() -> Tensor<Element> {
      .normal(shape, mean: mean, deviation: deviation, generator: generator)
    }
    var result = draw()
    while true {
      let isOutside = (result .< low).logicalOr(result .> high)
      guard !result.isFailed, isOutside.any().item() else { return result }
      result = .where(isOutside, draw(), result)
    }
  }

  /// Uniform numbers, those that the density rejects drawn again.
  private func uniform<Element: FloatingElement>(
    _ shape: Shape, _ generator: Generator
  ) -> Tensor<Element> {
    let (mean, deviation) = (Element(clamping: mean), Element(clamping: deviation))
    let logPeak = Element(clamping: -0.5 * peak * peak)
    func draw() -> Tensor<Element> {
      .uniform(
        shape, from: Element(clamping: low), to: Element(clamping: high), generator: generator)
    }
    func areRejected(_ numbers: Tensor<Element>) -> Tensor<Bool> {
      let distance = (numbers - mean) / deviation
      let logDensity = distance.square() * Element(clamping: -0.5) - logPeak
      return Tensor<Element>.uniform(shape, generator: generator).log() .> logDensity
    }
    var result = draw()
    var isPending = areRejected(result)
    while !result.isFailed, isPending.any().item() {
      let candidates = draw()
      result = .where(isPending, candidates, result)
      isPending = isPending.logicalAnd(areRejected(candidates))
    }
    return result
  }

  private func refused<Element: FloatingElement>(
    _ shape: Shape, _ why: String
  ) -> Tensor<Element> {
    Tensor<Element>.zeros([0]).fail("truncatedNormal", "mean \(mean) and standard deviation \(why)")
  }
}
