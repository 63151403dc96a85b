/// Runs `Backend.matmul`, and checks its results where numbers are checked.
///
/// False if the results must not be used. `result` is their shape as the caller sees it.
@inline(__always)
func runMatmul(
  _ left: Value, _ right: Value, bias: Value?, output: Output, on backend: any Backend,
  for operation: @autoclosure () -> String, result: @autoclosure () -> Shape
) -> Bool {
  if !Numerics.isUsed {
    backend.matmul(left, right, bias: bias, output: output)
    return true
  }
  let shape = result()
  return NumericsCheck.run(operation(), shape) {
    backend.matmul(left, right, bias: bias, output: output)
  } passes: {
    $0.passes(left, right, bias: bias, output, shape)
  }
}

/// Runs `Backend.softmax`, and checks its results where numbers are checked.
///
/// `order` says where the axes of `result` are in the caller's tensor.
@inline(__always)
func runSoftmax(
  _ source: Value, logarithm: Bool, output: Buffer, on backend: any Backend, for operation: String,
  result: Shape, order: [Int]?
) -> Bool {
  if !Numerics.isUsed {
    backend.softmax(source, logarithm: logarithm, output: output)
    return true
  }
  return NumericsCheck.run(operation, result, order: order) {
    backend.softmax(source, logarithm: logarithm, output: output)
  } passes: {
    $0.passes(softmax: source, operation, Output(output, source.dtype))
  }
}

/// Runs `Backend.scan`, and checks its results where numbers are checked.
///
/// `source` is contiguous and of rank three; `result` is the shape as the caller sees it.
@inline(__always)
func runScan(
  _ source: Value, isExclusive: Bool, isReversed: Bool, output: Buffer, on backend: any Backend,
  for operation: String, result: Shape
) -> Bool {
  func run() -> Bool {
    if backend.scan(source, isExclusive: isExclusive, isReversed: isReversed, output: output) {
      return true
    }
    reportFailure(
      operation: operation, "no memory for sums of \(result) on \(backend.name)",
      lacksMemory: true)
    return false
  }
  if !Numerics.isUsed { return run() }
  var isDone = true
  return NumericsCheck.run(operation, result) {
    isDone = run()
  } passes: {
    $0.passes(
      scan: source, isExclusive: isExclusive, isReversed: isReversed, operation,
      Output(output, source.dtype))
  } && isDone
}

/// Runs `Backend.scatterAdd` on zeros, and checks the results where numbers are checked.
@inline(__always)
func runScatterAdd(
  _ source: Value, indices: Value, into destination: Buffer, extent: Int, on backend: any Backend,
  result: Shape
) -> Bool {
  if !Numerics.isUsed {
    backend.scatterAdd(source, indices: indices, into: destination, extent: extent)
    return true
  }
  return NumericsCheck.run("scatterAdd", result) {
    backend.scatterAdd(source, indices: indices, into: destination, extent: extent)
  } passes: {
    $0.passes(
      scatterAdd: source, indices, Output(destination, source.dtype), extent: extent)
  }
}

/// Runs `Backend.scatterAddRows` on zeros, and checks the results where numbers are checked.
func runScatterAddRows(
  _ source: Value, places: Value, into destination: Buffer, extent: Int, on backend: any Backend,
  result: Shape
) -> Bool {
  if !Numerics.isUsed {
    backend.scatterAddRows(source, places: places, into: destination, extent: extent)
    return true
  }
  return NumericsCheck.run("scatterAdd", result) {
    backend.scatterAddRows(source, places: places, into: destination, extent: extent)
  } passes: {
    // All rows are one with places of its own.
    $0.passes(
      scatterAdd: source.reshaped(to: [1, source.count, 1], record: false),
      places.detached
        .reshaped(to: [source.count], record: false),
      Output(destination, source.dtype), extent: source.shape.extents[0] * extent)
  }
}

extension NumericsCheck {
  fileprivate func passes(
    _ left: Value, _ right: Value, bias: Value?, _ output: Output, _ shape: Shape
  ) -> Bool {
    guard output.dtype != .bool else { return true }
    let (m, k, n) = (left.shape[1], left.shape[2], right.shape[2])
    let batch = shape.elementCount / (m * n)
    var operands: (left: HostElements, right: HostElements, bias: HostElements?)?
    /// A row of the left matrix, a column of the right one, and the bias, if any.
    func rows(_ position: Int) -> [[Number]]? {
      if operands == nil {
        guard let left = HostElements(left, as: [batch, m, k]),
          let right = HostElements(right, as: [batch, k, n])
        else { return nil }
        operands = (left, right, bias.flatMap { HostElements($0, as: [n]) })
      }
      guard let operands else { return nil }
      let (matrix, row, column) = (position / (m * n), position / n, position % n)
      let rows = [
        (0..<k).map { operands.left[row * k + $0] },
        (0..<k).map { operands.right[(matrix * k + $0) * n + column] },
      ]
      return operands.bias.map { rows + [[$0[column]]] } ?? rows
    }
    if output.dtype.isFloating {
      return passes(numbersOf: output, shape) { position, result in
        rows(position).flatMap { Finding(result, "matmul", rows: $0) }
      }
    }
    return passes(eachOf: output, shape) { position, result in
      rows(position).flatMap { rows in
        let integers = rows.map { $0.map(\.integer) }
        return Finding(
          result, exact: exactProductSum(integers[0], integers[1]), "matmul", rows: rows)
      }
    }
  }

  fileprivate func passes(softmax source: Value, _ operation: String, _ output: Output) -> Bool {
    let count = source.shape[1]
    var elements: HostElements?
    return passes(numbersOf: output, source.shape) { position, result in
      if elements == nil { elements = HostElements(source, as: source.shape) }
      return elements.flatMap { elements in
        let start = position / count * count
        return Finding(result, operation, rows: [(start..<start + count).map { elements[$0] }])
      }
    }
  }

  fileprivate func passes(
    scan source: Value, isExclusive: Bool, isReversed: Bool, _ operation: String, _ output: Output
  ) -> Bool {
    let (extent, inner) = (source.shape[1], source.shape[2])
    var elements: HostElements?
    /// The elements that were added up for one element.
    func row(_ position: Int) -> [Number]? {
      if elements == nil { elements = HostElements(source, as: source.shape) }
      guard let elements else { return nil }
      let place = position / inner % extent
      let start = position - place * inner
      let places =
        isReversed
        ? (isExclusive ? place + 1 : place)..<extent : 0..<(isExclusive ? place : place + 1)
      return places.map { elements[start + $0 * inner] }
    }
    if output.dtype.isFloating {
      return passes(numbersOf: output, source.shape) { position, result in
        row(position).flatMap { Finding(result, operation, rows: [$0]) }
      }
    }
    return passes(eachOf: output, source.shape) { position, result in
      row(position).flatMap {
        Finding(result, exact: exactSum($0.lazy.map(\.integer)), operation, rows: [$0])
      }
    }
  }

  fileprivate func passes(
    scatterAdd source: Value, _ indices: Value, _ output: Output, extent: Int
  ) -> Bool {
    let (outer, count, inner) = (source.shape[0], source.shape[1], source.shape[2])
    guard let elements = HostElements(source, as: source.shape),
      let places = HostElements(indices, as: [count])
    else { return false }
    var sources = Array(repeating: [Int](), count: extent)
    // A device that works ahead of the host may not have reported a bad index yet.
    for place in 0..<count {
      let index = Int(places[place].integer)
      if sources.indices.contains(index) { sources[index].append(place) }
    }
    /// The elements that were added to one element.
    func row(_ position: Int) -> [Number] {
      let (o, e, i) = (position / (extent * inner), position / inner % extent, position % inner)
      return sources[e].map { elements[(o * count + $0) * inner + i] }
    }
    let shape: Shape = [outer, extent, inner]
    if output.dtype.isFloating {
      return passes(numbersOf: output, shape) {
        Finding($1, "scatterAdd", rows: [row($0)])
      }
    }
    guard output.dtype.isInteger else { return true }
    return passes(eachOf: output, shape) { position, result in
      let row = row(position)
      return Finding(
        result, exact: exactSum(row.lazy.map(\.integer)), "scatterAdd", rows: [row])
    }
  }
}
