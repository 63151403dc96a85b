import Synchronization

@testable import SlopeCore

/// Fills fresh buffers with NaN in the whole test process; the loader calls it before `main`, so
/// that no suite needs to.
@section(".init_array") @used
private let fillFreshBuffers: @convention(c) () -> Void = {
  MemoryPool.fillsFreshBuffers.store(true, ordering: .relaxed)
}
