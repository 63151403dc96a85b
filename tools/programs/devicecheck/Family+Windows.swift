import ConformanceKit
import Slope
import SlopeCore
import SlopeNN

extension CheckList {
  // MARK: Running sums

  mutating func addScans() {
    for type in OperationList.integerTypes { addScans(type) }
    for type in OperationList.floatingTypes { addScans(type) }
  }

  private mutating func addScans<Element: NumericElement>(_: Element.Type) {
    // One block, several blocks, and columns.
    for (shape, axis) in [([3, 37], 1), ([2, 2300], 1), ([37, 5], 0), ([2, 9, 20], 1)] {
      add("running along \(axis)", of: Element.self, [shape], in: 0.9...1.1) {
        [
          $0[0].cumulativeSum(axis: axis), $0[0].cumulativeSum(axis: axis, reversed: true),
          $0[0].cumulativeMax(axis: axis),
        ]
      }
    }
  }

  // MARK: Places

  mutating func addReplacing() {
    addReplacing(UInt8.self)
    addReplacing(BFloat16.self)
    addReplacing(Float.self)
    addReplacing(Double.self)
  }

  private mutating func addReplacing<Element: NumericElement>(_: Element.Type) {
    // Some places more than once, of which the last counts.
    for (shape, axis) in [([9, 5], 0), ([5, 9], 1), ([7, 300], 0)] {
      var few = shape
      few[axis] = 4
      add("replaced along \(axis)", of: Element.self, [shape, few]) {
        [$0[0].indexCopied($0[1], at: Tensor([2, 0, 2, 4]), axis: axis)]
      }
    }
    add("distinct", of: Element.self, [[70]], in: 0...5) { [$0[0].unique().values] }
  }

  // MARK: Windows

  mutating func addWindows() {
    for type in OperationList.integerTypes { addWindows(type) }
    for type in OperationList.floatingTypes {
      addWindows(type)
      addWindowGradients(type)
    }
  }

  private mutating func addWindows<Element: NumericElement>(_: Element.Type) {
    for shape in [[2, 3, 7, 9], [1, 2, 5, 37]] {
      add("unfolded", of: Element.self, [shape]) {
        [$0[0].unfolded(kernel: [3, 2], dilation: [1, 2], padding: 1, stride: 2)]
      }
      add("the greatest of windows", of: Element.self, [shape]) {
        let found = $0[0].maxPool2dWithIndices(3, stride: 2, padding: 1)
        return [found.values, found.indices]
      }
    }
    add("convolved", of: Element.self, [[2, 4, 6, 7], [6, 2, 3, 2]]) {
      [conv2d($0[0], weight: $0[1], stride: [2, 1], padding: [1, 2], groups: 2)]
    }
  }

  private mutating func addWindowGradients<Element: FloatingElement>(_: Element.Type) {
    add("gradients of windows", of: Element.self, [[2, 4, 6, 7], [6, 2, 3, 2]]) { operands in
      let leaves = operands.map { Parameter($0) }
      let y = conv2d(
        leaves[0].tensor, weight: leaves[1].tensor, stride: [2, 1], padding: [1, 2], groups: 2)
      (y * y).sum().backward()
      leaves[0].tensor.maxPool2d(3, stride: 1).sum().backward()
      return leaves.compactMap(\.grad)
    }
  }
}
