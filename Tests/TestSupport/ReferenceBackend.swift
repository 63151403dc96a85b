import SlopeCore

/// A second device: every verb as plain loops over single elements, slow and obvious.
///
/// It is the reference of the randomised tests, and keeps the backend protocol independent of the
/// CPU. Numbers are held as `Double` or `Int64` and rounded to the compute type after every step,
/// as in the kernels.
public final class ReferenceBackend: Backend {
  /// The one instance.
  public static let shared = ReferenceBackend()

  package var name: String { "reference" }

  package func allocate(byteCount: Int) -> Buffer? {
    guard byteCount >= 0, byteCount <= 1 << 30 else { return nil }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 1), alignment: 64)
    // Elements that are not written must be noticed.
    memory.initializeMemory(as: UInt8.self, repeating: 0xFF, count: max(byteCount, 1))
    return Buffer(memory, byteCount: byteCount, on: self)
  }

  package func release(_ handle: UnsafeMutableRawPointer, byteCount: Int) { handle.deallocate() }

  package func upload(_ source: UnsafeRawBufferPointer, to destination: Buffer) {
    UnsafeMutableRawBufferPointer(start: destination.handle, count: source.count)
      .copyMemory(from: source)
  }

  package func download(
    _ source: Buffer, byteOffset: Int, into destination: UnsafeMutableRawBufferPointer
  ) {
    destination.copyMemory(
      from: UnsafeRawBufferPointer(
        start: source.handle + byteOffset, count: destination.count))
  }

  package func copy(_ source: Value, to destination: Buffer, _ layout: Layout) {
    let target = Value(layout, source.dtype, destination)
    for index in Positions(source.shape) { target[index] = source[index] }
  }

  package func pointwise(
    _ program: Program, _ inputs: Span<Value>, scalars: Span<UInt64>, shape: Shape,
    outputs: Span<Output>
  ) {
    let run = ReferenceProgram(program, scalars)
    let inputs = list(inputs)
    var results: [[Cell]] = []
    for index in Positions(shape) { results.append(run(inputs, at: index, of: shape)) }
    // Not earlier: an output may be the memory of an input.
    for (position, cells) in results.enumerated() {
      for (number, cell) in cells.enumerated() {
        let dtype = outputs[number].dtype
        cell.converted(from: run.compute, to: dtype)
          .store(outputs[number].buffer.handle + position * dtype.byteCount, dtype)
      }
    }
  }

  package func softmax(_ source: Value, logarithm: Bool, output: Buffer) {
    let target = Value(Layout(source.shape), source.dtype, output)
    for row in 0..<source.shape[0] {
      let x = (0..<source.shape[1]).map { source[[row, $0]].realValue }
      let largest = x.reduce(-Double.infinity) { $1.isNaN || $1 > $0 ? $1 : $0 }
      let isBad = x.contains { $0.isNaN || $0 == .infinity } || largest == -.infinity
      let total = x.reduce(0.0) { $0 + exponential($1 - largest) }
      for column in x.indices {
        let shifted = x[column] - largest
        let result = logarithm ? shifted - naturalLogarithm(total) : exponential(shifted) / total
        target[[row, column]] = .real(isBad ? .nan : result.rounded(to: source.dtype))
      }
    }
  }

  package func gather(
    _ source: Value, indices: Value, output: Buffer, operation: String
  ) -> Int? {
    let (outer, extent, inner) = (source.shape[0], source.shape[1], source.shape[2])
    for i in 0..<indices.count {
      let index = indices[Shape([i])].integerValue
      if index < 0 || index >= extent { return i }
    }
    let target = Value(Layout([outer, indices.count, inner]), source.dtype, output)
    for index in Positions(target.shape) {
      let place = Int(indices[[index[1]]].integerValue)
      target[index] = source[[index[0], place, index[2]]]
    }
    return nil
  }

  package func checkIndices(
    _ indices: Value, bound: Int, exempt: Int, subject: String, operation: String
  ) -> Int? {
    for i in 0..<indices.count {
      let index = Int(indices[Shape([i])].integerValue)
      if index != exempt, index < 0 || index >= bound { return i }
    }
    return nil
  }

  package func scatterAdd(_ source: Value, indices: Value, into destination: Buffer, extent: Int) {
    let (outer, inner) = (source.shape[0], source.shape[2])
    let target = Value(Layout([outer, extent, inner]), source.dtype, destination)
    for i in 0..<indices.count {
      let place = Int(indices[[i]].integerValue)
      for o in 0..<outer {
        for n in 0..<inner {
          let sum = ReferencePrimitives.apply(
            "add", [target[[o, place, n]], source[[o, i, n]]],
            source.dtype.isFloating ? source.dtype : source.dtype.referenceComputeType)
          target[[o, place, n]] = sum
        }
      }
    }
  }

  package func scatter(
    _ source: Value, indices: Value, into destination: Buffer, extent: Int
  ) -> Bool {
    let (outer, inner) = (source.shape[0], source.shape[2])
    let target = Value(Layout([outer, extent, inner]), source.dtype, destination)
    for i in 0..<indices.count {
      let place = Int(indices[[i]].integerValue)
      for o in 0..<outer {
        for n in 0..<inner { target[[o, place, n]] = source[[o, i, n]] }
      }
    }
    return true
  }

  package func argsort(_ source: Value, descending: Bool, output: Buffer) -> Bool {
    let target = Value(Layout(source.shape), .int64, output)
    for row in 0..<source.shape[0] {
      let cells = (0..<source.shape[1]).map { source[[row, $0]] }
      func isBefore(_ a: Cell, _ b: Cell) -> Bool {
        guard source.dtype.isFloating else {
          return source.dtype == .uint64
            ? UInt64(bitPattern: a.integerValue) < UInt64(bitPattern: b.integerValue)
            : a.integerValue < b.integerValue
        }
        if a.realValue.isNaN { return false }
        return b.realValue.isNaN || a.realValue < b.realValue
      }
      // One at a time, after all that come before it.
      var order: [Int] = []
      for index in cells.indices {
        let place = order.firstIndex {
          descending ? isBefore(cells[$0], cells[index]) : isBefore(cells[index], cells[$0])
        }
        order.insert(index, at: place ?? order.count)
      }
      for (column, index) in order.enumerated() {
        target[[row, column]] = .integer(Int64(index))
      }
    }
    return true
  }

  package func synchronize() {}
}

extension Value {
  /// The element at an index along each axis.
  subscript(index: Shape) -> Cell {
    get { Cell.load(address(index), dtype) }
    set { newValue.store(address(index), dtype) }
  }

  /// The element at an index of `shape`, to which this value broadcasts.
  func element(at index: Shape, of shape: Shape) -> Cell {
    let shift = shape.rank - self.shape.rank
    return self[
      Shape((0..<self.shape.rank).map { self.shape[$0] == 1 ? 0 : index[$0 + shift] })]
  }

  private func address(_ index: Shape) -> UnsafeMutableRawPointer {
    var offset = layout.offset
    for (axis, position) in index.enumerated() { offset += position * layout.strides[axis] }
    precondition(offset >= 0 && (offset + 1) * dtype.byteCount <= buffer.byteCount, "out of bounds")
    return buffer.handle + offset * dtype.byteCount
  }
}

/// Every index of a shape, in row-major order.
struct Positions: Sequence {
  private let shape: Shape

  init(_ shape: Shape) { self.shape = shape }

  func makeIterator() -> AnyIterator<Shape> {
    var number = 0
    let (shape, count) = (self.shape, self.shape.elementCount)
    return AnyIterator {
      guard number < count else { return nil }
      defer { number += 1 }
      var rest = number
      var index = Array(repeating: 0, count: shape.rank)
      for axis in (0..<shape.rank).reversed() {
        index[axis] = rest % shape[axis]
        rest /= shape[axis]
      }
      return Shape(index)
    }
  }
}
