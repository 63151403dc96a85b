/// How elements between those of a tensor are computed.
///
/// PyTorch: the argument `mode` of `torch.nn.functional.interpolate`.
public enum InterpolationMode: Sendable, Hashable, CaseIterable {
  /// The element before or at the place; `"nearest"`.
  case nearest
  /// The nearest element to the middle of the new one; `"nearest-exact"`.
  case nearestExact
  /// On a line between two neighbours along each axis; `"linear"`, `"bilinear"`, `"trilinear"`.
  case linear
  /// On a cubic curve through four neighbours along each of two axes; `"bicubic"`.
  ///
  /// Source: R. Keys, "Cubic convolution interpolation for digital image processing", 1981; the
  /// parameter is −0.75.
  case cubic
  /// The mean of the elements that the new one covers; `"area"`.
  case area
}

extension Tensor where Element: FloatingElement {
  /// Planes, or sequences, or volumes, with other extents: `[batch, channels, …]` →
  /// `[batch, channels] + extents`.
  ///
  /// With `alignsCorners` the first and the last elements stay in their places; else elements are
  /// intervals, and the ends of the first and the last stay. It is for `linear` and `cubic` only.
  ///
  /// ```swift
  /// let x = Tensor<Float>([0, 1]).reshaped(to: [1, 1, 2])
  /// print(x.interpolated(to: [4], mode: .linear))   // tensor([[[0.0000, 0.2500, 0.7500, 1.0000]]])
  /// ```
  ///
  /// Returns a copy. Complexity: O(n) in the size of the result. PyTorch:
  /// `torch.nn.functional.interpolate` with `size`; there is no `antialias`.
  ///
  /// Precondition: there are one to three axes after the first two, as many extents, and two axes for
  /// `cubic`; all extents are positive.
  ///
  /// - Parameters:
  ///   - extents: the new extents of the axes from the third on.
  ///   - mode: how elements are computed.
  ///   - alignsCorners: whether the outermost elements stay in their places.
  /// - Returns: the new elements.
  public func interpolated(
    to extents: [Int], mode: InterpolationMode = .nearest, alignsCorners: Bool = false
  ) -> Tensor {
    interpolated(to: extents, factors: nil, mode, alignsCorners)
  }

  /// The same with extents that are multiples of the present ones, rounded down.
  ///
  /// The distances of the new elements are those of the factors, even where an extent was rounded.
  /// PyTorch: `interpolate` with `scale_factor`.
  ///
  /// Precondition: as for `interpolated(to:mode:alignsCorners:)`, and the factors are positive.
  ///
  /// - Parameters:
  ///   - factors: one for each axis from the third on, or one for all of them.
  ///   - mode: how elements are computed.
  ///   - alignsCorners: whether the outermost elements stay in their places.
  /// - Returns: the new elements.
  public func interpolated(
    by factors: [Double], mode: InterpolationMode = .nearest, alignsCorners: Bool = false
  ) -> Tensor {
    if isFailed { return self }
    let axes = Array(shape.dropFirst(2))
    let factors =
      factors.count == 1 ? Array(repeating: factors[0], count: axes.count) : factors
    let extents = zip(axes, factors).map { Int(exactly: (Double($0) * $1).rounded(.down)) ?? -1 }
    guard factors.count == axes.count, factors.allSatisfy({ $0 > 0 }) else {
      return fail("interpolate", "factors \(factors) for \(shape)")
    }
    return interpolated(to: extents, factors: factors, mode, alignsCorners)
  }

  private func interpolated(
    to extents: [Int], factors: [Double]?, _ mode: InterpolationMode, _ alignsCorners: Bool
  ) -> Tensor {
    if isFailed { return self }
    guard (3...5).contains(rank), extents.count == rank - 2, mode != .cubic || rank == 4 else {
      return fail("interpolate", "\(extents) for \(shape), mode \(mode)")
    }
    guard !alignsCorners || mode == .linear || mode == .cubic else {
      return fail("interpolate", "corners are aligned only by the modes linear and cubic")
    }
    let target = Shape(Array(shape.prefix(2)) + extents)
    guard extents.allSatisfy({ $0 > 0 }), shape.dropFirst(2).allSatisfy({ $0 > 0 }),
      target.representableCount != nil
    else { return fail("interpolate", "\(extents) for \(shape)") }
    for extent in extents where !Size.isAvailable(extent, of: Double.self, for: "interpolate") {
      return .failed
    }
    if mode == .area { return averaged(to: extents) }
    // 16-bit floats are rounded once, at the end.
    var result = value.cast(to: Element.dtype.computeType)
    // As in PyTorch, the last axis first.
    for (index, extent) in extents.enumerated().reversed() {
      let axis = SampledAxis(
        from: shape[index + 2], to: extent, factor: factors?[index], mode,
        alignsCorners: alignsCorners, isDouble: Element.dtype == .float64)
      result = result.sampled(axis, at: index + 2)
    }
    return Tensor(result.cast(to: Element.dtype))
  }

  private func averaged(to extents: [Int]) -> Tensor {
    switch rank {
    case 3: return adaptiveAvgPool1d(extents[0])
    case 4: return adaptiveAvgPool2d(rows: extents[0], columns: extents[1])
    default:
      // Two axes, and then the third with them as one.
      let outer = shape[0] * shape[1] * shape[2]
      let planes = reshaped(to: [1, outer, shape[3], shape[4]])
        .adaptiveAvgPool2d(rows: extents[1], columns: extents[2])
      return planes.reshaped(to: [shape[0], shape[1], shape[2], extents[1] * extents[2]])
        .adaptiveAvgPool2d(rows: extents[0], columns: nil)
        .reshaped(to: Shape(Array(shape.prefix(2)) + extents))
    }
  }
}

/// Where the elements of an axis come from: for each, some neighbours and their weights.
private struct SampledAxis {
  /// The positions of the first neighbours of all elements, then of the second ones, and so on.
  var places: [[Int64]] = []
  /// Their weights; empty for one neighbour.
  var weights: [[Double]] = []

  init(
    from extent: Int, to count: Int, factor: Double?, _ mode: InterpolationMode,
    alignsCorners: Bool, isDouble: Bool
  ) {
    if isDouble {
      fill(extent, count, factor, mode, alignsCorners, Double.self)
    } else {
      fill(extent, count, factor, mode, alignsCorners, Float.self)
    }
  }

  /// Computed in the type in which PyTorch computes coordinates, since a floor depends on it.
  private mutating func fill<Number: BinaryFloatingPoint>(
    _ extent: Int, _ count: Int, _ factor: Double?, _ mode: InterpolationMode,
    _ alignsCorners: Bool, _: Number.Type
  ) {
    let last = extent - 1
    let scale: Number =
      alignsCorners
      ? (count > 1 ? Number(last) / Number(count - 1) : 0)
      : factor.map { Number(1 / $0) } ?? Number(extent) / Number(count)
    func middle(_ index: Int) -> Number { (Number(index) + 0.5) * scale - 0.5 }
    switch mode {
    case .nearest, .nearestExact, .area:
      let shift: Float = mode == .nearestExact ? 0.5 : 0
      places = [
        (0..<count).map { index in
          let place = ((Float(index) + shift) * Float(scale)).rounded(.down)
          return Int64(min(place < Float(Int.max / 2) ? Int(place) : last, last))
        }
      ]
    case .linear:
      places = [[], []]
      weights = [[], []]
      for index in 0..<count {
        let place = alignsCorners ? Number(index) * scale : max(middle(index), 0)
        let first = min(Int(place), last)
        let part = min(max(place - Number(first), 0), 1)
        places[0].append(Int64(first))
        places[1].append(Int64(min(first + 1, last)))
        weights[0].append(Double(1 - part))
        weights[1].append(Double(part))
      }
    case .cubic:
      places = Array(repeating: [], count: 4)
      weights = Array(repeating: [], count: 4)
      for index in 0..<count {
        let place = alignsCorners ? Number(index) * scale : middle(index)
        let first = place.rounded(.down)
        let coefficients = Self.cubic(place - first)
        for neighbour in 0..<4 {
          let position = Int(first) + neighbour - 1
          places[neighbour].append(Int64(min(max(position, 0), last)))
          weights[neighbour].append(Double(coefficients[neighbour]))
        }
      }
    }
  }

  /// The weights of four neighbours of a place that is `t` beyond the second.
  private static func cubic<Number: BinaryFloatingPoint>(_ t: Number) -> [Number] {
    let a: Number = -0.75
    func near(_ x: Number) -> Number { ((a + 2) * x - (a + 3)) * x * x + 1 }
    func far(_ x: Number) -> Number { ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
    return [far(t + 1), near(t), near(1 - t), far(2 - t)]
  }
}

extension Value {
  /// The elements along `axis` that `sampled` says.
  fileprivate func sampled(_ sampled: SampledAxis, at axis: Int) -> Value {
    if isFailed { return self }
    let neighbours = sampled.places.map { places in
      taking(
        Value.upload(places, shape: [places.count], dtype: .int64, on: backend), axis: axis,
        operation: "interpolate")
    }
    guard !sampled.weights.isEmpty else { return neighbours[0] }
    var along = Shape(repeatElement(1, count: layout.rank))
    along.extents[axis] = sampled.places[0].count
    let weights = sampled.weights.map { numbers in
      Value.upload(numbers, shape: along, dtype: .float64, on: CPUBackend.shared)
        .cast(to: dtype).moved(to: backend, record: false)
    }
    return applyPointwise(
      neighbours.count == 2 ? Functions.weightedSumOfTwo : Functions.weightedSumOfFour,
      neighbours + weights, programType: dtype, output: dtype)
  }
}

extension Functions {
  fileprivate static let weightedSumOfTwo = PointwiseFunction("interpolate", inputs: 4) {
    $0[0] * $0[2] + $0[1] * $0[3]
  }
  fileprivate static let weightedSumOfFour = PointwiseFunction("interpolate", inputs: 8) {
    $0[0] * $0[4] + $0[1] * $0[5] + $0[2] * $0[6] + $0[3] * $0[7]
  }
}
