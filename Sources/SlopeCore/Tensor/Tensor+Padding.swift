extension Tensor {
  /// The tensor with margins before and after along each axis that repeat its own elements: one pair
  /// of counts for each axis.
  ///
  /// ```swift
  /// let x = Tensor<Int>([1, 2, 3, 4])
  /// print(x.padded([(2, 1)], mode: .reflect))     // tensor([3, 2, 1, 2, 3, 4, 3])
  /// print(x.padded([(2, 1)], mode: .replicate))   // tensor([1, 1, 1, 2, 3, 4, 4])
  /// print(x.padded([(2, -1)], mode: .circular))   // tensor([2, 3, 1, 2, 3])
  /// ```
  ///
  /// A negative count removes elements: for `circular` before the others are repeated, otherwise
  /// afterwards. An element receives the sum of the gradients of its copies. Returns a copy, or a
  /// view if nothing is added. Complexity: O(n) in the size of the result for each padded axis.
  /// Precondition: there are as many pairs as axes; along a padded axis the result has elements, and
  /// a margin is smaller than the extent for `reflect`, and not larger for `circular`.
  public func padded(_ margins: [(before: Int, after: Int)], mode: PaddingMode) -> Tensor {
    Tensor(value.padded(margins, mode: mode))
  }

  /// One pair of margins for each axis, from pairs for the last axes, as `padded` takes them.
  ///
  /// `pairs` are in the order of PyTorch's `pad`: the last axis first. Nil, after a report, if there
  /// are more pairs than axes.
  package func margins(_ pairs: [(before: Int, after: Int)]) -> [(before: Int, after: Int)]? {
    guard pairs.count <= rank else {
      reportFailure(operation: "pad", "\(pairs.count) pairs for the \(rank) axes of \(shape)")
      return nil
    }
    return Array(repeating: (0, 0), count: rank - pairs.count) + pairs.reversed()
  }
}
