extension Activation {
  /// The activation as an operation of its own.
  var function: PointwiseFunction { Functions.of(primitive) }
}
