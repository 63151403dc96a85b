import SlopeCore

/// Class labels beside a table of one value per class: `[batch, classes, …]` and `[batch, …]`.
///
/// Checks the labels, and leaves out the rows whose label is ignored.
struct ClassLabels<Element: FloatingElement> {
  /// The rows that count, `[kept, classes]`.
  let table: Tensor<Element>
  let labelShape: Shape
  let classCount: Int
  /// The rows that count, by their numbers in the whole table; nil if all do.
  private let keptRows: [Int]?
  /// Where the labels are in `table`, flattened.
  private let places: Tensor<Int>

  /// - Throws: `Mismatch` for shapes or a label that do not fit.
  init(table: Tensor<Element>, labels: Tensor<Int>, ignoreIndex: Int) throws(Mismatch) {
    let axis = table.rank == 1 ? 0 : 1
    guard table.rank > 0, labels.shape.elementsEqual(table.shape.removing(axis)) else {
      throw Mismatch(
        message: "classes \(table.shape) and labels \(labels.shape): labels must have the shape "
          + "without the axis of classes")
    }
    labelShape = labels.shape
    classCount = table.shape[axis]
    let all = labels.scalars
    var kept: [Int] = []
    var places: [Int] = []
    kept.reserveCapacity(all.count)
    places.reserveCapacity(all.count)
    for (row, label) in all.enumerated() where label != ignoreIndex {
      guard label >= 0, label < classCount else {
        throw Mismatch(
          message: "label \(label) at position \(row): the classes are 0..<\(classCount)")
      }
      places.append(kept.count * classCount + label)
      kept.append(row)
    }
    let last = (0..<table.rank).filter { $0 != axis } + [axis]
    let rows = (table.rank > 2 ? table.permuted(last) : table)
      .reshaped(to: [all.count, classCount])
    self.places = Tensor(places)
    if kept.count == all.count {
      keptRows = nil
      self.table = rows
    } else {
      keptRows = kept
      self.table = rows.gathered(Tensor(kept))
    }
  }

  /// The values of `table`, or of one like it, at the labels.
  func picked(from table: Tensor<Element>) -> Tensor<Element> {
    table.flattened().gathered(places)
  }

  /// The losses of the rows that count, reduced; ignored rows have loss 0 where none is.
  func reduce(_ losses: Tensor<Element>, _ reduction: LossReduction) -> Tensor<Element> {
    switch reduction {
    case .mean: return losses.mean()
    case .sum: return losses.sum()
    case .none:
      guard let keptRows else { return losses.reshaped(to: labelShape) }
      // Ignored rows read the zero that is appended behind the others.
      var sources = Array(repeating: keptRows.count, count: labelShape.elementCount)
      for (position, row) in keptRows.enumerated() { sources[row] = position }
      return concatenate([losses, .zeros([1])], axis: 0)
        .gathered(Tensor(sources)).reshaped(to: labelShape)
    }
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
