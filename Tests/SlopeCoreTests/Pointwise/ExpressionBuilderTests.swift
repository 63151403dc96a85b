import CKernels
import Testing

@testable import SlopeCore

@Suite struct ExpressionBuilderTests {
  @Test func equalNodesAreOne() {
    var builder = ExpressionBuilder()
    let (a, b) = (builder.make(.input(0)), builder.make(.input(1)))
    #expect(
      builder.make(.input(0)) === a && a !== b
        && builder.adopt(Node(number: 2)) === builder.adopt(Node(number: 2)))
    #expect(
      builder.adopt(Node(number: 2)) !== builder.adopt(Node(number: 3))
        && builder.make(.scalar(0)) !== a)
    #expect(
      builder.apply(.exp, a) === builder.apply(.exp, a)
        && builder.apply(.exp, a) !== builder.apply(.exp, b))
    #expect(
      builder.apply(.exp, a) !== builder.apply(.log, a)
        && builder.adopt(Node(number: 0)) !== builder.adopt(Node(number: -0.0)))
  }

  @Test(arguments: Array(0..<UInt8(slope_primitive_count())))
  func operandsAreExchangedOnlyWhereThatChangesNothing(raw: UInt8) throws {
    let primitive = unsafeBitCast(raw, to: Primitive.self)
    guard primitive.arity == 2 else { return }
    var builder = ExpressionBuilder()
    let (a, b) = (builder.make(.input(0)), builder.make(.input(1)))
    let isOne = builder.apply(primitive, a, b) === builder.apply(primitive, b, a)
    let exchangeable = [
      "add", "multiply", "equal", "notEqual", "logicalAnd", "logicalOr", "bitwiseAnd", "bitwiseOr",
      "bitwiseXor",
    ]
    #expect(isOne == exchangeable.contains(primitive.name), "\(primitive.name)")
  }

  @Test func identities() {
    var builder = ExpressionBuilder()
    let (a, b, one, zero) = (
      builder.make(.input(0)), builder.make(.input(1)), builder.adopt(Node(number: 1)),
      builder.adopt(Node(number: 0))
    )
    #expect(
      builder.apply(.multiply, a, one) === a && builder.apply(.multiply, one, a) === a
        && builder.apply(.divide, a, one) === a)
    #expect(
      builder.apply(.divide, one, a) !== a
        && builder.apply(.negate, builder.apply(.negate, a)) === a)
    #expect(
      builder.apply(.select, b, a, a) === a && builder.apply(.select, a, b, a) !== a
        && builder.apply(.select, a, a, b) !== a)
    #expect(
      builder.apply(.add, a, zero) !== a && builder.apply(.subtract, a, zero) !== a
        && builder.apply(.multiply, a, zero) !== zero)
    #expect(
      builder.apply(.maximum, a, a) !== a && builder.apply(.negate, builder.apply(.abs, a)) !== a
        && builder.apply(.add, one, a) !== a)
  }

  @Test func negativesAreSubtracted() {
    var builder = ExpressionBuilder()
    let (a, b) = (builder.make(.input(0)), builder.make(.input(1)))
    let negative = builder.apply(.negate, b)
    let difference = builder.apply(.subtract, a, b)
    #expect(builder.apply(.add, a, negative) === difference)
    #expect(builder.apply(.add, negative, a) === difference)
    #expect(builder.apply(.subtract, a, negative) === builder.apply(.add, a, b))
    // b − (−a) is no b − a, and −b − a has no shorter form.
    #expect(builder.apply(.subtract, negative, a).arguments.first === negative)
    #expect(builder.apply(.add, negative, negative).arguments.map { $0 === b } == [false, true])
  }

  @Test func rebuildingReplacesAndJoins() {
    var builder = ExpressionBuilder()
    let x = Node(.input(0))
    let root = Node.apply(.add, Node.apply(.exp, x), Node.apply(.exp, Node(.input(0))))
    let joined = builder.rebuild(root)
    #expect(
      joined.arguments[0] === joined.arguments[1] && joined.topologicalOrder().count == 3
        && root.topologicalOrder().count == 5)
    let y = builder.make(.input(1))
    let replaced = builder.rebuild(joined, replacing: [ObjectIdentifier(joined.arguments[0]): y])
    #expect(replaced.arguments[0] === y && replaced.arguments[1] === y)
    #expect(builder.rebuild(x, replacing: [ObjectIdentifier(x): y]) === y)
  }

  @Test func argumentsComeBeforeTheirUsers() {
    let (a, b) = (Node(.input(0)), Node(.input(1)))
    let sum = Node.apply(.add, a, b)
    let product = Node.apply(.multiply, sum, a)
    let order = Node.apply(.subtract, product, sum).topologicalOrder()
    #expect(order.count == 5)
    for (place, node) in order.enumerated() {
      for argument in node.arguments {
        #expect((order.firstIndex { $0 === argument } ?? .max) < place)
      }
    }
  }

  @Test func primitivesKnowTheirArity() {
    #expect(
      Primitive.exp.arity == 1 && Primitive.add.arity == 2 && Primitive.select.arity == 3
        && Primitive.floorDivide.name == "floorDivide")
  }
}
