import ConformanceKit
import Slope
import Testing

/// Convolutions, pools, windows, distances and losses of margins, with their gradients, beside
/// PyTorch's numbers, on every device.
///
/// tools/make-convolution-cases.py wrote the file.
@Suite(.serialized) struct ConvolutionCasesTests {
  @Test(arguments: ["cpu", "opencl:0:0:wide", "opencl:0:0:simt"])
  func resultsAreThoseOfPyTorch(name: String) throws {
    guard let device = try? Device(named: name) else { return }
    let folder = #filePath.dropLast("/SlopeCoreTests/Ops/ConvolutionCasesTests.swift".count)
    let file = try GoldenFile(path: String(folder) + "/Fixtures/convolution-cases.jsonl")
    #expect(file.cases.count == 234)
    let runner = CaseRunner()
    for golden in file.cases {
      let outcome = withDevice(device) { runner.run(golden) }
      if case .skipped = outcome, device != .cpu { continue }
      #expect(outcome == .passed, "\(golden.id) \(golden.attributes)")
    }
  }
}
