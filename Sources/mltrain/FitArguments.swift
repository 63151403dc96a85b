import ArgumentParser
import Glibc
import Slope
import SlopeCore

extension Activation: ExpressibleByArgument {}
extension OptimizerKind: ExpressibleByArgument {}

/// The element types that a model can be trained in.
enum ModelElement: String, ExpressibleByArgument, CaseIterable {
  case float32
  case float64

  var dtype: DType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    }
  }
}

/// The option `--device` of all commands.
struct DeviceOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Where to compute: cpu, gpu, opencl:PLATFORM:DEVICE as `mltrain devices` lists them, or auto: \
      fit then times a few steps on each device and takes the fastest, the other commands take the \
      CPU (default: the environment's SLOPE_DEVICE, else cpu).
      """, valueName: "device"), completion: .list(["cpu", "gpu", "auto"]))
  var device: String?

  func validate() throws {
    if let device, !Device.isName(device) {
      throw ValidationError("--device \(device): \(Device.nameSyntax).")
    }
  }

  /// Whether the fastest device is asked for.
  var isAutomatic: Bool { device == "auto" }

  /// The chosen device, which must support an element type.
  func device(for dtype: DType) throws -> Device {
    let chosen = try device.map { try Device(named: $0) } ?? Device.ofEnvironment.get()
    guard chosen.dtypes.contains(dtype) else {
      throw DeviceError(device ?? "\(chosen)", "it has no \(dtype)")
    }
    return chosen
  }
}

enum Environment {
  /// The device that the environment names.
  static var device: String? { value(of: "SLOPE_DEVICE") }

  /// The text of a variable; nil if it is not set, or empty.
  static func value(of name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }
}

/// A list of positive integers, such as `64,64`.
struct Widths: ExpressibleByArgument {
  let values: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    values = parts.compactMap { $0 }
    // 2²⁰ units in a layer are a typing mistake, and would need terabytes.
    guard values.count == parts.count, values.allSatisfy({ (1..<(1 << 20)).contains($0) })
    else { return nil }
  }
}

/// Fractions for training, validation and test that sum to 1, such as `0.6,0.2,0.2`.
struct Fractions: ExpressibleByArgument {
  let values: (training: Double, validation: Double, test: Double)

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    let values = parts.compactMap { $0 }
    guard parts.count == 3, values.count == 3, values.allSatisfy({ (0...1).contains($0) }),
      values[0] > 0, abs(values.reduce(0, +) - 1) < 1e-9
    else { return nil }
    self.values = (values[0], values[1], values[2])
  }
}

extension TabularOptions.BatchSize: ExpressibleByArgument {
  /// Reads a number of rows, such as `32`, or `all`.
  public init?(argument: String) {
    if argument == "all" {
      self = .all
    } else if let count = Int(argument), count > 0 {
      self = .rows(count)
    } else {
      return nil
    }
  }

  /// The text of the argument.
  public var defaultValueDescription: String {
    switch self {
    case .rows(let count): "\(count)"
    case .all: "all"
    }
  }
}
