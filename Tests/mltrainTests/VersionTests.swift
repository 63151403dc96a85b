import Glibc
import SlopeData
import TestSupport
import Testing

/// `mltrain --version`: number and commit, and by what this machine computes.
@Suite struct VersionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func lines(environment: [String] = []) throws -> [Substring] {
    let run = try CommandRun(["--version"], in: folder, environment: environment)
    #expect(run.exitCode == 0 && run.error.isEmpty, "\(run.error)")
    return run.output.split(separator: "\n", omittingEmptySubsequences: false)
  }

  @Test func theFirstLineHasANumberAndACommit() throws {
    let lines = try lines()
    #expect(lines.first == "mltrain \(SlopeVersion.description)")
    #expect(lines.first?.contains(SlopeVersion.number + " (") == true)
  }

  @Test func theOtherLinesSayByWhatIsComputed() throws {
    let lines = try lines()
    #expect(lines.count == 5 && lines.last == "")
    #expect(["loops: baseline", "loops: AVX2", "loops: AVX-512"].contains(lines[1]))
    #expect(lines[2].hasPrefix("products: OpenBLAS 0.") && lines[2].contains(", "), "\(lines[2])")
    #expect(lines[3].hasPrefix("OpenCL: "))
    // As every command of the program says it.
    let fit = try CommandRun(["fit", "--version"], in: folder)
    #expect(fit.output == lines.joined(separator: "\n"))
  }

  @Test func librariesThatAreMissingAreSaid() throws {
    // The loader takes the first file of the name, and these are no libraries.
    for name in ["libopenblas.so.0", "libopenblas.so", "libOpenCL.so.1"] {
      try folder.write("none", to: name)
    }
    let lines = try lines(environment: ["LD_LIBRARY_PATH=\(folder.path)"])
    #expect(lines.count == 5)
    #expect(
      lines[2].hasPrefix("products: OpenBLAS is missing: \(folder.path)/libopenblas.so.0: "),
      "\(lines[2])")
    #expect(lines[3].hasPrefix("OpenCL: no loader: \(folder.path)/libOpenCL.so.1: "), "\(lines[3])")
  }

  @Test(.enabled(if: CommandRun.canLimitAddresses))
  func withoutMemoryForOpenBLASTheVersionIsPrinted() throws {
    let run = try CommandRun(["--version"], in: folder, addressLimit: 200 << 20)
    #expect(run.exitCode == 0 && run.error.isEmpty, "\(run.error)")
    #expect(run.output.contains("\nproducts: OpenBLAS has no memory to work in\n"), "\(run.output)")
  }
}
