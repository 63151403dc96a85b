public import SlopeCore

/// Adds margins along the last two axes: repeats the elements next to the borders, mirrored.
///
/// `[…, height, width] → […, top + height + bottom, left + width + right]`; a negative margin removes elements. PyTorch: `nn.ReflectionPad2d`.
///
/// ```swift
/// print(ReflectionPad2d<Float>(1)(Tensor([[1, 2], [3, 4]]))[0])
/// // tensor([4., 3., 4., 3.])
/// ```
public struct ReflectionPad2d<Element: FloatingElement>: Layer, Sendable {
  package let margins: LayerMargins

  /// A layer without parameters that adds as many elements on each side.
  public init(_ padding: Int) {
    margins = LayerMargins(pairs: [(padding, padding), (padding, padding)])
  }

  /// A layer without parameters that adds elements on each side.
  public init(left: Int, right: Int, top: Int, bottom: Int) {
    margins = LayerMargins(pairs: [(left, right), (top, bottom)])
  }

  /// The input with margins.
  ///
  /// Precondition: the input has two axes, and a margin is smaller than the extent of its axis.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    margins.pad(input, mode: .reflect)
  }
}

extension ReflectionPad2d {
  /// The layer's name and margins.
  public var description: String { "ReflectionPad2d(\(margins.description))" }
}

/// Adds margins along the last two axes: repeats the elements at the borders.
///
/// `[…, height, width] → […, top + height + bottom, left + width + right]`; a negative margin removes elements. PyTorch: `nn.ReplicationPad2d`.
///
/// ```swift
/// print(ReplicationPad2d<Float>(1)(Tensor([[1, 2], [3, 4]]))[0])
/// // tensor([1., 1., 2., 2.])
/// ```
public struct ReplicationPad2d<Element: FloatingElement>: Layer, Sendable {
  package let margins: LayerMargins

  /// A layer without parameters that adds as many elements on each side.
  public init(_ padding: Int) {
    margins = LayerMargins(pairs: [(padding, padding), (padding, padding)])
  }

  /// A layer without parameters that adds elements on each side.
  public init(left: Int, right: Int, top: Int, bottom: Int) {
    margins = LayerMargins(pairs: [(left, right), (top, bottom)])
  }

  /// The input with margins.
  ///
  /// Precondition: the input has two axes, and the input has elements.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    margins.pad(input, mode: .replicate)
  }
}

extension ReplicationPad2d {
  /// The layer's name and margins.
  public var description: String { "ReplicationPad2d(\(margins.description))" }
}

/// Adds margins along the last two axes: repeats the elements of the other end.
///
/// `[…, height, width] → […, top + height + bottom, left + width + right]`; a negative margin removes elements. PyTorch: `nn.CircularPad2d`.
///
/// ```swift
/// print(CircularPad2d<Float>(1)(Tensor([[1, 2], [3, 4]]))[0])
/// // tensor([4., 3., 4., 3.])
/// ```
public struct CircularPad2d<Element: FloatingElement>: Layer, Sendable {
  package let margins: LayerMargins

  /// A layer without parameters that adds as many elements on each side.
  public init(_ padding: Int) {
    margins = LayerMargins(pairs: [(padding, padding), (padding, padding)])
  }

  /// A layer without parameters that adds elements on each side.
  public init(left: Int, right: Int, top: Int, bottom: Int) {
    margins = LayerMargins(pairs: [(left, right), (top, bottom)])
  }

  /// The input with margins.
  ///
  /// Precondition: the input has two axes, and no margin is larger than its axis.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    margins.pad(input, mode: .circular)
  }
}

extension CircularPad2d {
  /// The layer's name and margins.
  public var description: String { "CircularPad2d(\(margins.description))" }
}

/// Adds margins along the last two axes: adds elements of one value.
///
/// `[…, height, width] → […, top + height + bottom, left + width + right]`; a negative margin removes elements. PyTorch: `nn.ConstantPad2d`.
///
/// ```swift
/// print(ConstantPad2d<Float>(1, value: 9)(Tensor([[1, 2], [3, 4]]))[1])
/// // tensor([9., 1., 2., 9.])
/// ```
public struct ConstantPad2d<Element: FloatingElement>: Layer, Sendable {
  package let margins: LayerMargins
  /// The element that fills the margins.
  public let value: Element

  /// A layer without parameters that adds as many elements on each side.
  ///
  /// - Parameters:
  ///   - padding: the number of elements.
  ///   - value: the element that fills the margins.
  public init(_ padding: Int, value: Element) {
    margins = LayerMargins(pairs: [(padding, padding), (padding, padding)])
    self.value = value
  }

  /// A layer without parameters that adds elements on each side.
  ///
  /// - Parameters:
  ///   - left: the number of elements before the others along the last axis.
  ///   - right: the number of elements after them.
  ///   - top: the number of elements before the others along the axis before it.
  ///   - bottom: the number of elements after them.
  ///   - value: the element that fills the margins.
  public init(left: Int, right: Int, top: Int, bottom: Int, value: Element) {
    margins = LayerMargins(pairs: [(left, right), (top, bottom)])
    self.value = value
  }

  /// The input with margins.
  ///
  /// Precondition: the input has two axes, and an axis has at least as many elements as are removed from it.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    margins.pad(input, with: value)
  }
}

extension ConstantPad2d {
  /// The layer's name and margins.
  public var description: String { "ConstantPad2d(\(margins.description), value: \(value))" }
}

/// Adds margins along the last two axes: adds zeros.
///
/// `[…, height, width] → […, top + height + bottom, left + width + right]`; a negative margin removes elements. PyTorch: `nn.ZeroPad2d`.
///
/// ```swift
/// print(ZeroPad2d<Float>(left: 1, right: 0, top: 0, bottom: 0)(Tensor([[1, 2], [3, 4]])))
/// // tensor([[0., 1., 2.],
/// //         [0., 3., 4.]])
/// ```
public struct ZeroPad2d<Element: FloatingElement>: Layer, Sendable {
  package let margins: LayerMargins

  /// A layer without parameters that adds as many elements on each side.
  public init(_ padding: Int) {
    margins = LayerMargins(pairs: [(padding, padding), (padding, padding)])
  }

  /// A layer without parameters that adds elements on each side.
  public init(left: Int, right: Int, top: Int, bottom: Int) {
    margins = LayerMargins(pairs: [(left, right), (top, bottom)])
  }

  /// The input with margins.
  ///
  /// Precondition: the input has two axes, and an axis has at least as many elements as are removed from it.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    margins.pad(input, with: 0)
  }
}

extension ZeroPad2d {
  /// The layer's name and margins.
  public var description: String { "ZeroPad2d(\(margins.description))" }
}
