extension Generator {
  /// Where a generator is in its stream, for checkpoints: five kilobytes, or two numbers for Philox.
  ///
  /// ```swift
  /// let generator = Generator(seed: 3)
  /// let state = generator.state
  /// let first = Tensor<Float>.normal([4], generator: generator)
  /// generator.state = state
  /// print((first .== Tensor<Float>.normal([4], generator: generator)).all().item())   // true
  /// ```
  public struct State: Hashable, Sendable, Codable {
    /// The algorithm of the generator that it was taken from.
    public let algorithm: Algorithm
    /// The seed that was last set.
    public let seed: UInt64
    let place: UInt64
    let words: [UInt32]
    let cachedNormal: Double?

    /// Whether a stream can continue from it: one that was read from a file may be damaged.
    fileprivate var isValid: Bool {
      let limit = UInt64(GeneratorEngine.wordCount)
      return algorithm == .philox || words.count == GeneratorEngine.wordCount && place <= limit
    }
  }

  /// The position in the stream; setting it continues there.
  ///
  /// PyTorch's counterparts are `get_state()` and `set_state()`. A state of another algorithm, or
  /// one that was damaged in a file, is a failure, after which the stream is unchanged.
  public var state: State {
    get {
      stream.withLock { stream in
        State(
          algorithm: algorithm, seed: stream.seed, place: stream.engine.place,
          words: algorithm == .philox ? [] : stream.engine.words,
          cachedNormal: stream.cachedNormal)
      }
    }
    set {
      guard newValue.algorithm == algorithm, newValue.isValid else {
        return reportFailure(
          operation: "Generator.state",
          newValue.isValid
            ? "a state of \(newValue.algorithm) for a generator of \(algorithm)"
            : "\(newValue.words.count) words and place \(newValue.place) are no state")
      }
      stream.withLock { stream in
        stream = Stream(seed: newValue.seed, algorithm)
        stream.cachedNormal = newValue.cachedNormal
        stream.engine.seek(newValue.words, newValue.place)
      }
    }
  }
}
