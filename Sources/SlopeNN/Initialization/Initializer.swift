public import SlopeCore

/// How the initial values of a parameter are chosen.
///
/// ```swift
/// manualSeed(0)
/// let layer = Linear<Float>(3, 2)
/// layer.weight.initialize(.xavierUniform(gain: calculateGain(.tanh)))
/// layer.bias?.initialize(.zeros)
/// for parameter in layer.parameters() { print(parameter.shape) }
/// // [2, 3]
/// // [2]
/// ```
///
/// The *fans* of a weight `[out, in, …]` are the numbers of inputs and outputs of one of its
/// elements: `in` and `out`, each times the product of the further extents (the places of a
/// convolution's kernel). Initialisers that use them need two axes or more; a tensor without
/// elements stays as it is.
///
/// Numbers are drawn on the host: after one seed they are the same on every device, and, for all
/// element types, those of the function of PyTorch's `nn.init` that each case names. Of the 16-bit
/// floats `orthogonal` is rounded from Double; PyTorch does not have it.
///
/// - SeeAlso: `Parameter.initialize(_:generator:)`, `calculateGain(_:negativeSlope:)`.
public enum Initializer: Sendable, Hashable {
  /// All 0; `zeros_`.
  case zeros

  /// All 1; `ones_`.
  case ones

  /// All equal to a number; `constant_`.
  case constant(Double)

  /// Uniform in `from ..< to`; `uniform_`.
  case uniform(from: Double = 0, to: Double = 1)

  /// Normal; `normal_`.
  case normal(mean: Double = 0, standardDeviation: Double = 1)

  /// Normal, but within `from ... to`: draws beyond the bounds are drawn again; `trunc_normal_`.
  ///
  /// The bounds are numbers, not multiples of the standard deviation, which is that of the normal
  /// distribution before the cut. Precondition: the standard deviation is positive, and the bounds
  /// are finite, in order, and not so far out that fewer than about one draw in 100 is kept.
  case truncatedNormal(
    mean: Double = 0, standardDeviation: Double = 1, from: Double = -2, to: Double = 2)

  /// Uniform in ±gain · √(6 / (fanIn + fanOut)); `xavier_uniform_`.
  ///
  /// Source: X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward
  /// neural networks", 2010.
  case xavierUniform(gain: Double = 1)

  /// Normal with mean 0 and standard deviation gain · √(2 / (fanIn + fanOut)); `xavier_normal_`.
  ///
  /// Source: as for `xavierUniform(gain:)`.
  case xavierNormal(gain: Double = 1)

  /// Uniform in ±gain · √(3 / fan), with the gain of the nonlinearity; `kaiming_uniform_`.
  ///
  /// `a` is the slope below 0 of a `leakyRelu`, and not used otherwise. `Linear` draws its weights
  /// with `a` √5, which makes the bound 1/√fanIn. Source: K. He et al., "Delving deep into
  /// rectifiers", 2015, arXiv:1502.01852.
  case kaimingUniform(
    a: Double = 0, mode: FanMode = .fanIn, nonlinearity: Nonlinearity = .leakyRelu)

  /// Normal with mean 0 and standard deviation gain / √fan, with the gain of the nonlinearity;
  /// `kaiming_normal_`.
  ///
  /// Source: as for `kaimingUniform(a:mode:nonlinearity:)`.
  case kaimingNormal(a: Double = 0, mode: FanMode = .fanIn, nonlinearity: Nonlinearity = .leakyRelu)

  /// A random matrix whose rows, or columns if there are fewer, are orthogonal and of length
  /// `gain`; `orthogonal_`.
  ///
  /// Axes after the first are one axis. Precondition: there are two axes or more. Complexity:
  /// O(n · m²) for the smaller extent m. Source: A. M. Saxe, J. L. McClelland and S. Ganguli, "Exact
  /// solutions to the nonlinear dynamics of learning in deep linear neural networks", 2013,
  /// arXiv:1312.6120.
  case orthogonal(gain: Double = 1)

  /// Normal, with the fraction `sparsity` of each column 0; `sparse_`.
  ///
  /// The number of zeros is rounded up. Precondition: there are two axes, and `sparsity` is in 0...1.
  /// Source: J. Martens, "Deep learning via Hessian-free optimization", 2010.
  case sparse(sparsity: Double, standardDeviation: Double = 0.01)

  /// The identity matrix: 1 on the diagonal, else 0; `eye_`.
  ///
  /// Precondition: there are two axes.
  case eye

  /// A convolution that passes channels on: in each of `groups`, output i is input i; `dirac_`.
  ///
  /// 1 in the middle of the kernel, else 0. Precondition: there are three to five axes,
  /// `[out, in, …]`, and `groups` is positive and divides the first.
  case dirac(groups: Int = 1)

  /// Which fan a variance is kept for.
  public enum FanMode: String, CaseIterable, Sendable {
    /// The inputs: keeps the variance of activations on the way forward.
    case fanIn
    /// The outputs: keeps the variance of gradients on the way back.
    case fanOut
  }
}

extension Initializer {
  /// A tensor of initial values, on the default device.
  ///
  /// Precondition: the shape is one that the initialiser takes, without negative extents.
  ///
  /// - Parameters:
  ///   - shape: the shape of the tensor.
  ///   - element: the element type.
  ///   - generator: the source of random numbers; the default generator if nil.
  /// - Returns: the tensor, not recorded.
  public func tensor<Element: FloatingElement>(
    _ shape: Shape, of element: Element.Type = Element.self, generator: Generator? = nil
  ) -> Tensor<Element> {
    drawn(shape, generator: generator, on: .default)
  }
}

extension Parameter {
  /// Sets the value to initial values, as PyTorch's `nn.init` does.
  ///
  /// The values are drawn on the host and copied to the parameter's device; the gradient stays as it
  /// is. Precondition: the shape is one that the initialiser takes. After a failure the parameter
  /// keeps its value.
  ///
  /// ```swift
  /// let weight = Parameter(Tensor<Float>.zeros([2, 3]))
  /// weight.initialize(.eye)
  /// print(weight.tensor.detached())
  /// // tensor([[1., 0., 0.],
  /// //         [0., 1., 0.]])
  /// ```
  ///
  /// - Parameters:
  ///   - initializer: how the values are chosen.
  ///   - generator: the source of random numbers; the default generator if nil.
  public func initialize(_ initializer: Initializer, generator: Generator? = nil) {
    tensor = initializer.drawn(shape, generator: generator, on: tensor.device)
  }
}
