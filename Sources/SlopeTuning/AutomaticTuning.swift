#if OpenCL
  package import SlopeCore
  import SlopeData

  /// The tuning that `mltrain fit` does before a long training on a GPU that was never tuned.
  ///
  /// It searches for a few seconds for the plan of the largest product, once for each device,
  /// driver and class of products.
  package struct AutomaticTuning {
    private let device: Device
    private let dtype: DType
    private let widths: [Int]
    private let batchRows: Int
    private let trainedRows: Double

    /// The tuning for a training.
    ///
    /// - Parameters:
    ///   - device: the device that the model is trained on.
    ///   - dtype: the element type of the parameters.
    ///   - widths: the units of each layer, the features first.
    ///   - batchRows: the rows of a step.
    ///   - trainedRows: the rows of all epochs together.
    package init(
      device: Device, dtype: DType, widths: [Int], batchRows: Int, trainedRows: Double
    ) {
      self.device = device
      self.dtype = dtype
      self.widths = widths
      self.batchRows = batchRows
      self.trainedRows = trainedRows
    }

    /// The most seconds that it takes.
    package static let seconds = 5.0
    /// Fewer multiplications take a GPU about a second or less, too short for tuning to be
    /// worthwhile.
    static let worthwhile = 1e12

    /// The largest product of a step; products with a vector have no plans.
    private var largest: MatMulExtents? {
      zip(widths, widths.dropFirst()).filter { $0 > 1 && $1 > 1 }
        .max { $0.0 * $0.1 < $1.0 * $1.1 }
        .map { MatMulExtents(rows: batchRows, columns: $1, inner: $0) }
    }

    /// The multiplications of the training: each layer forward, and backward to its input and
    /// weights.
    private var work: Double {
      zip(widths, widths.dropFirst()).filter { $0 > 1 && $1 > 1 }
        .reduce(0) { $0 + 3 * trainedRows * Double($1.0) * Double($1.1) }
    }

    /// Tunes if that is worthwhile, or if SLOPE_TUNING=always asks for it.
    ///
    /// - Parameters:
    ///   - seconds: the most seconds that the search takes.
    ///   - note: is called with what takes time now.
    ///   - warn: is called with what went wrong.
    /// - Throws: if the value of SLOPE_TUNING is unknown; anything else that goes wrong is a
    ///   warning.
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
