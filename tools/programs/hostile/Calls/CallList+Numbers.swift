import Slope
import SlopeCore

/// Members of numeric tensors: of any, of integers, of Booleans.
extension CallList {
  func addNumericCalls<Element: NumericElement>(_ type: Element.Type) {
    addNumericMaking(type)
    typealias Pair = (Tensor<Element>, Tensor<Element>)
    let pairs: [(String, (Pair) -> Tensor<Element>)] = [
      ("Tensor.-(_:_:)", { $0.0 - $0.1 }), ("Tensor./(_:_:)", { $0.0 / $0.1 }),
      ("Tensor.floorDivided(by:)", { $0.0.floorDivided(by: $0.1) }),
      ("Tensor.truncDivided(by:)", { $0.0.truncDivided(by: $0.1) }),
      ("Tensor.remainder(_:)", { $0.0.remainder($0.1) }),
      ("Tensor.fmod(_:)", { $0.0.fmod($0.1) }), ("Tensor.pow(_:)", { $0.0.pow($0.1) }),
      (
        "Tensor.-=(_:_:)",
        {
          var left = $0.0
          left -= $0.1
          return left
        }
      ),
      (
        "Tensor./=(_:_:)",
        {
          var left = $0.0
          left /= $0.1
          return left
        }
      ),
    ]
    for (name, function) in pairs {
      add(name) { draw in
        let tensor = draw.tensor(type)
        draw.use(function((tensor, draw.tensor(like: tensor))))
      }
    }
    let mixed: [(String, (Tensor<Element>, Element) -> Tensor<Element>)] = [
      ("Tensor.-(_:_:)", { $0 - $1 }), ("Tensor./(_:_:)", { $0 / $1 }),
      ("Tensor.pow(_:)", { $0.pow($1) }), ("Tensor.clamped(min:)", { $0.clamped(min: $1) }),
      ("Tensor.clamped(max:)", { $0.clamped(max: $1) }),
      (
        "Tensor.-=(_:_:)",
        {
          var left = $0
          left -= $1
          return left
        }
      ),
      (
        "Tensor./=(_:_:)",
        {
          var left = $0
          left /= $1
          return left
        }
      ),
    ]
    for (name, function) in mixed {
      add(name) { $0.use(function($0.tensor(type), $0.element(type))) }
    }
    add("Tensor.-(_:_:)") { $0.use($0.element(type) - $0.tensor(type)) }
    add("Tensor./(_:_:)") { $0.use($0.element(type) / $0.tensor(type)) }
    add("Tensor.clamped(min:max:)") {
      $0.use($0.tensor(type).clamped(min: $0.element(type), max: $0.element(type)))
    }
    add("Tensor.clamped(to:)") { draw in
      let (one, other) = (draw.element(type), draw.element(type))
      // A range cannot have bounds in the wrong order.
      guard one <= other else { return }
      draw.use(draw.tensor(type).clamped(to: one...other))
    }
    add("Tensor.median(axes:keepingAxes:)") {
      $0.use($0.tensor(type).median(axes: $0.ints(3), keepingAxes: $0.bool()))
    }
    let alone: [(String, (Tensor<Element>) -> Tensor<Element>)] = [
      ("-(_:)", { -$0 }), ("abs()", { $0.abs() }), ("sign()", { $0.sign() }),
      ("square()", { $0.square() }), ("relu()", { $0.relu() }),
    ]
    for (name, function) in alone { add("Tensor.\(name)") { $0.use(function($0.tensor(type))) } }

    add("Tensor.argmax(axis:keepingAxes:)") {
      $0.use($0.tensor(type).argmax(axis: $0.bool() ? nil : $0.int(), keepingAxes: $0.bool()))
    }
    add("Tensor.argmin(axis:keepingAxes:)") {
      $0.use($0.tensor(type).argmin(axis: $0.bool() ? nil : $0.int(), keepingAxes: $0.bool()))
    }
    add("Tensor.median(axis:keepingAxes:)") {
      $0.use($0.tensor(type).median(axis: $0.bool() ? nil : $0.int(), keepingAxes: $0.bool()))
    }
    add("Tensor.cumulativeMax(axis:)") { $0.use($0.tensor(type).cumulativeMax(axis: $0.int())) }
    add("Tensor.cumulativeMin(axis:)") { $0.use($0.tensor(type).cumulativeMin(axis: $0.int())) }
    add("Tensor.scatterAdded(_:at:axis:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        tensor.scatterAdded(
          draw.tensor(like: tensor), at: draw.tensor(Int.self), axis: draw.int()))
    }
    add("einsum(_:_:)") { draw in
      let equation = draw.text([
        "ab,ab->ab", "ab,bc->ac", "ab,bc", "ii->i", "ii", "...a,...a->...", "a,b->ab",
        "abcd,efgh->abcdefgh", "abcde,efghi->abcdfghi", "a,b,c,d->abcd", "a->", "ab->ba",
        "abc,cde,efg->abdfg", "->", "", "a,", "é->é", "a->aa", "ab->c", "ab,ab", "z,z,z->z",
        "abcdefgh,ijkl->abcdefghijkl", "a,b,c,d,e,f,g,h,i->abcdefghi", "...,...->...", "aa,aa->a",
      ])
      let tensor = draw.tensor(type)
      switch equation.filter({ $0 == "," }).count {
      case 0: draw.use(einsum(equation, tensor))
      case 1: draw.use(einsum(equation, tensor, draw.tensor(like: tensor)))
      case 2: draw.use(einsum(equation, tensor, tensor, draw.tensor(like: tensor)))
      case 3: draw.use(einsum(equation, tensor, tensor, tensor, draw.tensor(like: tensor)))
      default:
        draw.use(
          einsum(
            equation, tensor, tensor, tensor, tensor, tensor, tensor, tensor, tensor, tensor))
      }
    }
    let pointwise = Pointwise("hostile") { x in x * x - x / (x + 1) }
    let of2 = Pointwise("hostile") { x, y in .select(x .< y, x, y.abs()) }
    let of3 = Pointwise("hostile") { x, y, z in x * y + z }
    add("Pointwise.callAsFunction(_:)") { $0.use(pointwise($0.tensor(type))) }
    add("Pointwise.callAsFunction(_:_:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(of2(tensor, draw.tensor(like: tensor)))
    }
    add("Pointwise.callAsFunction(_:_:_:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(of3(tensor, draw.tensor(like: tensor), draw.tensor(like: tensor)))
    }
    add("NumericElement.init(clamping:)") { _ = Element(clamping: $0.number()).doubleValue }
  }

  private func addNumericMaking<Element: NumericElement>(_ type: Element.Type) {
    add("Tensor.ones(_:)") { $0.use(Tensor<Element>.ones($0.shape())) }
    add("Tensor.arange(_:_:step:)") {
      $0.use(Tensor<Element>.arange($0.element(type), $0.element(type), step: $0.element(type)))
    }
    add("Tensor.arange(_:)") { $0.use(Tensor<Element>.arange($0.element(type))) }
    add("Tensor.randint(_:_:generator:)") { $0.use(Tensor<Element>.randint($0.int(), $0.shape())) }
    add("Tensor.randint(_:_:_:generator:)") {
      $0.use(Tensor<Element>.randint($0.int(), $0.int(), $0.shape()))
    }
    add("Tensor.randperm(_:generator:)") { $0.use(Tensor<Element>.randperm($0.int())) }
  }

  func addIntegerCalls<Element: IntegerElement>(_ type: Element.Type) {
    let pairs: [(String, (Tensor<Element>, Tensor<Element>) -> Tensor<Element>)] = [
      ("Tensor.&(_:_:)", { $0 & $1 }), ("Tensor.|(_:_:)", { $0 | $1 }),
      ("Tensor.^(_:_:)", { $0 ^ $1 }),
      ("Tensor.shiftedLeft(by:)", { $0.shiftedLeft(by: $1) }),
      ("Tensor.shiftedRight(by:)", { $0.shiftedRight(by: $1) }),
    ]
    for (name, function) in pairs {
      add(name) { draw in
        let tensor = draw.tensor(type)
        draw.use(function(tensor, draw.tensor(like: tensor)))
      }
    }
    add("Tensor.~(_:)") { $0.use(~$0.tensor(type)) }
    add("Tensor.wrappingCast(to:)") { $0.use($0.tensor(type).wrappingCast(to: Int8.self)) }
    add("IntegerElement.init(clamping:)") { _ = Element(clamping: $0.number()) }
  }

  func addBoolCalls() {
    let pairs: [(String, (Tensor<Bool>, Tensor<Bool>) -> Tensor<Bool>)] = [
      ("Tensor.&(_:_:)", { $0 & $1 }), ("Tensor.|(_:_:)", { $0 | $1 }),
      ("Tensor.^(_:_:)", { $0 ^ $1 }), ("Tensor.logicalAnd(_:)", { $0.logicalAnd($1) }),
      ("Tensor.logicalOr(_:)", { $0.logicalOr($1) }),
      ("Tensor.logicalXor(_:)", { $0.logicalXor($1) }),
    ]
    for (name, function) in pairs {
      add(name) { draw in
        let tensor = draw.tensor(Bool.self)
        draw.use(function(tensor, draw.tensor(like: tensor)))
      }
    }
    add("Tensor.~(_:)") { $0.use(~$0.tensor(Bool.self)) }
    add("Tensor.logicalNot()") { $0.use($0.tensor(Bool.self).logicalNot()) }
    add("Tensor.ones(_:)") { $0.use(Tensor<Bool>.ones($0.shape())) }
    add("Tensor.oneHot(classCount:)") {
      $0.use($0.tensor(Int.self).oneHot(classCount: $0.int()))
    }
  }
}
