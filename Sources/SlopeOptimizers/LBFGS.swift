public import SlopeCore

/// L-BFGS: steps along the gradient, corrected by the curvature that the last steps have shown.
///
/// It is for losses of all data at once, without chance in them, and few parameters; there it needs
/// far fewer steps than the others. A step evaluates the loss several times, so it takes a closure:
///
/// ```swift
/// let point = Parameter(Tensor<Double>([-1.5, 2]))
/// let optimizer = LBFGS([point], lineSearch: .strongWolfe)
/// for _ in 0..<3 {
///   optimizer.step {
///     let (x, y) = (point.tensor[0], point.tensor[1])
///     return (1 - x).square() + 100 * (y - x.square()).square()
///   }
/// }
/// print(point.tensor.detached())
/// // tensor([1.0000, 1.0000], dtype: float64)
/// ```
///
/// In each of at most `maximumIterations` iterations the direction d is −H·g, where H is the
/// approximation of the inverse Hessian by the last `historySize` changes of parameters and
/// gradient. Then p ← p + t·d, where t is the learning rate (in the very first iteration min(1,
/// 1/Σ|g|) times that) or what the line search finds from there. A step ends early where the
/// gradient, the change or the progress is small.
///
/// The numbers of each iteration are read, so every evaluation waits for the device. There are no
/// groups, and no weight decay. PyTorch's counterpart is `torch.optim.LBFGS`, whose closure also
/// sets the gradients to nil and calls `backward()`.
///
/// Source: D. C. Liu and J. Nocedal, "On the limited memory BFGS method for large scale
/// optimization", Mathematical Programming 45, 1989, doi:10.1007/BF01589116.
public final class LBFGS<Element: FloatingElement> {
  /// How the length of a step is found.
  public enum LineSearch: String, CaseIterable, Sendable, Codable {
    /// It is the learning rate.
    case none
    /// Bracketing and cubic interpolation until the strong Wolfe conditions hold.
    case strongWolfe
  }

  /// The parameters that `step` changes.
  public let parameters: [Parameter<Element>]

  /// The length of a step, or the first that a line search tries.
  ///
  /// A negative number or NaN is a failure, after which the optimiser keeps the rate that it had.
  public var learningRate: Double {
    didSet {
      guard !(learningRate >= 0) else { return }
      reportFailure(
        operation: "LBFGS", "learningRate \(learningRate) is negative or not a number")
      learningRate = oldValue
    }
  }

  /// The largest number of iterations of a step.
  public let maximumIterations: Int
  /// The largest number of evaluations of the loss in a step.
  public let maximumEvaluations: Int
  /// A step ends where no element of the gradient is larger.
  public let gradientTolerance: Double
  /// A step ends where no parameter, or where the loss, changes by more.
  public let changeTolerance: Double
  /// The number of changes that are remembered.
  public let historySize: Int
  /// How the length of a step is found.
  public let lineSearch: LineSearch

  /// What the iterations so far have left.
  var memory = LBFGSMemory<Element>()

  /// An optimiser of `parameters`.
  ///
  /// Precondition: no number is negative, and at least one parameter is given, none twice.
  ///
  /// - Parameters:
  ///   - parameters: the parameters; nil entries are skipped.
  ///   - learningRate: the length of a step, or the first that a line search tries.
  ///   - maximumIterations: the largest number of iterations of a step.
  ///   - maximumEvaluations: the largest number of evaluations of a step; nil for 1¼ of the
  ///     iterations.
  ///   - gradientTolerance: a step ends where no element of the gradient is larger.
  ///   - changeTolerance: a step ends where no parameter, or where the loss, changes by more.
  ///   - historySize: the number of changes that are remembered.
  ///   - lineSearch: how the length of a step is found.
  public init(
    _ parameters: [Parameter<Element>?], learningRate: Double = 1, maximumIterations: Int = 20,
    maximumEvaluations: Int? = nil, gradientTolerance: Double = 1e-7,
    changeTolerance: Double = 1e-9, historySize: Int = 100, lineSearch: LineSearch = .none
  ) {
    // The base checks the list.
    self.parameters = Optimizer("LBFGS", [ParameterGroup(parameters)], learningRate: 0).parameters
    self.learningRate = learningRate
    self.maximumIterations = maximumIterations
    let (quarterMore, isTooLarge) = maximumIterations.addingReportingOverflow(maximumIterations / 4)
    self.maximumEvaluations = max(0, maximumEvaluations ?? (isTooLarge ? .max : quarterMore))
    self.gradientTolerance = gradientTolerance
    self.changeTolerance = changeTolerance
    self.historySize = historySize
    self.lineSearch = lineSearch
    let numbers: KeyValuePairs = [
      "learningRate": learningRate, "maximumIterations": Double(maximumIterations),
      "maximumEvaluations": Double(maximumEvaluations ?? 0),
      "gradientTolerance": gradientTolerance, "changeTolerance": changeTolerance,
      "historySize": Double(historySize),
    ]
    for (what, number) in numbers where !(number >= 0) {
      reportFailure(operation: "LBFGS", "\(what) \(number) is negative or not a number")
    }
  }

  /// Sets every gradient to nil.
  public func zeroGrad() {
    for parameter in parameters { parameter.grad = nil }
  }

  /// Minimises the loss for at most `maximumIterations` iterations.
  ///
  /// - Parameter loss: the loss of the present parameters, a tensor of one number; called for each
  ///   evaluation. Gradients are set to nil before it, and `backward()` is called on its result.
  /// - Returns: the loss before the step.
  @discardableResult
  public func step(_ loss: () -> Tensor<Element>) -> Tensor<Element> {
    var first: Tensor<Element>?
    func evaluate() -> Evaluation {
      zeroGrad()
      let loss = loss()
      if first == nil { first = loss.detached() }
      if loss.requiresGradient { loss.backward() }
      return Evaluation(loss: loss.item().doubleValue, gradient: gatheredGradient())
    }
    minimize(evaluate)
    return first ?? .zeros([], on: .cpu)
  }

  /// All elements of all gradients, one after another; zeros for a parameter without one.
  private func gatheredGradient() -> Tensor<Element.Computed> {
    gathered {
      $0.grad?.detached() ?? Tensor.zeros($0.shape, on: $0.tensor.device)
    }
  }

  func gathered(_ part: (Parameter<Element>) -> Tensor<Element>) -> Tensor<Element.Computed> {
    let parts = parameters.map { part($0).cast(to: Element.Computed.self).reshaped(to: [-1]) }
    guard let device = parts.first?.device else { return .zeros([0], on: .cpu) }
    return parts.count == 1 ? parts[0] : concatenate(parts.map { $0.to(device) })
  }

  /// Sets the parameters to the elements of one vector.
  func scatter(_ vector: Tensor<Element.Computed>) {
    guard !vector.isFailed else { return }
    var start = 0
    for parameter in parameters {
      let count = parameter.shape.elementCount
      let part = vector[start..<(start + count)]
      parameter.tensor = part.reshaped(to: parameter.shape).cast(to: Element.self)
      start += count
    }
  }
}

extension LBFGS {
  /// A loss and its gradient as one vector.
  struct Evaluation {
    let loss: Double
    let gradient: Tensor<Element.Computed>
  }
}

/// What an LBFGS keeps between its iterations and steps.
struct LBFGSMemory<Element: FloatingElement> {
  typealias Vector = Tensor<Element.Computed>

  /// The changes of the gradient and of the parameters, and 1 over their product; the oldest first.
  var history: [(gradient: Vector, parameters: Vector, curvature: Double)] = []
  /// The diagonal of the first approximation.
  var scale = 1.0
  var iterationCount = 0
  var evaluationCount = 0
  /// The last direction and step length, and the gradient before it; none before the first
  /// iteration.
  var last: (direction: Vector, length: Double, gradient: Vector)?

  /// Remembers the last change, if the loss curves upwards along it.
  mutating func remember(_ gradient: Vector, limit: Int) {
    guard let last else { return }
    let change = gradient - last.gradient
    let step = last.direction * Element.Computed(last.length)
    let product = dot(change, step)
    guard product > 1e-10, limit > 0 else { return }
    if history.count == limit { history.removeFirst() }
    history.append((change, step, 1 / product))
    scale = product / dot(change, change)
  }

  /// −H·g: the two loops of the method.
  func direction(_ gradient: Vector) -> Vector {
    var direction = gradient * Element.Computed(-1)
    guard iterationCount > 1 else { return direction }
    var factors = history.map { _ in 0.0 }
    for place in history.indices.reversed() {
      let entry = history[place]
      factors[place] = dot(entry.parameters, direction) * entry.curvature
      direction = direction - entry.gradient * Element.Computed(factors[place])
    }
    direction = direction * Element.Computed(scale)
    for (factor, entry) in zip(factors, history) {
      let other = dot(entry.gradient, direction) * entry.curvature
      direction = direction + entry.parameters * Element.Computed(factor - other)
    }
    return direction
  }
}

/// The sum of the products of elements.
func dot<Element: FloatingElement>(_ left: Tensor<Element>, _ right: Tensor<Element>) -> Double {
  (left * right).sum().item().doubleValue
}
