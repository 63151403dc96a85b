/// Runs `Backend.reduce`, and checks its results where numbers are checked.
///
/// False if the results must not be used. `result` is their shape as the caller sees it.
@inline(__always)
func runReduce(
  _ kind: ReductionKind, prologue: Program?, _ inputs: Span<Value>, scalars: Span<UInt64>,
  nest: Shape,
  reducedRank: Int, output: Output, on backend: any Backend,
  for operation: @autoclosure () -> String, result: @autoclosure () -> Shape
) -> Bool {
  if !Numerics.isUsed {
    backend.reduce(
      kind, prologue: prologue, inputs, scalars: scalars, nest: nest, reducedRank: reducedRank,
      output: output)
    return true
  }
  let shape = result()
  return runChecked(
    ReducedRows(
      kind: kind, prologue: prologue, inputs: Array(copying: inputs),
      scalars: Array(copying: scalars), nest: nest,
      count: shape.elementCount),
    reducedRank: reducedRank, output, on: backend, for: operation(), shape)
}

@inline(never)
private func runChecked(
  _ rows: ReducedRows, reducedRank: Int, _ output: Output, on backend: any Backend,
  for operation: @autoclosure () -> String, _ result: Shape
) -> Bool {
  NumericsCheck.run(operation(), result) {
    backend.reduce(
      rows.kind, prologue: rows.prologue, rows.inputs.span, scalars: rows.scalars.span,
      nest: rows.nest, reducedRank: reducedRank, output: output)
  } passes: {
    $0.passes(rows, output, result)
  }
}

/// Whether a mean of no elements, which is NaN, is accepted.
///
/// False, after a report, where numbers are checked.
func passesMeanOfNothing(_ dtype: DType, for operation: String) -> Bool {
  NumericsCheck.run(operation, []) {
    // Nothing needs to run.
  } passes: {
    let result = Number(dtype.computeType, bits: dtype.computeBits(of: .nan))
    return $0.passes(NumericsCheck.Finding(result, operation, rows: [[]]), at: 0)
  }
}

/// The operands of a reduction: a row of elements for each element of the result.
private struct ReducedRows {
  let kind: ReductionKind
  let prologue: Program?
  let inputs: [Value]
  let scalars: [UInt64]
  /// Kept axes, then reduced ones.
  let nest: Shape
  /// The number of results.
  let count: Int

  var rowLength: Int { nest.elementCount / max(count, 1) }
}

extension NumericsCheck {
  fileprivate func passes(_ rows: ReducedRows, _ output: Output, _ shape: Shape) -> Bool {
    let dtype = rows.prologue?.dtype ?? rows.inputs[0].dtype
    var search = RowSearch(rows)
    if dtype.isFloating {
      // An arg reduction gives positions, which cannot go wrong.
      guard output.dtype.isFloating else { return true }
      return passes(numbersOf: output, shape) { search.finding(at: $0, result: $1) }
    }
    guard search.canFail else { return true }
    return passes(eachOf: output, shape) { search.findingInIntegers(at: $0, result: $1) }
  }
}

/// Searches for what went wrong in a row that was reduced.
private struct RowSearch {
  private let rows: ReducedRows
  private let length: Int
  private var prologue: StepSearch

  init(_ rows: ReducedRows) {
    self.rows = rows
    length = rows.rowLength
    let program = rows.prologue ?? Functions.copy.program(rows.inputs[0].dtype)
    prologue = StepSearch(program, rows.inputs, rows.scalars, rows.nest)
  }

  /// Whether integers can go wrong: extrema and their positions cannot.
  var canFail: Bool {
    switch rows.kind {
    case .sum, .mean, .product: true
    case .maximum, .minimum, .argMaximum, .argMinimum: prologue.canWrap
    }
  }

  mutating func finding(at position: Int, result: Number) -> NumericsCheck.Finding? {
    var entering: [Number] = []
    var row: [Number] = []
    var arisen: NumericsCheck.Finding?
    for place in position * length..<(position + 1) * length {
      guard let numbers = prologue.run(at: place) else { return nil }
      entering += numbers
      let number = prologue.result(0)
      row.append(number)
      if arisen == nil, !number.isFinite { arisen = prologue.notFinite(0) }
    }
    guard result.arises(from: entering) else { return nil }
    return arisen ?? NumericsCheck.Finding(result, "\(rows.kind)", rows: [row])
  }

  mutating func findingInIntegers(at position: Int, result: Number) -> NumericsCheck.Finding? {
    var row: [Number] = []
    for place in position * length..<(position + 1) * length {
      guard prologue.run(at: place) != nil else { return nil }
      if let finding = prologue.wrapped(0) { return finding }
      row.append(prologue.result(0))
    }
    let exact: Int128?
    switch rows.kind {
    case .sum: exact = exactSum(row.lazy.map(\.integer))
    case .product: exact = exactProduct(row.map(\.integer))
    default: return nil
    }
    return NumericsCheck.Finding(result, exact: exact, "\(rows.kind)", rows: [row])
  }
}
