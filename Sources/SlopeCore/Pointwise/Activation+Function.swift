extension Activation {
  /// The activation as a separate operation.
  var function: PointwiseFunction { Functions.of(primitive) }
}
