import ArgumentParser
import CommandSupport
import Slope

/// `mltrain devices`: the devices of this machine.
struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "List the devices that models can be trained on.",
    discussion: """
      Every device of every OpenCL platform is listed, usable or not, with what --device takes, its \
      memory, element types and driver, and what it lacks.
      """)

  @Flag(help: "Print one JSON object instead of text.")
  var json = false

  func run() throws {
    let listing = DeviceListing()
    try StandardOutput.write(json ? listing.json.text + "\n" : listing.text)
  }
}

/// The devices of this machine, for people and for programs.
struct DeviceListing {
  private let devices: [DeviceDescription]
  private let problem: String?

  init() {
    (devices, problem) = DeviceDescription.all()
  }

  var text: String {
    var text = ""
    for device in devices {
      text += "\(device.name)  \(device.title.withControlsEscaped)\n"
      var rows = [["  memory", device.memory], ["  element types", device.types]]
      if !device.driver.isEmpty { rows.append(["  driver", device.driver]) }
      if !device.lacks.isEmpty {
        rows.append(["  lacks", device.lacks.joined(separator: ", ")])
      }
      for row in rows {
        let padding = String(repeating: " ", count: max(0, 16 - row[0].count))
        text += row[0] + padding + row[1].withControlsEscaped + "\n"
      }
    }
    if let problem { text += "\n\(problem.withControlsEscaped)\n" }
    return text
  }

  var json: JSON {
    var problemText = JSON.null
    if let problem { problemText = .string(problem) }
    return .object([("devices", .array(devices.map(\.json))), ("problem", problemText)])
  }
}

extension DeviceDescription {
  fileprivate var memory: String {
    guard let memoryByteCount else { return "the machine's own" }
    let gibibytes = Double(memoryByteCount) / Double(1 << 30)
    return "\((gibibytes * 10).rounded() / 10) GiB"
  }

  fileprivate var json: JSON {
    var memory = JSON.null
    if let memoryByteCount { memory = .integer(memoryByteCount) }
    let members: [(String, JSON)] = [
      ("name", .string(name)),
      ("title", .string(title)),
      ("memoryBytes", memory),
      ("dtypes", .array(dtypes.map { .string($0.name) })),
      ("driver", .string(driver)),
      ("lacks", .array(lacks.map { .string($0) })),
      ("isUsable", .boolean(isUsable)),
    ]
    return .object(members)
  }

  fileprivate var types: String {
    dtypes.count == DType.allCases.count
      ? "all \(dtypes.count)" : dtypes.map(\.name).joined(separator: ", ")
  }
}
