public import SlopeCore

/// A table of vectors, one for each of `count` numbers.
public struct Embedding<Element: FloatingElement>: Module {
  /// The vectors, `[count, width]`.
  public let weight: Parameter<Element>

  /// Vectors of normally distributed numbers, as PyTorch's.
  ///
  /// Precondition: neither number is negative.
  public init(_ count: Int, _ width: Int, generator: Generator? = nil) {
    if count < 0 || width < 0 {
      reportFailure(
        operation: "Embedding", "\(count) vectors of \(width) elements: negative count")
    }
    weight = Parameter(
      .normal([max(count, 0), max(width, 0)], generator: generator, on: .default))
  }

  /// A table that is given: `[count, width]`.
  public init(weight: Parameter<Element>) { self.weight = weight }

  /// The vectors of `indices`: `[…]` gives `[…, width]`.
  ///
  /// Precondition: every index is in 0..<count.
  public func callAsFunction(_ indices: Tensor<Int>) -> Tensor<Element> {
    let table = weight.tensor
    guard indices.rank < Shape.maximumRank, table.rank == 2 else {
      return table.fail(
        "Embedding", "indices of shape \(indices.shape) for a table of \(table.shape)")
    }
    return table.taking(indices.flattened())
      .reshaped(to: Shape(Array(indices.shape) + [table.shape[1]]))
  }
}

extension Embedding {
  /// How many vectors there are, and how wide they are.
  public var description: String {
    "Embedding(\(weight.shape.first ?? 0), \(weight.shape.last ?? 0))"
  }
}
