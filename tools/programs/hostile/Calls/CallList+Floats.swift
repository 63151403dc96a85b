import Slope
import SlopeCore

/// Members of floating-point tensors: elementary functions, variances, norms, losses of information
/// theory.
extension CallList {
  func addFloatingCalls<Element: FloatingElement>(_ type: Element.Type) {
    addElementwise(type)
    add("Tensor.arange(_:_:step:)") {
      $0.use(Tensor<Element>.arange($0.number(), $0.number(), step: $0.number()))
    }
    add("Tensor.arange(_:)") { $0.use(Tensor<Element>.arange($0.number())) }
    add("Tensor.uniform(_:from:to:generator:)") { draw in
      draw.use(
        Tensor<Element>.uniform(
          draw.shape(), from: draw.element(type), to: draw.element(type),
          generator: Generator(
            seed: draw.word(), algorithm: draw.bool() ? .mersenneTwister : .philox)))
    }
    add("Tensor.normal(_:mean:standardDeviation:generator:)") { draw in
      draw.use(
        Tensor<Element>.normal(
          draw.shape(), mean: draw.element(type), standardDeviation: draw.element(type),
          generator: draw.bool() ? nil : Generator(seed: draw.word(), algorithm: .philox)))
    }
    add("FloatingElement.init(_:)") { _ = Element($0.number()) }
    add("Tensor.wrappingCast(to:)") {
      $0.use($0.tensor(type).wrappingCast(to: Int.self))
      $0.use($0.tensor(type).wrappingCast(to: UInt8.self))
    }

    // MARK: Reductions
    add("Tensor.mean()") { $0.use(differentiable: $0.tensor(type).mean()) }
    add("Tensor.variance(axis:correction:keepingAxes:)") {
      $0.use(
        differentiable: $0.tensor(type).variance(
          axis: $0.int(), correction: $0.int(), keepingAxes: $0.bool()))
    }
    add("Tensor.std(axis:correction:keepingAxes:)") {
      $0.use(
        differentiable: $0.tensor(type).std(
          axis: $0.int(), correction: $0.int(), keepingAxes: $0.bool()))
    }
    add("Tensor.norm(_:axis:keepingAxes:)") {
      $0.use(
        differentiable: $0.tensor(type).norm(
          $0.number(), axis: $0.int(), keepingAxes: $0.bool()))
    }
    let alongOne: [(String, (Tensor<Element>, Int, Bool) -> Tensor<Element>)] = [
      ("logSumExp", { $0.logSumExp(axis: $1, keepingAxes: $2) }),
      ("nanSum", { $0.nanSum(axis: $1, keepingAxes: $2) }),
      ("nanMean", { $0.nanMean(axis: $1, keepingAxes: $2) }),
      ("nanMax", { $0.nanMax(axis: $1, keepingAxes: $2) }),
      ("nanMin", { $0.nanMin(axis: $1, keepingAxes: $2) }),
    ]
    for (name, function) in alongOne {
      add("Tensor.\(name)(axis:keepingAxes:)") {
        $0.use(differentiable: function($0.tensor(type), $0.int(), $0.bool()))
      }
    }
    add("Tensor.mean(axes:keepingAxes:)") {
      $0.use(
        differentiable: $0.tensor(type).mean(axes: $0.ints(3), keepingAxes: $0.bool()))
    }
    add("Tensor.mean(axis:keepingAxes:)") {
      $0.use(differentiable: $0.tensor(type).mean(axis: $0.int(), keepingAxes: $0.bool()))
    }
    add("Tensor.variance(axes:correction:keepingAxes:)") {
      $0.use(
        differentiable: $0.tensor(type).variance(
          axes: $0.axes(), correction: $0.int(), keepingAxes: $0.bool()))
    }
    add("Tensor.std(axes:correction:keepingAxes:)") {
      $0.use(
        differentiable: $0.tensor(type).std(
          axes: $0.axes(), correction: $0.int(), keepingAxes: $0.bool()))
    }
    let overAxes: [(String, (Tensor<Element>, [Int]?, Bool) -> Tensor<Element>)] = [
      ("logSumExp", { $0.logSumExp(axes: $1, keepingAxes: $2) }),
      ("nanSum", { $0.nanSum(axes: $1, keepingAxes: $2) }),
      ("nanMean", { $0.nanMean(axes: $1, keepingAxes: $2) }),
      ("nanMax", { $0.nanMax(axes: $1, keepingAxes: $2) }),
      ("nanMin", { $0.nanMin(axes: $1, keepingAxes: $2) }),
    ]
    for (name, function) in overAxes {
      add("Tensor.\(name)(axes:keepingAxes:)") {
        $0.use(differentiable: function($0.tensor(type), $0.axes(), $0.bool()))
      }
    }
    add("Tensor.norm(_:axes:keepingAxes:)") {
      $0.use(
        differentiable: $0.tensor(type).norm(
          $0.number(), axes: $0.axes(), keepingAxes: $0.bool()))
    }
    add("Tensor.softmax(axis:)") {
      $0.use(differentiable: $0.tensor(type).softmax(axis: $0.int()))
    }
    add("Tensor.logSoftmax(axis:)") {
      $0.use(differentiable: $0.tensor(type).logSoftmax(axis: $0.int()))
    }

    // MARK: Products
    add("Tensor.addingProduct(_:_:beta:alpha:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        differentiable: tensor.addingProduct(
          draw.tensor(like: tensor), draw.tensor(like: tensor), beta: draw.number(),
          alpha: draw.number()))
    }
    add("linear(_:weight:bias:)") { draw in
      let tensor = draw.tensor(type)
      draw.use(
        differentiable: linear(
          tensor, weight: draw.tensor(like: tensor), bias: draw.bool() ? nil : draw.tensor(type)))
    }
  }

  private func addElementwise<Element: FloatingElement>(_ type: Element.Type) {
    let alone: [(String, (Tensor<Element>) -> Tensor<Element>)] = [
      ("acos", { $0.acos() }), ("acosh", { $0.acosh() }), ("asin", { $0.asin() }),
      ("asinh", { $0.asinh() }), ("atan", { $0.atan() }), ("atanh", { $0.atanh() }),
      ("ceil", { $0.ceil() }), ("cos", { $0.cos() }), ("cosh", { $0.cosh() }),
      ("erf", { $0.erf() }), ("erfc", { $0.erfc() }), ("exp", { $0.exp() }),
      ("exp2", { $0.exp2() }),
      ("expm1", { $0.expm1() }), ("floor", { $0.floor() }), ("gelu", { $0.gelu() }),
      ("geluTanh", { $0.geluTanh() }), ("hardtanh", { $0.hardtanh() }), ("log", { $0.log() }),
      ("log10", { $0.log10() }), ("log1p", { $0.log1p() }), ("log2", { $0.log2() }),
      ("logSigmoid", { $0.logSigmoid() }), ("reciprocal", { $0.reciprocal() }),
      ("round", { $0.round() }), ("rsqrt", { $0.rsqrt() }), ("sigmoid", { $0.sigmoid() }),
      ("silu", { $0.silu() }), ("sin", { $0.sin() }), ("sinh", { $0.sinh() }),
      ("softplus", { $0.softplus() }), ("softsign", { $0.softsign() }), ("sqrt", { $0.sqrt() }),
      ("tan", { $0.tan() }), ("tanh", { $0.tanh() }), ("trunc", { $0.trunc() }),
    ]
    for (name, function) in alone {
      add("Tensor.\(name)()") { $0.use(differentiable: function($0.tensor(type))) }
    }
    let questions: [(String, (Tensor<Element>) -> Tensor<Bool>)] = [
      ("isNaN", { $0.isNaN() }), ("isFinite", { $0.isFinite() }),
      ("isInfinite", { $0.isInfinite() }),
    ]
    for (name, function) in questions {
      add("Tensor.\(name)()") { $0.use(function($0.tensor(type))) }
    }
    let pairs: [(String, (Tensor<Element>, Tensor<Element>) -> Tensor<Element>)] = [
      ("Tensor.atan2(_:)", { $0.atan2($1) }), ("Tensor.hypot(_:)", { $0.hypot($1) }),
      ("fmax(_:_:)", { fmax($0, $1) }), ("fmin(_:_:)", { fmin($0, $1) }),
    ]
    for (name, function) in pairs {
      add(name) { draw in
        let tensor = draw.tensor(type)
        draw.use(differentiable: function(tensor, draw.tensor(like: tensor)))
      }
    }
    add("Tensor.elu(alpha:)") {
      $0.use(differentiable: $0.tensor(type).elu(alpha: $0.element(type)))
    }
    add("Tensor.leakyRelu(negativeSlope:)") {
      $0.use(differentiable: $0.tensor(type).leakyRelu(negativeSlope: $0.element(type)))
    }
  }
}
