public import SlopeCore

/// The margins of a layer that pads the last axes.
package struct LayerMargins: Sendable {
  /// One pair for each axis, the last axis first.
  package let pairs: [(before: Int, after: Int)]

  /// The input with margins filled from its own elements.
  func pad<Element: FloatingElement>(_ input: Tensor<Element>, mode: PaddingMode) -> Tensor<Element>
  {
    if input.isFailed { return input }
    return input.margins(pairs).map { input.padded($0, mode: mode) } ?? .failed
  }

  /// The input with margins of one value.
  func pad<Element: FloatingElement>(_ input: Tensor<Element>, with value: Element) -> Tensor<
    Element
  > {
    if input.isFailed { return input }
    return input.margins(pairs).map { input.padded($0, with: value) } ?? .failed
  }

  /// `left: 1, right: 2`, and `top: 3, bottom: 4` for two axes.
  var description: String {
    zip(pairs, [("left", "right"), ("top", "bottom")]).map {
      "\($1.0): \($0.before), \($1.1): \($0.after)"
    }.joined(separator: ", ")
  }
}

/// Adds margins along the last axis: repeats the elements next to the borders, mirrored.
///
/// `[…, width] → […, left + width + right]`; a negative margin removes elements. PyTorch: `nn.ReflectionPad1d`.
///
/// ```swift
/// print(ReflectionPad1d<Float>(2)(Tensor([1, 2, 3])))
/// // tensor([3., 2., 1., 2., 3., 2., 1.])
/// ```
public struct ReflectionPad1d<Element: FloatingElement>: Layer, Sendable {
  package let margins: LayerMargins

  /// A layer without parameters that adds as many elements on each side.
  public init(_ padding: Int) {
    margins = LayerMargins(pairs: [(padding, padding)])
  }

  /// A layer without parameters that adds elements on each side.
  public init(left: Int, right: Int) {
    margins = LayerMargins(pairs: [(left, right)])
  }

  /// The input with margins.
  ///
  /// Precondition: the input has an axis, and a margin is smaller than the extent of its axis.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    margins.pad(input, mode: .reflect)
  }
}

extension ReflectionPad1d {
  /// The layer's name and margins.
  public var description: String { "ReflectionPad1d(\(margins.description))" }
}

/// Adds margins along the last axis: repeats the elements at the borders.
///
/// `[…, width] → […, left + width + right]`; a negative margin removes elements. PyTorch: `nn.ReplicationPad1d`.
///
/// ```swift
/// print(ReplicationPad1d<Float>(2)(Tensor([1, 2, 3])))
/// // tensor([1., 1., 1., 2., 3., 3., 3.])
/// ```
public struct ReplicationPad1d<Element: FloatingElement>: Layer, Sendable {
  package let margins: LayerMargins

  /// A layer without parameters that adds as many elements on each side.
  public init(_ padding: Int) {
    margins = LayerMargins(pairs: [(padding, padding)])
  }

  /// A layer without parameters that adds elements on each side.
  public init(left: Int, right: Int) {
    margins = LayerMargins(pairs: [(left, right)])
  }

  /// The input with margins.
  ///
  /// Precondition: the input has an axis, and the input has elements.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    margins.pad(input, mode: .replicate)
  }
}

extension ReplicationPad1d {
  /// The layer's name and margins.
  public var description: String { "ReplicationPad1d(\(margins.description))" }
}

/// Adds margins along the last axis: repeats the elements of the other end.
///
/// `[…, width] → […, left + width + right]`; a negative margin removes elements. PyTorch: `nn.CircularPad1d`.
///
/// ```swift
/// print(CircularPad1d<Float>(2)(Tensor([1, 2, 3])))
/// // tensor([2., 3., 1., 2., 3., 1., 2.])
/// ```
public struct CircularPad1d<Element: FloatingElement>: Layer, Sendable {
  package let margins: LayerMargins

  /// A layer without parameters that adds as many elements on each side.
  public init(_ padding: Int) {
    margins = LayerMargins(pairs: [(padding, padding)])
  }

  /// A layer without parameters that adds elements on each side.
  public init(left: Int, right: Int) {
    margins = LayerMargins(pairs: [(left, right)])
  }

  /// The input with margins.
  ///
  /// Precondition: the input has an axis, and no margin is larger than its axis.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    margins.pad(input, mode: .circular)
  }
}

extension CircularPad1d {
  /// The layer's name and margins.
  public var description: String { "CircularPad1d(\(margins.description))" }
}

/// Adds margins along the last axis: adds elements of one value.
///
/// `[…, width] → […, left + width + right]`; a negative margin removes elements. PyTorch: `nn.ConstantPad1d`.
///
/// ```swift
/// print(ConstantPad1d<Float>(1, value: 9)(Tensor([1, 2, 3])))
/// // tensor([9., 1., 2., 3., 9.])
/// ```
public struct ConstantPad1d<Element: FloatingElement>: Layer, Sendable {
  package let margins: LayerMargins
  /// The element that fills the margins.
  public let value: Element

  /// A layer without parameters that adds as many elements on each side.
  ///
  /// - Parameters:
  ///   - padding: the number of elements.
  ///   - value: the element that fills the margins.
  public init(_ padding: Int, value: Element) {
    margins = LayerMargins(pairs: [(padding, padding)])
    self.value = value
  }

  /// A layer without parameters that adds elements on each side.
  ///
  /// - Parameters:
  ///   - left: the number of elements before the others along the last axis.
  ///   - right: the number of elements after them.
  ///   - value: the element that fills the margins.
  public init(left: Int, right: Int, value: Element) {
    margins = LayerMargins(pairs: [(left, right)])
    self.value = value
  }

  /// The input with margins.
  ///
  /// Precondition: the input has an axis, and an axis has at least as many elements as are removed from it.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    margins.pad(input, with: value)
  }
}

extension ConstantPad1d {
  /// The layer's name and margins.
  public var description: String { "ConstantPad1d(\(margins.description), value: \(value))" }
}

/// Adds margins along the last axis: adds zeros.
///
/// `[…, width] → […, left + width + right]`; a negative margin removes elements. PyTorch: `nn.ZeroPad1d`.
///
/// ```swift
/// print(ZeroPad1d<Float>(left: 0, right: 2)(Tensor([1, 2, 3])))
/// // tensor([1., 2., 3., 0., 0.])
/// ```
public struct ZeroPad1d<Element: FloatingElement>: Layer, Sendable {
  package let margins: LayerMargins

  /// A layer without parameters that adds as many elements on each side.
  public init(_ padding: Int) {
    margins = LayerMargins(pairs: [(padding, padding)])
  }

  /// A layer without parameters that adds elements on each side.
  public init(left: Int, right: Int) {
    margins = LayerMargins(pairs: [(left, right)])
  }

  /// The input with margins.
  ///
  /// Precondition: the input has an axis, and an axis has at least as many elements as are removed from it.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    margins.pad(input, with: 0)
  }
}

extension ZeroPad1d {
  /// The layer's name and margins.
  public var description: String { "ZeroPad1d(\(margins.description))" }
}
