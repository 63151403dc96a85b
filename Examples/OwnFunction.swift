/// An elementwise function of your own, with its first and second derivative.
///
/// The function is one pass over memory.
import Slope

extension Pointwise {
  /// The Mish activation, `x · tanh(softplus(x))`.
  ///
  /// Source: D. Misra, "Mish", 2019, arXiv:1908.08681.
  static let mish = Pointwise("mish") { x in x * x.exp().log1p().tanh() }
}

@main
struct OwnFunction {
  static func main() throws {
    let x = Parameter(Tensor<Double>([-2, -1, 0, 1, 2])).tensor
    let y = Pointwise.mish(x)
    print("mish", y.detached())

    // `recorded` makes the gradient differentiable, for the second derivative.
    let first = gradients(of: y.sum(), withRespectTo: [x], recorded: true)[0] ?? x
    print("mish′", first.detached())
    let second = gradients(of: first.sum(), withRespectTo: [x])[0] ?? x
    print("mish″", second)

    // Compares with finite differences of the function itself.
    let step = 1e-4
    let difference = (Pointwise.mish(x + step) - 2 * y + Pointwise.mish(x - step)) / (step * step)
    print(
      "largest error of mish″:",
      (difference - second).abs().max().item() < 1e-6 ? "below 1e-6" : "too large")
    print(y.graph)
  }
}
