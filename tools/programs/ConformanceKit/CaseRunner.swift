import Slope

/// The outcome of one case.
public enum Outcome: Sendable, Equatable, Codable {
  case passed
  /// The first difference; `strength` says how certain the expectation is.
  case failed(String, strength: GoldenCase.Strength)
  /// The library has no such operation for these operands.
  case skipped(String)
}

/// Runs golden cases on the library and judges the results.
public struct CaseRunner: Sendable {
  private let tables: [DType: any OperationTable]

  /// Makes the tables of operations.
  public init() {
    func integer<Element: IntegerElement>(_ type: Element.Type) -> any OperationTable {
      ExactTable(OperationList.integer(type))
    }
    func floating<Element: FloatingElement>(_ type: Element.Type) -> any OperationTable {
      FloatingTable(OperationList.floating(type))
    }
    var tables: [DType: any OperationTable] = [.bool: ExactTable(OperationList.boolean())]
    for type in OperationList.integerTypes { tables[type.dtype] = integer(type) }
    for type in OperationList.floatingTypes { tables[type.dtype] = floating(type) }
    self.tables = tables
  }

  /// Whether any element type has the operation.
  public func knows(_ operation: String) -> Bool { tables.values.contains { $0.has(operation) } }

  /// Runs one case.
  public func run(_ golden: GoldenCase) -> Outcome {
    if case .unreadable(let outcome) = golden.expectation { return outcome }
    guard knows(golden.operation) else { return .skipped("no operation '\(golden.operation)'") }
    do {
      return try judge(golden, in: try table(for: golden))
    } catch let reason as Unsupported {
      return .skipped(reason.description)
    } catch {
      return .failed("\(error)", strength: golden.strength)
    }
  }

  /// The outputs of a case, and the gradients that it asks for, whatever it expects.
  ///
  /// Throws `Unsupported` or the library's failure.
  func results(of golden: GoldenCase) throws -> (outputs: [TensorData], gradients: [TensorData?]) {
    if case .unreadable(let outcome) = golden.expectation { throw Unsupported("\(outcome)") }
    let table = try table(for: golden)
    return try checked { try table.results(of: golden) }
  }

  /// The table of the case's main element type: the `dtype` attribute, otherwise that of the first
  /// operand that is not only a condition, or of the result if there is none.
  private func table(for golden: GoldenCase) throws -> any OperationTable {
    let type: DType
    if golden.attributes.has("dtype") {
      let name = try golden.attributes.string("dtype")
      guard let named = DType.allCases.first(where: { $0.name == name }) else {
        throw Unsupported("unknown dtype '\(name)'")
      }
      type = named
    } else if Self.indexed.contains(golden.operation), let first = golden.inputs.first {
      type = first.dtype
    } else {
      type = golden.inputs.first { $0.dtype != .bool }?.dtype ?? typeWithoutOperands(golden)
    }
    guard let table = tables[type], table.has(golden.operation) else {
      throw Unsupported("no operation '\(golden.operation)' for \(type)")
    }
    return table
  }

  /// That of the result, where there are no operands.
  private func typeWithoutOperands(_ golden: GoldenCase) -> DType {
    guard golden.inputs.isEmpty else { return .bool }
    switch golden.expectation {
    case .value(let outputs, _): return outputs.first?.dtype ?? .bool
    case .samples(let outputs, _): return outputs.first?.dtype ?? .bool
    case .error, .noCrash, .unreadable: return .bool
    }
  }

  /// The operations whose other operands are indices.
  private static let indexed =
    Set(["index_select", "gather", "embedding"]).union(
      (placeOperations() as [Operation<Bool>]).map(\.name)
        + (numericPlaceOperations() as [Operation<Float>]).map(\.name))

  private func judge(_ golden: GoldenCase, in table: any OperationTable) throws -> Outcome {
    switch golden.expectation {
    case .unreadable(let outcome): return outcome
    case .error, .noCrash:
      var wantsError = false
      if case .error = golden.expectation { wantsError = true }
      do {
        _ = try checked { try table.outputs(of: golden) }
      } catch let reason as Unsupported {
        throw reason
      } catch {
        return .passed
      }
      return wantsError ? .failed("want an error, got a value", strength: golden.strength) : .passed
    case .value(let wanted, let tolerance):
      let results = try checked { try table.results(of: golden) }
      return Self.judgeOutputs(results.outputs, wanted.count, golden) { got, i in
        Comparison.difference(
          of: got, from: wanted[i], tolerance, requiresType: golden.requiresType)
      } ?? Self.judgeGradients(results.gradients, golden) ?? .passed
    case .samples(let wanted, let tolerance):
      let outputs = try checked { try table.outputs(of: golden) }
      return Self.judgeOutputs(outputs, wanted.count, golden) { got, i in
        Comparison.difference(
          of: got, from: wanted[i], tolerance, requiresType: golden.requiresType)
      } ?? .passed
    }
  }

  private static func judgeOutputs(
    _ outputs: [TensorData], _ wanted: Int, _ golden: GoldenCase,
    _ difference: (TensorData, Int) -> String?
  ) -> Outcome? {
    // A file may leave out the indices that follow values.
    let isShort = outputs.count == wanted + 1 && wanted == 1 && outputs[1].dtype == .int64
    guard outputs.count == wanted || isShort else {
      return .failed("want \(wanted) outputs, got \(outputs.count)", strength: golden.strength)
    }
    for (i, output) in outputs.prefix(wanted).enumerated() {
      guard let found = difference(output, i) else { continue }
      let place = wanted == 1 ? "" : "output \(i), "
      return .failed(place + found, strength: golden.strength)
    }
    return nil
  }

  private static func judgeGradients(_ got: [TensorData?], _ golden: GoldenCase) -> Outcome? {
    guard let gradients = golden.gradients else { return nil }
    for (i, wanted) in gradients.wanted.enumerated() {
      guard let wanted else { continue }
      let found =
        if let gradient = got[i] {
          Comparison.difference(of: gradient, from: wanted, gradients.tolerance, requiresType: true)
        } else {
          "none came"
        }
      if let found {
        return .failed("gradient of input \(i), \(found)", strength: gradients.strength)
      }
    }
    return nil
  }
}

/// The operations of one element type, with the type erased.
protocol OperationTable: Sendable {
  func has(_ operation: String) -> Bool

  /// The outputs, and the gradient of each operand if the case asks for it.
  func results(of golden: GoldenCase) throws -> (outputs: [TensorData], gradients: [TensorData?])
}

extension OperationTable {
  func outputs(of golden: GoldenCase) throws -> [TensorData] { try results(of: golden).outputs }
}

/// Operations on elements that have no gradients.
struct ExactTable<Element: TensorElement>: OperationTable {
  private let operations: [String: Operation<Element>]

  init(_ list: [Operation<Element>]) {
    operations = Dictionary(list.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
  }

  func has(_ operation: String) -> Bool { operations[operation] != nil }

  func call(_ golden: GoldenCase, _ inputs: [any AnyTensor]) throws -> [any AnyTensor] {
    guard let operation = operations[golden.operation] else {
      throw Unsupported("no operation '\(golden.operation)'")
    }
    return try operation.call(
      Arguments(inputs, golden.attributes, outputCount: golden.outputCount))
  }

  func results(of golden: GoldenCase) throws -> (outputs: [TensorData], gradients: [TensorData?]) {
    let outputs = try call(golden, try golden.inputs.map { try $0.tensor() })
    return (outputs.map(\.data), golden.inputs.map { _ in nil })
  }
}

/// Operations on floating-point elements: operands of the main type are parameters.
struct FloatingTable<Element: FloatingElement>: OperationTable {
  private let exact: ExactTable<Element>

  init(_ list: [Operation<Element>]) { exact = ExactTable(list) }

  func has(_ operation: String) -> Bool { exact.has(operation) }

  func results(of golden: GoldenCase) throws -> (outputs: [TensorData], gradients: [TensorData?]) {
    guard let gradients = golden.gradients else { return try exact.results(of: golden) }
    let leaves = try golden.inputs.map { input in
      input.dtype == Element.dtype ? Parameter<Element>(try Tensor<Element>(input)) : nil
    }
    let inputs: [any AnyTensor] = try zip(leaves, golden.inputs).map { leaf, input in
      if let leaf { leaf.tensor } else { try input.tensor() }
    }
    let outputs = try exact.call(golden, inputs)
    for (output, cotangent) in zip(outputs, gradients.cotangents) {
      if let cotangent { try output.pullBack(cotangent) }
    }
    return (outputs.map(\.data), leaves.map { $0?.grad?.data })
  }
}
