import CKernels
import Testing

/// Every primitive on every computing type against KernelReference: special values, tails shorter
/// than a vector, the destination being an operand, and every level of instructions.
@Suite(.serialized) struct KernelPrimitiveTests {
  static let counts = [1, 3, 7, 33, 130]

  @Test func tableIsComplete() {
    #expect(slope_primitive_count() == 76)
    #expect(KernelReference.primitives.count == 76)
    #expect(KernelReference.name(.copy) == "copy")
    #expect(KernelReference.name(.bitwiseNot) == "bitwiseNot")
    #expect(KernelReference.name(.select) == "select")
    #expect(slope_primitive_arity(.sigmoid) == 1)
    #expect(slope_primitive_arity(.add) == 2)
    #expect(slope_primitive_arity(.select) == 3)
  }

  @Test func typesHaveTheirPrimitives() {
    for primitive in KernelReference.primitives {
      let name = KernelReference.name(primitive)
      let isInteger = KernelReference.integer(name, 1, 1, 1, bitCount: 8) != nil
      let isBitwise = name.hasPrefix("bitwise") || name.hasPrefix("shift") || name == "gcd"
      for dtype in KernelDType.all {
        let expected = dtype.isFloating ? !isBitwise : isInteger
        #expect(slope_primitive_exists(primitive, dtype) == expected, "\(name) of \(dtype)")
      }
    }
  }

  @Test(arguments: KernelDType.integers)
  func integersAreExact(dtype: KernelDType) {
    var random = KernelRandom(seed: 1 + UInt64(dtype.rawValue))
    forEachLevel { level in
      for primitive in KernelReference.primitives where slope_primitive_exists(primitive, dtype) {
        let name = KernelReference.name(primitive)
        check(primitive, dtype, level, &random) { a, b, c in
          let result = KernelReference.integer(
            name, a.integer, b.integer, c.integer, bitCount: dtype.bitCount)
          return dtype.mask(UInt64(truncatingIfNeeded: result ?? 0))
        }
      }
    }
  }

  @Test(arguments: [KernelDType.float32, .float64])
  func exactPrimitivesAreExact(dtype: KernelDType) {
    var random = KernelRandom(seed: 20 + UInt64(dtype.rawValue))
    forEachLevel { level in
      for primitive in KernelReference.primitives {
        let name = KernelReference.name(primitive)
        guard KernelReference.exact(name, 1.0, 1.0, 1.0) != nil else { continue }
        check(primitive, dtype, level, &random) { a, b, c in
          if dtype == .float64 {
            return (KernelReference.exact(name, a.double, b.double, c.double) ?? 0).bitPattern
          }
          let result = KernelReference.exact(
            name, Float(a.double), Float(b.double), Float(c.double))
          return UInt64((result ?? 0).bitPattern)
        }
      }
    }
  }

  /// Runs the primitive with every operand in turn as the destination, and with none.
  private func check(
    _ primitive: Primitive, _ dtype: KernelDType, _ level: Int32, _ random: inout KernelRandom,
    _ expected: (KernelNumber, KernelNumber, KernelNumber) -> UInt64
  ) {
    let arity = Int(slope_primitive_arity(primitive))
    let isShift = [.shiftLeft, .shiftRight].contains(primitive)
    var wrong = 0
    for (round, count) in Self.counts.enumerated() {
      let operands = (0..<3).map { _ in random.memory(dtype, count: count) }
      if isShift {
        for index in 0..<count where random.below(4) > 0 {
          operands[1][index] = dtype.cast(.integer(Int128(random.below(dtype.bitCount + 4) - 2)))
        }
      }
      let before = operands.map { KernelMemory(copy: $0) }
      let choice = round % (arity + 1)
      let target = choice == arity ? KernelMemory(dtype, count: count) : operands[choice]
      withExtendedLifetime(operands) {
        slope_apply(
          primitive, dtype, target.pointer, operands[0].pointer,
          arity > 1 ? operands[1].pointer : nil, arity > 2 ? operands[2].pointer : nil,
          Int64(count))
      }
      for index in 0..<count {
        let result = expected(
          before[0].number(index), before[1].number(index), before[2].number(index))
        guard !dtype.same(target[index], result) else { continue }
        wrong += 1
        if wrong == 1 {
          Issue.record(
            """
            \(KernelReference.name(primitive)) of \(dtype), level \(level), \(count) elements: \
            \(before.map { $0.number(index) }) gives \(target.number(index)), \
            not \(dtype.number(result))
            """)
        }
      }
      #expect(target.isIntact)
    }
  }

  @Test func integerCornersByHand() {
    func int8(_ primitive: Primitive, _ a: Int8, _ b: Int8) -> Int8 {
      var (left, right, result) = (a, b, Int8(0))
      slope_apply(primitive, .int8, &result, &left, &right, nil, 1)
      return result
    }
    #expect(int8(.add, 127, 1) == -128)
    #expect(int8(.negate, -128, 0) == -128)
    #expect(int8(.abs, -128, 0) == -128)
    #expect(int8(.divide, -128, -1) == -128)
    #expect(int8(.divide, 5, 0) == 0)
    #expect(int8(.divide, -7, 2) == -3)
    #expect(int8(.floorDivide, -7, 2) == -4)
    #expect(int8(.floorDivide, -128, -1) == -128)
    #expect(int8(.remainder, -7, 3) == 2)
    #expect(int8(.remainder, 7, -3) == -2)
    #expect(int8(.remainder, -128, -1) == 0)
    #expect(int8(.remainder, 7, 0) == 0)
    #expect(int8(.fmod, -7, 3) == -1)
    #expect(int8(.power, 2, 7) == -128)
    #expect(int8(.power, 2, 8) == 0)
    #expect(int8(.power, -1, -3) == -1)
    #expect(int8(.power, -1, -2) == 1)
    #expect(int8(.power, 1, -5) == 1)
    #expect(int8(.power, 0, -1) == 0)
    #expect(int8(.power, 0, 0) == 1)
    #expect(int8(.shiftLeft, 1, 7) == -128)
    #expect(int8(.shiftLeft, 1, 8) == 0)
    #expect(int8(.shiftLeft, 1, -1) == 0)
    #expect(int8(.shiftRight, -128, 7) == -1)
    #expect(int8(.shiftRight, -5, 8) == -1)
    #expect(int8(.shiftRight, 5, 100) == 0)
    #expect(int8(.shiftRight, -5, -1) == -1)
  }

  @Test func floatCornersByHand() {
    func float(_ primitive: Primitive, _ a: Float, _ b: Float = 0, _ c: Float = 0) -> Float {
      var (x, y, z, result) = (a, b, c, Float(0))
      slope_apply(primitive, .float32, &result, &x, &y, &z, 1)
      return result
    }
    #expect(float(.sign, .nan) == 0)
    #expect(float(.round, 2.5) == 2)
    #expect(float(.round, 3.5) == 4)
    #expect(float(.round, -0.5).bitPattern == Float(-0.0).bitPattern)
    #expect(float(.maximum, .nan, 1).isNaN && float(.maximum, 1, .nan).isNaN)
    #expect(float(.minimum, .nan, 1).isNaN && float(.minimum, 1, .nan).isNaN)
    #expect(float(.power, .nan, 0) == 1 && float(.power, 1, .nan) == 1)
    #expect(float(.power, -1, .infinity) == 1 && float(.power, -2, 0.5).isNaN)
    #expect(float(.power, -2, 3) == -8 && float(.power, -2, 2) == 4)
    #expect(float(.power, -0.0, -3) == -.infinity && float(.power, -0.0, -2) == .infinity)
    #expect(
      float(.power, -.infinity, 3) == -.infinity && float(.power, -.infinity, 0.5) == .infinity)
    #expect(float(.power, 16_777_215, 1) == 16_777_215)
    #expect(float(.remainder, -7, 3) == 2 && float(.remainder, 7, -3) == -2)
    #expect(float(.remainder, 5, .infinity) == 5)
    #expect(float(.floorDivide, -7, 2) == -4 && float(.floorDivide, 1, 0) == .infinity)
    #expect(float(.floorDivide, 0.5, -.infinity) == -1)
    #expect(float(.logicalNot, .nan) == 0 && float(.select, .nan, 2, 3) == 2)
    #expect(float(.isNaN, .nan) == 1 && float(.isNaN, .infinity) == 0)
    #expect(float(.hypot, .nan, -.infinity) == .infinity)
    #expect(float(.sigmoid, 1000) == 1 && float(.sigmoid, -1000) == 0)
  }

  /// Quotients near 2^22, where (a - residue) / b is next to the integer that it should be.
  @Test func floorDivideRoundsLargeQuotientsToTheirInteger() {
    var random = KernelRandom(seed: 77)
    var fractions = 0
    for _ in 0..<4000 {
      var b = Float(1 + random.uniform())
      var a = Float(Double((1 << 20) + random.below(1 << 22)) * Double(b) + random.uniform())
      var result: Float = 0
      slope_apply(.floorDivide, .float32, &result, &a, &b, nil, 1)
      #expect(result == KernelReference.exact("floorDivide", a, b, 0))
      let quotient = (a - a.truncatingRemainder(dividingBy: b)) / b
      if quotient != quotient.rounded() { fractions += 1 }
    }
    #expect(fractions > 10)
  }

  @Test(arguments: [KernelDType.float16, .bfloat16])
  func narrowFloatsComputeInFloatAndRoundOnce(dtype: KernelDType) {
    var random = KernelRandom(seed: 5)
    let count = 2100
    let a = random.memory(dtype, count: count)
    let b = random.memory(dtype, count: count)
    let c = random.memory(dtype, count: count)
    for name in ["add", "multiply", "divide", "negate", "select", "less"] {
      let target = KernelMemory(dtype, count: count)
      slope_apply(
        KernelReference.primitive(name), dtype, target.pointer, a.pointer, b.pointer, c.pointer,
        Int64(count))
      for index in 0..<count {
        let result = KernelReference.exact(
          name, Float(a.number(index).double), Float(b.number(index).double),
          Float(c.number(index).double))
        let bits = dtype.cast(.floating(Double(result ?? 0)))
        guard !dtype.same(target[index], bits) else { continue }
        Issue.record("\(name) of \(dtype) at \(index)")
        break
      }
      #expect(target.isIntact)
    }
  }
}
