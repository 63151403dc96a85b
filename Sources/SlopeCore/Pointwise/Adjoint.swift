/// What one input of a pointwise function receives when the result receives `g`.
final class Adjoint: Sendable {
  /// An operand of the adjoint's function.
  enum Source: Hashable, Sendable {
    case input(Int)
    case output
    case gradient
  }

  /// The adjoint as a function of `sources`, or nil if the input receives nothing.
  let function: PointwiseFunction?
  let sources: [Source]
  /// Whether the gradient is passed on unchanged, so that nothing needs to run.
  let isPassThrough: Bool
  /// The inputs, and whether the output, that must be kept for the backward pass.
  let savedInputs: [Int]
  let savesOutput: Bool

  init(of function: PointwiseFunction, input index: Int) {
    let n = function.inputCount
    var builder = ExpressionBuilder()
    let y = builder.rebuild(function.roots[0])
    let g = builder.make(.input(n + 1))
    guard let direct = builder.adjoint(of: y, input: index, receiving: g) else {
      self.function = nil
      sources = []
      isPassThrough = false
      savedInputs = []
      savesOutput = false
      return
    }
    // No program holds that many steps: continuing would take seconds, and be refused in the end.
    guard direct.topologicalOrder().count <= Program.maximumStepCount else {
      self.function = PointwiseFunction(
        function.name + "′", inputs: n + 2, scalars: function.scalarCount, [direct])
      sources = (0..<n).map { .input($0) } + [.output, .gradient]
      isPassThrough = false
      savedInputs = Array(0..<n)
      savesOutput = true
      return
    }
    // In terms of the output, if that keeps no more tensors alive.
    let output = builder.make(.input(n))
    let short = builder.rebuild(direct, replacing: [ObjectIdentifier(y): output])
    let chosen =
      short.inputs(below: n + 1).count <= direct.inputs(below: n + 1).count
      ? short : direct

    let used = chosen.inputs(below: n + 2).sorted()
    sources = used.map { $0 == n ? .output : $0 == n + 1 ? .gradient : .input($0) }
    savedInputs = used.filter { $0 < n }
    savesOutput = used.contains(n)
    isPassThrough = chosen === g
    var renumbering: [ObjectIdentifier: Node] = [:]
    for (position, old) in used.enumerated() {
      renumbering[ObjectIdentifier(builder.make(.input(old)))] = Node(.input(position))
    }
    var fresh = ExpressionBuilder()
    self.function = PointwiseFunction(
      function.name + "′", inputs: used.count, scalars: function.scalarCount,
      [fresh.rebuild(chosen, replacing: renumbering)])
  }
}

extension ExpressionBuilder {
  /// The gradient of input `index` when `root` receives `g`; nil if there is none.
  fileprivate mutating func adjoint(of root: Node, input index: Int, receiving g: Node) -> Node? {
    let target = make(.input(index))
    let order = root.topologicalOrder()
    // Nodes that depend on the input: only these can pass on a gradient to it.
    var users: Set<ObjectIdentifier> = [ObjectIdentifier(target)]
    for node in order where node.arguments.contains(where: { users.contains(ObjectIdentifier($0)) })
    {
      users.insert(ObjectIdentifier(node))
    }
    var received: [ObjectIdentifier: Node] = [ObjectIdentifier(root): g]
    for node in order.reversed() {
      guard case .apply(let primitive) = node.kind, let gradient = received[ObjectIdentifier(node)]
      else { continue }
      let rules = primitive.adjoints(
        node.arguments.map { Expression($0) }, result: Expression(node),
        receiving: Expression(gradient))
      for (argument, rule) in zip(node.arguments, rules) {
        let id = ObjectIdentifier(argument)
        guard let rule, users.contains(id) else { continue }
        let contribution = adopt(rule.node)
        received[id] = received[id].map { apply(.add, $0, contribution) } ?? contribution
      }
    }
    return received[ObjectIdentifier(target)]
  }
}

extension Node {
  /// The numbers below `bound` of the inputs that occur in this graph.
  fileprivate func inputs(below bound: Int) -> Set<Int> {
    var found: Set<Int> = []
    for node in topologicalOrder() {
      if case .input(let index) = node.kind, index < bound { found.insert(index) }
    }
    return found
  }
}
