import SlopeCore
public import SlopeData
public import SlopeNN
public import SlopeOptimizers

extension ExponentialMovingAverage {
  /// An average of a module's parameters, and of its buffers if `includesBuffers` is true.
  ///
  /// Otherwise the buffers, such as running statistics, stay those of the training. PyTorch:
  /// `AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay), use_buffers)`. Precondition:
  /// the decay is in 0...1, and there is a parameter.
  public convenience init(
    _ model: some Module<Element>, decay: Double = 0.999, includesBuffers: Bool = false
  ) {
    self.init(places: averagedPlaces(of: model, includesBuffers), decay: decay)
  }
}

extension StochasticWeightAverage {
  /// An average of a module's parameters, and of its buffers if `includesBuffers` is true.
  ///
  /// Otherwise the buffers, such as running statistics, stay those of the training. PyTorch:
  /// `AveragedModel(model, use_buffers)`. Precondition: there is a parameter.
  public convenience init(_ model: some Module<Element>, includesBuffers: Bool = false) {
    self.init(places: averagedPlaces(of: model, includesBuffers))
  }
}

private func averagedPlaces<Element>(
  of model: some Module<Element>, _ includesBuffers: Bool
) -> [AveragedPlace<Element>] {
  let parameters = model.parameters().map { AveragedPlace($0) }
  guard includesBuffers else { return parameters }
  let buffers = model.namedBuffers().map(\.buffer).map { buffer in
    AveragedPlace(read: { buffer.tensor }, write: { buffer.tensor = $0 })
  }
  return parameters + buffers
}

/// An average among a trainer's callbacks is updated after each step, and kept by checkpoints.
extension ParameterAverage: TrainingCallback {
  /// Takes the present parameters into the average.
  public func stepEnded(_ step: Int, of stepCount: Int) { update() }

  /// The averages, and the number of updates.
  public func checkpointState() -> Safetensors {
    var state = Safetensors()
    for (place, average) in averages.enumerated() { state.insert(average, as: "\(place)") }
    state.metadata["updateCount"] = "\(updateCount)"
    return state
  }

  /// Continues with the averages of a checkpoint.
  public func resumed(
    at step: Int, of stepCount: Int, after history: TrainingHistory, from state: Safetensors
  ) throws {
    let averages = (0..<state.names.count).compactMap {
      state.tensor("\($0)", as: Element.Computed.self)
    }
    try load(averages: averages, updateCount: state.metadata["updateCount"].flatMap(Int.init) ?? -1)
  }
}
