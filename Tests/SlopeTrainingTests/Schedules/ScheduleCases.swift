import FoundationEssentials
import SlopeTraining
import TestSupport

/// Sequences of PyTorch's schedulers: tools/make-optimizer-cases.py writes them.
struct ScheduleCases: Decodable {
  /// The learning rates of two groups.
  let bases: [Double]
  let schedules: [Sequence]
  /// With nil for NaN.
  let metrics: [Double?]
  let plateaus: [Plateau]

  static let stored = Result {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let bytes = try readFile(packageFile("Fixtures/optimizer-cases.json"))
    return try decoder.decode(ScheduleCases.self, from: Data(bytes))
  }

  struct Sequence: Decodable {
    let name: String
    /// For each step those of two groups.
    let rates: [[Double]]
    let momenta: [Double]?
  }

  struct Plateau: Decodable {
    let options: Options
    let rates: [[Double]]

    struct Options: Decodable {
      let mode: String?
      let factor: Double?
      let patience: Int?
      let threshold: Double?
      let thresholdMode: String?
      let cooldown: Int?
      let minLr: Double?
      let eps: Double?
    }
  }
}

/// The schedules of the stored cases by name.
let storedSchedules: [String: LearningRateSchedule] = [
  "step": .step(size: 4, gamma: 0.3),
  "multiStep": .multiStep(milestones: [3, 8, 8, 20], gamma: 0.4),
  "exponential": .exponential(gamma: 0.8),
  "constant": .constant(factor: 0.25, steps: 6),
  "linear": .linear(from: 0.2, to: 0.9, steps: 7),
  "linearDefault": .linear(),
  "polynomial": .polynomial(power: 2.5, steps: 12),
  "cosine": .cosine(steps: 7, minimum: 0.01),
  "cosineLong": .cosine(steps: 40),
  "restarts": .cosineWithRestarts(steps: 6, minimum: 0.02),
  "restartsLonger": .cosineWithRestarts(steps: 3, multiplier: 2),
  "lambda": .lambda { 1 / (1 + Double($0)) },
  "oneCycle": .oneCycle(peak: 0.5, steps: 26),
  "oneCycleOfGroups": .oneCycle(steps: 26, momentum: nil),
  "oneCycleThree": .oneCycle(
    peak: 0.5, steps: 26, rising: 0.4, shape: .linear, threePhases: true),
  "oneCycleOptions": .oneCycle(
    peak: 0.5, steps: 26, rising: 0.1, momentum: 0.6...0.8, divisor: 5, finalDivisor: 20),
  "sequential": .sequential(
    [.constant(factor: 0.1, steps: 20), .exponential(gamma: 0.9), .cosine(steps: 5)],
    milestones: [4, 11]),
  "warmUp": .warmUp(steps: 5, from: 0.1, then: .cosine(steps: 20)),
  "average": .stochasticAverage(rate: 0.05, steps: 8),
  "averageLinear": .stochasticAverage(rate: 0.05, steps: 8, shape: .linear),
  "averageNow": .stochasticAverage(rate: 0.05, steps: 0),
]

func isClose(_ found: Double, _ wanted: Double) -> Bool {
  abs(found - wanted) <= 1e-12 * abs(wanted) + 1e-17
}
