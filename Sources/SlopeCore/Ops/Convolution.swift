/// A convolution of planes: the three products that it and its gradients are.
///
/// `y[n, o, i, j] = Σ x[n, c, y(i, p), x(j, q)] · w[o, c, p, q] + b[o]` over the channels c of o's
/// group and the elements (p, q) of the kernel; `Windows` says where these are. That is linear in
/// the input, in the weight and in the output's gradient, so the gradients of each product are the
/// others:
///
///     output(x, w)      x receives input(g, w)     w receives weight(x, g)
///     input(y, w)       y receives output(g, w)    w receives weight(g, y)
///     weight(x, y)      x receives input(y, g)     y receives output(x, g)
///
/// The backend computes each, or it is a matrix product with unfolded planes, or a folded one. 16-bit
/// floats are computed in Float and rounded once.
struct Convolution: Sendable, Hashable {
  let shape: ConvolutionShape
  /// The operation's name in messages and graphs.
  let name: String

  /// The convolution of an input with a weight, plus a bias for each channel; the bias receives the
  /// sum of g over the channel.
  func output(_ x: Value, _ weight: Value, bias: Value? = nil, record: Bool = true) -> Value {
    computed(.output, x, weight, bias: bias).recorded(
      name, [x, weight] + (bias.map { [$0] } ?? []), record: record
    ) {
      // Each operand is kept only if the gradient of the other needs it.
      [
        convolution = self, x = weight.isRecorded ? x : nil, weight = x.isRecorded ? weight : nil,
        hasBias = bias?.isRecorded == true
      ] g, record in
      [
        weight.map { convolution.input(g, record ? $0 : $0.detached, record: record) },
        x.map { convolution.weight(record ? $0 : $0.detached, g, record: record) },
        hasBias ? g.reduced(.sum, axes: [0, 2, 3], record: record) : nil,
      ]
    }
  }

  /// What an input receives for a gradient of the output: a transposed convolution.
  func input(_ y: Value, _ weight: Value, record: Bool = true) -> Value {
    computed(.input, y, weight).recorded("\(name)Input", [y, weight], record: record) {
      [convolution = self, y = weight.isRecorded ? y : nil, weight = y.isRecorded ? weight : nil]
      g, record in
      [
        weight.map { convolution.output(g, record ? $0 : $0.detached, record: record) },
        y.map { convolution.weight(g, record ? $0 : $0.detached, record: record) },
      ]
    }
  }

  /// What a weight receives for an input and a gradient of the output.
  func weight(_ x: Value, _ y: Value, record: Bool = true) -> Value {
    computed(.weight, x, y).recorded("\(name)Weight", [x, y], record: record) {
      [convolution = self, x = y.isRecorded ? x : nil, y = x.isRecorded ? y : nil] g, record in
      [
        y.map { convolution.input(record ? $0 : $0.detached, g, record: record) },
        x.map { convolution.output(record ? $0 : $0.detached, g, record: record) },
      ]
    }
  }

  // MARK: Products, without recordings

  /// A product in the type in which the numbers are computed, rounded to theirs.
  private func computed(
    _ product: ConvolutionProduct, _ left: Value, _ right: Value, bias: Value? = nil
  ) -> Value {
    let dtype = left.dtype
    func wide(_ operand: Value) -> Value {
      operand.detached.cast(to: dtype.isFloating ? dtype.computeType : dtype, record: false)
        .contiguous
    }
    let (left, right, bias) = (wide(left), wide(right), bias.map(wide))
    if left.isFailed || right.isFailed || bias?.isFailed == true { return .failed(dtype) }
    let result =
      byBackend(product, left, right, bias)
      ?? byMatrices(product, left, right, bias).reshaped(to: product.shape(shape), record: false)
    return result.isFailed ? .failed(dtype) : result.cast(to: dtype, record: false)
  }

  /// The product by the backend's own verb; nil if it has none for it.
  private func byBackend(
    _ product: ConvolutionProduct, _ left: Value, _ right: Value, _ bias: Value?
  ) -> Value? {
    let result = product.shape(shape)
    // A check of numbers looks at the results of each step.
    guard left.backend.hasConvolutions, left.dtype.isFloating, !Numerics.isOn,
      result.elementCount > 0, left.count > 0, right.count > 0
    else { return nil }
    guard let buffer = Value.allocate(result, left.dtype, on: left.backend, for: name) else {
      return .failed(left.dtype)
    }
    guard left.backend.convolve(product, shape, left, right, bias: bias, output: buffer) else {
      return nil
    }
    return Value(Layout(result), left.dtype, buffer)
  }

  private func byMatrices(
    _ product: ConvolutionProduct, _ left: Value, _ right: Value, _ bias: Value?
  ) -> Value {
    let (batch, groups, windows) = (shape.batch, shape.groups, shape.windows)
    let weightMatrices: Shape = [1, groups, shape.groupOutputs, shape.depth]
    let outputMatrices: Shape = [batch, groups, shape.groupOutputs, shape.places]
    switch product {
    case .output:
      let result = Value.matmul(
        right.reshaped(to: weightMatrices, record: false), columns(left), record: false
      ).reshaped(to: shape.outputShape, record: false)
      return bias.map {
        applyPointwise(
          Functions.add, result, $0.reshaped(to: [shape.outputs, 1, 1], record: false),
          record: false)
      } ?? result
    case .input:
      let grids = Value.matmul(
        right.reshaped(to: weightMatrices, record: false).matrixTransposed(record: false),
        left.reshaped(to: outputMatrices, record: false), record: false)
      if windows.isIdentity { return grids }
      return grids.reshaped(to: windows.unfoldedShape(planes: batch * shape.inputs), record: false)
        .folded(windows, record: false)
    case .weight:
      return Value.matmul(
        right.reshaped(to: outputMatrices, record: false),
        columns(left).matrixTransposed(record: false), record: false
      ).reduced(.sum, axes: [0], record: false)
    }
  }

  /// The unfolded input as `[batch, groups, depth, places]`.
  private func columns(_ x: Value) -> Value {
    let planes = x.reshaped(
      to: shape.windows.shape(planes: shape.batch * shape.inputs), record: false)
    return
      (shape.windows.isIdentity ? planes : planes.unfolded(shape.windows, record: false))
      .reshaped(to: [shape.batch, shape.groups, shape.depth, shape.places], record: false)
  }
}
