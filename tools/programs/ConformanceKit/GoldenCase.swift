import Slope

/// One case of a golden file: an operation, its operands, and the expected outcome.
public struct GoldenCase: Sendable {
  /// The certainty of an expectation.
  public enum Strength: String, Sendable, Codable {
    /// The reference engines agree: a difference is an error.
    case must
    /// Good engines do this, but not all.
    case should
    /// Only reported.
    case info
  }

  /// What the case expects.
  public enum Expectation: Sendable {
    /// These outputs, within a tolerance.
    case value([TensorData], Tolerance)
    /// Some elements, and the sum of all.
    case samples([Samples], Tolerance)
    /// A failure that the caller can handle.
    case error
    /// A failure that the caller can handle, or any value.
    case noCrash
    /// Nothing, since the line could not be read: the outcome without running anything.
    case unreadable(Outcome)
  }

  /// Some elements of a large output.
  public struct Samples: Sendable {
    let dtype: DType
    let shape: [Int]
    let indices: [Int]
    let values: [Number]
    let sum: Number
  }

  /// Gradients of the sum over the outputs of `sum(output · cotangent)`.
  public struct Gradients: Sendable {
    /// One for each output; nil where it is not floating point.
    let cotangents: [TensorData?]
    /// One for each input; nil where it has none.
    let wanted: [TensorData?]
    let tolerance: Tolerance
    let strength: Strength
  }

  /// The unique name.
  public let id: String
  /// The operation, by PyTorch's name.
  public let operation: String
  /// The arguments that are not tensors.
  public let attributes: Attributes
  /// The operands.
  public let inputs: [TensorData]
  /// The expected outcome.
  public let expectation: Expectation
  /// Whether outputs must have exactly the expected element type.
  public let requiresType: Bool
  /// The gradients that the operands must receive, if the case asks for them.
  public let gradients: Gradients?
  /// How certain the expectation is.
  public let strength: Strength
  /// The line of the file, from 1.
  public let line: Int

  /// The number of outputs that are expected; nil where none are.
  var outputCount: Int? {
    switch expectation {
    case .value(let outputs, _): outputs.count
    case .samples(let outputs, _): outputs.count
    case .error, .noCrash, .unreadable: nil
    }
  }
}

extension GoldenCase {
  /// A case in place of a line that could not be read, with what is known of it.
  init(unreadable outcome: Outcome, id: String?, operation: String?, line: Int) {
    self.init(
      id: id ?? "line \(line)", operation: operation ?? "", attributes: Attributes(), inputs: [],
      expectation: .unreadable(outcome), requiresType: true, gradients: nil, strength: .must,
      line: line)
  }
}

extension Sequence<GoldenCase> {
  /// One case of each operation, then the next of each, so that the first few cover the most.
  public func takingTurns() -> [GoldenCase] {
    var seen: [String: Int] = [:]
    var turns: [[GoldenCase]] = []
    for golden in self {
      let turn = seen[golden.operation, default: 0]
      seen[golden.operation] = turn + 1
      if turn == turns.count { turns.append([]) }
      turns[turn].append(golden)
    }
    return turns.flatMap { $0 }
  }
}
