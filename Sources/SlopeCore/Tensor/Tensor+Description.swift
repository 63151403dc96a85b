import Glibc

extension Tensor: CustomStringConvertible {
  /// The elements in nested brackets, aligned, with four digits after the point, as PyTorch prints
  /// them.
  ///
  /// Of more than 1000 elements it shows the first and last three along each axis, and fewer where
  /// six axes or more would show more than 20,000.
  ///
  /// After the elements follows what the brackets do not tell: a device other than the CPU; the
  /// shape of a tensor without elements; an element type other than `Float`, `Int` and `Bool`; and
  /// where `backward()` can be called, the operation of which the tensor is the result, or
  /// `requiresGradient: true` for a parameter's tensor.
  ///
  /// ```swift
  /// print(Tensor<Double>([0.5, 100]))       // tensor([  0.5000, 100.0000], dtype: float64)
  /// print(Tensor<Float>.zeros([0, 3]))      // tensor([], shape: [0, 3])
  /// ```
  ///
  /// Waits for the device. Copies only the elements that are shown.
  public var description: String {
    let failure = "failed: \(Element.dtype)"
    if isFailed { return failure }
    let edge = TensorPrinter.edge(of: shape)
    let isCut = shape.map { count > 1000 && $0 > 2 * edge }
    let shown = value.detached.ends(isCut, edge)
    let texts = NumberFormat.texts(Tensor(shown).scalars)
    // Where there was no memory to read them, there are none.
    guard texts.count == shown.shape.elementCount else { return failure }
    let printer = TensorPrinter(shape: shown.shape, edge: edge, isCut: isCut, texts: texts)
    return TensorPrinter.call("tensor(", printer.text, suffixes)
  }

  /// The properties that follow the elements, in PyTorch's order.
  private var suffixes: [String] {
    var suffixes: [String] = []
    if device != .cpu { suffixes.append("device: \(device)") }
    if count == 0, rank != 1 { suffixes.append("shape: \(shape)") }
    // Int and Bool are recognizable by their elements, unless there are none.
    let isPlain =
      Element.dtype == .float32 || count > 0 && (Element.dtype == .int64 || Element.dtype == .bool)
    if !isPlain { suffixes.append("dtype: \(Element.dtype)") }
    if let recording = value.recording {
      suffixes.append(
        recording.leaf == nil ? "operation: \(recording.operation)" : "requiresGradient: true")
    }
    return suffixes
  }
}

extension Value {
  /// The first and last elements along the axes that are abbreviated.
  fileprivate func ends(_ isCut: [Bool], _ edge: Int, axis: Int = 0) -> Value {
    guard axis < isCut.count else { return self }
    guard isCut[axis] else { return ends(isCut, edge, axis: axis + 1) }
    // All axes are abbreviated before anything is copied: a view may be larger than any memory.
    let parts = [0, shape[axis] - edge].map { start in
      sliced(Slice(shape, axis: axis, from: start, count: edge))
        .ends(isCut, edge, axis: axis + 1)
    }
    return Value.concatenate(parts, axis: axis)
  }
}

extension Parameter: CustomStringConvertible {
  /// The present tensor, after a line that names its holder.
  ///
  /// Waits for the device.
  public var description: String { "Parameter containing:\n\(tensor)" }
}

/// Lays out texts in nested brackets.
private struct TensorPrinter {
  /// The number of elements shown at each end of an abbreviated axis: three, and fewer where many
  /// axes would make that more than `maximumCount`.
  static func edge(of shape: Shape) -> Int {
    for edge in [3, 2] where shape.reduce(1, { $0 * min($1, 2 * edge) }) <= maximumCount {
      return edge
    }
    return 1
  }
  /// The most elements shown.
  private static let maximumCount = 20_000
  /// The width of a line.
  private static let columns = 80
  /// The indentation of the outermost bracket: the width of `tensor(`.
  private static let indent = 7

  /// The shape of the elements that are shown.
  let shape: Shape
  /// The number of elements shown at each end of an abbreviated axis.
  let edge: Int
  /// Whether elements are left out in the middle of each axis.
  let isCut: [Bool]
  /// The elements as texts of equal width.
  let texts: [String]

  /// The elements in their brackets.
  var text: String {
    if texts.isEmpty { return "[]" }
    var position = 0
    return part(axis: 0, &position)
  }

  private func part(axis: Int, _ position: inout Int) -> String {
    if axis == shape.rank {
      defer { position += 1 }
      return texts[position]
    }
    let isRow = axis == shape.rank - 1
    var items: [String] = []
    for index in 0..<shape[axis] {
      if isCut[axis], index == edge { items.append(isRow ? " ..." : "...") }
      items.append(part(axis: axis + 1, &position))
    }
    let indent = TensorPrinter.indent + axis
    let gap = String(repeating: " ", count: indent + 1)
    if isRow { return "[" + wrapped(items, indent: indent, gap) + "]" }
    let lines = String(repeating: "\n", count: shape.rank - 1 - axis)
    return "[" + items.joined(separator: "," + lines + gap) + "]"
  }

  /// A row, broken into lines.
  private func wrapped(_ items: [String], indent: Int, _ gap: String) -> String {
    let perLine = max((TensorPrinter.columns - indent) / (texts[0].count + 2), 1)
    var lines: [String] = []
    var start = 0
    while start < items.count {
      lines.append(items[start..<min(start + perLine, items.count)].joined(separator: ", "))
      start += perLine
    }
    return lines.joined(separator: ",\n" + gap)
  }

  /// `tensor(body, suffix, suffix)`; a suffix that does not fit begins a line.
  static func call(_ name: String, _ body: String, _ suffixes: [String]) -> String {
    var text = name + body
    // PyTorch keeps two columns free after the elements.
    var used = text.count - (text.lastIndex(of: "\n").map { text[...$0].count } ?? 0) + 2
    for suffix in suffixes {
      if used + suffix.count + 2 > columns {
        text += ",\n" + String(repeating: " ", count: indent) + suffix
        used = indent + suffix.count
      } else {
        text += ", " + suffix
        used += suffix.count + 2
      }
    }
    return text + ")"
  }
}

/// Chooses one format for all numbers that are shown.
///
/// The rules are PyTorch's with two exceptions: whole numbers up to 10⁸ keep all digits (PyTorch
/// prints [1, 2000] as 1.0000e+00 and 2.0000e+03), and zeros, infinities and NaN count in the
/// width, so that columns stay aligned.
private enum NumberFormat {
  static func texts<Element: TensorElement>(_ elements: [Element]) -> [String] {
    let texts: [String]
    if Element.dtype.isFloating {
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
    let isWhole = finite.allSatisfy { $0 == $0.rounded() }
    let sizes = finite.filter { $0 != 0 }.map { abs($0) }
    let (smallest, largest) = (sizes.min() ?? 1, sizes.max() ?? 1)
    let isSpread = smallest < 1e-4 || largest / smallest > 1000
    let isScientific = largest > 1e8 || !isWhole && isSpread
    let format = isScientific ? "%.4e" : isWhole ? "%.0f." : "%.4f"
    return numbers.map { $0.isFinite ? text($0, format) : special($0) }
  }

  private static func special(_ number: Double) -> String {
    number.isNaN ? "nan" : number < 0 ? "-inf" : "inf"
  }

  private static func text(_ number: Double, _ format: String) -> String {
    withVaList([number]) { arguments in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { text in
        guard let base = text.baseAddress else { return "" }
        vsnprintf(base, text.count, format, arguments)
        return String(cString: base)
      }
    }
  }
}
