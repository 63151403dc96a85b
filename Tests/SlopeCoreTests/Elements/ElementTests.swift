import CKernels
import Testing

@testable import SlopeCore

@Suite struct ElementTests {
  @Test(
    arguments: [
      (.bool, "bool", 1, .uint8, .int64), (.uint8, "uint8", 1, .uint8, .int64),
      (.uint16, "uint16", 2, .uint16, .int64), (.uint32, "uint32", 4, .uint32, .int64),
      (.uint64, "uint64", 8, .uint64, .uint64), (.int8, "int8", 1, .int8, .int64),
      (.int16, "int16", 2, .int16, .int64), (.int32, "int32", 4, .int32, .int64),
      (.int64, "int64", 8, .int64, .int64), (.float16, "float16", 2, .float32, .float16),
      (.bfloat16, "bfloat16", 2, .float32, .bfloat16), (.float32, "float32", 4, .float32, .float32),
      (.float64, "float64", 8, .float64, .float64),
    ] as [(DType, String, Int, DType, DType)])
  func dtypeProperties(
    dtype: DType, name: String, byteCount: Int, compute: DType, accumulated: DType
  ) {
    #expect(dtype.name == name && dtype.description == name && dtype.byteCount == byteCount)
    #expect(dtype.computeType == compute && dtype.accumulatedType == accumulated)
    #expect(dtype.isFloating == name.contains("float"))
    #expect(dtype.isInteger == name.contains("int"))
    #expect(dtype.isSignedInteger == name.hasPrefix("int"))
  }

  @Test func dtypesAreThoseOfTheKernels() {
    let kernels: [KernelDType] = [
      .bool, .uint8, .uint16, .uint32, .uint64, .int8, .int16, .int32, .int64, .float16,
      .bfloat16, .float32, .float64,
    ]
    #expect(DType.allCases.map(\.kernelType) == kernels)
    let reductions: [KernelReduction] = [
      .sum, .mean, .product, .maximum, .minimum, .argMaximum, .argMinimum,
    ]
    #expect(ReductionKind.allCases.map(\.kernelKind) == reductions)
  }

  @Test func elementTypesNameTheirDtype() {
    func check<Element: TensorElement>(
      _ type: Element.Type, _ dtype: DType, _ one: Element, _ bits: UInt64
    ) {
      #expect(Element.dtype == dtype && Tensor(one).dtype == dtype)
      #expect(MemoryLayout<Element>.size == dtype.byteCount)
      #expect(one.computeBits == bits && Element.zeroBits.computeBits == 0)
      #expect(Element.Accumulated.dtype == dtype.accumulatedType)
    }
    check(Bool.self, .bool, true, 1)
    check(UInt8.self, .uint8, 200, 200)
    check(UInt16.self, .uint16, 65535, 65535)
    check(UInt32.self, .uint32, .max, 0xFFFF_FFFF)
    check(UInt64.self, .uint64, .max, .max)
    check(Int8.self, .int8, -1, .max)
    check(Int16.self, .int16, -2, .max - 1)
    check(Int32.self, .int32, 7, 7)
    check(Int64.self, .int64, -1, .max)
    check(Int.self, .int64, 5, 5)
    check(Float16.self, .float16, 1.5, UInt64((1.5 as Float).bitPattern))
    check(BFloat16.self, .bfloat16, 1.5, UInt64((1.5 as Float).bitPattern))
    check(Float.self, .float32, -0.1, UInt64((-0.1 as Float).bitPattern))
    check(Double.self, .float64, 0.1, (0.1 as Double).bitPattern)
  }

  @Test func integersSaturateAndTruncate() {
    let cases: [Double] = [300.7, -1.5, -0.9, 1.9, 1e300, -.infinity, .nan]
    #expect(cases.map { UInt8(clamping: $0) } == [255, 0, 0, 1, 255, 0, 0])
    #expect(cases.map { Int8(clamping: $0) } == [127, -1, 0, 1, 127, -128, 0])
    #expect(Int32(clamping: 1e10) == .max && Int32(clamping: -1e10) == .min)
    #expect(Int64(clamping: 0x1p63) == .max && Int64(clamping: -0x1p63) == .min)
    #expect(UInt64(clamping: 0x1p64) == .max && UInt64(clamping: 0x1p63) == 1 << 63)
    #expect(Float(clamping: 0.1) == 0.1 && Double(clamping: 0.1) == 0.1)
    #expect(
      Float16(clamping: 65520) == .infinity && BFloat16(clamping: 1e39).floatValue == .infinity)
    #expect((-3 as Int16).doubleValue == -3 && (0.5 as Float16).doubleValue == 0.5)
    #expect((0.5 as Float).doubleValue == 0.5 && BFloat16(-0.5 as Float).doubleValue == -0.5)
  }

  @Test(arguments: DType.allCases)
  func constantsAreConvertedOnce(dtype: DType) {
    let bits = dtype.computeBits(of: -1.5)
    switch dtype {
    case .bool: #expect(bits == 1 && dtype.computeBits(of: 0) == 0)
    case .uint8, .uint16, .uint32, .uint64: #expect(bits == 0 && dtype.computeBits(of: 7.9) == 7)
    case .int8, .int16, .int32, .int64: #expect(bits == UInt64(bitPattern: -1))
    case .float16, .bfloat16, .float32: #expect(bits == UInt64((-1.5 as Float).bitPattern))
    case .float64: #expect(bits == (-1.5).bitPattern)
    }
  }
}
