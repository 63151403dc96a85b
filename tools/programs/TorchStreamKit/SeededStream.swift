import SlopeCore
import SlopeData
import SlopeNN

/// The draws of the library after one seed, compared with PyTorch's.
struct SeededStream {
  let seed: UInt64
  /// Everything that the file has for this seed: some names are less explicit than their
  /// neighbours.
  let expected: [String: NumberTree]

  /// Makes the draws that `name` states, and compares.
  func check(_ name: String, _ values: NumberTree) -> StreamReport.Outcome {
    if let outcome = checkLoader(name, values) { return outcome }
    guard let (actual, tolerance) = draw(name, values) else {
      return .skipped("no such draw is known")
    }
    return StreamReport.Outcome(actual, values, tolerance)
  }

  private func draw(_ name: String, _ values: NumberTree) -> (NumberTree, Tolerance)? {
    let generator = Generator(seed: seed)
    guard let then = name.firstRange(of: "_then") else {
      return drawOnce(name, count: values.members.count, generator)
    }
    // The rest of the stream after the draw that the first part names.
    let base = String(name[..<then.lowerBound])
    guard let family = continuation(of: base),
      drawOnce(base, count: expected[base]?.members.count ?? 0, generator) != nil
    else { return nil }
    var rest = StreamName(name[then.upperBound...])
    let count = rest.takeCount() ?? values.members.count
    guard rest.isEmpty else { return nil }
    return drawOnce("\(family)_\(count)", count: count, generator)
  }

  /// The kind and element type of a draw, without its count; nil if nothing can follow.
  private func continuation(of name: String) -> String? {
    var words = StreamName(name)
    let kind = words.take("rand") ? "rand" : words.take("randn") ? "randn" : nil
    let dtype = words.takeDType()
    // Without a count in its name, its neighbour must state how many were drawn.
    guard let kind, expected[name] != nil || !words.isEmpty else { return nil }
    return dtype.map { "\(kind)_\($0)" } ?? kind
  }

  private func drawOnce(
    _ name: String, count: Int, _ generator: Generator
  ) -> (NumberTree, Tolerance)? {
    var words = StreamName(name)
    if words.take("rand") || words.take("uniform") || words.take("randn") || words.take("normal") {
      return numbers(name, count, generator).map { (NumberTree($0), .scaled(1e-6)) }
    }
    if words.take("linear") {
      return layer(&words, generator).map { ($0, .scaled(1e-6)) }
    }
    if words.take("bernoulli") {
      guard let probability = words.takeDouble(), words.isEmpty else { return nil }
      let draws = generator.bernoulli(probability: probability, count: count)
      return (NumberTree(draws.map { $0 ? 1.0 : 0 }), .scaled(0))
    }
    if words.take("dropout") {
      guard let probability = words.takeDouble(), words.take("of"), words.take("ones"),
        words.isEmpty
      else { return nil }
      let mask = generator.dropoutMask(probability: probability, count: count)
      return (NumberTree(mask.map { Double($0) }), .scaled(1e-6))
    }
    return integers(name, count, generator).map { ($0, .exact) }
  }

  /// Uniform and normal draws.
  private func numbers(_ name: String, _ count: Int, _ generator: Generator) -> [Double]? {
    var words = StreamName(name)
    guard let kind = ["rand", "randn", "uniform", "normal"].first(where: { words.take($0) })
    else { return nil }
    let dtype = words.takeDType() ?? "float32"
    // The ends of the range, or the mean and the standard deviation.
    var range = (0.0, 1.0)
    if kind == "uniform" || kind == "normal" {
      guard let first = words.takeDouble(), let second = words.takeDouble() else { return nil }
      range = (first, second)
    }
    let count = words.takeCount() ?? count
    guard words.isEmpty else { return nil }
    let isNormal = kind == "randn" || kind == "normal"
    return switch dtype {
    case "float16": draw(Float16.self, isNormal, range, count, generator)
    case "bfloat16": draw(BFloat16.self, isNormal, range, count, generator)
    case "float32": draw(Float.self, isNormal, range, count, generator)
    default: draw(Double.self, isNormal, range, count, generator)
    }
  }

  private func draw<Element: FloatingElement>(
    _ type: Element.Type, _ isNormal: Bool, _ range: (Double, Double), _ count: Int,
    _ generator: Generator
  ) -> [Double] {
    let (first, second) = (Element(clamping: range.0), Element(clamping: range.1))
    let tensor =
      isNormal
      ? Tensor<Element>.normal(
        [count], mean: first, standardDeviation: second, generator: generator, on: .cpu)
      : Tensor<Element>.uniform(
        [count], from: first, to: second, generator: generator, on: .cpu)
    return tensor.scalars.map(\.doubleValue)
  }

  private func layer(_ words: inout StreamName, _ generator: Generator) -> NumberTree? {
    let dtype = words.takeDType() ?? "float32"
    guard let inputs = words.takeCount(), let outputs = words.takeCount(),
      inputs * outputs <= StreamName.largestCount
    else { return nil }
    let isWeight = words.take("weight")
    guard isWeight || words.take("bias"), words.isEmpty else { return nil }
    switch dtype {
    case "float32":
      let layer = Linear<Float>(inputs, outputs, generator: generator)
      return isWeight ? layer.weight.tensor.tree : layer.bias?.tensor.tree
    case "float64":
      let layer = Linear<Double>(inputs, outputs, generator: generator)
      return isWeight ? layer.weight.tensor.tree : layer.bias?.tensor.tree
    default: return nil
    }
  }

  private func integers(_ name: String, _ count: Int, _ generator: Generator) -> NumberTree? {
    var words = StreamName(name)
    if words.take("randint") {
      guard let first = words.takeInt() else { return nil }
      let second = words.takeInt()
      let (low, high) = second.map { (first, $0) } ?? (0, first)
      guard words.isEmpty, low < high else { return nil }
      return Tensor<Int>.randint(low, high, [count], generator: generator).tree
    }
    if words.take("randperm") {
      guard let count = words.takeCount(), words.isEmpty else { return nil }
      return Tensor<Int>.randperm(count, generator: generator).tree
    }
    if words.take("multinomial") {
      guard let draws = words.takeCount(), words.take("of"), let total = words.takeCount(),
        words.isEmpty, draws <= total
      else { return nil }
      let weights = (0..<total).map { Double($0 + 1) }
      return NumberTree(generator.distinctMultinomial(weights: weights, count: draws))
    }
    if words.take("split") { return split(&words, name) }
    return nil
  }

  private func split(_ words: inout StreamName, _ name: String) -> NumberTree? {
    guard let count = words.takeCount() else { return nil }
    let rows = Tensor<Int>((0..<count).map { $0 }, on: .cpu)
    let dataset = TensorDataset(rows, rows)
    manualSeed(seed)
    let parts: [Subset<TensorDataset<Int, Int>>]
    if words.take("counts") {
      var counts: [Int] = []
      while let count = words.takeCount() { counts.append(count) }
      guard words.isEmpty else { return nil }
      parts = randomSplit(dataset, counts)
    } else if words.take("fractions") {
      var fractions: [Double] = []
      while let fraction = words.takeDouble() { fractions.append(fraction) }
      guard words.isEmpty else { return nil }
      parts = randomSplit(dataset, fractions)
    } else if words.take("own"), words.take("generator"), words.isEmpty {
      let counts = expected[name]?.members.map(\.members.count) ?? []
      parts = randomSplit(dataset, counts, generator: Generator(seed: seed))
    } else {
      return nil
    }
    return .list(parts.map { NumberTree($0.indices) })
  }
}
