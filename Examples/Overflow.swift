/// Overflow and NaN: the range of each element type, and what happens beyond it.
///
/// docs/overflow.md explains it, section by section.
import Slope

@main
struct Overflow {
  static func main() {
    limits()
    wrapping()
    integerDivision()
    infinities()
    notANumber()
    underflow()
    casts()
    precision()
    longSums()
    stability()
    memory()
  }

  static func limits() {
    section("The limits of the types")
    func integer<Element: IntegerElement>(_ type: Element.Type) {
      print(
        "\(Element.dtype): bytes \(Element.dtype.byteCount), least \(Element.min), greatest \(Element.max)"
      )
    }
    integer(UInt8.self)
    integer(UInt16.self)
    integer(UInt32.self)
    integer(UInt64.self)
    integer(Int8.self)
    integer(Int16.self)
    integer(Int32.self)
    integer(Int64.self)

    func floating<Element: FloatingElement>(
      _ greatest: Element, _ normal: Element, _ positive: Element, _ epsilon: Element
    ) {
      print(
        "\(Element.dtype): bytes \(Element.dtype.byteCount), least -\(greatest), greatest \(greatest)"
      )
      print("  smallest normal \(normal), smallest positive \(positive), epsilon \(epsilon)")
    }
    floating(
      Float16.greatestFiniteMagnitude, .leastNormalMagnitude, .leastNonzeroMagnitude, .ulpOfOne)
    floating(
      BFloat16.greatestFiniteMagnitude, .leastNormalMagnitude, .leastNonzeroMagnitude, .ulpOfOne)
    floating(
      Float.greatestFiniteMagnitude, .leastNormalMagnitude, .leastNonzeroMagnitude, .ulpOfOne)
    floating(
      Double.greatestFiniteMagnitude, .leastNormalMagnitude, .leastNonzeroMagnitude, .ulpOfOne)
  }

  static func wrapping() {
    section("Integers wrap around")
    let a = Tensor<UInt8>([250, 5, 16])
    let b = Tensor<UInt8>([10, 10, 16])
    print("a + b =", a + b)
    print("a - b =", a - b)
    print("a * b =", a * b)
    print("2⁷, 2⁸, 2⁹ =", Tensor<UInt8>(2).pow(Tensor([7, 8, 9])))

    let c = Tensor<Int8>([127, -128])
    print("c + 1 =", c + 1)
    print("-c =", -c)
    print("|c| =", c.abs())
    let row = Tensor<Int8>([[100, 100]])
    print("row · rowᵀ =", matmul(row, row.transposed()))

    print("200 + 200 + 200 =", Tensor<UInt8>([200, 200, 200]).sum())
    print("a + b, cast first =", a.cast(to: Int.self) + b.cast(to: Int.self))
  }

  static func integerDivision() {
    section("Integers divided by zero give zero")
    let n = Tensor<Int8>([7, -7, 7, 0, -128])
    let d = Tensor<Int8>([2, 2, 0, 0, -1])
    print("n / d =", n / d)
    print("⌊n / d⌋ =", n.floorDivided(by: d))
    print("n mod d =", n.remainder(d))
    print("cast first =", n.cast(to: Float.self) / d.cast(to: Float.self))
  }

  static func infinities() {
    section("Floats overflow to infinity")
    print("65504 + [15, 16, 65504] =", Tensor<Float16>([15, 16, 65504]) + 65504)
    print("the same in BFloat16 =", Tensor<BFloat16>([15, 16, 65504]) + 65504)
    print("3e38 · 10 =", Tensor<Float>(3e38) * 10)
    print("3e38 · 10 in Double =", Tensor<Double>(3e38) * 10)
    print("exp of 88, 89, 1000 =", Tensor<Float>([88, 89, 1000]).exp())
    print("1/0, −1/0 =", Tensor<Float>([1, -1]) / 0)
    print("log 0 =", Tensor<Float>(0).log())
  }

  static func notANumber() {
    section("NaN: no number at all")
    let infinity = Tensor<Float>(.infinity)
    print("inf − inf =", infinity - infinity)
    print("0 · inf =", 0 * infinity)
    print("0/0 =", Tensor<Float>(0) / 0)
    print("√−1 =", Tensor<Float>(-1).sqrt())
    print("log −1 =", Tensor<Float>(-1).log())

    let x = Tensor<Float>([1, .nan, 3])
    print("x == x:", x .== x)
    print("x < 2:", x .< 2)
    print("sum =", x.sum())
    print("max =", x.max())
    print("argmax =", x.argmax())
    print("maximum(x, 2) =", maximum(x, Tensor<Float>(2)))
    print("relu =", x.relu())
    print("x to the power 0 =", x.pow(0))

    print("is NaN:", x.isNaN())
    print("all finite:", x.isFinite().all())
    print("replaced =", Tensor.where(x.isNaN(), Tensor<Float>(0), x))
  }

  static func underflow() {
    section("Small numbers vanish")
    print("Float16:", Tensor<Float16>([6e-5, 6e-8, 2e-8]))
    print("BFloat16:", Tensor<BFloat16>([6e-5, 6e-8, 2e-8]))
    print("0.0001² in Float16 =", Tensor<Float16>(1e-4).square())
    print("0.0001² in BFloat16 =", Tensor<BFloat16>(1e-4).square())
    print("1e-30² in Float =", Tensor<Float>(1e-30).square())
    print("1e-30² in Double =", Tensor<Double>(1e-30).square())
  }

  static func casts() {
    section("Casts saturate, wrap or round")
    let x = Tensor<Double>([300.7, -1.5, .nan, 1e10])
    print("to UInt8:", x.cast(to: UInt8.self))
    print("to Int32:", x.cast(to: Int32.self))
    print("to Bool:", x.cast(to: Bool.self))
    print("[300, -1] to UInt8:", Tensor([300, -1]).cast(to: UInt8.self))
    print("to Float16:", Tensor<Float>([65504, 65519, 65520]).cast(to: Float16.self))
    print("to Float:", Tensor([16_777_216, 16_777_217, 16_777_219]).cast(to: Float.self))
  }

  static func precision() {
    section("Precision, range and memory")
    func sums<Element: FloatingElement>(_ type: Element.Type) {
      print(Element.dtype, "0.1 + 0.2 =", (Tensor<Element>(0.1) + 0.2).item())
      let whole = Tensor<Element>([256, 2048, 16_777_216])
      print("  256 + 1, 2048 + 1, 16777216 + 1:", (whole + 1 .== whole).scalars)
      print("  1 + 2⁻⁹ =", (Tensor<Element>(0x1p-9) + 1).item())
      print("  300 · 300 =", Tensor<Element>(300).square().item())
    }
    sums(Float16.self)
    sums(BFloat16.self)
    sums(Float.self)
    sums(Double.self)
  }

  static func longSums() {
    section("Long sums")
    var total: Float = 0
    for _ in 0..<10_000_000 { total += 0.1 }
    print("0.1 added 10⁷ times, one by one =", total)
    print("sum() =", Tensor<Float>.full([10_000_000], 0.1).sum().item())
    print("a thousand ones in BFloat16 =", Tensor<BFloat16>.ones([1000]).sum().item())
  }

  static func stability() {
    section("The same formula, written so that it holds")
    let scores = Tensor<Float>([1000, 0])
    print("exp(x) / Σ exp(x) =", scores.exp() / scores.exp().sum())
    print("softmax =", scores.softmax())
    print("log softmax =", scores.softmax().log())
    print("logSoftmax =", scores.logSoftmax())

    let largest = scores.max()
    print("log Σ exp(x) =", scores.exp().sum().log())
    print("m + log Σ exp(x − m) =", largest + (scores - largest).exp().sum().log())

    let labels = Tensor([1])
    print("−log softmax of class 1 =", -scores.softmax().log()[1])
    print("its loss =", CrossEntropyLoss<Float>()(scores.reshaped(to: [1, 2]), labels))

    let tiny = Tensor<Float>(1e-10)
    print("log(1 + x), log1p(x) =", (tiny + 1).log().item(), tiny.log1p().item())
    let a = Tensor<Float>(3e20)
    let b = Tensor<Float>(4e20)
    print("√(a² + b²), hypot =", (a.square() + b.square()).sqrt().item(), a.hypot(b).item())
    print("sigmoid of ±1000 =", Tensor<Float>([-1000, 1000]).sigmoid())
  }

  static func memory() {
    section("What a million elements take")
    for dtype in DType.allCases {
      print(dtype, "\(dtype.byteCount) MB")
    }
  }

  static func section(_ title: String) { print("\n## \(title)") }
}
