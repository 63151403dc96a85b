import ConformanceKit
import Slope
import Testing

private func accepts(_ tolerance: Tolerance, _ got: Double, _ want: Double) -> Bool {
  tolerance.accepts(.real(got), for: .real(want))
}

@Test func exactTakesNaNForNaNAndEitherZero() {
  let exact = Tolerance.exact(signedZero: false)
  #expect(accepts(exact, .nan, .nan))
  #expect(!accepts(exact, 1, .nan))
  #expect(!accepts(exact, .nan, 1))
  #expect(accepts(exact, -0.0, 0))
  #expect(accepts(exact, .infinity, .infinity))
  #expect(!accepts(exact, -.infinity, .infinity))
  #expect(!accepts(exact, 1.nextUp, 1))
}

@Test func signedZeroTellsZerosApart() {
  let exact = Tolerance.exact(signedZero: true)
  #expect(!accepts(exact, -0.0, 0))
  #expect(!accepts(exact, 0, -0.0))
  #expect(accepts(exact, -0.0, -0.0))
  #expect(accepts(exact, .nan, .nan))
}

@Test func closeAddsAbsoluteAndRelativeParts() {
  let close = Tolerance.close(relative: 0.125, absolute: 0.5)
  // |want| = 4: the bound is 0.5 + 0.125 · 4 = 1.
  #expect(accepts(close, 5, 4) && accepts(close, 3, 4))
  #expect(!accepts(close, 5.0.nextUp, 4) && !accepts(close, 3.0.nextDown, 4))
  #expect(accepts(close, -5, -4) && !accepts(close, -(5.0.nextUp), -4))
  // The relative part is of the expected number: 0.5 + 0.125 · 8 = 1.5, not of the computed one.
  #expect(accepts(close, 9.5, 8) && !accepts(close, 9.5.nextUp, 8))
}

@Test func closeNeedsInfinitiesAndNaNToAgree() {
  let close = Tolerance.close(relative: 1, absolute: 1e300)
  #expect(accepts(close, .infinity, .infinity) && accepts(close, .nan, .nan))
  #expect(!accepts(close, 1, .infinity) && !accepts(close, .infinity, 1))
  #expect(!accepts(close, .nan, 1) && !accepts(close, 1, .nan))
  #expect(!accepts(close, -.infinity, .infinity))
}

@Test func integersCompareExactlyBeyondDouble() {
  let exact = Tolerance.exact(signedZero: false)
  let big = Int128(UInt64.max)
  #expect(exact.accepts(.integer(big), for: .integer(big)))
  #expect(!exact.accepts(.integer(big - 1), for: .integer(big)))
  #expect(exact.accepts(.integer(3), for: .real(3)))
  #expect(!exact.accepts(.integer(3), for: .real(3.5)))
  #expect(!exact.accepts(.integer(9_007_199_254_740_993), for: .real(9_007_199_254_740_992)))
}

@Test(arguments: [
  (DType.bool, 1, Number.integer(1)), (.uint8, 200, .integer(200)), (.int8, -100, .integer(-100)),
  (.uint16, 60000, .integer(60000)), (.int16, -30000, .integer(-30000)),
  (.uint32, 4e9, .integer(4_000_000_000)), (.int32, -2e9, .integer(-2_000_000_000)),
  (.uint64, 1e19, .integer(10_000_000_000_000_000_000)),
  (.int64, -5e18, .integer(-5 * 1_000_000_000_000_000_000)),
  (.float16, 1.0009765625, .real(1.0009765625)), (.bfloat16, 1.0078125, .real(1.0078125)),
  (.float32, 0.1, .real(Double(Float(0.1)))), (.float64, 0.1, .real(0.1)),
])
func elementsOfEveryTypeAreReadBack(dtype: DType, value: Double, number: Number) {
  let data = TensorData(shape: [2], values: [0, value], as: dtype)
  #expect(data.count == 2)
  #expect(data.bytes.count == 2 * dtype.byteCount)
  #expect(data[1] == number)
}
