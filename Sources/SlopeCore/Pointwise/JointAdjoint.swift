internal import CKernels

/// What several inputs of a pointwise function receive, with the steps that they share done once.
///
/// For y = w · tanh(a · x) both x and w need tanh(a · x): one function of two results computes it
/// once, and reads the operands once.
final class JointAdjoint: Sendable {
  /// The inputs that receive something.
  let inputs: [Int]
  /// For each of these its result of `function`: inputs that receive the same share one.
  let places: [Int]
  /// The operands of `function`.
  let sources: [Adjoint.Source]
  let function: PointwiseFunction
  /// Whether it has fewer steps than the adjoints of the inputs one by one.
  let isShorter: Bool

  /// `inputs` have an adjoint that is more than the gradient itself.
  init(of function: PointwiseFunction, inputs: [Int]) {
    self.inputs = inputs
    let adjoints = inputs.map { function.adjoint($0) }
    var sources: [Adjoint.Source] = []
    for source in adjoints.flatMap(\.sources) where !sources.contains(source) {
      sources.append(source)
    }
    self.sources = sources
    var builder = ExpressionBuilder()
    var roots: [Node] = []
    var places: [Int] = []
    for adjoint in adjoints {
      guard let root = adjoint.function?.roots[0] else { continue }
      var operands: [ObjectIdentifier: Node] = [:]
      for node in root.topologicalOrder() {
        guard case .input(let place) = node.kind,
          let common = sources.firstIndex(of: adjoint.sources[place])
        else { continue }
        operands[ObjectIdentifier(node)] = builder.make(.input(common))
      }
      let rebuilt = builder.rebuild(root, replacing: operands)
      if let place = roots.firstIndex(where: { $0 === rebuilt }) {
        places.append(place)
      } else {
        places.append(roots.count)
        roots.append(rebuilt)
      }
    }
    self.places = places
    self.function = PointwiseFunction(
      function.name + "′", inputs: sources.count, scalars: function.scalarCount, roots)
    let separate = adjoints.compactMap { $0.function?.roots[0].stepCount }.reduce(0, +)
    let joint = Node(.constant(0), roots).stepCount
    isShorter =
      places.count == inputs.count && joint < separate && joint <= Program.maximumStepCount
      && sources.count + roots.count <= Int(SLOPE_MAX_OPERANDS)
  }
}

extension Node {
  /// The number of primitives to apply, each shared one once.
  fileprivate var stepCount: Int {
    topologicalOrder().count { if case .apply = $0.kind { true } else { false } }
  }
}
