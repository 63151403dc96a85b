/// A chart of series of numbers over two axes.
///
/// It is written as SVG, whose text and lines stay sharp at any size, and which is dark where the reader's
/// screen is, or as PNG. Numbers that are not finite leave a gap.
///
/// ```swift
/// var chart = Chart(title: "Learning rate")
/// chart.x.title = "step"
/// chart.add(.line, named: "cosine", y: (0...100).map { 0.5 + 0.5 * Double.pi * Double($0) / 314 })
/// try chart.write(to: "rate.svg")
/// ```
public struct Chart: Sendable {
  /// How an axis maps numbers.
  public enum Scale: Sendable, Hashable {
    /// Equal differences have equal lengths.
    case linear
    /// Equal ratios have equal lengths; numbers that are not positive are left out.
    case logarithmic
  }

  /// One of the two axes.
  public struct Axis: Sendable, Hashable {
    /// What the numbers are, with their unit.
    public var title: String
    /// How numbers are mapped.
    public var scale: Scale
    /// The numbers at the ends; nil for those of the series.
    ///
    /// A range without a length, or that the scale cannot show, counts as nil.
    public var range: ClosedRange<Double>?
    /// What the numbers of a linear axis are, which decides where ticks may be.
    package var kind = Kind.number

    /// What the numbers of an axis are.
    package enum Kind: Sendable, Hashable {
      /// Any numbers.
      case number
      /// Whole numbers: there are no ticks between them.
      case whole
      /// Seconds since the start of 1970: ticks are at the start of years, months, days or hours.
      case time
    }

    /// An axis.
    public init(
      _ title: String = "", scale: Scale = .linear, range: ClosedRange<Double>? = nil
    ) {
      self.title = title
      self.scale = scale
      self.range = range
    }
  }

  /// How a series is drawn.
  public enum Mark: Sendable, Hashable {
    /// A line through the points.
    case line
    /// A dashed line through the points.
    case dashed
    /// A dot at each point.
    case points
    /// A line with a dot at each point.
    case linePoints
    /// A bar from 0 to each y, between each x and the next: one x more than there are bars.
    case bars
  }

  /// Numbers of one kind.
  public struct Series: Sendable, Hashable {
    /// How it is drawn.
    public var mark: Mark
    /// What the legend calls it; nil for what the legend leaves out.
    public var name: String?
    /// The horizontal places.
    public var x: [Double]
    /// The vertical places; the shorter of both lists says how many points there are.
    public var y: [Double]
  }

  /// A straight line that a reader compares with.
  enum Guide: Sendable, Hashable {
    case vertical(Double)
    case horizontal(Double)
    /// Where y is x.
    case diagonal
  }

  /// What the chart shows, above it.
  public var title: String
  /// The horizontal axis.
  public var x = Axis()
  /// The vertical axis.
  public var y = Axis()
  /// What is drawn, the first at the back.
  public private(set) var series: [Series] = []
  /// The width in pixels of a screen of usual resolution, 200...10,000.
  public var width = 640.0 { didSet { width = Self.size(width) } }
  /// The height in pixels, 200...10,000.
  public var height = 400.0 { didSet { height = Self.size(height) } }
  private(set) var guides: [(guide: Guide, name: String?)] = []

  /// A chart without series.
  public init(title: String = "") { self.title = title }

  private static func size(_ number: Double) -> Double {
    number >= 200 ? min(number, 10_000) : 200
  }

  /// Adds a series.
  ///
  /// - Parameters:
  ///   - mark: how it is drawn.
  ///   - name: what the legend calls it.
  ///   - x: the horizontal places; nil for 0, 1, 2 ….
  ///   - y: the vertical places.
  public mutating func add(
    _ mark: Mark, named name: String? = nil, x: [Double]? = nil, y: [Double]
  ) {
    let count = mark == .bars ? y.count + 1 : y.count
    series.append(Series(mark: mark, name: name, x: x ?? (0..<count).map(Double.init), y: y))
  }

  /// Adds a vertical line at a number, with its name beside it.
  public mutating func addGuide(x: Double, named name: String? = nil) {
    guides.append((.vertical(x), name))
  }

  /// Adds a horizontal line at a number, with its name above it.
  public mutating func addGuide(y: Double, named name: String? = nil) {
    guides.append((.horizontal(y), name))
  }

  /// Adds the line where both numbers are equal.
  public mutating func addDiagonal() { guides.append((.diagonal, nil)) }
}
