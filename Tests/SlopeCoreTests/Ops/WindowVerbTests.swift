import TestSupport
import Testing

@testable import SlopeCore

/// The verbs of windows on every device beside the reference, with random windows.
struct WindowVerbTests {
  private static let dtypes: [DType] = [
    .uint8, .int8, .uint16, .int16, .int32, .uint32, .int64, .uint64, .float16, .bfloat16, .float32,
    .float64,
  ]

  private struct Numbers {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }

    /// Small whole numbers, of which sums are exact in every type, some NaN.
    mutating func value(_ shape: Shape, _ dtype: DType, on backend: any Backend, nan: Bool) -> Value
    {
      let numbers = (0..<shape.elementCount).map { _ in
        nan && dtype.isFloating && below(8) == 0 ? Double.nan : Double(below(9))
      }
      return Value.upload(numbers, shape: shape, dtype: .float64, on: CPUBackend.shared)
        .cast(to: dtype).moved(to: backend, record: false)
    }

    mutating func windows() -> Windows {
      let stride = Pair(1 + below(3), 1 + below(3))
      let kernel = Pair(1 + below(3), 1 + below(4))
      let plane = Pair(1 + below(6), 1 + below(20))
      return Windows(
        plane: plane, kernel: kernel, stride: stride, dilation: Pair(1 + below(3), 1 + below(2)),
        padding: Pair(below(3), below(3)), count: Pair(1 + below(5), 1 + below(18)))
    }
  }

  private static let devices = ["cpu", "opencl:0:0:wide", "opencl:0:0:simt"]

  private func backend(_ name: String) -> (any Backend)? {
    (try? Device(named: name)).map(\.backend)
  }

  @Test(arguments: devices)
  func unfoldAndFoldEqualTheReference(device: String) throws {
    guard let backend = backend(device) else { return }
    var numbers = Numbers(state: 1)
    for dtype in Self.dtypes where backend.dtypes.contains(dtype) {
      for _ in 0..<(device == "cpu" ? 40 : 6) {
        let windows = numbers.windows()
        let planes = numbers.below(4)
        let x = numbers.value(windows.shape(planes: planes), dtype, on: backend, nan: false)
        let grids = numbers.value(
          windows.unfoldedShape(planes: planes), dtype, on: backend, nan: false)
        let reference = ReferenceBackend.shared
        #expect(
          text(x.unfolded(windows)) == text(x.copied(to: reference).unfolded(windows)),
          "\(dtype) \(windows)")
        #expect(
          text(grids.folded(windows)) == text(grids.copied(to: reference).folded(windows)),
          "\(dtype) \(windows)")
      }
    }
  }

  @Test(arguments: devices)
  func maximaEqualTheReference(device: String) throws {
    guard let backend = backend(device) else { return }
    var numbers = Numbers(state: 2)
    for dtype in Self.dtypes where backend.dtypes.contains(dtype) {
      for _ in 0..<(device == "cpu" ? 40 : 6) {
        let plane = Pair(1 + numbers.below(5), 1 + numbers.below(9))
        let dilation = Pair(1 + numbers.below(2), 1 + numbers.below(2))
        func ranges(_ extent: Int, _ step: Int) -> [WindowRange] {
          (0..<1 + numbers.below(6)).map { _ in
            let start = numbers.below(extent)
            return WindowRange(
              start: start, count: 1 + numbers.below((extent - 1 - start) / step + 1))
          }
        }
        let (rows, columns) = (
          ranges(plane.height, dilation.height), ranges(plane.width, dilation.width)
        )
        let x = numbers.value(
          [numbers.below(4), plane.height, plane.width], dtype, on: backend, nan: true)
        func maxima(_ x: Value) -> Value {
          x.windowMaxima(rows: rows, columns: columns, dilation: dilation, for: "maxPool")
        }
        let places = maxima(x)
        #expect(
          text(places) == text(maxima(x.copied(to: ReferenceBackend.shared))),
          "\(dtype) \(rows) \(columns)")
        let (count, area) = (x.shape.extents[0], plane.height * plane.width)
        let flat: Shape = [count, rows.count * columns.count]
        let added = numbers.value(flat, dtype, on: backend, nan: false)
        func scattered(_ backend: any Backend) -> Value {
          added.copied(to: backend).scattered(
            at: places.copied(to: backend).reshaped(to: flat), extent: area)
        }
        #expect(text(scattered(backend)) == text(scattered(ReferenceBackend.shared)), "\(dtype)")
      }
    }
  }

  private func text(_ value: Value) -> String {
    let wide = value.copied(to: CPUBackend.shared)
    return wide.dtype == .uint64 || wide.dtype == .int64
      ? show(Tensor<Int64>(wide.cast(to: .int64))) : show(Tensor<Double>(wide.cast(to: .float64)))
  }
}
