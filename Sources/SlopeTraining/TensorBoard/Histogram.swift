import SlopeData

/// How numbers are distributed over bins of equal widths.
struct Histogram: Equatable {
  /// The number of bins.
  static let binCount = 30

  let least: Double
  let greatest: Double
  let count: Int
  let sum: Double
  let sumOfSquares: Double
  /// The right edge of each bin.
  let edges: [Double]
  /// The numbers of each bin; those on an edge are in the bin to the right, the greatest in the last.
  let counts: [Double]

  /// The distribution of the finite ones of some numbers; nil without any.
  init?(_ numbers: [Double]) {
    let numbers = numbers.filter(\.isFinite)
    guard let least = numbers.min(), let greatest = numbers.max() else { return nil }
    (self.least, self.greatest, count) = (least, greatest, numbers.count)
    sum = numbers.reduce(0, +)
    sumOfSquares = numbers.reduce(0) { $0 + $1 * $1 }
    // Half of the range is finite where the range is not.
    let halfRange = greatest / 2 - least / 2
    guard halfRange > 0 else {
      (edges, counts) = ([greatest], [Double(numbers.count)])
      return
    }
    let bins = Double(Self.binCount)
    edges = (1...Self.binCount).map { bin in
      let share = Double(bin) / bins
      return bin == Self.binCount ? greatest : least * (1 - share) + greatest * share
    }
    var counts = [Double](repeating: 0, count: Self.binCount)
    for number in numbers {
      let place = (number / 2 - least / 2) / halfRange * bins
      counts[min(Int(place), Self.binCount - 1)] += 1
    }
    self.counts = counts
  }

  /// Writes a `HistogramProto` of TensorBoard.
  func encode(into message: inout ProtobufWriter) {
    message.add(least, as: 1)
    message.add(greatest, as: 2)
    message.add(Double(count), as: 3)
    message.add(sum, as: 4)
    message.add(sumOfSquares, as: 5)
    message.add(edges, as: 6)
    message.add(counts, as: 7)
  }
}
