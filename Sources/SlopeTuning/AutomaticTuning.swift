#if OpenCL
  package import SlopeCore
  import SlopeData

  /// What `mltrain fit` does before a long training on a GPU that was never tuned: a search of a few
  /// seconds for the plan of its largest product, once for each device, driver and class of products.
  package struct AutomaticTuning {
    private let device: Device
    private let dtype: DType
    private let widths: [Int]
    private let batchRows: Int
    private let trainedRows: Double

    /// - Parameters:
    ///   - widths: units of each layer, the features first.
    ///   - batchRows: the rows of a step.
    ///   - trainedRows: those of all epochs together.
    package init(
      device: Device, dtype: DType, widths: [Int], batchRows: Int, trainedRows: Double
    ) {
      self.device = device
      self.dtype = dtype
      self.widths = widths
      self.batchRows = batchRows
      self.trainedRows = trainedRows
    }

    /// The longest that it takes.
    package static let seconds = 5.0
    /// Fewer multiplications take a GPU about a second or less: nothing to gain from it.
    static let worthwhile = 1e12

    /// The largest product of a step; products with a vector have no plans.
    private var largest: MatMulExtents? {
      zip(widths, widths.dropFirst()).filter { $0 > 1 && $1 > 1 }
        .max { $0.0 * $0.1 < $1.0 * $1.1 }
        .map { MatMulExtents(rows: batchRows, columns: $1, inner: $0) }
    }

    /// The multiplications of the training: each layer forward, and back to its input and its weight.
    private var work: Double {
      zip(widths, widths.dropFirst()).filter { $0 > 1 && $1 > 1 }
        .reduce(0) { $0 + 3 * trainedRows * Double($1.0) * Double($1.1) }
    }

    /// Tunes where that is worth while, or asked for by SLOPE_TUNING=always.
    ///
    /// - Parameters:
    ///   - note: is told what takes time now.
    ///   - warn: is told what went wrong.
    /// - Throws: where SLOPE_TUNING has no meaning; whatever else goes wrong is but a warning.
    package func run(
      seconds: Double, note: (String) -> Void, warn: (String) -> Void
    ) throws {
      guard device.backend is OpenCLBackend else { return }
      guard let mode = TuningMode.current else { throw TuningMode.unknown }
      guard mode != .off,
        let largest = largest ?? (mode == .always ? AutomaticTuning.any : nil)
      else { return }
      do {
        let tuning = try Tuning("\(device)", dtype)
        let products = tuning.products(largest)
        guard mode == .always || tuning.isForGPU && work >= Self.worthwhile,
          !tuning.knows(products)
        else { return }
        note(
          "tuning \(products.rawValue) matrix products for \(tuning.deviceName), once for this "
            + "device and driver, at most \(seconds.shortened) s; SLOPE_TUNING=off prevents it")
        let result = try tuning.session(.quick(seconds: seconds)) { _ in }.tune(products)
        try tuning.store(result)
        for row in result.rows {
          if let problem = row.problem { warn("tuning: \(row.plan.tiles): \(problem)") }
        }
      } catch { warn("tuning: \(error)") }
    }

    private static let any = MatMulExtents(rows: 32, columns: 32, inner: 32)
  }
#endif
