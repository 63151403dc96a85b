/// The named shapes of matrix products.
enum MatMulShape: String, CaseIterable {
  case square256 = "square_256"
  case square512 = "square_512"
  case square1024 = "square_1024"
  case square2048 = "square_2048"
  /// Many rows, few columns: a layer over a large batch.
  case tall
  case wide
  case batched
  /// A matrix larger than any cache, times a vector, which is limited by memory.
  case vector
  /// The first layer of a digit classifier on 128 images.
  case mlp784 = "mlp_784"
  /// The gradient of that layer's weights, computed from a transposed view.
  case mlp784Gradient = "mlp_784_gradient"
  /// A layer of 1024 neurons on 512 rows.
  case mlp1024 = "mlp_1024"

  /// The extents: `[m, k] · [k, n]`, of `batch` matrices.
  struct Extents: Equatable {
    var batch = 1
    let m: Int
    let n: Int
    let k: Int

    var operations: Double { 2 * Double(batch) * Double(m) * Double(n) * Double(k) }

    /// The elements of both operands and of the result.
    var elements: Double { Double(batch) * (Double(m) * Double(k + n) + Double(k) * Double(n)) }
  }

  /// The extents of the operands.
  ///
  /// - Parameter rows: the rows of a matrix that fills an array.
  /// - Returns: the extents of the product.
  func extents(rows: Int) -> Extents {
    switch self {
    case .square256: Extents(m: 256, n: 256, k: 256)
    case .square512: Extents(m: 512, n: 512, k: 512)
    case .square1024: Extents(m: 1024, n: 1024, k: 1024)
    case .square2048: Extents(m: 2048, n: 2048, k: 2048)
    case .tall: Extents(m: 8192, n: 64, k: 256)
    case .wide: Extents(m: 64, n: 8192, k: 256)
    case .batched: Extents(batch: 64, m: 128, n: 128, k: 128)
    case .vector: Extents(m: rows, n: 1, k: ArraySize.columns)
    case .mlp784: Extents(m: 128, n: 256, k: 784)
    case .mlp784Gradient: Extents(m: 784, n: 256, k: 128)
    case .mlp1024: Extents(m: 512, n: 1024, k: 1024)
    }
  }

  /// The label in the plot.
  var label: String {
    switch self {
    case .square256: "256²"
    case .square512: "512²"
    case .square1024: "1024²"
    case .square2048: "2048²"
    case .mlp784: "MLP 784"
    case .mlp784Gradient: "MLP 784 gradient"
    case .mlp1024: "MLP 1024"
    default: rawValue
    }
  }

  /// The title, such as `tall: [8192, 256] · [256, 64]`; squares have none.
  func title(_ extents: Extents) -> String {
    let batch = extents.batch > 1 ? "\(extents.batch)× " : ""
    let left =
      self == .mlp784Gradient ? "[\(extents.k), \(extents.m)]ᵀ" : "[\(extents.m), \(extents.k)]"
    let name = extents.m == extents.n ? "" : "\(label): "
    return "\(name)\(batch)\(left) · [\(extents.k), \(extents.n)]"
  }
}
