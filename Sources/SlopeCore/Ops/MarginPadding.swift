/// How the margins of a padded tensor are filled from its own elements.
///
/// Of `[a, b, c, d]` with two elements before and after each gives:
///
/// | mode | result |
/// |---|---|
/// | `reflect` | `c b  a b c d  c b` |
/// | `replicate` | `a a  a b c d  d d` |
/// | `circular` | `c d  a b c d  a b` |
///
/// PyTorch's modes of `torch.nn.functional.pad`, which has the same names. Its mode `constant` is
/// `Tensor.padded(_:with:)`.
public enum PaddingMode: String, Sendable, CaseIterable {
  /// The elements next to the border, mirrored at the border's element, which is not repeated.
  case reflect
  /// The border's element, repeated.
  case replicate
  /// The elements from the other end of the axis.
  case circular
}

/// Margins filled from a value's own elements, made of slices and concatenations.
extension Value {
  /// Pads each axis before and after with its own elements; negative margins crop.
  ///
  /// `[…, n, …] → […, before + n + after, …]`. Recorded as slices and concatenations: an element
  /// receives the sum of g over the places to which it was copied.
  func padded(_ margins: [(before: Int, after: Int)], mode: PaddingMode) -> Value {
    if isFailed { return self }
    guard margins.count == layout.rank else {
      return .failure(
        "pad", "\(margins.count) pairs for the \(layout.rank) axes of \(shape)", dtype: dtype)
    }
    var result = shape
    for (axis, margin) in margins.enumerated() where margin != (0, 0) {
      guard let extent = mode.extent(of: shape.extents[axis], padded: margin) else {
        return .failure(
          "pad",
          "\(mode) by (\(margin.before), \(margin.after)) along axis \(axis) of \(shape)",
          dtype: dtype)
      }
      result.extents[axis] = extent
    }
    // Asked for the whole result before some axes are padded.
    guard hasRoom(for: result, "pad") else { return .failed(dtype) }
    var padded = self
    for (axis, margin) in margins.enumerated() where margin != (0, 0) {
      padded =
        mode == .circular
        ? padded.wrapped(axis, margin) : padded.continued(axis, margin, mode, to: result[axis])
    }
    return padded
  }

  /// Pads one axis from its other end; a negative margin crops first, as in PyTorch.
  private func wrapped(_ axis: Int, _ margin: (before: Int, after: Int)) -> Value {
    let start = max(0, -margin.before)
    let count = shape.extents[axis] - start - max(0, -margin.after)
    let kept = part(axis, from: start, count: count)
    return .joined(
      [
        kept.part(axis, from: count - max(0, margin.before), count: max(0, margin.before)), kept,
        kept.part(axis, from: 0, count: max(0, margin.after)),
      ], axis)
  }

  /// Pads one axis by mirrored or repeated elements, of which a negative margin may crop some, too.
  private func continued(
    _ axis: Int, _ margin: (before: Int, after: Int), _ mode: PaddingMode, to total: Int
  ) -> Value {
    let extent = shape.extents[axis]
    let before = min(max(margin.before, 0), total)
    let after = min(max(margin.after, 0), total)
    let kept = total - before - after
    let left: Value
    let right: Value
    if mode == .reflect {
      left = part(axis, from: margin.before, count: before, step: -1)
      let last = after > 0 ? extent - 1 - margin.after : 0
      right = part(axis, from: last + after - 1, count: after, step: -1)
    } else {
      left = part(axis, from: 0, count: 1).expanded(to: shape.with(before, along: axis))
      right = part(axis, from: extent - 1, count: 1).expanded(to: shape.with(after, along: axis))
    }
    let middle = part(axis, from: kept > 0 ? max(0, -margin.before) : 0, count: kept)
    return .joined([left, middle, right], axis)
  }

  /// A slice of one axis.
  private func part(_ axis: Int, from start: Int, count: Int, step: Int = 1) -> Value {
    var slice = Slice(shape, axis: axis, from: count > 0 ? start : 0, count: count)
    slice.steps[axis] = step
    return sliced(slice)
  }

  /// The parts in one: a view if only one has elements, or none.
  private static func joined(_ parts: [Value], _ axis: Int) -> Value {
    let filled = parts.filter { $0.isFailed || $0.shape.extents[axis] > 0 }
    return filled.count > 1 ? concatenate(filled, axis: axis) : filled.first ?? parts[0]
  }
}

extension Shape {
  /// The shape with another extent along an axis.
  fileprivate func with(_ extent: Int, along axis: Int) -> Shape {
    var shape = self
    shape.extents[axis] = extent
    return shape
  }
}

extension PaddingMode {
  /// The extent of an axis with these margins; nil if the axis has too few elements to fill them.
  fileprivate func extent(of extent: Int, padded margin: (before: Int, after: Int)) -> Int? {
    guard let total = Size.sum(extent, margin.before).flatMap({ Size.sum($0, margin.after) }),
      total > 0 || total == 0 && self == .circular
    else { return nil }
    let largest = max(margin.before, margin.after)
    switch self {
    case .reflect: return largest < extent ? total : nil
    case .replicate: return extent > 0 ? total : nil
    case .circular:
      let kept = Size.sum(extent, min(margin.before, 0)).flatMap {
        Size.sum($0, min(margin.after, 0))
      }
      guard let kept, kept >= 0 else { return nil }
      // Beyond these PyTorch reads memory that nobody wrote.
      return largest <= kept ? total : nil
    }
  }
}
