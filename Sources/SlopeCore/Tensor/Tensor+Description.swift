import Glibc

extension Tensor: CustomStringConvertible {
  /// The elements in nested brackets, aligned, with four digits after the point; large tensors show
  /// the first and last three along each axis. Waits for the device.
  public var description: String {
    if isFailed { return "failed: \(E.dtype)" }
    let suffix =
      (E.dtype == .float32 || E.dtype == .int64 || E.dtype == .bool ? "" : ", dtype: \(E.dtype)")
      + (count == 0 && rank != 1 ? ", shape: \(shape)" : "")
    let edge = TensorPrinter.edge
    var shown = value.detached
    var isCut: [Bool] = []
    for axis in 0..<rank {
      isCut.append(count > 1000 && shape[axis] > 2 * edge)
      guard isCut[axis] else { continue }
      // Only what is shown is read: a view may be larger than any memory.
      shown = Value.concatenate(
        [
          shown.sliced(Slice(shown.shape, axis: axis, from: 0, count: edge)),
          shown.sliced(
            Slice(shown.shape, axis: axis, from: shape[axis] - edge, count: edge)),
        ], axis: axis)
    }
    let printer = TensorPrinter(
      shape: shown.shape, isCut: isCut, texts: NumberFormat.texts(Tensor(shown).scalars))
    return "tensor(" + printer.text(indent: 7) + suffix + ")"
  }
}

/// Lays out texts in nested brackets.
private struct TensorPrinter {
  /// Elements shown at each end of an axis that is cut.
  static let edge = 3

  /// The shape of what is shown.
  let shape: Shape
  /// Whether elements were left out in the middle of each axis.
  let isCut: [Bool]
  let texts: [String]

  func text(indent: Int) -> String {
    var position = 0
    return part(axis: 0, indent: indent, &position)
  }

  private func part(axis: Int, indent: Int, _ position: inout Int) -> String {
    if axis == shape.rank {
      defer { position += 1 }
      return texts[position]
    }
    if shape.contains(0) { return "[]" }
    var items: [String] = []
    for index in 0..<shape[axis] {
      if isCut[axis], index == TensorPrinter.edge { items.append("...") }
      items.append(part(axis: axis + 1, indent: indent + 1, &position))
    }
    let gap = String(repeating: " ", count: indent + 1)
    if axis == shape.rank - 1 { return "[" + wrapped(items, gap) + "]" }
    let lines = String(repeating: "\n", count: shape.rank - 1 - axis)
    return "[" + items.joined(separator: "," + lines + gap) + "]"
  }

  /// A row, broken into lines of about 80 columns.
  private func wrapped(_ items: [String], _ gap: String) -> String {
    let width = (items.map(\.count).max() ?? 0) + 2
    let perLine = max((80 - gap.count) / width, 1)
    var lines: [String] = []
    var start = 0
    while start < items.count {
      lines.append(items[start..<min(start + perLine, items.count)].joined(separator: ", "))
      start += perLine
    }
    return lines.joined(separator: ",\n" + gap)
  }
}

/// Chooses one format for all numbers that are shown.
private enum NumberFormat {
  static func texts<E: Element>(_ elements: [E]) -> [String] {
    let texts: [String]
    if E.dtype.isFloating {
      let numbers = elements.map { element in
        (element as? any FloatingElement)?.doubleValue ?? 0
      }
      texts = floating(numbers)
    } else {
      texts = elements.map(\.description)
    }
    let width = texts.map(\.count).max() ?? 0
    return texts.map { String(repeating: " ", count: width - $0.count) + $0 }
  }

  private static func floating(_ numbers: [Double]) -> [String] {
    let finite = numbers.filter(\.isFinite)
    if finite.allSatisfy({ $0 == $0.rounded() && abs($0) < 1e8 }) {
      return numbers.map { $0.isFinite ? format("%.0f.", $0) : special($0) }
    }
    let sizes = finite.filter { $0 != 0 }.map { abs($0) }
    let (smallest, largest) = (sizes.min() ?? 1, sizes.max() ?? 1)
    let isScientific = largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1000
    return numbers.map {
      $0.isFinite ? format(isScientific ? "%.4e" : "%.4f", $0) : special($0)
    }
  }

  private static func special(_ number: Double) -> String {
    number.isNaN ? "nan" : number < 0 ? "-inf" : "inf"
  }

  private static func format(_ format: String, _ number: Double) -> String {
    withVaList([number]) { arguments in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { text in
        guard let base = text.baseAddress else { return "" }
        vsnprintf(base, text.count, format, arguments)
        return String(cString: base)
      }
    }
  }
}
