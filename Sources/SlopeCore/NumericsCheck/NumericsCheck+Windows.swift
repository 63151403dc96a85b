/// Runs `Backend.fold`, and checks its results where numbers are checked.
///
/// False if the results must not be used.
func runFold(
  _ source: Value, _ windows: Windows, output: Buffer, on backend: any Backend, result: Shape
) -> Bool {
  if !Numerics.isUsed {
    backend.fold(source, windows, output: output)
    return true
  }
  return NumericsCheck.run("fold", result) {
    backend.fold(source, windows, output: output)
  } passes: {
    $0.passes(fold: source, windows, Output(output, source.dtype))
  }
}

extension NumericsCheck {
  fileprivate func passes(fold source: Value, _ windows: Windows, _ output: Output) -> Bool {
    guard output.dtype != .bool, let elements = HostElements(source, as: source.shape) else {
      return output.dtype == .bool
    }
    let shape = windows.shape(planes: source.shape[0])
    /// The elements that were added to one element.
    func row(_ position: Int) -> [Number] {
      let index = shape.index(at: position)
      var row: [Number] = []
      for p in 0..<windows.kernel.height {
        guard let i = windows.window(at: index[1], element: p, \.height) else { continue }
        for q in 0..<windows.kernel.width {
          guard let j = windows.window(at: index[2], element: q, \.width) else { continue }
          let grid = (index[0] * windows.kernel.height + p) * windows.kernel.width + q
          row.append(elements[(grid * windows.count.height + i) * windows.count.width + j])
        }
      }
      return row
    }
    if output.dtype.isFloating {
      return passes(numbersOf: output, shape) { Finding($1, "fold", rows: [row($0)]) }
    }
    return passes(eachOf: output, shape) { position, result in
      let row = row(position)
      return Finding(result, exact: exactSum(row.lazy.map(\.integer)), "fold", rows: [row])
    }
  }
}

extension Windows {
  /// The window along one axis whose element `element` is at `place` of the plane; nil if none is.
  fileprivate func window(at place: Int, element: Int, _ axis: KeyPath<Pair, Int>) -> Int? {
    let distance = place + padding[keyPath: axis] - element * dilation[keyPath: axis]
    let (window, rest) = distance.quotientAndRemainder(dividingBy: stride[keyPath: axis])
    return distance >= 0 && rest == 0 && window < count[keyPath: axis] ? window : nil
  }
}
