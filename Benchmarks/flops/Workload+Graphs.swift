import Slope

/// Backward passes over wide graphs: the cost of a pass in addition to its arithmetic.
extension Workload {
  /// Each graph twice: the pass alone over a graph that is kept; then building it, the pass, and
  /// freeing it.
  static let graphs: [Workload] = [
    ("leaves", "a chain of sums over 30,000 parameters", leaves),
    ("losses", "30,000 losses of one parameter, stacked", losses),
    ("slices", "50,000 slices of one parameter, put together newest first", slices),
  ].flatMap { name, title, graph in
    [
      Workload(name: "backward_\(name)", title: "backward: \(title)", quantity: .microseconds) {
        _ in
        let total = graph()
        return { repetitions in
          for _ in 0..<repetitions { total.backward(retainGraph: true) }
          total.device.synchronize()
        }
      },
      Workload(name: "graph_\(name)", title: "\(title), and backward", quantity: .microseconds) {
        _ in
        { repetitions in
          for _ in 0..<repetitions { graph().backward() }
          Device.default.synchronize()
        }
      },
    ]
  }

  private static func leaves() -> Tensor<Float> {
    let parameters = (0..<30_000).map { Parameter(Tensor<Float>(Float($0))) }
    return parameters.dropFirst().reduce(parameters[0].tensor) { $0 + $1.tensor }
  }

  private static func losses() -> Tensor<Float> {
    let parameter = Parameter(Tensor<Float>.ones([16]))
    return stack((0..<30_000).map { (parameter.tensor * Float($0)).sum() }).sum()
  }

  private static func slices() -> Tensor<Float> {
    let parameter = Parameter(Tensor<Float>.ones([50_000]))
    let parts = (0..<50_000).map { parameter.tensor[$0..<($0 + 1)] }
    return concatenate(parts.reversed()).square().sum()
  }
}
