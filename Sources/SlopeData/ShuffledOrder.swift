import SlopeCore

/// The order of a shuffled epoch, with the draws of PyTorch's `RandomSampler`.
///
/// If the loader was given a generator, the order is drawn from it, and a second permutation is
/// drawn when the first is used up, on which the next epoch depends. Without one, a seed drawn from
/// the default generator starts a new generator for each epoch.
struct ShuffledOrder {
  let order: [Int]
  private var pending: Generator?

  init(count: Int, generator: Generator?) {
    let source = generator ?? Generator(seed: Generator.default.nextSeed())
    order = source.permutation(count).map { Int($0) }
    pending = generator
  }

  /// Makes the draw at the end of the order, if it has not been made.
  mutating func finish() {
    guard let generator = pending else { return }
    generator.skipPermutation(order.count)
    pending = nil
  }
}
