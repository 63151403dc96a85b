import Synchronization

/// A source of random numbers: by default PyTorch's stream on the CPU, number for number.
///
/// After the same seed, the same calls in the same order give the numbers that PyTorch gives:
/// uniform and normal tensors, `randint`, `randperm`, initial weights, random splits and the order
/// of a shuffled loader.
///
/// ```swift
/// manualSeed(0)                               // seeds Generator.default
/// print(Tensor<Float>.uniform([3]))           // tensor([0.4963, 0.7682, 0.0885])
///
/// let generator = Generator(seed: 0)
/// print(Tensor<Int>.randint(0, 10, [5], generator: generator))   // tensor([4, 9, 3, 0, 3])
/// let copy = generator.copy()
/// print(generator.next32() == copy.next32())  // true
/// ```
///
/// A generator is a reference type: its stream continues from call to call, wherever it is used. It
/// holds the state of a Mersenne Twister (MT19937), about five kilobytes. Numbers are drawn on the
/// host and then copied to the device that needs them, so that one seed gives the same numbers on
/// every device; drawing never waits for a device.
///
/// A generator of the algorithm `philox` draws uniform and normal tensors and the masks of dropout
/// on the device that holds them, without a copy, and with the same bits on every device. Its
/// numbers are others than PyTorch's.
///
/// Calls from several threads are safe, but their order, and with it the numbers that each
/// receives, is then undetermined.
///
/// Source: M. Matsumoto and T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed
/// uniform pseudo-random number generator", 1998. Next: `Tensor.uniform`, `Tensor.normal`,
/// `manualSeed(_:)`.
public final class Generator: Sendable {
  /// How the words of a stream are computed.
  public enum Algorithm: String, CaseIterable, Sendable, Codable {
    /// The Mersenne Twister MT19937, with PyTorch's recipes: the numbers of PyTorch's CPU.
    case mersenneTwister
    /// Philox4x32-10: four words are a function of the seed and of a counter, so that a device
    /// computes any of them by itself.
    ///
    /// A tensor takes whole blocks of four words, from the next block on: a word for each element,
    /// two for each Double except of a mask.
    ///
    /// Source: J. Salmon, M. Moraes, R. Dror and D. Shaw, "Parallel random numbers: as easy as 1, 2,
    /// 3", 2011, doi:10.1145/2063384.2063405.
    case philox
  }

  /// The generator that is used wherever none is given.
  ///
  /// It starts from the seed of PyTorch's new generators, so that a program that never sets a seed
  /// is reproducible as well.
  public static let `default` = Generator(seed: 67_280_421_310_721)

  struct Stream {
    let engine: GeneratorEngine
    /// The second of a pair of normal numbers, not returned yet (in draws of fewer than 16).
    var cachedNormal: Double?
    var seed: UInt64

    init(seed: UInt64, _ algorithm: Algorithm) {
      engine = GeneratorEngine(seed: seed, algorithm)
      self.seed = seed
    }

    /// An independent stream at the same position.
    init(copying other: Stream) {
      engine = GeneratorEngine(copying: other.engine)
      cachedNormal = other.cachedNormal
      seed = other.seed
    }
  }

  let stream: Mutex<Stream>

  /// How the words of the stream are computed.
  public let algorithm: Algorithm

  /// Creates a generator whose stream starts from `seed`: modulo 2³² for the Mersenne Twister, as in
  /// PyTorch; with all 64 bits for Philox.
  public init(seed: UInt64, algorithm: Algorithm = .mersenneTwister) {
    self.algorithm = algorithm
    stream = Mutex(Stream(seed: seed, algorithm))
  }

  private init(copying other: Generator) {
    algorithm = other.algorithm
    stream = Mutex(other.stream.withLock { Stream(copying: $0) })
  }

  /// The seed that was last set, with all 64 bits.
  public var seed: UInt64 { stream.withLock { $0.seed } }

  /// Restarts the stream from `seed`, and drops a cached normal number.
  public func manualSeed(_ seed: UInt64) {
    stream.withLock { $0 = Stream(seed: seed, algorithm) }
  }

  /// Creates a generator that continues from the same position of the stream, independently of this
  /// one.
  public func copy() -> Generator {
    Generator(copying: self)
  }

  /// The next 32-bit word of the stream.
  public func next32() -> UInt32 {
    stream.withLock { $0.engine.next32() }
  }

  /// The next two 32-bit words of the stream as one 64-bit word, the first as its high half.
  public func next64() -> UInt64 {
    stream.withLock { $0.engine.next64() }
  }

  /// A seed for another generator: what PyTorch draws with `torch.empty((), int64).random_()`.
  package func nextSeed() -> UInt64 {
    next64() & ((1 << 63) - 1)
  }
}

/// Restarts the stream of the default generator from `seed` modulo 2³².
public func manualSeed(_ seed: UInt64) {
  Generator.default.manualSeed(seed)
}
