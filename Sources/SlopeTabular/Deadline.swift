/// A moment when a fit is to end.
struct Deadline: Sendable {
  private let instant: ContinuousClock.Instant

  /// The moment in so many seconds from now; now, unless they are more than 0.
  init(seconds: Double) {
    // A century is enough, and no duration is too long.
    instant = .now.advanced(by: .seconds(seconds > 0 ? min(seconds, 3e9) : 0))
  }

  /// The seconds that are left, 0 after the moment.
  var secondsLeft: Double { max(0, ContinuousClock.now.duration(to: instant).inSeconds) }

  /// Whether it is later than that.
  var hasPassed: Bool { ContinuousClock.now >= instant }
}

extension Duration {
  /// The duration as a number of seconds.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
