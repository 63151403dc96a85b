import Slope
import SlopeCore

/// Special functions, parts of numbers, blends, comparisons with a tolerance, and further units.
extension CallList {
  func addEqualityCalls<Element: TensorElement>(_ type: Element.Type) {
    add("Tensor.elementsEqual(_:)") { draw in
      let tensor = draw.tensor(type)
      _ = tensor.elementsEqual(draw.tensor(like: tensor))
    }
  }

  func addBlendCalls<Element: NumericElement>(_ type: Element.Type) {
    add("Tensor.addingElementProduct(_:_:value:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        tensor.addingElementProduct(
          draw.tensor(like: tensor), draw.tensor(like: tensor), value: draw.element(type)))
    }
    add("Tensor.clamped(min:max:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(tensor.clamped(min: draw.tensor(like: tensor), max: draw.tensor(like: tensor)))
    }
    let pairs: [(String, (Tensor<Element>, Tensor<Element>) -> Tensor<Element>)] = [
      ("clamped(min:)", { $0.clamped(min: $1) }), ("clamped(max:)", { $0.clamped(max: $1) }),
      ("heaviside(_:)", { $0.heaviside($1) }),
    ]
    for (name, function) in pairs {
      add("Tensor.\(name)") { draw in
        let tensor = draw.tensor(type)
        draw.use(function(tensor, draw.tensor(like: tensor)))
      }
    }
    add("Tensor.signbit()") { $0.use($0.tensor(type).signbit()) }
    add("Tensor.isClose(to:relativeTolerance:absoluteTolerance:equalNaN:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        tensor.isClose(
          to: draw.tensor(like: tensor), relativeTolerance: draw.number(),
          absoluteTolerance: draw.number(), equalNaN: draw.bool()))
    }
    add("Tensor.allClose(to:relativeTolerance:absoluteTolerance:equalNaN:)") { draw in
      let tensor = draw.tensor(type)
      _ = tensor.allClose(
        to: draw.tensor(like: tensor), relativeTolerance: draw.number(),
        absoluteTolerance: draw.number(), equalNaN: draw.bool())
    }
  }

  func addDivisorCalls<Element: IntegerElement>(_ type: Element.Type) {
    add("Tensor.gcd(_:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(tensor.gcd(draw.tensor(like: tensor)))
    }
    add("Tensor.lcm(_:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(tensor.lcm(draw.tensor(like: tensor)))
    }
  }

  func addElementFunctionCalls<Element: FloatingElement>(_ type: Element.Type) {
    let alone: [(String, (Tensor<Element>) -> Tensor<Element>)] = [
      ("erfinv", { $0.erfinv() }), ("lgamma", { $0.lgamma() }), ("digamma", { $0.digamma() }),
      ("sinc", { $0.sinc() }), ("rad2deg", { $0.rad2deg() }), ("deg2rad", { $0.deg2rad() }),
      ("frac", { $0.frac() }), ("relu6", { $0.relu6() }), ("hardsigmoid", { $0.hardsigmoid() }),
      ("hardswish", { $0.hardswish() }), ("tanhshrink", { $0.tanhshrink() }),
      ("selu", { $0.selu() }), ("mish", { $0.mish() }),
    ]
    for (name, function) in alone {
      add("Tensor.\(name)()") { $0.use(differentiable: function($0.tensor(type))) }
    }
    let pairs: [(String, (Tensor<Element>, Tensor<Element>) -> Tensor<Element>)] = [
      ("xlogy", { $0.xlogy($1) }), ("xlog1py", { $0.xlog1py($1) }),
      ("logAddExp", { $0.logAddExp($1) }), ("logAddExp2", { $0.logAddExp2($1) }),
      ("copysign", { $0.copysign($1) }), ("nextafter", { $0.nextafter($1) }),
      ("ldexp", { $0.ldexp($1) }), ("prelu", { $0.prelu($1) }),
    ]
    for (name, function) in pairs {
      add("Tensor.\(name)(_:)") { draw in
        let tensor = draw.tensor(type)
        draw.use(differentiable: function(tensor, draw.tensor(like: tensor)))
      }
    }
    add("Tensor.polygamma(_:)") { $0.use(differentiable: $0.tensor(type).polygamma($0.int())) }
    add("Tensor.logit(eps:)") {
      $0.use(differentiable: $0.tensor(type).logit(eps: $0.bool() ? nil : $0.element(type)))
    }
    add("Tensor.copysign(_:)") {
      $0.use(differentiable: $0.tensor(type).copysign($0.element(type)))
    }
    add("Tensor.ldexp(_:)") {
      $0.use(differentiable: $0.tensor(type).ldexp($0.tensor(Int.self)))
    }
    add("Tensor.frexp()") { draw in
      let (mantissa, exponent) = draw.tensor(type).frexp()
      draw.use(differentiable: mantissa)
      draw.use(exponent)
    }
    add("Tensor.nanToNum(nan:positiveInfinity:negativeInfinity:)") {
      $0.use(
        differentiable: $0.tensor(type).nanToNum(
          nan: $0.element(type), positiveInfinity: $0.element(type),
          negativeInfinity: $0.bool() ? nil : $0.element(type)))
    }
    add("Tensor.isPositiveInfinity()") { $0.use($0.tensor(type).isPositiveInfinity()) }
    add("Tensor.isNegativeInfinity()") { $0.use($0.tensor(type).isNegativeInfinity()) }
    add("Tensor.round(decimals:)") {
      $0.use(differentiable: $0.tensor(type).round(decimals: $0.int()))
    }
    addWeightedCalls(type)
    addUnitCalls(type)
    addUnitLayers(type)
  }

  private func addWeightedCalls<Element: FloatingElement>(_ type: Element.Type) {
    add("Tensor.addingElementQuotient(_:_:value:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        differentiable: tensor.addingElementQuotient(
          draw.tensor(like: tensor), draw.tensor(like: tensor), value: draw.element(type)))
    }
    add("Tensor.interpolated(to:weight:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        differentiable: tensor.interpolated(
          to: draw.tensor(like: tensor), weight: draw.tensor(like: tensor)))
    }
    add("Tensor.interpolated(to:weight:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        differentiable: tensor.interpolated(
          to: draw.tensor(like: tensor), weight: draw.element(type)))
    }
  }

  private func addUnitCalls<Element: FloatingElement>(_ type: Element.Type) {
    let scaled: [(String, (Tensor<Element>, Element) -> Tensor<Element>)] = [
      ("softshrink(lambda:)", { $0.softshrink(lambda: $1) }),
      ("hardshrink(lambda:)", { $0.hardshrink(lambda: $1) }),
      ("celu(alpha:)", { $0.celu(alpha: $1) }),
    ]
    for (name, function) in scaled {
      add("Tensor.\(name)") {
        $0.use(differentiable: function($0.tensor(type), $0.element(type)))
      }
    }
    let bounded: [(String, (Tensor<Element>, Element, Element) -> Tensor<Element>)] = [
      ("hardtanh(min:max:)", { $0.hardtanh(min: $1, max: $2) }),
      ("softplus(beta:threshold:)", { $0.softplus(beta: $1, threshold: $2) }),
      ("threshold(_:value:)", { $0.threshold($1, value: $2) }),
    ]
    for (name, function) in bounded {
      add("Tensor.\(name)") {
        $0.use(differentiable: function($0.tensor(type), $0.element(type), $0.element(type)))
      }
    }
    add("Tensor.glu(axis:)") { $0.use(differentiable: $0.tensor(type).glu(axis: $0.int())) }
    add("Tensor.softmin(axis:)") {
      $0.use(differentiable: $0.tensor(type).softmin(axis: $0.int()))
    }
  }

  private func addUnitLayers<Element: FloatingElement>(_ type: Element.Type) {
    let makers: [(String, (inout Draw) -> any Layer<Element>)] = [
      (
        "Hardtanh.init(minimum:maximum:)",
        { Hardtanh<Element>(minimum: $0.number(), maximum: $0.number()) }
      ),
      ("ReLU6.init()", { _ in ReLU6<Element>() }),
      ("Hardsigmoid.init()", { _ in Hardsigmoid<Element>() }),
      ("Hardswish.init()", { _ in Hardswish<Element>() }),
      ("Threshold.init(_:value:)", { Threshold<Element>($0.number(), value: $0.number()) }),
      ("Softshrink.init(lambda:)", { Softshrink<Element>(lambda: $0.number()) }),
      ("Hardshrink.init(lambda:)", { Hardshrink<Element>(lambda: $0.number()) }),
      ("Tanhshrink.init()", { _ in Tanhshrink<Element>() }),
      ("GLU.init(axis:)", { GLU<Element>(axis: $0.int()) }),
      ("CELU.init(alpha:)", { CELU<Element>(alpha: $0.number()) }),
      ("LogSigmoid.init()", { _ in LogSigmoid<Element>() }),
      ("Softsign.init()", { _ in Softsign<Element>() }),
      ("Softmin.init(axis:)", { Softmin<Element>(axis: $0.int()) }),
    ]
    for (name, make) in makers {
      add(name) { draw in
        let layer = make(&draw)
        draw.use(differentiable: layer(draw.tensor(type)))
      }
      let type = name.prefix { $0 != "." }
      add("\(type).callAsFunction(_:)") { draw in
        let layer = make(&draw)
        draw.use(differentiable: layer(draw.tensor(Element.self)))
      }
    }
    let described: [any Module<Element>] = [
      Hardtanh<Element>(), Threshold<Element>(0, value: 1), Softshrink<Element>(),
      Hardshrink<Element>(), GLU<Element>(), CELU<Element>(), Softmin<Element>(),
    ]
    for layer in described {
      let name = "\(layer)".prefix { $0 != "(" }
      add("\(name).description") { _ in _ = layer.description }
    }
  }

  func addElementExpressionCalls() {
    let alone: [(String, (Expression) -> Expression)] = [
      ("erfinv()", { $0.erfinv() }), ("lgamma()", { $0.lgamma() }),
      ("digamma()", { $0.digamma() }), ("copysign(_:)", { $0.copysign($0) }),
    ]
    for (name, function) in alone {
      add("Expression.\(name)") { draw in
        draw.use(differentiable: Pointwise { function($0) }(draw.tensor(Float.self)))
      }
    }
    let functions: [(String, Pointwise)] = [
      ("relu6", .relu6), ("hardsigmoid", .hardsigmoid), ("hardswish", .hardswish),
      ("tanhshrink", .tanhshrink), ("selu", .selu), ("mish", .mish),
    ]
    for (name, function) in functions {
      add("Pointwise.\(name)") { $0.use(differentiable: function($0.tensor(Float.self))) }
    }
  }
}
