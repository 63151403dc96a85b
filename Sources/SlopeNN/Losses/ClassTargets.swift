import SlopeCore

/// Class indices `[batch, …]` and a table of one value per class, `[batch, classes, …]`, as rows.
struct ClassTargets<Element: FloatingElement> {
  /// The values, `[rows, classes]`.
  let table: Tensor<Element>
  /// The class indices, `[rows]`.
  let indices: Tensor<Int>
  private let shape: Shape

  /// Rows of a table and their class indices.
  ///
  /// - Throws: `Mismatch` for shapes that do not fit.
  init(table: Tensor<Element>, indices: Tensor<Int>) throws(Mismatch) {
    let axis = table.rank == 1 ? 0 : 1
    guard table.rank > 0, indices.shape.elementsEqual(table.shape.removing(axis)) else {
      throw Mismatch(
        message:
          "classes \(table.shape) and class indices \(indices.shape): indices must have the shape "
          + "without the axis of classes")
    }
    let last = (0..<table.rank).filter { $0 != axis } + [axis]
    let classCount = table.shape[axis]
    shape = indices.shape
    self.indices = indices.flattened()
    self.table = (table.rank > 2 ? table.permuted(last) : table)
      .reshaped(to: [indices.count, classCount])
  }

  var classCount: Int { table.shape[1] }

  /// The losses of the rows, reduced or in the shape of the indices.
  ///
  /// `weight` has a weight for each class, or is nil.
  func loss(
    _ operation: String, takesLogits: Bool, weight: Tensor<Element>?, ignoreIndex: Int,
    labelSmoothing: Double, _ reduction: LossReduction, _ classRange: ClassIndexRange
  ) -> Tensor<Element> {
    let spread = labelSmoothing / Double(max(classCount, 1))
    let loss = ClassLoss(
      operation, takesLogits: takesLogits, ignored: ignoreIndex,
      targetWeight: 1 - labelSmoothing + spread,
      otherWeight: spread, isReduced: reduction != .none, isMean: reduction == .mean)
    let result = loss(table, indices, weights: weight, classRange)
    return reduction == .none
      ? result.reshaped(to: shape) : result.divided(for: reduction, batch: shape)
  }
}

/// Why indices do not fit their table.
struct Mismatch: Error {
  let message: String
}

extension Shape {
  fileprivate func removing(_ axis: Int) -> [Int] {
    indices.filter { $0 != axis }.map { self[$0] }
  }
}
