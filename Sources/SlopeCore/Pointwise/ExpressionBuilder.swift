internal import CKernels

/// Builds expression graphs in which equal nodes are one, with only those identities that hold for
/// NaN, infinities and −0.
struct ExpressionBuilder {
  private struct Key: Hashable {
    let kind: Node.Kind
    let arguments: [ObjectIdentifier]
  }

  private var nodes: [Key: Node] = [:]
  private var ages: [ObjectIdentifier: Int] = [:]

  private func age(_ node: Node) -> Int { ages[ObjectIdentifier(node)] ?? Int.max }

  mutating func make(_ kind: Node.Kind, _ arguments: [Node] = []) -> Node {
    var arguments = arguments
    if case .apply(let primitive) = kind {
      if let simpler = simplified(primitive, arguments) { return simpler }
      if primitive.isCommutative,
        age(arguments[1]) < age(arguments[0])
      {
        arguments.swapAt(0, 1)
      }
    }
    let key = Key(kind: kind, arguments: arguments.map { ObjectIdentifier($0) })
    if let known = nodes[key] { return known }
    let node = Node(kind, arguments)
    nodes[key] = node
    ages[ObjectIdentifier(node)] = ages.count
    return node
  }

  mutating func apply(_ primitive: Primitive, _ arguments: Node...) -> Node {
    make(.apply(primitive), arguments)
  }

  /// The node that stands for a short formula over nodes of this builder.
  mutating func adopt(_ node: Node) -> Node {
    if ages[ObjectIdentifier(node)] != nil { return node }
    return make(node.kind, node.arguments.map { adopt($0) })
  }

  /// The same graph with equal nodes made one, some nodes replaced by others.
  mutating func rebuild(_ root: Node, replacing replacements: [ObjectIdentifier: Node] = [:])
    -> Node
  {
    var known = replacements
    for node in root.topologicalOrder() where known[ObjectIdentifier(node)] == nil {
      known[ObjectIdentifier(node)] = make(
        node.kind, node.arguments.compactMap { known[ObjectIdentifier($0)] })
    }
    return known[ObjectIdentifier(root)] ?? root
  }

  private func simplified(_ primitive: Primitive, _ arguments: [Node]) -> Node? {
    switch primitive {
    case .multiply:
      if arguments[0].isOne { return arguments[1] }
      if arguments[1].isOne { return arguments[0] }
    case .divide:
      if arguments[1].isOne { return arguments[0] }
    case .negate:
      if case .apply(.negate) = arguments[0].kind { return arguments[0].arguments[0] }
    case .select:
      if arguments[1] === arguments[2] { return arguments[1] }
    default: break
    }
    return nil
  }
}

extension Node {
  var isOne: Bool { kind == .constant(Double(1).bitPattern) }

  /// Every node that this one needs, itself last, arguments before their users.
  ///
  /// - Parameter deepestFirst: whether of two arguments the one that needs more registers comes first,
  ///   not the one that is written first.
  func topologicalOrder(deepestFirst: Bool = false) -> [Node] {
    let needs = deepestFirst ? registerNeeds() : [:]
    var order: [Node] = []
    var seen: Set<ObjectIdentifier> = []
    var stack: [(node: Node, expanded: Bool)] = [(self, false)]
    while let (node, expanded) = stack.popLast() {
      if expanded {
        order.append(node)
      } else if seen.insert(ObjectIdentifier(node)).inserted {
        stack.append((node, true))
        var arguments = node.arguments
        if deepestFirst {
          // Sorting is stable: of equals the first stays the first.
          arguments.sort {
            needs[ObjectIdentifier($0), default: 0] > needs[ObjectIdentifier($1), default: 0]
          }
        }
        for argument in arguments.reversed() where !seen.contains(ObjectIdentifier(argument)) {
          stack.append((argument, false))
        }
      }
    }
    return order
  }

  /// How many registers each node needs at once, were nothing shared.
  ///
  /// Source: R. Sethi and J. D. Ullman, "The generation of optimal code for arithmetic expressions", 1970.
  private func registerNeeds() -> [ObjectIdentifier: Int] {
    var needs: [ObjectIdentifier: Int] = [:]
    for node in topologicalOrder() {
      var most = 0
      let own = node.arguments.map { needs[ObjectIdentifier($0), default: 0] }.sorted(by: >)
      // While the second is computed the result of the first is kept.
      for (kept, need) in own.enumerated() where need > 0 { most = max(most, need + kept) }
      if case .apply = node.kind { most = max(most, 1) }
      needs[ObjectIdentifier(node)] = most
    }
    return needs
  }
}

extension Primitive {
  var isCommutative: Bool {
    switch self {
    case .add, .multiply, .equal, .notEqual, .logicalAnd, .logicalOr, .bitwiseAnd, .bitwiseOr,
      .bitwiseXor:
      true
    // Which of two equal operands, or of −0 and 0, comes back is left to the order written.
    default: false
    }
  }
}
