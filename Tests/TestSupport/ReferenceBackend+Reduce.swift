import Glibc
import SlopeCore

func exponential(_ x: Double) -> Double { exp(x) }
func naturalLogarithm(_ x: Double) -> Double { log(x) }

/// A register program, run for one element at a time.
struct ReferenceProgram {
  /// The type in which registers hold numbers.
  let compute: DType
  private let program: Program
  private let scalars: [Cell]
  private let constants: [Cell]

  init(_ program: Program, _ scalars: Span<UInt64>) {
    self.program = program
    let compute = program.dtype.referenceComputeType
    self.compute = compute
    self.scalars = (0..<scalars.count).map { Cell.constant(scalars[$0], compute) }
    constants = program.constantBits.map { Cell.constant($0, compute) }
  }

  /// The results for one index of `shape`, to which inputs broadcast.
  func callAsFunction(_ inputs: [Value], at index: Shape, of shape: Shape) -> [Cell] {
    var registers: [Cell] = []
    for i in 0..<inputs.count {
      let cell = inputs[i].element(at: index, of: shape)
      registers.append(cell.converted(from: inputs[i].dtype, to: compute))
    }
    registers += scalars + constants
    let missing = program.registerCount - registers.count
    registers += Array(repeating: .integer(0), count: max(missing, 0))
    for step in program.steps {
      registers[step.destination] = ReferencePrimitives.apply(
        step.primitive, step.arguments.map { registers[$0] }, compute)
    }
    return program.outputRegisters.map { registers[$0] }
  }
}

/// The elements of a span as an array; Swift 6.3's optimiser fails on a span used in nested loops.
@inline(never)
func list(_ span: Span<Value>) -> [Value] { (0..<span.count).map { span[$0] } }

extension ReferenceBackend {
  package func reduce(
    _ kind: ReductionKind, prologue: Program?, _ inputs: Span<Value>, scalars: Span<UInt64>,
    nest: Shape, reducedRank: Int, output: Output
  ) {
    let inputs = list(inputs)
    let kept = Shape(nest.prefix(nest.rank - reducedRank))
    let inner = Shape(nest.suffix(reducedRank))
    let run = prologue.map { ReferenceProgram($0, scalars) }
    let compute = run?.compute ?? inputs[0].dtype.referenceComputeType
    for (position, outer) in Positions(kept).enumerated() {
      var cells: [Cell] = []
      for index in Positions(inner) {
        let whole = Shape(Array(outer) + Array(index))
        if let run {
          cells += run(inputs, at: whole, of: nest)
        } else {
          let cell = inputs[0].element(at: whole, of: nest)
          cells.append(cell.converted(from: inputs[0].dtype, to: compute))
        }
      }
      let (result, dtype) = Self.reduce(kind, cells, compute)
      result.converted(from: dtype, to: output.dtype)
        .store(output.buffer.handle + position * output.dtype.byteCount, output.dtype)
    }
  }

  /// One result, and the type in which it was computed.
  private static func reduce(_ kind: ReductionKind, _ cells: [Cell], _ compute: DType) -> (
    Cell, DType
  ) {
    let wide: DType = compute == .uint64 ? .uint64 : .int64
    switch kind {
    case .sum, .mean, .product:
      guard compute.isFloating else {
        let start = Cell.integer(kind == .product ? 1 : 0)
        let name = kind == .product ? "multiply" : "add"
        return (cells.reduce(start) { ReferencePrimitives.apply(name, [$0, $1], wide) }, wide)
      }
      let reals = cells.map(\.realValue)
      if kind == .product { return (.real(reals.reduce(1, *)), .float64) }
      let sum = compensatedSum(reals)
      return (.real(kind == .sum ? sum : sum / Double(reals.count)), .float64)
    case .maximum, .minimum:
      let name = kind == .maximum ? "maximum" : "minimum"
      guard let first = cells.first else { return (.integer(0), compute) }
      return (
        cells.dropFirst().reduce(first) { ReferencePrimitives.apply(name, [$0, $1], compute) },
        compute
      )
    case .argMaximum, .argMinimum:
      var best = 0
      for i in cells.indices {
        if cells[best].isNaN { break }
        let pair = kind == .argMaximum ? [cells[best], cells[i]] : [cells[i], cells[best]]
        let isBetter = ReferencePrimitives.apply("less", pair, compute)
        if cells[i].isNaN || isBetter == .real(1) || isBetter == .integer(1) { best = i }
      }
      return (.integer(Int64(best)), .int64)
    }
  }

  /// A sum that carries the error of each addition (Neumaier).
  private static func compensatedSum(_ numbers: [Double]) -> Double {
    let plain = numbers.reduce(0, +)
    guard plain.isFinite else { return plain }
    var (sum, lost) = (0.0, 0.0)
    for number in numbers {
      let next = sum + number
      lost += sum.magnitude >= number.magnitude ? (sum - next) + number : (number - next) + sum
      sum = next
    }
    return sum + lost
  }

  package func matmul(_ left: Value, _ right: Value, bias: Value?, output: Output) {
    product(left, right, bias: bias, output: output)
    guard let activation = output.activation else { return }
    let shape: Shape = [max(left.shape[0], right.shape[0]) * left.shape[1] * right.shape[2]]
    let inputs: [1 of Value] = [Value(Layout(shape), output.dtype, output.buffer)]
    let outputs: [1 of Output] = [output]
    pointwise(
      activation.program(output.dtype), inputs.span, scalars: Span(), shape: shape,
      outputs: outputs.span)
  }

  private func product(_ left: Value, _ right: Value, bias: Value?, output: Output) {
    let (batch, m, k) = (
      max(left.shape[0], right.shape[0]), left.shape[1], left.shape[2]
    )
    let n = right.shape[2]
    let dtype = output.dtype
    for (position, index) in Positions([batch, m, n]).enumerated() {
      let a = left.shape[0] == 1 ? 0 : index[0]
      let b = right.shape[0] == 1 ? 0 : index[0]
      let products = (0..<k).map { i in
        (left[[a, index[1], i]], right[[b, i, index[2]]])
      }
      var result: Cell
      if dtype.isFloating {
        var terms = products.map { $0.realValue * $1.realValue }
        if let bias { terms.append(bias[[index[2]]].realValue) }
        result = .real(Self.compensatedSum(terms))
      } else if dtype == .bool {
        result = .integer(products.contains { $0 != .integer(0) && $1 != .integer(0) } ? 1 : 0)
      } else {
        var sum: Int64 = bias.map { $0[[index[2]]].integerValue } ?? 0
        for (x, y) in products { sum &+= x.integerValue &* y.integerValue }
        result = Cell.integer(sum).wrapped(to: dtype)
      }
      if dtype.isFloating { result = result.converted(from: .float64, to: dtype) }
      result.store(output.buffer.handle + position * dtype.byteCount, dtype)
    }
  }
}

extension Cell {
  var realValue: Double {
    switch self {
    case .real(let value): value
    case .integer(let value): Double(value)
    }
  }

  var integerValue: Int64 {
    switch self {
    case .integer(let value): value
    case .real: preconditionFailure("a real number where an integer was expected")
    }
  }

  var isNaN: Bool { realValue.isNaN }
}
