/// A parsed sum of products in Einstein's notation: the axes of each operand and of the result.
///
/// An axis is named by its letter's ASCII code; the axes of an ellipsis by −1, −2, … from the last.
struct EinsumEquation {
  private(set) var operands: [[Int]] = []
  private(set) var result: [Int] = []

  /// Parses an equation for operands of these ranks.
  init(_ text: String, ranks: [Int]) throws(TensorError) {
    let sides = text.filter { $0 != " " }.split(separator: "->", omittingEmptySubsequences: false)
    let terms = (sides.first ?? "").split(separator: ",", omittingEmptySubsequences: false)
    func fail(_ why: String) -> TensorError {
      TensorError(operation: "einsum", message: "'\(text)': \(why)")
    }
    guard sides.count <= 2 else { throw fail("there are \(sides.count - 1) arrows") }
    guard terms.count == ranks.count else {
      throw fail("it names \(terms.count) operands, there are \(ranks.count)")
    }
    for (index, (term, rank)) in zip(terms, ranks).enumerated() {
      guard let axes = EinsumEquation.axes(term, rank: rank) else {
        throw fail("'\(term)' names no axes by letters, with at most one '...'")
      }
      guard axes.count == rank else {
        throw fail("operand \(index) has \(rank) axes, '\(term)' names \(axes.count)")
      }
      operands.append(axes)
    }
    let all = operands.joined()
    let omitted = Set(all.filter { $0 < 0 }).sorted()
    guard sides.count == 2 else {
      let counts = Dictionary(all.map { ($0, 1) }, uniquingKeysWith: +)
      result = omitted + counts.filter { $0.key > 0 && $0.value == 1 }.keys.sorted()
      return
    }
    guard let axes = EinsumEquation.axes(sides[1], omitted: omitted) else {
      throw fail("'\(sides[1])' names no axes by letters, with at most one '...'")
    }
    for (place, axis) in axes.enumerated() {
      let letter = axis < 0 ? "..." : String(UnicodeScalar(UInt8(axis)))
      guard all.contains(axis) else { throw fail("no operand has the result's '\(letter)'") }
      guard !axes[..<place].contains(axis) else { throw fail("the result has '\(letter)' twice") }
    }
    result = axes
  }

  /// The axes of one operand; nil if the text is not a list of axes.
  private static func axes(_ term: Substring, rank: Int) -> [Int]? {
    let letters = term.count - (term.contains("...") ? 3 : 0)
    return axes(term, omitted: Array(-max(rank - letters, 0)..<0))
  }

  /// The axes that a text names, with `omitted` in place of its ellipsis.
  private static func axes(_ term: Substring, omitted: [Int]) -> [Int]? {
    let parts = term.split(separator: "...", omittingEmptySubsequences: false)
    guard parts.count <= 2 else { return nil }
    var numbers: [[Int]] = []
    for part in parts {
      let letters = part.compactMap { $0.isASCII && $0.isLetter ? $0.asciiValue : nil }
      guard letters.count == part.count else { return nil }
      numbers.append(letters.map(Int.init))
    }
    return parts.count == 2 ? numbers[0] + omitted + numbers[1] : numbers[0]
  }
}

/// A value whose axes are named.
private struct NamedValue {
  var value: Value
  var axes: [Int]

  /// Takes the diagonal for each name that occurs twice.
  init(_ value: Value, _ axes: [Int]) {
    (self.value, self.axes) = (value, axes)
    var place = 0
    while place < self.axes.count {
      let name = self.axes[place]
      guard let other = self.axes[(place + 1)...].firstIndex(of: name) else {
        place += 1
        continue
      }
      // The diagonal becomes the last axis.
      self.value = self.value.diagonal(offset: 0, place, other)
      self.axes.remove(at: other)
      self.axes.remove(at: place)
      self.axes.append(name)
    }
  }

  /// Removes axes of extent 1 that broadcast, so that other operands can be summed over them first.
  func withoutBroadcast(_ extents: [Int: Int]) -> NamedValue {
    let kept = axes.indices.filter {
      value.shape.extents[$0] != 1 || (extents[axes[$0]] ?? 1) == 1
    }
    if kept.count == axes.count { return self }
    var result = self
    result.value = value.reshaped(to: Shape(kept.map { value.shape.extents[$0] }))
    result.axes = kept.map { axes[$0] }
    return result
  }

  func extent(_ axis: Int) -> Int { axes.firstIndex(of: axis).map { value.shape.extents[$0] } ?? 1 }

  /// The sum over all other axes; integers keep their type.
  func summed(keeping kept: Set<Int>) -> NamedValue {
    let summed = axes.indices.filter { !kept.contains(axes[$0]) }
    if summed.isEmpty { return self }
    var result = self
    result.value = value.reduced(.sum, axes: summed, keepingAxes: false)
      .cast(to: value.dtype)
    result.axes = axes.filter(kept.contains)
    return result
  }

  /// Puts the axes in this order: missing ones get extent 1, the others the extent in `extents`.
  func arranged(_ order: [Int], extents: [Int: Int]) -> Value {
    let present = order.filter(axes.contains)
    let permuted = value.permuted(present.compactMap { axes.firstIndex(of: $0) })
    return permuted.reshaped(to: Shape(order.map { extent($0) }))
      .expanded(to: Shape(order.map { axes.contains($0) ? extents[$0] ?? 1 : 1 }))
  }
}

extension Value {
  /// The sum of products that an equation states, two operands at a time from the left.
  ///
  /// For example `ik,kj->ij`: `[i, k], [k, j] → [i, j]`. Recorded as the diagonals, sums, views and
  /// products that it is made of; an operand receives what their pullbacks give.
  static func einsum(_ equation: EinsumEquation, _ text: String, _ operands: [Value]) -> Value {
    let dtype = operands[0].dtype
    if operands.contains(where: \.isFailed) { return .failed(dtype) }
    var extents: [Int: Int] = [:]
    for (operand, axes) in zip(operands, equation.operands) {
      for (place, axis) in axes.enumerated() {
        let extent = operand.shape.extents[place]
        let known = extents[axis] ?? 1
        let isDiagonal = axes[..<place].contains(axis)
        guard known == extent || !isDiagonal && (known == 1 || extent == 1) else {
          let letter = axis < 0 ? "..." : String(UnicodeScalar(UInt8(axis)))
          return .failure(
            "einsum", "'\(text)': '\(letter)' is \(known) and \(extent)", dtype: dtype)
        }
        extents[axis] = known == 1 ? extent : known
      }
    }
    var result = NamedValue(operands[0], equation.operands[0]).withoutBroadcast(extents)
    for index in operands.indices.dropFirst() {
      let later = equation.operands[(index + 1)...].joined() + equation.result
      let other = NamedValue(operands[index], equation.operands[index]).withoutBroadcast(extents)
      guard let next = product(result, other, keeping: Set(later), extents, text) else {
        return .failed(dtype)
      }
      result = next
    }
    guard equation.result.count <= Shape.maximumRank else {
      return .failure(
        "einsum", "'\(text)': a result of \(equation.result.count) axes", dtype: dtype)
    }
    result = result.summed(keeping: Set(equation.result))
    return result.arranged(equation.result, extents: extents)
  }

  /// The product of two values, summed over the axes that nothing needs afterwards.
  ///
  /// Nil, after a report, if a product has too many axes or elements, or an operand has failed.
  private static func product(
    _ left: NamedValue, _ right: NamedValue, keeping later: Set<Int>, _ extents: [Int: Int],
    _ text: String
  ) -> NamedValue? {
    let left = left.summed(keeping: later.union(right.axes))
    let right = right.summed(keeping: later.union(left.axes))
    let shared = left.axes.filter(right.axes.contains)
    let batch = shared.filter(later.contains)
    let inner = shared.filter { !later.contains($0) }
    let rows = left.axes.filter { !right.axes.contains($0) }
    let columns = right.axes.filter { !left.axes.contains($0) }
    // A failed operand has lost its axes; its failure has been reported.
    if left.value.isFailed || right.value.isFailed { return nil }
    let all = batch + rows + inner + columns
    guard max(all.count - inner.count, all.count - columns.count) <= Shape.maximumRank,
      all.count - rows.count <= Shape.maximumRank
    else {
      reportFailure(
        operation: "einsum",
        "'\(text)': a product of \(all.count) axes; a tensor has at most \(Shape.maximumRank)")
      return nil
    }
    func count(_ axes: [Int]) -> Int? {
      axes.reduce(1) { count, axis in count.flatMap { Size.product($0, extents[axis] ?? 1) } }
    }
    guard let batchCount = count(batch), let rowCount = count(rows),
      let innerCount = count(inner), let columnCount = count(columns)
    else {
      reportFailure(
        operation: "einsum", "'\(text)': no memory for a product of \(all.count) axes")
      return nil
    }
    let a = left.arranged(batch + rows + inner, extents: extents)
      .reshaped(to: [batchCount, rowCount, innerCount])
    let b = right.arranged(batch + inner + columns, extents: extents)
      .reshaped(to: [batchCount, innerCount, columnCount])
    // Without inner axes this is an outer product, which broadcasting computes.
    let product = inner.isEmpty ? applyPointwise(Functions.multiply, a, b) : matmul(a, b)
    let axes = batch + rows + columns
    return NamedValue(
      product.reshaped(to: Shape(axes.map { extents[$0] ?? 1 })), axes)
  }
}
