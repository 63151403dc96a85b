#if OpenCL
  import Testing

  @testable import SlopeCore

  /// Running sums have the bits of the CPU's, in both forms of kernels and without Double.
  @Suite struct OpenCLScanTests {
    private static let shapes: [([Int], axis: Int)] = [
      ([1], 0), ([64], 0), ([65], 0), ([9000], 0), ([3, 200], 1), ([70, 3], 0), ([2, 130, 20], 1),
      ([100, 4], 1), ([5000, 3], 0),
    ]

    private func device(_ variant: KernelVariant?, hasDouble: Bool) throws -> Device {
      var description = try #require(try OpenCLDescription.all().first)
      if !hasDouble { description.hasDouble = false }
      return Device(try OpenCLBackend(description, variant: variant, cache: nil))
    }

    @Test(arguments: KernelVariant.allCases) func sumsHaveTheSameBits(variant: KernelVariant) throws
    {
      let device = try device(variant, hasDouble: true)
      compare(Float.self, on: device)
      compare(Double.self, on: device)
      compare(Float16.self, on: device)
      compareIntegers(on: device)
    }

    @Test func sumsHaveTheSameBitsWithoutDouble() throws {
      let device = try device(nil, hasDouble: false)
      compare(Float.self, on: device)
      compare(Float16.self, on: device)
      compare(BFloat16.self, on: device)
    }

    private func compare<Element: FloatingElement>(_: Element.Type, on device: Device) {
      let limits = Element.dtype.limits
      for (place, (shape, axis)) in Self.shapes.enumerated() {
        let generator = Generator(seed: UInt64(place))
        var numbers = withDevice(.cpu) {
          (Tensor<Double>.normal(Shape(shape), generator: generator) * 3).scalars
        }
        // Large and subnormal ones, halves between two numbers, and what is not finite.
        for index in numbers.indices {
          switch index % 13 {
          case 1: numbers[index] *= 1e-5
          case 3: numbers[index] *= limits.least * 9
          case 5: numbers[index] *= limits.greatest / 400
          case 7: numbers[index] = 0
          case 9 where place % 3 == 2 && index > 100: numbers[index] = .infinity
          case 10 where place % 3 == 2 && index > 300: numbers[index] = -.infinity
          default: break
          }
        }
        for (exclusive, reversed) in [(false, false), (true, false), (false, true), (true, true)] {
          func sums(_ device: Device) -> [UInt64] {
            withDevice(device) {
              Tensor(shape: Shape(shape), scalars: numbers.map { Element($0) })
                .cumulativeSum(axis: axis, exclusive: exclusive, reversed: reversed).scalars.map {
                  $0 == $0 ? $0.computeBits : Element(Double.nan).computeBits
                }
            }
          }
          #expect(
            sums(device) == sums(.cpu), "\(Element.dtype) \(shape) \(exclusive) \(reversed)")
        }
      }
    }

    private func compareIntegers(on device: Device) {
      for (shape, axis) in Self.shapes {
        func sums(_ device: Device) -> [Int] {
          withDevice(device) {
            Tensor<Int>.arange(shape.reduce(1, *)).reshaped(to: Shape(shape))
              .pow(7).cumulativeSum(axis: axis, reversed: true).scalars
          }
        }
        #expect(sums(device) == sums(.cpu), "\(shape)")
      }
    }

    /// The rows that KernelScanTests has for the CPU.
    @Test func rowsThatHaveToBeSummedAgainAre() throws {
      let device = try device(nil, hasDouble: true)
      let unit = 0x1p-108
      for extent in [127, 191] {
        var numbers = [Double](repeating: 0, count: extent)
        (numbers[0], numbers[1]) = (1, 0x1p-53 - 1.5 * 0x1p-56)
        numbers[64 + 57] = 1.5 * 0x1p-56 + 2 * unit
        for place in 122..<127 { numbers[place] = 0.51 * unit }
        var large = [Double](repeating: 0, count: extent)
        (large[0], large[70], large[71]) = (-1.7e308, 1.7e308, 1.7e308)
        for row in [numbers, numbers.map { -$0 }, large] {
          let found = withDevice(device) { Tensor(row).cumulativeSum(axis: 0).scalars }
          let expected = withDevice(.cpu) { Tensor(row).cumulativeSum(axis: 0).scalars }
          #expect(found == expected)
        }
      }
    }
  }
#endif
