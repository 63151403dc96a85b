public import SlopeCore

/// The average of parameters over the steps of a training: the base of two kinds of averages.
///
/// Averaged parameters often predict better than the last ones. Update the average after the
/// optimiser's steps, and evaluate with it:
///
/// ```swift
/// let weight = Parameter(Tensor<Float>([1]))
/// let average = ExponentialMovingAverage([weight], decay: 0.75)
/// average.update()
/// weight.tensor = Tensor([3])
/// average.update()
/// average.withAverages { print(weight.tensor.detached()) }   // tensor([1.5000])
/// print(weight.tensor.detached())                            // tensor([3.])
/// ```
///
/// The first update copies the parameters. Averages are on the parameters' devices; those of 16-bit
/// parameters are in `Float`. An average of a module, with its buffers if you like, is made in
/// SlopeTraining.
///
/// PyTorch's counterpart is `torch.optim.swa_utils.AveragedModel`.
public class ParameterAverage<Element: FloatingElement> {
  /// The averages in the order of the parameters; the parameters themselves before the first
  /// update.
  public private(set) var averages: [Tensor<Element.Computed>]

  /// The number of updates so far.
  public private(set) var updateCount = 0

  private let name: String
  private let places: [AveragedPlace<Element>]

  init(_ name: String, _ places: [AveragedPlace<Element>]) {
    self.name = name
    self.places = places
    averages = places.map { $0.read().detached().cast(to: Element.Computed.self) }
    if places.isEmpty { reportFailure(operation: name, "the list of parameters is empty") }
  }

  /// The share of the present parameters in the next average, after `count` updates.
  func share(after count: Int) -> Double { 1 }

  /// Takes the present parameters into the average; does not wait for the device.
  public final func update() {
    let share = updateCount == 0 ? 1 : share(after: updateCount)
    let new = zip(places, averages).map { place, average in
      let present = place.read().detached().cast(to: Element.Computed.self)
      if updateCount == 0 { return present }
      let weight = Tensor.full([], Element.Computed(share), on: present.device)
      return interpolated(average, present, weight)
    }
    if new.contains(where: \.isFailed) { return }
    averages = new
    if updateCount < .max { updateCount += 1 }
  }

  /// Sets the parameters to their averages, for good.
  public final func apply() {
    for (place, average) in zip(places, averages) { place.write(average.cast(to: Element.self)) }
  }

  /// Runs `body` with the parameters set to their averages, and sets them back.
  ///
  /// No elements are copied, except of 16-bit parameters.
  public final func withAverages<Result>(_ body: () throws -> Result) rethrows -> Result {
    let present = places.map { $0.read().detached() }
    apply()
    defer { for (place, tensor) in zip(places, present) { place.write(tensor) } }
    return try body()
  }

  /// Continues with averages that another average of the same parameters had.
  ///
  /// - Throws: `OptimizerStateError` if the averages are of other shapes or the count is negative;
  ///   then nothing has changed.
  public final func load(averages: [Tensor<Element.Computed>], updateCount: Int) throws {
    guard updateCount >= 0, averages.map(\.shape) == self.averages.map(\.shape) else {
      throw OptimizerStateError(
        description:
          "\(name): \(averages.count) averages of \(updateCount) updates are of other shapes "
          + "than the \(self.averages.count) parameters")
    }
    let moved = zip(averages, self.averages).map { $0.detached().to($1.device) }
    guard !moved.contains(where: \.isFailed) else {
      throw OptimizerStateError(description: "\(name): an average stands for a failed operation")
    }
    self.averages = moved
    self.updateCount = updateCount
  }
}

/// A parameter, or a buffer, as an average sees it.
package struct AveragedPlace<Element: FloatingElement> {
  let read: () -> Tensor<Element>
  let write: (Tensor<Element>) -> Void

  package init(
    read: @escaping () -> Tensor<Element>, write: @escaping (Tensor<Element>) -> Void
  ) {
    self.read = read
    self.write = write
  }

  package init(_ parameter: Parameter<Element>) {
    self.init(read: { parameter.tensor }, write: { parameter.tensor = $0 })
  }
}

/// An average that forgets: average ← `decay` · average + (1 − `decay`) · parameter.
///
/// PyTorch's counterpart is an `AveragedModel` with `get_ema_multi_avg_fn(decay)`.
public final class ExponentialMovingAverage<Element: FloatingElement>: ParameterAverage<Element> {
  /// The factor by which an update multiplies the average.
  public let decay: Double

  /// An average of parameters; nil entries are skipped.
  ///
  /// Precondition: at least one parameter is given, and the decay is in 0...1.
  public convenience init(_ parameters: [Parameter<Element>?], decay: Double = 0.999) {
    self.init(places: parameters.compactMap { $0.map { AveragedPlace($0) } }, decay: decay)
  }

  package init(places: [AveragedPlace<Element>], decay: Double) {
    self.decay = decay
    super.init("ExponentialMovingAverage", places)
    if !(0...1).contains(decay) {
      reportFailure(
        operation: "ExponentialMovingAverage", "decay \(decay) is not in 0...1")
    }
  }

  override func share(after count: Int) -> Double { 1 - decay }
}

/// The mean of the parameters of all updates.
///
/// PyTorch's counterpart is an `AveragedModel` with its default, `get_swa_multi_avg_fn()`.
///
/// Source: P. Izmailov et al., "Averaging weights leads to wider optima and better generalization",
/// 2018, arXiv:1803.05407.
public final class StochasticWeightAverage<Element: FloatingElement>: ParameterAverage<Element> {
  /// An average of parameters; nil entries are skipped.
  ///
  /// Precondition: at least one parameter is given.
  public convenience init(_ parameters: [Parameter<Element>?]) {
    self.init(places: parameters.compactMap { $0.map { AveragedPlace($0) } })
  }

  package init(places: [AveragedPlace<Element>]) {
    super.init("StochasticWeightAverage", places)
  }

  override func share(after count: Int) -> Double { 1 / (Double(count) + 1) }
}

/// As PyTorch's `lerp`, which is exact at both ends.
private let interpolated = Pointwise("average") { average, present, share in
  .select(
    share .< 0.5, average + share * (present - average),
    present - (present - average) * (1 - share))
}
