import Synchronization

/// A source of random numbers that reproduces PyTorch's CPU stream, draw for draw.
///
/// After the same seed, the same calls in the same order give the numbers that PyTorch gives:
/// uniform and normal tensors, `randint`, `randperm`, initial weights, splits and the order of a
/// shuffled loader. Calls from several threads are safe; their order is then the threads' affair.
public final class Generator: Sendable {
  /// The generator that is used wherever none is given.
  ///
  /// It starts from the seed of PyTorch's new generators, so that a program that never seeds is
  /// repeatable too.
  public static let `default` = Generator(seed: 67_280_421_310_721)

  struct State {
    let engine: GeneratorEngine
    /// The second of a pair of normals, not yet handed out (draws of fewer than 16 normals).
    var cachedNormal: Double?
    var seed: UInt64

    init(seed: UInt64) {
      // PyTorch keeps 64 bits of the seed but starts its engine from the low half.
      engine = GeneratorEngine(seed: UInt32(truncatingIfNeeded: seed))
      self.seed = seed
    }

    /// A state of its own, at the same place of the stream.
    init(copying other: State) {
      engine = GeneratorEngine(copying: other.engine)
      cachedNormal = other.cachedNormal
      seed = other.seed
    }
  }

  let state: Mutex<State>

  /// A generator whose stream starts from `seed` modulo 2³².
  public init(seed: UInt64) {
    state = Mutex(State(seed: seed))
  }

  private init(copying other: Generator) {
    state = Mutex(other.state.withLock { State(copying: $0) })
  }

  /// The seed that was last set.
  public var seed: UInt64 { state.withLock { $0.seed } }

  /// Starts the stream anew from `seed` modulo 2³², forgetting any cached normal.
  public func manualSeed(_ seed: UInt64) {
    state.withLock { $0 = State(seed: seed) }
  }

  /// A generator that continues this one's stream independently from the same place.
  public func copy() -> Generator {
    Generator(copying: self)
  }

  /// The next 32-bit word of the stream.
  public func next32() -> UInt32 {
    state.withLock { $0.engine.next32() }
  }

  /// The next two 32-bit words of the stream as one 64-bit word, the first as its high half.
  public func next64() -> UInt64 {
    state.withLock { $0.engine.next64() }
  }

  /// A seed for another generator: what PyTorch draws with `torch.empty((), int64).random_()`.
  package func nextSeed() -> UInt64 {
    next64() & ((1 << 63) - 1)
  }
}

/// Starts the default generator's stream anew from `seed` modulo 2³².
public func manualSeed(_ seed: UInt64) {
  Generator.default.manualSeed(seed)
}
