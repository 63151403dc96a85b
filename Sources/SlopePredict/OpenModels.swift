import CSlopePredict
import Synchronization

/// The models that are open, by the handles that callers have.
///
/// A handle is a number in the form of a pointer, which is never used again: one of a closed model, or of
/// none at all, is found to be so without reading any memory.
enum OpenModels {
  private struct State {
    var models: [UInt: OpenModel] = [:]
    var last: UInt = 0
  }

  private static let state = Mutex(State())

  /// Adds a model and returns its handle.
  static func add(_ model: OpenModel) -> OpaquePointer? {
    state.withLock { state in
      // Odd numbers are no addresses of objects.
      state.last += 2
      state.models[state.last + 1] = model
      return OpaquePointer(bitPattern: state.last + 1)
    }
  }

  /// Removes a model; its memory is freed when nobody uses it any more.
  static func remove(_ handle: OpaquePointer?) {
    let removed = state.withLock { $0.models.removeValue(forKey: UInt(bitPattern: handle)) }
    withExtendedLifetime(removed) {}
  }

  /// The model of a handle.
  static func model(_ handle: OpaquePointer?) throws(Failure) -> OpenModel {
    guard handle != nil else { throw Failure(slope_invalid_argument, "the model is null") }
    guard let model = state.withLock({ $0.models[UInt(bitPattern: handle)] }) else {
      throw Failure(slope_invalid_argument, "the model is not open")
    }
    return model
  }
}
