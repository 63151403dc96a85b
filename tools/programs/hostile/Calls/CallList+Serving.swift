import CSlopePredict
import Slope
import SlopeCore
import SlopePredict

/// The functions of libslope_predict.so, with handles, counts and cells that nobody should give.
///
/// Arrays have the elements that their counts name, as the header demands; counts that would need more are
/// such that they do not fit the model.
extension CallList {
  func addServingCalls() {
    let files = SmallFiles.shared
    func handle(_ draw: inout Draw) -> OpaquePointer? {
      if draw.once(in: 3) { return OpaquePointer(bitPattern: draw.int()) }
      var model: OpaquePointer?
      _ = openModel(files.model, &model)
      // Of a model that is closed.
      if draw.once(in: 4) { closeModel(model) }
      return model
    }
    func size(_ draw: inout Draw) -> Int {
      // Above 4096 it is refused; up to that it must be there.
      draw.bool()
        ? MemoryLayout<slope_description>.size : draw.one(of: [.min, -1, 0, 1, 4097, .max])
    }
    add("openModel(_:_:)") { draw in
      var model: OpaquePointer?
      let path = draw.text([files.model, files.table, "/", "", "/nowhere/file", "-"])
      _ = draw.once(in: 4) ? openModel(nil, &model) : openModel(path, &model)
      _ = draw.once(in: 4) ? openModel(path, nil) : 0
      closeModel(model)
    }
    add("closeModel(_:)") { draw in
      let model = handle(&draw)
      closeModel(model)
      closeModel(model)
    }
    add("describeModel(_:_:_:)") { draw in
      let model = handle(&draw)
      var about = slope_description()
      _ =
        draw.once(in: 4)
        ? describeModel(model, nil, size(&draw)) : describeModel(model, &about, size(&draw))
      closeModel(model)
    }
    add("predictRows(_:_:_:_:_:_:)") { draw in
      let model = handle(&draw)
      var about = slope_description()
      _ = describeModel(model, &about, MemoryLayout<slope_description>.size)
      let rows = draw.int()
      let isSmall = (0...16).contains(rows)
      let numbers = (0..<16).map { _ in
        draw.one(of: [0, 1, -1, .nan, .infinity, 1e308, -1e-308, 0.5, 3])
      }
      let names = ["", "1", "word", "true", "2024-01-02", "NA"]
      var values = [Double](repeating: 0, count: 16 * max(1, about.value_count))
      let columnCount = draw.once(in: 4) ? draw.int() : about.column_count
      let valueCount = isSmall && !draw.once(in: 4) ? rows * about.value_count : -7
      names[draw.below(names.count)].withCString { text in
        let texts = [UnsafePointer<CChar>?](repeating: text, count: 16)
        numbers.withUnsafeBufferPointer { numbers in
          texts.withUnsafeBufferPointer { texts in
            let columns = (0..<max(1, about.column_count)).map { _ in
              slope_column(
                numbers: draw.bool() ? numbers.baseAddress : nil,
                texts: draw.bool() ? texts.baseAddress : nil)
            }
            _ =
              draw.once(in: 8)
              ? predictRows(model, rows, nil, columnCount, &values, valueCount)
              : predictRows(model, rows, columns, columnCount, &values, valueCount)
          }
        }
      }
      closeModel(model)
    }
    add("lastErrorMessage()") { draw in
      _ = openModel(nil, nil)
      if let message = lastErrorMessage() { _ = String(cString: message) }
    }
  }
}
