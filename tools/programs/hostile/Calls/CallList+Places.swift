import Slope
import SlopeCore

/// Members of tensors that choose elements by places, write to places, search and count.
extension CallList {
  func addPlaceCalls<Element: TensorElement>(_ type: Element.Type) {
    addScatters(type)
    addPlaces(type)
    addRows(type)
    addChoices(type)
    addDistinct(type)
  }

  private func addScatters<Element: TensorElement>(_ type: Element.Type) {
    let reductions = ScatterReduction.allCases
    add("Tensor.scattered(_:at:axis:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        tensor.scattered(draw.tensor(like: tensor), at: draw.tensor(Int.self), axis: draw.int()))
    }
    add("Tensor.scattered(_:at:axis:)") {
      $0.use(
        $0.tensor(type).scattered($0.element(type), at: $0.tensor(Int.self), axis: $0.int()))
    }
    add("Tensor.scatterReduced(_:at:axis:by:includingSelf:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        tensor.scatterReduced(
          draw.tensor(like: tensor), at: draw.tensor(Int.self), axis: draw.int(),
          by: draw.one(of: reductions), includingSelf: draw.bool()))
    }
    add("Tensor.maskedScatter(_:with:)") {
      $0.use($0.tensor(type).maskedScatter($0.tensor(Bool.self), with: $0.tensor(type)))
    }
    add("Tensor.indexCopied(_:at:axis:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        tensor.indexCopied(draw.tensor(like: tensor), at: draw.list(), axis: draw.int()))
    }
    add("Tensor.indexFilled(_:at:axis:)") {
      $0.use($0.tensor(type).indexFilled($0.element(type), at: $0.list(), axis: $0.int()))
    }
    add("Tensor.indexFilled(_:at:axis:)") { draw in
      let element = draw.bool() ? draw.tensor(type) : Tensor(draw.element(type))
      draw.use(draw.tensor(type).indexFilled(element, at: draw.list(), axis: draw.int()))
    }
    add("Tensor.indexAdded(_:at:axis:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(tensor.indexAdded(draw.tensor(like: tensor), at: draw.list(), axis: draw.int()))
    }
    add("Tensor.indexReduced(_:at:axis:by:includingSelf:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        tensor.indexReduced(
          draw.tensor(like: tensor), at: draw.list(), axis: draw.int(),
          by: draw.one(of: reductions), includingSelf: draw.bool()))
    }
  }

  private func addPlaces<Element: TensorElement>(_ type: Element.Type) {
    add("Tensor.taking(at:)") { $0.use($0.tensor(type).taking(at: $0.tensor(Int.self))) }
    add("Tensor.taking(at:)") { $0.use($0.tensor(type).taking(at: $0.several(Int.self))) }
    add("Tensor.putting(_:at:accumulating:)") { draw in
      let places = draw.tensor(Int.self)
      draw.use(
        draw.tensor(type).putting(draw.tensor(type), at: places, accumulating: draw.bool()))
    }
    add("Tensor.putting(_:at:accumulating:)") { draw in
      let places = draw.several(Int.self)
      draw.use(
        draw.tensor(type).putting(draw.tensor(type), at: places, accumulating: draw.bool()))
    }
    add("Tensor.takingAlong(broadcasting:axis:)") {
      $0.use(
        $0.tensor(type).takingAlong(
          broadcasting: $0.tensor(Int.self), axis: $0.bool() ? nil : $0.int()))
    }
    add("Tensor.replacing(_:with:)") {
      $0.use($0.tensor(type).replacing($0.index(), $0.index(), with: $0.tensor(type)))
    }
    add("Tensor.replacing(at:with:)") { draw in
      let indices = (0..<draw.below(4)).map { _ in draw.index() }
      draw.use(draw.tensor(type).replacing(at: indices, with: draw.tensor(type)))
    }
    add("Tensor.replacingDiagonal(with:offset:axes:)") { draw in
      let tensor = draw.tensor(type)
      let axes = draw.bool() ? (0, 1) : (draw.int(), draw.int())
      let offset = draw.int()
      let source = draw.bool() ? tensor.diagonal(offset: offset, axes: axes) : draw.tensor(type)
      draw.use(tensor.replacingDiagonal(with: source, offset: offset, axes: axes))
    }
    add("Tensor.nonzero()") { $0.use($0.tensor(type).nonzero()) }
    add("Tensor.nonzeroByAxis()") { $0.use($0.tensor(type).nonzeroByAxis()) }
  }

  private func addRows<Element: TensorElement>(_ type: Element.Type) {
    let reductions = [nil] + ScatterReduction.allCases
    add("Tensor.gatherND(_:batchAxes:)") {
      $0.use($0.tensor(type).gatherND($0.tensor(Int.self), batchAxes: $0.int()))
    }
    add("Tensor.scatterND(_:at:by:)") {
      $0.use(
        $0.tensor(type).scatterND(
          $0.tensor(type), at: $0.tensor(Int.self), by: $0.one(of: reductions)))
    }
    add("Tensor.gatherElements(_:axis:)") {
      $0.use($0.tensor(type).gatherElements($0.tensor(Int.self), axis: $0.int()))
    }
    add("Tensor.scatterElements(_:at:axis:by:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        tensor.scatterElements(
          draw.tensor(like: tensor), at: draw.tensor(Int.self), axis: draw.int(),
          by: draw.one(of: reductions)))
    }
    add("Tensor.compressed(by:axis:)") {
      $0.use(
        $0.tensor(type).compressed(by: $0.tensor(Bool.self), axis: $0.bool() ? nil : $0.int()))
    }
  }

  private func addChoices<Element: TensorElement>(_ type: Element.Type) {
    typealias Found = (values: Tensor<Element>, indices: Tensor<Int>)
    let choices: [(String, (Tensor<Element>, Int, Bool) -> Found)] = [
      (
        "Tensor.sortedWithIndices(axis:descending:)",
        { $0.sortedWithIndices(axis: $1, descending: $2) }
      ),
      (
        "Tensor.maxWithIndices(axis:keepingAxes:)", { $0.maxWithIndices(axis: $1, keepingAxes: $2) }
      ),
      (
        "Tensor.minWithIndices(axis:keepingAxes:)", { $0.minWithIndices(axis: $1, keepingAxes: $2) }
      ),
      ("Tensor.mode(axis:keepingAxes:)", { $0.mode(axis: $1, keepingAxes: $2) }),
      (
        "Tensor.cumulativeMaxWithIndices(axis:)",
        { x, axis, _ in x.cumulativeMaxWithIndices(axis: axis) }
      ),
      (
        "Tensor.cumulativeMinWithIndices(axis:)",
        { x, axis, _ in x.cumulativeMinWithIndices(axis: axis) }
      ),
    ]
    for (name, function) in choices {
      add(name) {
        let found = function($0.tensor(type), $0.int(), $0.bool())
        $0.use(found.values)
        $0.use(found.indices)
      }
    }
  }

  private func addDistinct<Element: TensorElement>(_ type: Element.Type) {
    typealias Found = (values: Tensor<Element>, inverse: Tensor<Int>, counts: Tensor<Int>)
    let searches: [(String, (Tensor<Element>, Int) -> Found)] = [
      ("Tensor.unique()", { x, _ in x.unique() }),
      ("Tensor.unique(axis:)", { $0.unique(axis: $1) }),
      ("Tensor.uniqueConsecutive()", { x, _ in x.uniqueConsecutive() }),
      ("Tensor.uniqueConsecutive(axis:)", { $0.uniqueConsecutive(axis: $1) }),
    ]
    for (name, function) in searches {
      add(name) {
        let found = function($0.tensor(type), $0.int())
        $0.use(found.values)
        $0.use(found.inverse)
        $0.use(found.counts)
      }
    }
  }

  func addSearchCalls<Element: NumericElement>(_ type: Element.Type) {
    add("Tensor.searchSorted(_:right:sorter:)") { draw in
      let tensor = draw.tensor(type)
      let values = draw.tensor(like: tensor)
      draw.use(
        tensor.searchSorted(
          values, right: draw.bool(), sorter: draw.bool() ? nil : draw.tensor(Int.self)))
    }
    add("Tensor.bucketized(by:right:)") {
      $0.use($0.tensor(type).bucketized(by: $0.tensor(type), right: $0.bool()))
    }
    add("Tensor.isIn(_:inverted:)") {
      $0.use($0.tensor(type).isIn($0.tensor(type), inverted: $0.bool()))
    }
    add("Tensor.indexAdded(_:at:axis:scaledBy:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        tensor.indexAdded(
          draw.tensor(like: tensor), at: draw.list(), axis: draw.int(),
          scaledBy: draw.element(type)))
    }
    add("Tensor.medianWithIndices(axis:keepingAxes:)") {
      let found = $0.tensor(type).medianWithIndices(axis: $0.int(), keepingAxes: $0.bool())
      $0.use(found.values)
      $0.use(found.indices)
    }
    add("Tensor.kthValue(_:axis:keepingAxes:)") {
      let found = $0.tensor(type).kthValue($0.int(), axis: $0.int(), keepingAxes: $0.bool())
      $0.use(found.values)
      $0.use(found.indices)
    }
  }

  func addCountCalls<Element: IntegerElement>(_ type: Element.Type) {
    add("Tensor.bincount(minimumCount:)") {
      $0.use($0.tensor(type).bincount(minimumCount: $0.int()))
    }
    add("Tensor.bincount(weights:minimumCount:)") {
      $0.use($0.tensor(type).bincount(weights: $0.tensor(Float.self), minimumCount: $0.int()))
    }
  }

  func addHistogramCalls<Element: FloatingElement>(_ type: Element.Type) {
    add("Tensor.histogram(bins:range:weights:density:)") { draw in
      let tensor = draw.tensor(type)
      let range = draw.bool() ? nil : (lower: draw.element(type), upper: draw.element(type))
      let found = tensor.histogram(
        bins: draw.int(), range: range, weights: draw.bool() ? nil : draw.tensor(like: tensor),
        density: draw.bool())
      draw.use(found.counts)
      draw.use(found.edges)
    }
    add("Tensor.histogram(edges:weights:density:)") { draw in
      let tensor = draw.tensor(type)
      let found = tensor.histogram(
        edges: draw.tensor(type), weights: draw.bool() ? nil : draw.tensor(like: tensor),
        density: draw.bool())
      draw.use(found.counts)
      draw.use(found.edges)
    }
    add("Tensor.histc(bins:min:max:)") {
      $0.use($0.tensor(type).histc(bins: $0.int(), min: $0.element(type), max: $0.element(type)))
    }
  }
}

extension Draw {
  /// Indices for an axis, in one of two cases few of them.
  fileprivate mutating func list() -> Tensor<Int> {
    let tensor = tensor(Int.self)
    return bool() && !tensor.isFailed && tensor.count < 50 ? tensor.flattened() : tensor
  }
}
