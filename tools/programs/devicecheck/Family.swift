import ArgumentParser
import ConformanceKit
import Slope
import SlopeCore
import SlopeNN
import SlopeOptimizers

/// Computations by one kind of kernels.
///
/// Shapes are as small as possible to cover each path of a kernel: vectors and their remainders,
/// several groups, several parts of a reduction, several panels of a product.
enum Family: String, CaseIterable, ExpressibleByArgument {
  /// Every operation of the list on its own samples, and the gradients of Float.
  case operations
  /// Elementwise operations over vectors, with broadcast and strided operands.
  case pointwise
  /// Casts from each element type to each.
  case casts
  case copies, reductions, softmax, scans, indices, replacing, windows, sorting, draws, products
  /// Steps of training.
  case training
  /// The kernels that only measure.
  case probes
  /// Products large enough for the tiles of large products.
  case largeProducts = "large-products"

  /// The families that run by default.
  static let usual = allCases.filter { $0 != .largeProducts }

  func add(to list: inout CheckList) {
    switch self {
    case .operations: list.addOperations()
    case .pointwise: list.addPointwise()
    case .casts: list.addCasts()
    case .copies: list.addCopies()
    case .reductions: list.addReductions()
    case .softmax: list.addSoftmax()
    case .scans: list.addScans()
    case .indices: list.addIndices()
    case .replacing: list.addReplacing()
    case .windows: list.addWindows()
    case .sorting: list.addSorting()
    case .draws: list.addDraws()
    case .products: list.addProducts()
    case .training: list.addTraining()
    case .probes: list.addProbes()
    case .largeProducts: list.addLargeProducts()
    }
  }
}

extension CheckList {
  // MARK: The list of operations

  fileprivate mutating func addOperations() {
    for operation in OperationList.boolean() {
      for sample in operation.samples { add(operation, sample) }
    }
    for type in [Int32.self, UInt8.self] as [any IntegerElement.Type] { addIntegers(type) }
    for type in [Float.self, Double.self] as [any FloatingElement.Type] { addFloating(type) }
    for operation in OperationList.floating(Float.self) {
      for sample in operation.differentiableSamples { add(operation, sample, gradients: true) }
    }
  }

  private mutating func addIntegers<Element: IntegerElement>(_: Element.Type) {
    for operation in OperationList.integer(Element.self) {
      for sample in operation.samples { add(operation, sample) }
    }
  }

  private mutating func addFloating<Element: FloatingElement>(_: Element.Type) {
    for operation in OperationList.floating(Element.self) {
      for sample in operation.samples { add(operation, sample) }
    }
  }

  // MARK: Element by element

  fileprivate mutating func addPointwise() {
    for type in OperationList.integerTypes { addArithmetic(type) }
    for type in OperationList.floatingTypes {
      addArithmetic(type)
      addElementary(type)
    }
  }

  private mutating func addArithmetic<Element: NumericElement>(_: Element.Type) {
    for (right, name) in [([5, 21], "same"), ([21], "row"), ([5, 1], "column"), ([], "one")] {
      add("x * y - x, \(name)", of: Element.self, [[5, 21], right]) { [$0[0] * $0[1] - $0[0]] }
    }
    add("x + yᵀ", of: Element.self, [[5, 21], [21, 5]]) { [$0[0] + $0[1].transposed()] }
    add("in steps", of: Element.self, [[3, 4, 10], [3, 4, 5]]) {
      [$0[0][0..<3, 0..<4, stride(from: 9, through: 0, by: -2)] + $0[1]]
    }
    add("four axes", of: Element.self, [[2, 3, 2, 5], [3, 1, 5]]) {
      [$0[0].permuted([0, 1, 2, 3]) + $0[1]]
    }
    add("five axes", of: Element.self, [[5, 2, 3, 2, 2], [2, 1, 2, 1, 5]]) {
      [maximum($0[0].permuted([1, 2, 3, 4, 0]), $0[1])]
    }
    add("x < y", of: Element.self, [[5, 21], [5, 21]]) { [$0[0] .< $0[1]] }
  }

  private mutating func addElementary<Element: FloatingElement>(_: Element.Type) {
    add("sigmoid", of: Element.self, [[3, 37]]) { [$0[0].sigmoid() * $0[0]] }
    add("gelu", of: Element.self, [[3, 37]]) { [$0[0].gelu()] }
    add("remainder", of: Element.self, [[3, 37], [37]], in: 0.5...2) { [$0[0].remainder($0[1])] }
  }

  fileprivate mutating func addCasts() {
    for type in OperationList.integerTypes { addCasts(type) }
    for type in OperationList.floatingTypes { addCasts(type) }
    addCasts(Bool.self)
  }

  private mutating func addCasts<Element: TensorElement>(_: Element.Type) {
    add("to integers", of: Element.self, [[3, 37]], in: -300...300) { x in
      let x = x[0]
      return [
        x.cast(to: Bool.self), x.cast(to: UInt8.self), x.cast(to: UInt16.self),
        x.cast(to: UInt32.self), x.cast(to: UInt64.self), x.cast(to: Int8.self),
        x.cast(to: Int16.self), x.cast(to: Int32.self), x.cast(to: Int64.self),
      ]
    }
    add("to floating types", of: Element.self, [[3, 37]], in: -300...300) { x in
      let x = x[0]
      return [
        x.cast(to: Float16.self), x.cast(to: BFloat16.self), x.cast(to: Float.self),
        x.cast(to: Double.self),
      ]
    }
  }

  // MARK: Moving elements

  fileprivate mutating func addCopies() {
    // One type of each size.
    addCopies(UInt8.self)
    addCopies(Int16.self)
    addCopies(Float.self)
    addCopies(Double.self)
  }

  private mutating func addCopies<Element: TensorElement>(_: Element.Type) {
    for shape in [[5, 7], [9, 33], [70, 130]] {
      add("transposed", of: Element.self, [shape]) { [$0[0].transposed().flattened()] }
    }
    for axes in [[0, 2, 1], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      add("permuted \(axes)", of: Element.self, [[3, 20, 37]]) {
        [$0[0].permuted(axes).flattened()]
      }
    }
    add("permuted by pairs", of: Element.self, [[2, 3, 17, 19]]) {
      [$0[0].permuted([1, 0, 3, 2]).flattened()]
    }
    add("permuted, five axes", of: Element.self, [[2, 3, 2, 3, 4]]) {
      [$0[0].permuted([4, 3, 2, 1, 0]).flattened()]
    }
    add("backwards", of: Element.self, [[9, 20]]) {
      [$0[0][stride(from: 8, through: 0, by: -2), 1..<18].transposed().flattened()]
    }
    add("joined", of: Element.self, [[6, 5], [6, 9]]) { [concatenate($0, axis: 1)] }
  }

  fileprivate mutating func addIndices() {
    addGathering(UInt8.self)
    addGathering(BFloat16.self)
    addGathering(Float.self)
    addGathering(Double.self)
    for type in OperationList.floatingTypes { addScattering(type) }
    add("an index out of range", of: Float.self, [[4, 3]]) { [$0[0].taking(Tensor([1, 4, -1]))] }
  }

  private mutating func addGathering<Element: TensorElement>(_: Element.Type) {
    for (shape, axis) in [([9, 5], 0), ([9, 5], 1), ([3, 7, 20], 1), ([40], 0)] {
      add("gathered along \(axis)", of: Element.self, [shape]) {
        [$0[0].taking(Tensor([2, 0, 2, 4, 1, 2]), axis: axis)]
      }
    }
  }

  private mutating func addScattering<Element: FloatingElement>(_: Element.Type) {
    // With few places kernels visit the slots of the result, with many the indices.
    for (shape, axis) in [([9, 3], 0), ([5, 9], 1), ([9, 300], 0)] {
      add("scattered along \(axis)", of: Element.self, [shape]) { operands in
        let table = Parameter(operands[0])
        let taken = table.tensor.taking(Tensor([2, 0, 2, 4, 1, 2]), axis: axis)
        (taken * taken).sum().backward()
        return table.grad.map { [$0] } ?? []
      }
    }
  }

  // MARK: Order

  fileprivate mutating func addSorting() {
    for type in OperationList.integerTypes { addSorting(type) }
    for type in OperationList.floatingTypes { addSorting(type) }
  }

  private mutating func addSorting<Element: NumericElement>(_: Element.Type) {
    // Rows as long as the sorting network is wide, and others; many equal elements.
    for (shape, axis) in [([3, 37], -1), ([37, 3], 0), ([64], 0), ([2, 300], 1)] {
      add("sorted along \(axis)", of: Element.self, [shape], in: 0...20) {
        [$0[0].argsort(axis: axis), $0[0].sorted(axis: axis, descending: true)]
      }
    }
    add("the greatest five", of: Element.self, [[4, 37]], in: 0...20) { [$0[0].topK(5).values] }
  }

  // MARK: Random numbers

  fileprivate mutating func addDraws() {
    for type in OperationList.floatingTypes { addDraws(type) }
  }

  private mutating func addDraws<Element: FloatingElement>(_: Element.Type) {
    // Whole blocks of words and the rest of one.
    for count in [4, 301] {
      add("drawn numbers [\(count)]", of: Element.self, []) { _ in
        let generator = Generator(seed: 3, algorithm: .philox)
        return [
          Tensor<Element>.uniform([count], from: -2, to: 3, generator: generator),
          Tensor<Element>.normal([count], generator: generator),
        ]
      }
      add("dropout [\(count)]", of: Element.self, [[count]]) {
        [$0[0].dropout(p: 0.3, generator: Generator(seed: 3, algorithm: .philox))]
      }
    }
  }

  // MARK: Speeds

  fileprivate mutating func addProbes() {
    #if OpenCL
      // Speeds are not results: the check is only that there is one.
      add("memory", of: Float.self, []) { _ in
        guard let probe = OpenCLProbe(.default) else { return [Tensor(true)] }
        // The second with as much as eight units read in one turn.
        guard let few = probe.arrays(byteCount: 4096), let many = probe.arrays(byteCount: 1 << 18)
        else { return [] }
        return [Tensor(probe.triad(few) > 0 && probe.read(many) >= 0)]
      }
      add("multiply-adds", of: Float.self, []) { _ in
        // One item for each unit of a CPU, thousands for each of a GPU.
        guard let probe = OpenCLProbe(.default), "\(Device.default)".hasSuffix(":wide") else {
          return [Tensor(true)]
        }
        return [Tensor(probe.multiplyAdds(isDouble: false, duration: 0) > 0)]
      }
    #endif
  }
}
