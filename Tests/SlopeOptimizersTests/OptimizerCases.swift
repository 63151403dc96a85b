import FoundationEssentials
import SlopeCore
import SlopeOptimizers
import TestSupport

/// Sequences of PyTorch's optimisers: tools/make-optimizer-cases.py writes them.
struct OptimizerCases: Decodable {
  let start: [[Double]]
  /// For each step those of two parameters.
  let gradients: [[[Double]]]
  let optimizers: [Sequence]
  let clipping: [Clipping]
  let averages: [Averages]
  let rows: [[Double]]
  let targets: [Double]
  let lbfgs: [Minimum]
  let searches: [Search]

  static let stored = Result {
    let bytes = try readFile(packageFile("Tests/Fixtures/optimizer-cases.json"))
    return try JSONDecoder().decode(OptimizerCases.self, from: Data(bytes))
  }

  /// An option of PyTorch's.
  enum Option: Decodable {
    case flag(Bool)
    case number(Double)
    case numbers([Double])
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let numbers = try? container.decode([Double].self) {
        self = .numbers(numbers)
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }

  struct Options: Decodable {
    private let values: [String: Option]

    init(from decoder: any Decoder) throws {
      values = try decoder.singleValueContainer().decode([String: Option].self)
    }

    func number(_ name: String) -> Double? {
      if case .number(let number)? = values[name] { number } else { nil }
    }
    func number(_ name: String, _ otherwise: Double) -> Double { number(name) ?? otherwise }
    func whole(_ name: String, _ otherwise: Int) -> Int {
      number(name).map { Int($0) } ?? otherwise
    }
    func flag(_ name: String) -> Bool {
      if case .flag(true)? = values[name] { true } else { false }
    }
    func betas() -> (Double, Double) {
      if case .numbers(let betas)? = values["betas"] { (betas[0], betas[1]) } else { (0.9, 0.999) }
    }
    func text(_ name: String) -> String? {
      if case .text(let text)? = values[name] { text } else { nil }
    }
  }

  struct Sequence: Decodable {
    let name: String
    let options: Options
    let group: Options
    let values: [[Double]]

    /// The optimiser of the case on two parameters, the second of which is a group of its own.
    func optimizer<Element: FloatingElement>(
      _ first: Parameter<Element>, _ second: Parameter<Element>
    ) -> Optimizer<Element>? {
      let groups = [
        ParameterGroup([first]),
        ParameterGroup(
          [second], learningRate: group.number("lr"), weightDecay: group.number("weight_decay")),
      ]
      let (o, decay) = (options, options.number("weight_decay", 0))
      let epsilon = o.number("eps", 1e-8)
      switch name {
      case "SGD":
        return SGD(
          groups, learningRate: o.number("lr", 0), momentum: o.number("momentum", 0),
          dampening: o.number("dampening", 0), weightDecay: decay, nesterov: o.flag("nesterov"))
      case "Adam":
        return Adam(
          groups, learningRate: o.number("lr", 0.001), betas: o.betas(), epsilon: epsilon,
          weightDecay: decay, amsgrad: o.flag("amsgrad"))
      case "AdamW":
        return AdamW(groups, learningRate: o.number("lr", 0.001), weightDecay: decay)
      case "RMSprop":
        return RMSprop(
          groups, learningRate: o.number("lr", 0.01), alpha: o.number("alpha", 0.99),
          epsilon: epsilon, weightDecay: decay, momentum: o.number("momentum", 0),
          centered: o.flag("centered"))
      case "Adagrad":
        return Adagrad(
          groups, learningRate: o.number("lr", 0.01), learningRateDecay: o.number("lr_decay", 0),
          weightDecay: decay, initialAccumulator: o.number("initial_accumulator_value", 0))
      case "NAdam":
        return NAdam(
          groups, learningRate: o.number("lr", 0.002), betas: o.betas(), epsilon: epsilon,
          weightDecay: decay, momentumDecay: o.number("momentum_decay", 0.004),
          decoupledWeightDecay: o.flag("decoupled_weight_decay"))
      case "RAdam":
        return RAdam(
          groups, learningRate: o.number("lr", 0.001), betas: o.betas(), epsilon: epsilon,
          weightDecay: decay, decoupledWeightDecay: o.flag("decoupled_weight_decay"))
      case "Adadelta":
        return Adadelta(
          groups, learningRate: o.number("lr", 1), rho: o.number("rho", 0.9),
          epsilon: o.number("eps", 1e-6), weightDecay: decay)
      case "Adamax":
        return Adamax(
          groups, learningRate: o.number("lr", 0.002), betas: o.betas(), epsilon: epsilon,
          weightDecay: decay)
      default: return nil
      }
    }
  }

  struct Clipping: Decodable {
    let type: Option?
    let maximum: Double?
    let norm: Double?
    let value: Double?
    let clipped: [Double]
  }

  struct Averages: Decodable {
    let decay: Double?
    let averages: [[Double]]
  }

  struct Search: Decodable {
    let numbers: [Double]
    let step: Double
    let loss: Double
    let steps: [Double]
  }

  struct Minimum: Decodable {
    let problem: String
    let options: Options
    let values: [[Double]]
    let losses: [Double]
    let evaluations: [Int]
  }
}

/// Two parameters, and steps with the stored gradients.
struct StoredTraining<Element: FloatingElement> {
  let cases: OptimizerCases
  let parameters: [Parameter<Element>]

  init(_ cases: OptimizerCases) {
    self.cases = cases
    parameters = cases.start.map { Parameter(Tensor($0.map { Element($0) })) }
  }

  func setGradients(_ step: Int) {
    for (parameter, numbers) in zip(parameters, cases.gradients[step]) {
      parameter.grad = Tensor(numbers.map { Element($0) })
    }
    if step == 3 { parameters[1].grad = nil }
  }

  var numbers: [Double] { parameters.flatMap { $0.tensor.scalars.map(\.doubleValue) } }
}

/// Whether two lists are equal but for a relative difference.
func isClose(
  _ found: [Double], _ wanted: [Double], _ tolerance: Double, _ floor: Double = 1e-3
) -> Bool {
  found.count == wanted.count
    && zip(found, wanted).allSatisfy { abs($0 - $1) <= tolerance * max(abs($1), floor) }
}
