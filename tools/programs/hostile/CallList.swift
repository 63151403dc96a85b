import Slope
import SlopeCore

/// A public entry point, called with random arguments.
struct Call {
  /// The name in the compiler's symbol graph: `Tensor.reshaped(to:)`.
  let name: String
  /// The place of the call in the source: overloads share a name, but not a place.
  let place: String
  /// One for each element type.
  fileprivate(set) var bodies: [(inout Draw) throws -> Void]
}

/// The calls, in the order in which they were added.
final class CallList {
  private(set) var calls: [Call] = []
  private var indices: [String: Int] = [:]

  /// Adds a call; one place in the source is one call, for any element type.
  func add(
    _ name: String, file: StaticString = #fileID, line: Int = #line,
    _ body: @escaping (inout Draw) throws -> Void
  ) {
    let place = "\(file):\(line)"
    let key = name + " " + place
    if let index = indices[key] {
      calls[index].bodies.append(body)
    } else {
      indices[key] = calls.count
      calls.append(Call(name: name, place: place, bodies: [body]))
    }
  }

  /// Every public entry point; on a device other than the CPU with fewer types, since each is a
  /// program.
  static func all(on device: Device) -> CallList {
    let list = CallList()
    let isCPU = device == .cpu
    func every<Element: TensorElement>(_ type: Element.Type) {
      list.addElementCalls(type)
      list.addShapeCalls(type)
      list.addPlaceCalls(type)
      list.addScanCalls(type)
      list.addEqualityCalls(type)
      list.addSlidingCalls(type)
    }
    func numeric<Element: NumericElement>(_ type: Element.Type) {
      every(type)
      list.addNumericCalls(type)
      list.addNumericShapeCalls(type)
      list.addSearchCalls(type)
      list.addNumericScanCalls(type)
      list.addBlendCalls(type)
      list.addWindowCalls(type)
    }
    func integer<Element: IntegerElement>(_ type: Element.Type) {
      numeric(type)
      list.addIntegerCalls(type)
      list.addCountCalls(type)
      list.addDivisorCalls(type)
    }
    func floating<Element: FloatingElement>(_ type: Element.Type) {
      numeric(type)
      list.addFloatingCalls(type)
      list.addHistogramCalls(type)
      list.addFloatingScanCalls(type)
      list.addElementFunctionCalls(type)
      list.addTrainingCalls(type)
      list.addPaddingLayerCalls(type)
      list.addTensorMetricCalls(type)
      list.addFloatingWindowCalls(type)
    }
    floating(Float.self)
    integer(Int.self)
    every(Bool.self)
    if isCPU {
      floating(Double.self)
      floating(Float16.self)
      floating(BFloat16.self)
      integer(UInt8.self)
      integer(Int8.self)
      integer(UInt16.self)
      integer(Int16.self)
      integer(UInt32.self)
      integer(Int32.self)
      integer(UInt64.self)
      integer(Int64.self)
    }
    list.addBoolCalls()
    list.addIndexCalls()
    list.addSingleShapeCalls()
    list.addPairCalls()
    list.addExpressionCalls()
    list.addElementExpressionCalls()
    list.addDataCalls()
    list.addMetricCalls()
    list.addScheduleCalls()
    list.addTrainerCalls()
    list.addFileCalls()
    list.addExportCalls()
    list.addTableCalls()
    list.addPlotCalls()
    list.addServingCalls()
    list.addPlainCalls()
    return list
  }
}
