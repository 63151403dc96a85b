import Foundation
import TestSupport
import Testing

/// The tool's standard output and exit code.
private func hostile(_ arguments: [String]) throws -> (output: String, exitCode: Int32) {
  let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()
  let process = Process()
  let output = Pipe()
  process.executableURL = products.appendingPathComponent("hostile")
  process.arguments = arguments
  process.standardOutput = output
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return (text, process.terminationStatus)
}

/// Public symbols that the tool does not call, by their last names, and why.
private let uncalled: [String: String] = [
  "(isolation:_:)": "the asynchronous form of what is called",
  "(isolation:_:_:)": "the asynchronous form of what is called",
  ".dtype": "a constant", ".computeBits": "a number's own bits", ".doubleValue": "a conversion",
  ".name": "a constant", ".byteCount": "a constant", ".isFloating": "a constant",
  ".isInteger": "a constant", "DType.description": "a constant",
  "Error.description": "a text that was made before", "Number.description": "an error's part",
  "Operand.description": "an error's part", "GradientCheck.description": "a text of two numbers",
  "GradientCheck.isCorrect": "a comparison", "rootMeanSquaredError": "a root",
  ".greatestFiniteMagnitude": "a constant", ".infinity": "a constant", ".nan": "a constant",
  ".leastNonzeroMagnitude": "a constant", ".leastNormalMagnitude": "a constant",
  ".ulpOfOne": "a constant", "Device.all": "this machine's devices", "Device.gpu": "this machine's",
  "DeviceDescription.all()": "this machine's devices", "DeviceError.init(_:_:)": "memberwise",
  "FileError.init(file:line:column:message:)": "memberwise", "TableError.init(_:)": "memberwise",
  "Float.init(clamping:)": "NumericElement's", "Double.init(clamping:)": "NumericElement's",
  "Float16.init(clamping:)": "NumericElement's", ".init(rawValue:)": "an enumeration's",
  ".init(from:)": "called by reading a model's file",
]

@Suite(.serialized) struct HostileTests {
  @Test func theToolCallsEveryPublicFunction() throws {
    let symbols = try SymbolGraph().counts
    #expect(symbols.count > 400)
    var called: [String: Int] = [:]
    for line in try hostile(["--list"]).output.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      called[String(parts[1])] = Int(parts[0])
    }
    for (name, count) in symbols.sorted(by: { $0.key < $1.key }) {
      let isExempt = uncalled.keys.contains { name.hasSuffix($0) }
      if !isExempt || called[name] != nil {
        #expect(called[name, default: 0] >= count, "\(name): \(count) overloads")
      }
    }
    for ending in uncalled.keys.sorted() {
      #expect(symbols.keys.contains { $0.hasSuffix(ending) }, "nothing ends with \(ending)")
    }
  }

  #if !THREAD_SANITIZER
    // A call that hangs never returns. Two seconds are for a machine that does nothing else
    // (`make hostile`); on a device a call may be a program, which its driver compiles for seconds.
    @Test(arguments: [("cpu", 500, 20), ("opencl:0:0", 2, 90)])
    func everyCallComesBack(device: String, calls: Int, seconds: Int) throws {
      let (output, exitCode) = try hostile([
        "--device", device, "--calls", "\(calls)", "--seconds", "\(seconds)",
      ])
      print(output, terminator: "")
      #expect(exitCode == 0, "\(output)")
    }
  #endif
}
