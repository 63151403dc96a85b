/// A number with three significant digits.
package func short(_ value: Double) -> String {
  guard value.isFinite else { return "\(value)" }
  let size = abs(value)
  return fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)
}

/// A number with the given count of digits after the point.
package func fixed(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  var scale = 1
  for _ in 0..<digits { scale *= 10 }
  let rounded = Int((abs(value) * Double(scale)).rounded())
  let sign = value < 0 && rounded != 0 ? "-" : ""
  guard digits > 0 else { return sign + "\(rounded)" }
  let fraction = "\(rounded % scale)"
  return sign + "\(rounded / scale)." + String(repeating: "0", count: digits - fraction.count)
    + fraction
}
