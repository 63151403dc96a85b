import Testing

@testable import SlopeCore

private let rows = [
  ElementRow(
    "erfc", { $0[0].erfc() }, [[-.infinity, -1, 0, 0.5, 3, 30, .infinity, .nan]],
    [2, 1.8427007929497148, 1, 0.4795001221869535, 2.209049699858544e-05, 0, 0, .nan],
    [
      [
        -0.0, -0.4151074974205947, -1.1283791670955126, -0.8787825789354448,
        -0.00013925305194674786, -0.0, -0.0, .nan,
      ]
    ]),
  ElementRow(
    "erfinv", { $0[0].erfinv() }, [[-1, -0.75, -0.25, 0, 1e-20, 0.5, 0.999, 1, 2, .nan]],
    [
      -.infinity, -0.8134198475976185, -0.2253120550121781, 0, 8.86226925452758e-21,
      0.4769362762044699, 2.3267537655135246, .infinity, .nan, .nan,
    ],
    [
      [
        .infinity, 1.7174997693674523, 0.9323782346059725, 0.8862269254527579, 0.8862269254527579,
        1.1125848189719496, 198.93951776442498, .infinity, .nan, .nan,
      ]
    ]),
  ElementRow(
    "lgamma", { $0[0].lgamma() },
    [[0, 1, -1, 2, 0.5, -1.5, 10_000_000_000, 171, .infinity, -.infinity, .nan]],
    [
      .infinity, 0, .infinity, 0, 0.5723649429247001, 0.860047015376481, 220258509288.81058,
      706.5730622457874, .infinity, .infinity, .nan,
    ],
    [
      [
        -.infinity, -0.5772156649015328, .nan, 0.422784335098467, -1.9635100260214229,
        0.7031566406452433, 23.025850929890456, 5.138736730024484, .infinity, .nan, .nan,
      ]
    ]),
  ElementRow(
    "digamma", { $0[0].digamma() },
    [[0, -0.0, 1, 2, 0.5, -1.5, 10_000_000_000, -10.25, .infinity, -.infinity, .nan]],
    [
      -.infinity, .infinity, -0.5772156649015328, 0.422784335098467, -1.9635100260214229,
      0.7031566406452433, 23.025850929890456, 5.516858419886274, .infinity, .nan, .nan,
    ],
    [
      [
        .infinity, .infinity, 1.6449340668482264, 0.6449340668482264, 4.934802200544679,
        9.379246644989124, 1.00000000005e-10, 19.646252424622653, 0, .nan, .nan,
      ]
    ]),
  ElementRow(
    "trigamma", { $0[0].polygamma(1) }, [[1, 2, 0.5, -1.5, 1000, -10.25, .nan]],
    [
      1.6449340668482264, 0.6449340668482264, 4.934802200544679, 9.379246644989124,
      0.0010005001666666335, 19.646252424622653, .nan,
    ],
    [
      [
        -2.404113806319188, -0.4041138063191886, -16.828796644234316, -0.23620405164172825,
        -1.0010004999998335e-06, 124.01647202148709, .nan,
      ]
    ]),
  ElementRow(
    "tetragamma", { $0[0].polygamma(2) }, [[0, 1, -1, 2, 0.5, -1.5, 1000, -10.25, .nan]],
    [
      -.infinity, -2.404113806319188, -.infinity, -0.4041138063191886, -16.828796644234316,
      -0.23620405164172825, -1.0010004999998335e-06, 124.01647202148709, .nan,
    ],
    [
      [
        .infinity, 6.493939402266829, .infinity, 0.4939394022668293, 97.40909103400242,
        194.59427621918758, 2.003001999999e-09, 1558.543853536406, .nan,
      ]
    ]),
  ElementRow(
    "fifth", { $0[0].polygamma(5) }, [[1, 0.25, 12, -3.5]],
    [122.08116743813383, 491552.51376768114, 0.00011820829051081487, 15382.205326949204],
    [[-726.0114797149846, -11796633.687743692, -5.120348656417774e-05, -0.02645138258242574]]),
  ElementRow(
    "polygamma of order 0", { $0[0].polygamma(0) }, [[1, 0.25]],
    [-0.5772156649015328, -4.2274535333762655], [[1.6449340668482264, 17.19732915450711]]),
  ElementRow(
    "sinc", { $0[0].sinc() }, [[0, 0.5, -0.25, 2.25, .infinity, .nan]],
    [1, 0.6366197723675814, 0.9003163161571061, 0.10003514623967844, .nan, .nan],
    [[0, -1.2732395447351625, 0.7728381398822339, 0.26980961553194194, .nan, .nan]]),
  ElementRow(
    "logit", { $0[0].logit() }, [[0, 0.001, 0.25, 0.4, 0.5, 0.74, 0.75, 0.9, 1, .nan]],
    [
      -.infinity, -6.906754778648554, -1.0986122886681098, -0.4054651081081643, 0,
      1.0459685551826876, 1.0986122886681098, 2.1972245773362196, .infinity, .nan,
    ],
    [
      [
        .infinity, 1001.0010010010009, 5.333333333333333, 4.166666666666667, 4, 5.197505197505197,
        5.333333333333333, 11.111111111111112, .infinity, .nan,
      ]
    ]),
  ElementRow(
    "logit with bounds", { $0[0].logit(eps: 0.125) },
    [[0, 1, -1, 2, 0.5, 0.25, 0.125, 0.875, 0.9, .nan]],
    [
      -1.9459101490553135, 1.9459101490553132, -1.9459101490553135, 1.9459101490553132, 0,
      -1.0986122886681098, -1.9459101490553135, 1.9459101490553132, 1.9459101490553132, .nan,
    ], [[0, 0, 0, 0, 4, 5.333333333333333, 9.142857142857142, 9.142857142857142, 0, .nan]]),
  // Where x is 0, y receives 0, also beside NaN.
  ElementRow(
    "xlogy", { $0[0].xlogy($0[1]) }, [[0, 0, 0, 1, 2, -1], [-1, 2, .nan, 0, 3, 2]],
    [0, 0, .nan, -.infinity, 2.1972245773362196, -0.6931471805599453],
    [
      [0, 0.6931471805599453, .nan, -.infinity, 1.0986122886681098, 0.6931471805599453],
      [-0.0, 0, 0, .infinity, 0.6666666666666666, -0.5],
    ]),
  ElementRow(
    "xlog1py", { $0[0].xlog1py($0[1]) }, [[0, 0, 0, 1, 2, -1], [-2, 2, .nan, 0, 3, 1]],
    [0, 0, .nan, 0, 2.772588722239781, -0.6931471805599453],
    [
      [0, 1.0986122886681096, .nan, 0, 1.3862943611198906, 0.6931471805599453],
      [-0.0, 0, 0, 1, 0.5, -0.5],
    ]),
  ElementRow(
    "logAddExp", { $0[0].logAddExp($0[1]) },
    [[0, 1, .infinity, -.infinity, 1000, -3, .nan], [0, 2, 1, 3, -1000, -3.5, 0]],
    [0.6931471805599453, 2.313261687518223, .infinity, 3, 1000, -2.5259230158198935, .nan],
    [
      [0.5, 0.2689414213699951, 1, 0, 1, 0.6224593312018546, .nan],
      [0.5, 0.7310585786300049, 0, 1, 0, 0.3775406687981454, .nan],
    ]),
  ElementRow(
    "logAddExp2", { $0[0].logAddExp2($0[1]) },
    [[0, 1, .infinity, -.infinity, 1000, -3, .nan], [0, 2, 1, 3, -1000, -3.5, 0]],
    [1, 2.584962500721156, .infinity, 3, 1000, -2.228446696836388, .nan],
    [
      [0.5, 0.3333333333333333, 1, 0, 1, 0.585786437626905, .nan],
      [0.5, 0.6666666666666666, 0, 1, 0, 0.4142135623730951, .nan],
    ]),
  ElementRow(
    "rad2deg", { $0[0].rad2deg() }, [[1, -3, .infinity]],
    [57.29577951308232, -171.88733853924697, .infinity],
    [[57.29577951308232, 57.29577951308232, 57.29577951308232]]),
  ElementRow(
    "deg2rad", { $0[0].deg2rad() }, [[180, -45, .infinity]],
    [3.141592653589793, -0.7853981633974483, .infinity],
    [[0.017453292519943295, 0.017453292519943295, 0.017453292519943295]]),
]

@Suite struct TensorSpecialTests {
  @Test(arguments: rows)
  private func valuesAndGradientsArePyTorchs(_ row: ElementRow) { row.check() }

  @Test func logarithmsOfSumsOfInfinitiesHaveFiniteGradients() {
    for function in [Functions.logAddExp, Functions.logAddExp2] {
      let (x, y) = (
        Parameter(Tensor<Double>([-.infinity, .infinity, -.infinity])),
        Parameter(Tensor<Double>([-.infinity, .infinity, .infinity]))
      )
      let sum = Tensor<Double>(applyPointwise(function, x.tensor.value, y.tensor.value))
      #expect(sum.scalars == [-.infinity, .infinity, .infinity])
      sum.backward(seed: .ones([3]))
      #expect(x.grad?.scalars == [1, 1, 0] && y.grad?.scalars == [0, 0, 1])
    }
  }

  /// Where a and b meet, log(eᵃ + eᵇ) has the second derivative ¼.
  @Test func theSecondDerivativeOfASumOfPowersIsRightAtATie() throws {
    let x = Parameter(Tensor<Double>(2)).tensor
    let first = try #require(
      gradients(of: x.logAddExp(Tensor(2)), withRespectTo: [x], recorded: true)[0])
    let second = try #require(gradients(of: first, withRespectTo: [x])[0])
    #expect(first.item() == 0.5 && second.item() == 0.25)
  }

  /// PyTorch gives 6.6e32 at −1, ours is the limit; and 0 at infinity for every order.
  @Test func polygammaHasPolesAndVanishesAtInfinity() {
    let x = Tensor<Double>([0, -0.0, -1, -2, .infinity, -.infinity])
    let trigamma = x.polygamma(1).scalars
    #expect(trigamma.prefix(5) == [.infinity, .infinity, .infinity, .infinity, 0])
    #expect(trigamma[5].isNaN)
    let second: [Double] = [-.infinity, -.infinity, -.infinity, -.infinity, -0.0]
    #expect(Array(x.polygamma(2).scalars.prefix(5)) == second)
    let far: [Double] = [-.infinity, -.infinity]
    #expect(Tensor<Double>([1, 0.5]).polygamma(400).scalars == far)
    let error = #expect(throws: TensorError.self) { try checked { _ = x.polygamma(-1) } }
    #expect(error?.description == "polygamma: the order -1 is negative")
  }

  @Test func sincKeepsItsDigitsNearZeroAndFarOut() throws {
    // To 30 digits by mpmath.
    let x = Parameter(Tensor<Double>([1e-9, 1e-3, 0.159, 0.161, 1000.25, 1])).tensor
    let y = x.sinc()
    let values = [
      1.0, 0.999998355066745, 0.9589301584722189, 0.957903761951792, 0.00022502282333344316, 0,
    ]
    for (found, wanted) in zip(y.scalars, values) { #expect(abs(found - wanted) < 4e-16) }
    let slopes = try #require(gradients(of: y.sum(), withRespectTo: [x], recorded: true)[0])
    let wanted = [
      -3.289868133696453e-9, -0.0032898648867278964, -0.5101530283716804, -0.5162414758903063,
      0.0007067050820926909, -1,
    ]
    for (found, wanted) in zip(slopes.scalars, wanted) {
      #expect(abs(found - wanted) <= 4e-15 * abs(wanted), "\(found), \(wanted)")
    }
    let curve = try #require(gradients(of: slopes.sum(), withRespectTo: [x])[0])
    #expect(abs(curve.scalars[0] + 3.289868133696453) < 1e-14)
  }

  @Test func narrowFloatsRoundOnce() {
    #expect(Tensor<Float16>([0.5]).erfinv().item() == Float16(0.4769362762))
    #expect(Tensor<BFloat16>([4]).lgamma().item() == BFloat16(1.791759469))
    #expect(Tensor<Float16>([1]).rad2deg().item() == Float16(57.29577951))
    #expect(Tensor<Float16>([180]).deg2rad().item() == Float16(3.141592653))
    #expect(Tensor<Float>([0.5]).logit(eps: 0.1).item() == 0)
  }

  @Test func shapesBroadcast() {
    let x = Tensor<Double>([[1], [2]])
    #expect(
      x.xlogy(Tensor([1, 2, 3])).shape == [2, 3] && x.logAddExp(Tensor([1, 2])).shape == [2, 2])
    let error = #expect(throws: TensorError.self) {
      try checked { _ = Tensor<Float>([1, 2]).xlogy(Tensor([1, 2, 3])) }
    }
    #expect(error?.description == "xlogy: shapes [2] and [3] do not broadcast")
  }
}
