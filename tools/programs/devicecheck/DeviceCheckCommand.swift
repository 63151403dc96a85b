import ArgumentParser
import CommandSupport
import Slope
import SlopeCore

/// `devicecheck --device NAME`: every kind of kernel on small operands, compared with the CPU.
///
/// Exit codes: 0 if all agree; 1 if something differs, or there is no such device; 64 for wrong
/// usage.
@main
struct DeviceCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devicecheck",
    abstract: "Runs every kind of kernel of a device on small operands.",
    discussion: """
      Small enough for a simulator, and yet each way through each kernel. Prints what differs from \
      the processor's results, and 'N passed, N failed, N skipped' last; skipped are element types \
      that the device does not have.
      """)

  @Option(help: "The device: gpu, or opencl:PLATFORM:DEVICE, with :wide or :simt behind it.")
  var device = "gpu"

  @Option(help: "A kind of computation; may be repeated.")
  var family: [Family] = []

  @Option(name: .customLong("type"), help: "An element type, such as float32; may be repeated.")
  var types: [String] = []

  func validate() throws {
    if !Device.isName(device) { throw ValidationError("--device \(device): \(Device.nameSyntax).") }
    for type in types where !DType.allCases.contains(where: { $0.name == type }) {
      throw ValidationError("--type \(type): no such element type")
    }
  }

  func run() throws {
    let device = try Device(named: self.device)
    let name = "\(device)"
    let title = DeviceDescription.all().devices.first { name.hasPrefix($0.name) }?.title
    try StandardOutput.write("\(name): \(title ?? "")\n")
    let chosen = DType.allCases.filter { types.contains($0.name) }
    var (passed, failed, skipped) = (0, 0, 0)
    for family in family.isEmpty ? Family.usual : family {
      var list = CheckList(types: chosen.isEmpty ? nil : Set(chosen))
      family.add(to: &list)
      for check in list.checks {
        guard device.dtypes.contains(check.dtype) else {
          skipped += 1
          continue
        }
        if let difference = check.difference(on: device) {
          failed += 1
          try StandardOutput.write("FAILED \(check.name): \(difference)\n")
        } else {
          passed += 1
        }
      }
    }
    try StandardOutput.write("\(passed) passed, \(failed) failed, \(skipped) skipped\n")
    if failed > 0 { throw ExitCode(1) }
  }

  static func main() { runProgram("devicecheck") }
}
