public import SlopeCore

/// A table of vectors, one for each of `count` indices.
///
/// A call replaces each index by its row of the table: `[…] → […, width]`.
///
/// ```swift
/// let embedding = Embedding<Float>(weight: Parameter(Tensor([[0, 1], [2, 3], [4, 5]])))
/// print(embedding(Tensor([2, 0])).detached())
/// // tensor([[4., 5.],
/// //         [0., 1.]])
/// ```
///
/// It is a `Module` but not a `Layer`, since its input is integers. The gradient of the table is
/// dense: a row that several indices name receives the sum of their contributions. PyTorch's
/// counterpart is `nn.Embedding`; there are no options for padding, norms or sparse gradients.
public struct Embedding<Element: FloatingElement>: Module {
  /// The table of vectors, `[count, width]`.
  public let weight: Parameter<Element>

  /// A table with PyTorch's initial values: normal, with mean 0 and standard deviation 1.
  ///
  /// The values are drawn on the host; the table is on the default device. Precondition: `count`
  /// and `width` are not negative.
  ///
  /// - Parameters:
  ///   - count: the number of vectors.
  ///   - width: the elements of each vector.
  ///   - generator: the source of the initial values; the default generator if nil.
  public init(_ count: Int, _ width: Int, generator: Generator? = nil) {
    if count < 0 || width < 0 {
      reportFailure(
        operation: "Embedding", "\(count) vectors of \(width) elements: negative count")
    }
    weight = Parameter(
      .normal([max(count, 0), max(width, 0)], generator: generator, on: .default))
  }

  /// The given table, `[count, width]`, which is not copied.
  ///
  /// - Parameter weight: the table. Its shape is checked when the embedding is called.
  public init(weight: Parameter<Element>) { self.weight = weight }

  /// The vectors of `indices`: `[…] → […, width]`, copied by one gather.
  ///
  /// Precondition: every index is in 0..<count. A device reports one that is not at the next read,
  /// or when the scope of `checked` ends. `indices` has at most one axis less than a tensor can
  /// have.
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
  /// The number of vectors and their width.
  public var description: String {
    "Embedding(\(weight.shape.first ?? 0), \(weight.shape.last ?? 0))"
  }
}
