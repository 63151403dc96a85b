/// Windows of a plane: where their elements are.
///
/// Element (p, q) of window (i, j) is at row `i · stride + p · dilation − padding` of the plane, and
/// likewise at a column. It is 0 where that is outside the plane.
package struct Windows: Sendable, Hashable {
  /// The extents of a plane.
  package var plane: Pair
  /// The extents of a window.
  package var kernel: Pair
  package var stride: Pair = 1
  package var dilation: Pair = 1
  /// The rows above and the columns to the left of the plane with which windows begin.
  package var padding: Pair = 0
  /// The number of windows along each axis.
  package var count: Pair

  /// The shape of unfolded planes.
  package func unfoldedShape(planes: Int) -> Shape {
    [planes, kernel.height, kernel.width, count.height, count.width]
  }

  /// The shape of planes.
  package func shape(planes: Int) -> Shape { [planes, plane.height, plane.width] }

  /// Whether each window is one element, and every element a window.
  var isIdentity: Bool {
    kernel == 1 && stride == 1 && padding == 0 && count == plane
  }
}
