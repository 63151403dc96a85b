#if OpenCL
  import TestSupport
  import Testing

  @testable import SlopeCore

  /// Writes to places on a device: the order of equal ones, and places that are out of range.
  @Suite(.enabled(if: (try? OpenCLTestDevices.best.get()) != nil))
  struct OpenCLScatterTests {
    private let device: Device

    init() throws { device = try OpenCLTestDevices.best.get() }

    @Test func theLastOfManyEqualPlacesCounts() {
      let generator = Generator(seed: 3)
      for (rows, width) in [(5000, 1), (700, 3), (300, 40)] {
        let places = Tensor<Int>.randint(0, 50, [rows], generator: generator)
        let source = Tensor<Int16>.randint(-999, 999, [rows, width], generator: generator)
        let target = Tensor<Int16>.zeros([60, width])
        let here = target.to(device).indexCopied(source.to(device), at: places.to(device), axis: 0)
        #expect(show(here) == show(target.indexCopied(source, at: places, axis: 0)))
        let turned = target.transposed().to(device).indexCopied(
          source.transposed().to(device), at: places.to(device), axis: 1)
        #expect(show(turned.transposed()) == show(here))
      }
    }

    @Test func aPlaceOutOfRangeIsReportedLater() {
      let x = Tensor<Float>([1, 2, 3]).to(device)
      let source = Tensor<Float>([7, 8]).to(device)
      for bad in [3, -1, Int.max, Int.min] {
        let places = Tensor<Int>([0, bad]).to(device)
        #expect(
          failure { x.scattered(source, at: places, axis: 0) }
            == "scatter: index \(bad) at position 1 is not in 0..<3")
        #expect(
          failure { x.indexCopied(source, at: places, axis: 0).scalars }
            == "indexCopy: index \(bad) at position 1 is not in 0..<3")
      }
      #expect(
        failure { x.putting(source, at: Tensor([0, -4]).to(device)).scalars }
          == "put: index -4 at position 1 is not in 0..<3")
      #expect(show(x.scattered(source, at: Tensor([2, 0]).to(device), axis: 0)) == "[3] 8 2 7")
    }

    @Test func operandsOfTwoDevicesAreRefused() {
      let x = Tensor<Float>([1, 2, 3])
      let there = Tensor<Float>([7, 8]).to(device)
      let places = Tensor<Int>([0, 1])
      let name = device.description
      #expect(
        failure { x.scattered(there, at: places, axis: 0) }
          == "scatter: operands on cpu and \(name)")
      #expect(
        failure { x.putting(there, at: [places], accumulating: true) }
          == "indexPut: operands on cpu and \(name)")
      #expect(
        failure { there.searchSorted(x) } == "searchSorted: operands on \(name) and cpu")
      #expect(failure { x.isIn(there) } == "isIn: operands on cpu and \(name)")
    }

    @Test func whatTheHostFindsComesBackToTheDevice() {
      let x = Tensor<Float>([3, 1, 3, 0]).to(device)
      let found = x.unique()
      #expect(found.values.device == device && found.inverse.device == device)
      #expect(show(found.values) == "[3] 0 1 3" && show(found.inverse) == "[4] 2 1 2 0")
      #expect(show(found.counts) == "[3] 1 1 2" && found.counts.device == device)
      #expect(show(x.nonzero()) == "[3, 1] 0 1 2" && x.nonzero().device == device)
    }
  }
#endif
