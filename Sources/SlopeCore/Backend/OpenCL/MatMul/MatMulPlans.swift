#if OpenCL
  import Synchronization

  /// The plans of one device's products: the stored ones where there are any, else the built-in
  /// ones.
  package final class MatMulPlans: Sendable {
    private struct State {
      var store: TuningStore?
      /// For each element type the plans of all classes; nil before the first product.
      var table: [[MatMulPlan]]?
      var trial: MatMulPlan?
      var built: [String] = []
    }

    private let state = Mutex(State(store: .standard))

    init() {}

    /// Takes plans from another store, from the next product on.
    package func use(_ store: TuningStore?) {
      state.withLock {
        $0.store = store
        $0.table = nil
      }
    }

    /// The plan that all products have while it is not nil: a tuner's candidate.
    package var trial: MatMulPlan? {
      get { state.withLock { $0.trial } }
      set { state.withLock { $0.trial = newValue } }
    }

    /// The macros of the product kernels that were built, in order.
    package var built: [String] { state.withLock { $0.built } }

    func note(_ defines: String) { state.withLock { $0.built.append(defines) } }

    package func plan(
      _ products: MatMulClass, _ dtype: DType, on backend: OpenCLBackend
    ) -> MatMulPlan {
      state.withLock { state in
        if let trial = state.trial { return trial }
        let table = state.table ?? MatMulPlans.table(state.store, backend)
        state.table = table
        return table[Int(dtype.rawValue)][products.index]
      }
    }

    private static func table(
      _ store: TuningStore?, _ backend: OpenCLBackend
    ) -> [[MatMulPlan]] {
      let limits = backend.matMulLimits
      var table = DType.allCases.map { dtype in
        MatMulClass.allCases.map { MatMulPlan.builtIn($0, dtype, limits) }
      }
      // A file can be edited, and two devices can have one name.
      for stored in store?.plans(TuningKey(backend)) ?? []
      where stored.plan.isValid(stored.dtype, limits) {
        table[Int(stored.dtype.rawValue)][stored.products.index] = stored.plan
      }
      return table
    }
  }

  extension OpenCLBackend {
    package var matMulLimits: MatMulLimits {
      MatMulLimits(
        shape: shape, vendorName: device.vendor, computeUnits: device.computeUnits,
        localByteCount: device.localByteCount, maximumGroupSize: device.maximumGroupSize)
    }
  }
#endif
