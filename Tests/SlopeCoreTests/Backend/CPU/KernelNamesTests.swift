import COpenBLAS
import Testing

@testable import SlopeCore

@Suite struct KernelNamesTests {
  @Test func loopsAreCalledByTheBestLevel() {
    #expect(KernelNames.loops(levelCount: 1) == "baseline")
    #expect(KernelNames.loops(levelCount: 2) == "AVX2")
    #expect(KernelNames.loops(levelCount: 3) == "AVX-512")
    #expect(["baseline", "AVX2", "AVX-512"].contains(KernelNames.loops))
  }

  @Test func productsAreCalledByLibraryVersionAndKernel() {
    let config = "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=64"
    #expect(
      KernelNames.products(.ready, config: config, kernel: "Haswell", problem: "")
        == "OpenBLAS 0.3.21, Haswell")
    #expect(
      KernelNames.products(.ready, config: nil, kernel: nil, problem: "") == "OpenBLAS")
  }

  @Test func aLibraryThatIsNotThereIsSaid() {
    #expect(
      KernelNames.products(.missing, config: nil, kernel: nil, problem: "libopenblas.so.0: none")
        == "OpenBLAS is missing: libopenblas.so.0: none")
    #expect(
      KernelNames.products(.withoutMemory, config: nil, kernel: nil, problem: "")
        == "OpenBLAS has no memory to work in")
  }

  @Test func theLibraryOfThisMachineIsFound() {
    #expect(KernelNames.products.hasPrefix("OpenBLAS 0."), "\(KernelNames.products)")
    #expect(KernelNames.products.contains(", "))
    #if OpenCL
      #expect(
        KernelNames.openCL == "loader found" || KernelNames.openCL.hasPrefix("no loader: lib"))
    #endif
  }
}
