public import SlopeCore

/// The mean of each of a number of windows that cover an image:
/// `[…, height, width] → […, rows, columns]`.
///
/// `Tensor.adaptiveAvgPool2d` as a layer: whatever the images' extents, the output has the same. It
/// has no parameters. PyTorch's counterpart is `nn.AdaptiveAvgPool2d`.
public struct AdaptiveAvgPool2d<Element: FloatingElement>: Layer, Sendable {
  /// The height of the output; nil for that of the input.
  public let rows: Int?
  /// The width of the output; nil for that of the input.
  public let columns: Int?

  /// A layer without parameters.
  ///
  /// - Parameters:
  ///   - rows: the height of the output; nil for that of the input.
  ///   - columns: the width of the output; nil for that of the input.
  public init(rows: Int?, columns: Int?) {
    self.rows = rows
    self.columns = columns
  }

  /// A layer with as many rows as columns.
  public init(_ count: Int) { self.init(rows: count, columns: count) }

  /// The mean of each window.
  ///
  /// Precondition: as for `Tensor.adaptiveAvgPool2d`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.adaptiveAvgPool2d(rows: rows, columns: columns)
  }
}

extension AdaptiveAvgPool2d {
  /// The layer's name and the output's extents.
  public var description: String { "AdaptiveAvgPool2d(\(extents(rows, columns)))" }
}

/// The greatest element of each of a number of windows that cover an image:
/// `[…, height, width] → […, rows, columns]`.
///
/// `Tensor.adaptiveMaxPool2d` as a layer; it has no parameters. PyTorch's counterpart is
/// `nn.AdaptiveMaxPool2d`.
public struct AdaptiveMaxPool2d<Element: FloatingElement>: Layer, Sendable {
  /// The height of the output; nil for that of the input.
  public let rows: Int?
  /// The width of the output; nil for that of the input.
  public let columns: Int?

  /// A layer without parameters.
  ///
  /// - Parameters:
  ///   - rows: the height of the output; nil for that of the input.
  ///   - columns: the width of the output; nil for that of the input.
  public init(rows: Int?, columns: Int?) {
    self.rows = rows
    self.columns = columns
  }

  /// A layer with as many rows as columns.
  public init(_ count: Int) { self.init(rows: count, columns: count) }

  /// The greatest element of each window.
  ///
  /// Precondition: as for `Tensor.adaptiveMaxPool2d`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.adaptiveMaxPool2d(rows: rows, columns: columns).values
  }
}

extension AdaptiveMaxPool2d {
  /// The layer's name and the output's extents.
  public var description: String { "AdaptiveMaxPool2d(\(extents(rows, columns)))" }
}

private func extents(_ rows: Int?, _ columns: Int?) -> String {
  "rows: \(rows.map { "\($0)" } ?? "nil"), columns: \(columns.map { "\($0)" } ?? "nil")"
}

/// The mean of each of a number of windows that cover a sequence: `[…, length] → […, count]`.
///
/// `Tensor.adaptiveAvgPool1d` as a layer; it has no parameters. PyTorch's counterpart is
/// `nn.AdaptiveAvgPool1d`.
public struct AdaptiveAvgPool1d<Element: FloatingElement>: Layer, Sendable {
  /// The length of the output.
  public let count: Int

  /// A layer without parameters whose output has `count` elements.
  public init(_ count: Int) { self.count = count }

  /// The mean of each window.
  ///
  /// Precondition: as for `Tensor.adaptiveAvgPool1d`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.adaptiveAvgPool1d(count)
  }
}

extension AdaptiveAvgPool1d {
  /// The layer's name and the output's length.
  public var description: String { "AdaptiveAvgPool1d(\(count))" }
}

/// The greatest element of each of a number of windows that cover a sequence:
/// `[…, length] → […, count]`.
///
/// `Tensor.adaptiveMaxPool1d` as a layer; it has no parameters. PyTorch's counterpart is
/// `nn.AdaptiveMaxPool1d`.
public struct AdaptiveMaxPool1d<Element: FloatingElement>: Layer, Sendable {
  /// The length of the output.
  public let count: Int

  /// A layer without parameters whose output has `count` elements.
  public init(_ count: Int) { self.count = count }

  /// The greatest element of each window.
  ///
  /// Precondition: as for `Tensor.adaptiveMaxPool1d`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.adaptiveMaxPool1d(count).values
  }
}

extension AdaptiveMaxPool1d {
  /// The layer's name and the output's length.
  public var description: String { "AdaptiveMaxPool1d(\(count))" }
}
