import Slope

/// Expressions that golden files state in words, by their text.
func programOperations<Element: FloatingElement>() -> [Operation<Element>] {
  let programs = programTexts(Element.self)
  return [
    Operation("program", "a formula") { arguments in
      let text = try arguments.attributes.string("program")
      guard let program = programs[text] else { throw Unsupported("the program '\(text)'") }
      return [try program(arguments)]
    },
    Operation("second_derivative", "gradients(of:withRespectTo:recorded:)") { arguments in
      let text = try arguments.attributes.string("program")
      guard let program = programs[text] else { throw Unsupported("the program '\(text)'") }
      let x = Parameter(try arguments[0])
      let value = try program(Arguments([x.tensor], arguments.attributes))
      guard let first = gradients(of: value, withRespectTo: [x], recorded: true)[0] else {
        throw Unsupported("a program that does not depend on its operand")
      }
      // The Hessian is diagonal: its product with ones is its diagonal.
      let second = gradients(of: first.sum(), withRespectTo: [x])[0]
      return [first, second ?? Tensor<Element>.zeros(x.shape)]
    },
    Operation("backward", "(x * 2).backward()") { arguments in
      let text = try arguments.attributes.string("program")
      guard text == "backward(x * 2) with no cotangent for a tensor of 3" else {
        throw Unsupported("the program '\(text)'")
      }
      let x = Parameter(try arguments[0])
      (x.tensor * 2).backward()
      return []
    },
  ]
}

private func programTexts<Element: FloatingElement>(
  _: Element.Type
) -> [String: @Sendable (Arguments<Element>) throws -> Tensor<Element>] {
  [
    "x*x + x": { try $0[0] * $0[0] + $0[0] },
    "mean((tanh(x @ w1 + b1) @ w2 + b2)^2)": {
      let hidden = (matmul(try $0[0], try $0[1]) + (try $0[2])).tanh()
      return (matmul(hidden, try $0[3]) + (try $0[4])).square().mean()
    },
    "20 times x = tanh(0.9*x + 0.1)": {
      var x = try $0[0]
      for _ in 0..<20 { x = (x * 0.9 + 0.1).tanh() }
      return x
    },
    "x[:, 1:] - x[:, :-1]": {
      let x = try $0[0]
      guard x.rank == 2 else { throw Unsupported("an operand of rank \(x.rank)") }
      return x[0..., 1...] - x[0..., ..<(-1)]
    },
    "cat(x, 2*x, axis 0) summed over axis 0": {
      concatenate([try $0[0], 2 * (try $0[0])], axis: 0).sum(axes: [0])
    },
    "(a[:,None] * b[None,:] + c) summed over axis 1": {
      (try $0[0].unsqueezed(at: 1) * $0[1].unsqueezed(at: 0) + $0[2]).sum(axes: [1])
    },
    "sum(permute(x,[2,0,1]) * y, axis 1)": {
      (try $0[0].permuted([2, 0, 1]) * $0[1]).sum(axes: [1])
    },
    "where(x > 0, sqrt(x), 0)": {
      let x = try $0[0]
      return Tensor<Element>.where(x .> 0, x.sqrt(), Tensor<Element>(0))
    },
    "sum(sin(x)*exp(x))": {
      let x = try $0[0]
      return (x.sin() * x.exp()).sum()
    },
    "sum(tanh(x))": { try $0[0].tanh().sum() },
  ]
}
