import Testing

@testable import SlopeCore

/// Derivatives of random functions of elements at all magnitudes, against differences in Double.
///
/// The step is relative to the point, so that neither the difference nor its quotient loses its
/// digits at 1e-30 or 1e30. Where the function is flat, or its value is no number, nothing is known.
@Suite struct ExtremeDerivativeTests {
  private typealias Function = @Sendable (Tensor<Double>) -> Tensor<Double>

  private static let functions: [(name: String, function: Function)] = [
    ("sqrt", { $0.sqrt() }), ("rsqrt", { $0.rsqrt() }), ("reciprocal", { $0.reciprocal() }),
    ("square", { $0.square() }), ("cube", { $0.pow(3) }), ("root", { $0.pow(1.0 / 3) }),
    ("log", { $0.log() }), ("log2", { $0.log2() }), ("log10", { $0.log10() }),
    ("log1p", { $0.log1p() }), ("asinh", { $0.asinh() }), ("acosh", { $0.acosh() }),
    ("atan", { $0.atan() }), ("tanh", { $0.tanh() }), ("sigmoid", { $0.sigmoid() }),
    ("asin", { $0.asin() }), ("atanh", { $0.atanh() }), ("sinh", { $0.sinh() }),
    ("exp", { $0.exp() }), ("exp2", { $0.exp2() }), ("expm1", { $0.expm1() }),
    ("erf", { $0.erf() }), ("silu", { $0.silu() }), ("gelu", { $0.gelu() }),
    ("geluTanh", { $0.geluTanh() }), ("softplus", { $0.softplus() }),
    ("logSigmoid", { $0.logSigmoid() }), ("softsign", { $0.softsign() }), ("elu", { $0.elu() }),
    ("abs", { $0.abs() }), ("leakyRelu", { $0.leakyRelu() }), ("negate", { -$0 }),
    ("hypot", { $0.hypot(Tensor(2)) }), ("hypot of large", { $0.hypot(Tensor(1e25)) }),
    ("atan2", { $0.atan2(Tensor(-3)) }), ("of atan2", { Tensor(1e-20).atan2($0) }),
    ("quotient", { Tensor(3) / $0 }), ("quotients", { $0 / ($0 + 2) }),
  ]

  @Test func firstAndSecondAgreeWithDifferences() {
    var generator = RandomNumbers(seed: 17)
    var compared = (first: 0, second: 0)
    for (name, function) in Self.functions {
      for _ in 0..<60 {
        let size = Double.random(in: -30...30, using: &generator)
        let point = (Bool.random(using: &generator) ? 1 : -1) * .pow10(size)
        let x = Parameter(Tensor<Double>(point)).tensor
        let first = gradients(of: function(x), withRespectTo: [x], recorded: true)[0]
        guard let first else { continue }
        if let expected = Self.difference({ function(Tensor($0)).item() }, at: point) {
          compared.first += 1
          #expect(Self.agree(first.item(), expected), "\(name)′ at \(point): \(first), \(expected)")
        }
        guard first.requiresGradient, let second = gradients(of: first, withRespectTo: [x])[0]
        else { continue }
        let slope: (Double) -> Double = { place in
          let leaf = Parameter(Tensor<Double>(place)).tensor
          return gradients(of: function(leaf), withRespectTo: [leaf])[0]?.item() ?? 0
        }
        if let expected = Self.difference(slope, at: point) {
          compared.second += 1
          #expect(
            Self.agree(second.item(), expected), "\(name)″ at \(point): \(second), \(expected)")
        }
      }
    }
    #expect(compared.first > 1000 && compared.second > 600)
  }

  /// Neither NaN nor infinity comes out of finite numbers unless a value or a derivative is infinite.
  @Test func aGradientOfZeroGivesZeroEverywhere() {
    let specials: [Double] = [
      0, -0.0, 1, -1, .infinity, -.infinity, .nan, 1e308, -1e308, 5e-324, 1e-200, 0.5, 2,
    ]
    for (name, function) in Self.functions {
      let x = Parameter(Tensor<Double>(specials))
      let y = function(x.tensor)
      y.backward(seed: .zeros(y.shape))
      #expect(x.grad?.scalars.allSatisfy { $0 == 0 } == true, "\(name): \(show(x.grad))")
    }
  }

  private static func agree(_ found: Double, _ expected: Double) -> Bool {
    abs(found - expected) <= 1e-5 * abs(expected)
  }

  /// The derivative by a central difference; nil where it cannot be known to five digits.
  private static func difference(_ function: (Double) -> Double, at point: Double) -> Double? {
    func quotient(_ step: Double) -> (value: Double, share: Double)? {
      let (low, high) = (point * (1 - step), point * (1 + step))
      let (below, above) = (function(low), function(high))
      let change = above - below
      // Digits of the values that are lost in their difference.
      let share = abs(change) / max(abs(above), abs(below))
      guard change.isFinite, share > 1e-9, abs(change) > 1e-290 else { return nil }
      return (change / (high - low), share)
    }
    guard let wide = quotient(0x1p-13), let narrow = quotient(0x1p-14) else { return nil }
    // Richardson's extrapolation, whose correction tells how good it is.
    let correction = (narrow.value - wide.value) / 3
    guard abs(correction) < 1e-6 * abs(narrow.value), narrow.share > 1e-9 else { return nil }
    return narrow.value + correction
  }
}

extension Double {
  fileprivate static func pow10(_ exponent: Double) -> Double {
    Tensor<Double>(10).pow(exponent).item()
  }
}
