import SlopeCore

/// The order of a shuffled epoch, and the draws that go with it, as PyTorch's `RandomSampler` has
/// them.
///
/// With a generator of the loader's own the order comes from it, and a second permutation is drawn
/// when the first is used up, so that the next epoch depends on it. Without one, a seed drawn from
/// the default generator starts a fresh generator for each epoch.
struct Sampler {
  let order: [Int]
  private var pending: Generator?

  init(count: Int, generator: Generator?) {
    let source = generator ?? Generator(seed: Generator.default.nextSeed())
    order = source.permutation(count).map { Int($0) }
    pending = generator
  }

  /// Makes the draw at the end of the order, once.
  mutating func finish() {
    guard let generator = pending else { return }
    generator.skipPermutation(order.count)
    pending = nil
  }
}
