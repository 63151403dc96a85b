import Synchronization

@testable import SlopeCore

/// Has fresh buffers filled with NaN in the whole test process: the loader calls it before `main`,
/// so that no suite need ask for it.
@section(".init_array") @used
private let fillFreshBuffers: @convention(c) () -> Void = {
  MemoryPool.fillsFreshBuffers.store(true, ordering: .relaxed)
}
