import Glibc

#if arch(x86_64)
  /// A format with more digits than Double.
  package typealias SpecialNumber = Float80
#else
  package typealias SpecialNumber = Double
#endif

/// Special functions, slowly and obviously, with more digits than are tested.
package enum SpecialFunctions {
  package typealias Number = SpecialNumber

  private static let pi = Number("3.14159265358979323846264338327950288") ?? .pi

  /// The x with erf(x) = y, by Newton's steps on erfc(x) = 1 − |y| from a bisection.
  package static func erfinv(_ y: Number) -> Number {
    if y.isNaN || y.magnitude > 1 { return .nan }
    if y.magnitude == 1 { return y > 0 ? .infinity : -.infinity }
    if y.magnitude < 0x1p-60 { return y * pi.squareRoot() / 2 }
    // Below ½ the complement loses digits of y.
    let isSmall = y.magnitude < 0.5
    func excess(_ x: Number) -> Number {
      isSmall ? y.magnitude - erf(x) : erfc(x) - (1 - y.magnitude)
    }
    var (low, high) = (Number(0), Number(30))
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if excess(middle) > 0 { low = middle } else { high = middle }
    }
    var x = (low + high) / 2
    for _ in 0..<4 { x += excess(x) * pi.squareRoot() / 2 * exp(x * x) }
    return y < 0 ? -x : x
  }

  /// log |Γ(x)|.
  package static func lgamma(_ x: Number) -> Number {
    var sign: Int32 = 0
    #if arch(x86_64)
      return lgammal_r(x, &sign)
    #else
      return lgamma_r(x, &sign)
    #endif
  }

  /// The derivative of log Γ, by its recurrence up to 40 and its asymptotic series there.
  package static func digamma(_ value: Number) -> Number {
    var (x, sum) = (value, Number(0))
    if x.isNaN || x == -.infinity { return .nan }
    if x == 0 { return x.sign == .minus ? .infinity : -.infinity }
    if x < 0 {
      let fraction = x - x.rounded()
      if fraction == 0 { return .nan }
      sum = -pi * cos(pi * fraction) / sin(pi * fraction)
      x = 1 - x
    }
    while x < 40 {
      sum -= 1 / x
      x += 1
    }
    if x == .infinity { return x }
    let bernoulli: [Number] = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6]
    var (series, power) = (Number(0), Number(1))
    for (index, number) in bernoulli.enumerated() {
      power /= x * x
      series += number * power / Number(2 * index + 2)
    }
    return sum + log(x) - 1 / (2 * x) - series
  }

  /// The derivative of digamma of order n, from the sum of (x + k)^(−n−1) over k = 0, 1, ….
  ///
  /// Term by term up to 200, and beyond by the integral with its first corrections; not for numbers
  /// below −10⁴.
  package static func polygamma(_ n: Number, _ value: Number) -> Number {
    guard n >= 1, value > -1e4 else { return .nan }
    let s = n + 1
    let sign: Number = n.truncatingRemainder(dividingBy: 2) == 1 ? 1 : -1
    if value <= 0, value == value.rounded() { return sign * .infinity }
    var (x, sum) = (value, Number(0))
    while x < 200 {
      sum += pow(x, -s)
      x += 1
    }
    let power = pow(x, 1 - s)
    let square = x * x
    let third = s * (s + 1) * (s + 2) / square
    let fifth = third * (s + 3) * (s + 4) / square
    let seventh = fifth * (s + 5) * (s + 6) / square
    let correction = (s / 12 - third / 720 + fifth / 30240 - seventh / 1_209_600) / x
    sum += power / (s - 1) + power / x * (0.5 + correction)
    return sign * (1...Int(min(n, 2000))).reduce(1) { $0 * Number($1) } * sum
  }
}
