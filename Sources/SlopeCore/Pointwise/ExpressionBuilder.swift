internal import CKernels

/// Builds expression graphs in which equal nodes are merged.
///
/// It applies only identities that hold for NaN, infinities and −0.
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

  /// The node of this builder for a short formula over its nodes.
  mutating func adopt(_ node: Node) -> Node {
    if ages[ObjectIdentifier(node)] != nil { return node }
    return make(node.kind, node.arguments.map { adopt($0) })
  }

  /// The same graph with equal nodes merged and some nodes replaced by others.
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

  private mutating func simplified(_ primitive: Primitive, _ arguments: [Node]) -> Node? {
    switch primitive {
    case .add:
      if let negated = arguments[1].negated { return apply(.subtract, arguments[0], negated) }
      if let negated = arguments[0].negated { return apply(.subtract, arguments[1], negated) }
    case .subtract:
      if let negated = arguments[1].negated { return apply(.add, arguments[0], negated) }
    case .multiply:
      if arguments[0].isOne { return arguments[1] }
      if arguments[1].isOne { return arguments[0] }
    case .divide:
      if arguments[1].isOne { return arguments[0] }
    case .negate:
      if let negated = arguments[0].negated { return negated }
    case .select:
      if arguments[1] === arguments[2] { return arguments[1] }
    default: break
    }
    return nil
  }
}

extension Node {
  var isOne: Bool { kind == .constant(Double(1).bitPattern) }

  /// What this node is the negative of; nil if it is no negation.
  fileprivate var negated: Node? {
    if case .apply(.negate) = kind { arguments[0] } else { nil }
  }

  /// Every node that this one needs, itself last, arguments before their users.
  ///
  /// With `deepestFirst` the arguments that need more registers come first, instead of those that
  /// are written first.
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
          // Sorting is stable: equal arguments keep their order.
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

  /// The number of registers that each node needs if no node is shared.
  ///
  /// Source: R. Sethi and J. D. Ullman, "The generation of optimal code for arithmetic
  /// expressions", 1970.
  private func registerNeeds() -> [ObjectIdentifier: Int] {
    var needs: [ObjectIdentifier: Int] = [:]
    for node in topologicalOrder() {
      var most = 0
      let own = node.arguments.map { needs[ObjectIdentifier($0), default: 0] }.sorted(by: >)
      // While an operand is computed, the results of those before it are kept.
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
    // Order decides which of two equal operands, or of −0 and 0, a `maximum` returns.
    default: false
    }
  }
}
