#if OpenCL
  package import SlopeCore

  /// The device and element type that are tuned, and where the results are stored.
  package struct Tuning {
    private let name: String
    private let backend: OpenCLBackend
    private let dtype: DType
    private let storage: TuningStore
    private let key: TuningKey

    package init(_ name: String, _ dtype: DType) throws {
      let device = try Device(named: name)
      guard let backend = device.backend as? OpenCLBackend else {
        throw DeviceError(name, "there is nothing to tune; name an OpenCL device")
      }
      guard device.dtypes.contains(dtype) else { throw DeviceError(name, "it has no \(dtype)") }
      guard let mode = TuningMode.current else { throw TuningMode.unknown }
      guard let storage = TuningStore.standard else {
        throw TuningProblem(
          mode == .off
            ? "SLOPE_TUNING is off: nothing would use what is found"
            : "no place for what is found: neither XDG_CACHE_HOME nor HOME is a folder's path")
      }
      self.name = "\(device)"
      self.backend = backend
      self.dtype = dtype
      self.storage = storage
      key = TuningKey(backend)
    }

    package var path: String { storage.path(key) }

    /// The device and what is tuned for it.
    package var title: String {
      "\(name)  \(backend.device.name) (\(backend.device.platform) "
        + "\(backend.device.driverVersion)), \(backend.variant.rawValue) kernels, \(dtype)"
    }

    /// Whether there already is a plan for a class of products.
    package func knows(_ products: MatMulClass) -> Bool {
      storage.plans(key).contains { $0.dtype == dtype && $0.products == products }
    }

    /// The class of a product of the device.
    package func products(_ extents: MatMulExtents) -> MatMulClass {
      MatMulClass(extents, elementSize: dtype.matMulSize)
    }

    package var isForGPU: Bool { backend.variant == .simt }
    package var deviceName: String { backend.device.name }

    package func session(
      _ effort: TuneSession.Effort, faults: [TuneFault] = [], progress: @escaping (String) -> Void
    ) -> TuneSession {
      TuneSession(device: name, backend, dtype, effort, faults: faults, progress: progress)
    }

    package func store(_ result: TuneSession.Result) throws { try storage.add(result.chosen, key) }
  }

  /// Why nothing can be tuned.
  package struct TuningProblem: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
  }

  extension TuningMode {
    /// The error for an unknown value.
    package static var unknown: TuningProblem {
      let names = TuningMode.allCases.map(\.rawValue).joined(separator: ", ")
      return TuningProblem("SLOPE_TUNING: the values are \(names)")
    }
  }
#endif
