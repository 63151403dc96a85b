import SlopeCore

/// Class labels `[batch, …]` and a table of one value per class, `[batch, classes, …]`, as rows.
struct ClassLabels<Element: FloatingElement> {
  /// The values, `[rows, classes]`.
  let table: Tensor<Element>
  /// The class indices, `[rows]`.
  let labels: Tensor<Int>
  private let shape: Shape

  /// Rows of a table and their labels.
  ///
  /// - Throws: `Mismatch` for shapes that do not fit.
  init(table: Tensor<Element>, labels: Tensor<Int>) throws(Mismatch) {
    let axis = table.rank == 1 ? 0 : 1
    guard table.rank > 0, labels.shape.elementsEqual(table.shape.removing(axis)) else {
      throw Mismatch(
        message: "classes \(table.shape) and labels \(labels.shape): labels must have the shape "
          + "without the axis of classes")
    }
    let last = (0..<table.rank).filter { $0 != axis } + [axis]
    let classCount = table.shape[axis]
    shape = labels.shape
    self.labels = labels.flattened()
    self.table = (table.rank > 2 ? table.permuted(last) : table)
      .reshaped(to: [labels.count, classCount])
  }

  var classCount: Int { table.shape[1] }

  /// The losses of the rows, reduced or in the shape of the labels.
  func loss(
    _ operation: String, takesScores: Bool, ignoreIndex: Int, labelSmoothing: Double,
    _ reduction: LossReduction, _ numbers: ClassNumbers
  ) -> Tensor<Element> {
    let share = labelSmoothing / Double(max(classCount, 1))
    let loss = ClassLoss(
      operation, takesScores: takesScores, ignored: ignoreIndex, own: 1 - labelSmoothing + share,
      other: share, isReduced: reduction != .none, isMean: reduction == .mean)
    let result = loss(table, labels, numbers)
    return reduction == .none
      ? result.reshaped(to: shape) : result.divided(for: reduction, batch: shape)
  }
}

/// Why labels do not fit their table.
struct Mismatch: Error {
  let message: String
}

extension Shape {
  fileprivate func removing(_ axis: Int) -> [Int] {
    indices.filter { $0 != axis }.map { self[$0] }
  }
}
