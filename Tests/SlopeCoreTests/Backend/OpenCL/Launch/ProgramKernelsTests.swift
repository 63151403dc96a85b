#if OpenCL
  import Testing

  @testable import SlopeCore

  @Suite(.enabled(if: (try? OpenCLTestDevices.best.get()) != nil)) struct ProgramKernelsTests {
    private let device: Device
    private let backend: OpenCLBackend

    init() throws {
      // A separate device, whose programs nothing else runs.
      let best = try #require(try OpenCLTestDevices.best.get().backend as? OpenCLBackend)
      backend = try OpenCLBackend(best.device)
      device = Device(backend)
    }

    @Test func programsThatAreNoMoreAreForgotten() {
      let x = Tensor<Float>([1, 2]).to(device)
      let kept = Pointwise { x in x * 3 }
      #expect(kept(x).scalars == [3, 6])
      for _ in 0..<700 { _ = Pointwise { x in x * 3 }(x) }
      #expect(backend.programKernels.count <= 256)
      let builds = device.statistics.builds
      #expect(kept(x).scalars == [3, 6])
      #expect(device.statistics.builds == builds)
    }

    @Test func programsThatAreAllStay() {
      let x = Tensor<Float>([1, 2]).to(device)
      let functions = (0..<300).map { _ in Pointwise { x in x * 3 } }
      for function in functions { _ = function(x) }
      #expect(backend.programKernels.count >= 300)
      for function in functions { #expect(function(x).scalars == [3, 6]) }
    }

    @Test func aKernelBelongsToTheTypesAndPlacesOfItsOperands() {
      let add = Pointwise { x, y in x + y }
      let (x, y) = (
        Tensor<Float>([[1, 2], [3, 4]]).to(device), Tensor<Float>([10, 20]).to(device)
      )
      #expect(add(x, x).scalars == [2, 4, 6, 8])
      #expect(add(x, y).scalars == [11, 22, 13, 24])
      #expect(add(x.transposed(), y).scalars == [11, 23, 12, 24])
      let (a, b) = (Tensor<Int32>([1, 2]).to(device), Tensor<Int32>([3, 4]).to(device))
      #expect(add(a, b).scalars == [4, 6])
      // One entry for each element type, for any number of kinds of operands.
      let count = backend.programKernels.count
      #expect(add(x, y[0]).scalars == [11, 12, 13, 14])
      #expect(backend.programKernels.count == count)
    }
  }
#endif
