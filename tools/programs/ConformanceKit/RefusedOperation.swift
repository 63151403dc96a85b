/// Words of PyTorch that the library refuses, and why: a part of the page of operations.
struct RefusedOperation: Sendable {
  /// PyTorch's words, as Markdown.
  let names: String
  /// The reason, and what to write instead.
  let reason: String

  private init(_ names: String, _ reason: String) {
    self.names = names
    self.reason = reason
  }

  /// All of them, the widest first.
  static let all = [
    RefusedOperation(
      "complex numbers: `complex64`, `real`, `imag`, `angle`, `polar`, `view_as_complex`, …",
      "no device kernel and no gradient here has complex elements; keep both parts as two tensors"),
    RefusedOperation(
      "`fft.*`, `stft`, `istft`, window functions",
      "their results are complex; of real signals, transform before loading"),
    RefusedOperation(
      "sparse tensors: `sparse_coo_tensor`, `to_sparse`, `sparse.mm`, …",
      "every tensor is dense with strides; `taking`, `scatterAdded` and `Embedding` work on indices"
    ),
    RefusedOperation(
      "nested, named and masked tensors", "an axis is a number, and a mask a tensor of its own"),
    RefusedOperation(
      "quantised tensors: `quantize_per_tensor`, `qint8`, float8, …",
      "an element type here computes with its own arithmetic; store `Float16` or `BFloat16`"),
    RefusedOperation(
      "in-place operations: `add_`, `zero_`, `copy_`, `index_put_`, `x[i] = y`, …",
      "tensors are values that never change: `x += y` assigns a new one; for `x[i] = y` there are "
        + "`where`, `maskedFill` and `scatterAdded`. Only a `Parameter` changes"),
    RefusedOperation(
      "`out=` arguments", "a result is a new tensor; memory of freed ones is used again"),
    RefusedOperation(
      "`dtype=`, `device=` and `requires_grad=` of an operation",
      "element types are static: `cast(to:)`, `withDevice`, `to(_:)` and `Parameter` say the same"),
    RefusedOperation(
      "type promotion, and Python numbers of another type",
      "operands of two element types do not compile; `cast(to:)` is explicit"),
    RefusedOperation(
      "`as_strided`, `set_`, `storage`, `data_ptr`, `unsafe_*`",
      "what a stride names depends on how a tensor came to be, and may lie outside of it; slices, "
        + "`diagonal`, `expanded` and `permuted` cannot"),
    RefusedOperation(
      "`empty`, `empty_like`, `empty_strided`, `new_empty`",
      "no tensor has elements that nobody wrote; `zeros` and `zeros(like:)` are as cheap as the memory"
    ),
    RefusedOperation(
      "`resize_`, `resize_as_`",
      "a tensor does not change; `reshaped`, `padded` and ranges make others"),
    RefusedOperation(
      "`map_`, `apply_`, `vmap`, `torch.func`, `torch.compile`",
      "a `Pointwise` function of your own is compiled and differentiated; axes broadcast"),
    RefusedOperation(
      "`block_diag()` and `cartesian_prod()` of no tensors",
      "without a tensor there is no element type"),
    RefusedOperation(
      "more than eight axes", "a shape is a value of fixed size, so that operations allocate none"),
  ]
}
