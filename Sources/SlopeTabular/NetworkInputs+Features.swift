import SlopeCore

extension NetworkInputs {
  /// The features of networks side by side, `[members or 1, rows, inputs] → [members, rows, features]`.
  ///
  /// - Parameters:
  ///   - input: the inputs in the networks' order.
  ///   - members: the number of networks.
  ///   - levels: for each code the vectors of its levels, `[members · (levels + 1), vector]`; the last of
  ///     each member is for what is no level.
  ///   - embedding: what numbers become, `[…, rows, numbers] → [members, rows, features]`; nil for what
  ///     they are.
  /// - Returns: numbers, indicators, then the vectors of the levels.
  func features<Element: FloatingElement>(
    of input: Tensor<Element>, members: Int, levels: [Parameter<Element>],
    embedding: ((Tensor<Element>) -> Tensor<Element>)?
  ) -> Tensor<Element> {
    let (count, plain) = (numbers.count, numbers.count + indicators.count)
    var parts: [Tensor<Element>] = []
    if let embedding {
      parts.append(embedding(input[0..., 0..., ..<count]))
    } else if count > 0 {
      parts.append(input[0..., 0..., ..<count])
    }
    if plain > count { parts.append(input[0..., 0..., count..<plain]) }
    let rows = input.shape[1]
    for (index, table) in levels.enumerated() {
      let levelCount = levelCounts[index]
      let codes = input[0..., 0..., plain + index].cast(to: Int.self)
      // −1 is the row after the levels; each member has a table of its own.
      let known = Tensor<Int>.where(
        codes .< 0, Tensor([levelCount], on: input.device), codes)
      let first = Tensor(
        shape: [members, 1], scalars: (0..<members).map { $0 * (levelCount + 1) },
        on: input.device)
      let rowsOfTable = (known + first).flattened()
      parts.append(
        table.tensor.taking(rowsOfTable).reshaped(to: [members, rows, table.shape[1]]))
    }
    // Embeddings have a member each, what is passed on may be one for all.
    let whole = parts.map {
      $0.shape[0] == members ? $0 : $0.expanded(to: [members, rows, $0.shape[2]])
    }
    return whole.count == 1 ? whole[0] : concatenate(whole, axis: -1)
  }
}
