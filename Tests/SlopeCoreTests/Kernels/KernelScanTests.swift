import CKernels
import Testing

/// Running sums against sums of many more digits, with every number of threads.
@Suite(.serialized) struct KernelScanTests {
  private static let floating: [KernelDType] = [.float16, .bfloat16, .float32, .float64]

  /// Shapes for each way of summing: short, narrow and wide rows, several blocks and spans.
  private static let shapes: [(outer: Int, extent: Int, inner: Int)] = [
    (1, 1, 1), (3, 64, 1), (70, 5, 3), (2, 40, 25), (2, 65, 1), (3, 1000, 1), (1, 4096, 1),
    (2, 8200, 1), (1, 4200, 5), (2, 129, 16), (2, 130, 17), (1, 70, 150), (1, 4100, 20),
  ]

  @Test(arguments: floating, [1, 2, 3, 5])
  func sumsAreRoundedOnce(dtype: KernelDType, threads: Int) {
    var random = KernelRandom(seed: UInt64(dtype.rawValue) + 10 * UInt64(threads))
    withThreads(threads) {
      for (outer, extent, inner) in Self.shapes {
        let count = outer * extent * inner
        let source = random.moderate(dtype, count: count)
        for (exclusive, reverse) in [(false, false), (true, false), (false, true), (true, true)] {
          let out = KernelMemory(dtype, count: count)
          slope_scan(
            dtype, exclusive, reverse, out.pointer, source.pointer, Int64(outer), Int64(extent),
            Int64(inner))
          #expect(out.isIntact)
          var wrong = 0
          for lane in 0..<outer * inner {
            var sum = WideSum()
            for place in 0..<extent {
              let at =
                (lane / inner * extent + (reverse ? extent - 1 - place : place)) * inner
                + lane % inner
              let before = sum.value
              sum.add(source.number(at).double)
              let wanted = exclusive ? before : sum.value
              // Rounded once: within half a unit, where the exact sum is almost between two.
              if out[at] != dtype.cast(.floating(Double(wanted))),
                abs(WideFloat(out.number(at).double) - wanted) > wanted.magnitude * Self.half(dtype)
              {
                wrong += 1
              }
            }
          }
          #expect(wrong == 0, "\(dtype) [\(outer), \(extent), \(inner)] \(exclusive) \(reverse)")
        }
      }
    }
  }

  /// Half a unit in the last place of numbers next to 1, and a little more.
  private static func half(_ dtype: KernelDType) -> WideFloat {
    let unit: WideFloat =
      switch dtype {
      case .float16: 0x1p-11
      case .bfloat16: 0x1p-8
      case .float32: 0x1p-24
      default: 0x1p-53
      }
    return unit * 1.0001
  }

  @Test func integersWrap() {
    var random = KernelRandom(seed: 3)
    for dtype in [KernelDType.int64, .uint64] {
      for (outer, extent, inner) in Self.shapes {
        let count = outer * extent * inner
        let source = KernelMemory(dtype, count: count)
        for index in 0..<count { source[index] = random.next() }
        for (exclusive, reverse) in [(false, false), (true, true)] {
          for threads in [1, 4] {
            let out = KernelMemory(dtype, count: count)
            withThreads(threads) {
              slope_scan(
                dtype, exclusive, reverse, out.pointer, source.pointer, Int64(outer),
                Int64(extent), Int64(inner))
            }
            var wrong = 0
            for lane in 0..<outer * inner {
              var sum: UInt64 = 0
              for place in 0..<extent {
                let at =
                  (lane / inner * extent + (reverse ? extent - 1 - place : place)) * inner
                  + lane % inner
                let before = sum
                sum &+= source[at]
                if out[at] != (exclusive ? before : sum) { wrong += 1 }
              }
            }
            #expect(wrong == 0 && out.isIntact, "\(dtype) [\(outer), \(extent), \(inner)]")
          }
        }
      }
    }
  }

  @Test(arguments: floating)
  func theBitsDependOnNeitherThreadsNorNeighbours(dtype: KernelDType) {
    var random = KernelRandom(seed: 5)
    let extent = 9000
    let row = random.moderate(dtype, count: extent)
    func sums(_ source: KernelMemory, _ outer: Int, _ inner: Int, threads: Int) -> KernelMemory {
      let out = KernelMemory(dtype, count: source.count)
      withThreads(threads) {
        slope_scan(
          dtype, false, false, out.pointer, source.pointer, Int64(outer), Int64(extent),
          Int64(inner))
      }
      return out
    }
    let alone = sums(row, 1, 1, threads: 1)
    for threads in [2, 3, 8] {
      #expect(sums(row, 1, 1, threads: threads).allBits == alone.allBits)
    }
    for inner in [2, 16, 17, 70] {
      let columns = KernelMemory(dtype, count: extent * inner)
      for index in 0..<extent * inner { columns[index] = row[index / inner] }
      for threads in [1, 4] {
        let found = sums(columns, 1, inner, threads: threads)
        #expect((0..<extent).allSatisfy { found[$0 * inner + inner - 1] == alone[$0] })
      }
    }
  }

  @Test(arguments: floating)
  func aSumNeverFallsWhereNothingNegativeIsAdded(dtype: KernelDType) {
    var random = KernelRandom(seed: 7)
    for (extent, inner) in [(64, 1), (5000, 1), (700, 3), (400, 40)] {
      let source = KernelMemory(dtype, count: extent * inner)
      for index in 0..<extent * inner {
        let size = Double(random.next() >> 11) * 0x1p-53
        source[index] = dtype.cast(.floating(index % 3 == 0 ? 0.1 : index % 7 == 0 ? size : 0))
      }
      for sign in [1.0, -1] {
        let signed = KernelMemory(dtype, source.doubles.map { $0 * sign })
        let out = KernelMemory(dtype, count: source.count)
        slope_scan(
          dtype, false, false, out.pointer, signed.pointer, 1, Int64(extent), Int64(inner))
        #expect(signed.isIntact)
        let sums = out.doubles
        #expect(
          (inner..<sums.count).allSatisfy { sign * sums[$0] >= sign * sums[$0 - inner] })
      }
    }
  }

  /// Pairs of Doubles have errors too: here the sum of a block falls below one before.
  @Test(arguments: [1.0, -1])
  func aSumIsKeptWhereItsPartsWouldFall(sign: Double) {
    let unit = 0x1p-108
    let start = 1.5 * 0x1p-56 + 2 * unit
    for (extent, inner) in [(127, 1), (191, 1), (127, 20), (191, 20)] {
      var numbers = [Double](repeating: 0, count: extent * inner)
      for column in 0..<inner {
        numbers[column] = sign
        numbers[inner + column] = sign * (0x1p-53 - 1.5 * 0x1p-56)
        numbers[(64 + 57) * inner + column] = sign * start
        for place in 122..<127 { numbers[place * inner + column] = sign * 0.51 * unit }
      }
      let out = KernelMemory(.float64, count: numbers.count)
      let source = KernelMemory(.float64, numbers)
      slope_scan(
        .float64, false, false, out.pointer, source.pointer, 1, Int64(extent), Int64(inner))
      #expect(source.isIntact)
      let sums = out.doubles.map { $0 * sign }
      #expect((inner..<sums.count).allSatisfy { sums[$0] >= sums[$0 - inner] })
      // Without a further block the greater sum stays; with one the row is summed in order.
      #expect(sums[sums.count - 1] == (extent == 127 ? 1 + 0x1p-52 : 1))
      #expect(sums[124 * inner] == (extent == 127 ? 1 + 0x1p-52 : 1))
    }
  }

  @Test func aBlockMayOverflowThoughTheSumDoesNot() {
    for inner in [1, 30] {
      var numbers = [Double](repeating: 0, count: 200 * inner)
      for column in 0..<inner {
        numbers[column] = -1.7e308
        numbers[70 * inner + column] = 1.7e308
        numbers[71 * inner + column] = 1.7e308
        numbers[199 * inner + column] = 1e308
      }
      let out = KernelMemory(.float64, count: numbers.count)
      let source = KernelMemory(.float64, numbers)
      slope_scan(.float64, false, false, out.pointer, source.pointer, 1, 200, Int64(inner))
      #expect(source.isIntact)
      let last = (0..<200).map { out.doubles[$0 * inner + inner - 1] }
      #expect(last[0] == -1.7e308 && last[70] == 0 && last[71] == 1.7e308 && last[198] == 1.7e308)
      #expect(last[199] == .infinity)
    }
  }

  @Test(arguments: floating)
  func infinityAndNaNStay(dtype: KernelDType) {
    for extent in [6, 100] {
      var numbers = [Double](repeating: 1, count: extent)
      (numbers[2], numbers[4]) = (.infinity, -.infinity)
      let (out, source) = (KernelMemory(dtype, count: extent), KernelMemory(dtype, numbers))
      slope_scan(dtype, false, false, out.pointer, source.pointer, 1, Int64(extent), 1)
      #expect(source.isIntact)
      let sums = out.doubles
      #expect(sums[..<4] == [1, 2, .infinity, .infinity])
      #expect(sums[4...].allSatisfy { $0.isNaN })
    }
  }

  private func withThreads(_ count: Int, _ body: () -> Void) {
    let before = slope_thread_count()
    slope_set_thread_count(Int32(count))
    defer { slope_set_thread_count(before) }
    body()
  }
}

/// A sum with the errors of its additions.
private struct WideSum {
  private var sum = WideFloat(0)
  private var lost = WideFloat(0)

  var value: WideFloat { sum + lost }

  mutating func add(_ number: Double) {
    let x = WideFloat(number)
    let next = sum + x
    lost += sum.magnitude >= x.magnitude ? (sum - next) + x : (x - next) + sum
    sum = next
  }
}
