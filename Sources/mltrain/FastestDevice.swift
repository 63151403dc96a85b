import Slope
import SlopeCore
import SlopeData

/// The choice of `mltrain fit --device auto`.
enum FastestDevice {
  /// The device on which a step of the training takes the least time; the CPU for models without steps.
  ///
  /// A few steps are taken on each device that has the element type, by networks that are thrown away. A
  /// device that fails is passed over.
  ///
  /// - Parameters:
  ///   - table: the table to train on.
  ///   - options: what is trained.
  ///   - element: the type of the parameters.
  ///   - note: is told what was found.
  /// - Returns: the device.
  /// - Throws: what the CPU's steps throw.
  static func find<Element: FloatingElement>(
    _ table: Table, _ options: TabularOptions, _ element: Element.Type, note: (String) -> Void
  ) throws -> Device {
    guard
      let ofCPU = try withDevice(.cpu, { try TabularModel<Element>.secondsOfAStep(table, options) })
    else { return .cpu }
    var (fastest, least) = (Device.cpu, ofCPU)
    var found = ["cpu \(milliseconds(ofCPU))"]
    let others = DeviceDescription.all().devices.filter {
      $0.name != "cpu" && $0.isUsable && $0.dtypes.contains(Element.dtype)
    }
    for other in others {
      do {
        let device = try Device(named: other.name)
        guard
          let seconds = try withDevice(
            device, { try TabularModel<Element>.secondsOfAStep(table, options) })
        else { continue }
        found.append("\(other.name) \(milliseconds(seconds))")
        if seconds < least { (fastest, least) = (device, seconds) }
      } catch {
        found.append("\(other.name) fails (\(error))")
      }
    }
    note("a step of training: \(found.joined(separator: ", ")); \(fastest) is taken")
    return fastest
  }

  private static func milliseconds(_ seconds: Double) -> String {
    "\((seconds * 1000).shortened) ms"
  }
}
