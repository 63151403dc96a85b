import SlopeData
import SlopeTraining

/// What a fitted pipeline makes of the columns of a table, as nodes of a graph.
///
/// The graph has an input for each column that is read, `[rows, 1]`: a double, NaN where it is missing and 1
/// or 0 for true or false; a string, empty where it is missing; or the microseconds of a date since 1970. Numbers are
/// scaled in double, all columns of one kind by one node.
struct ONNXPipeline {
  /// Values `[rows, places]` of doubles, and to which of the pipeline's outputs they belong.
  private var blocks: [(value: String, places: [Int])] = []
  /// The numbers of levels, `[rows, 1]` of integers, by the pipeline's outputs.
  private var codes: [Int: String] = [:]

  /// The columns of numbers whose scales are computed alike.
  private struct Kind: Hashable {
    let isBounded: Bool
    let isClipped: Bool
    /// Whether numbers are multiplied by a power of two first.
    let isRescaled: Bool

    init(_ encoding: NumberEncoding) {
      (isBounded, isClipped) = (encoding.isBounded, encoding.isClipped)
      isRescaled = ONNXGraph.unit(encoding.center, encoding.scale) != 1
    }
  }

  /// Adds what the pipeline computes to a graph that has its columns as inputs.
  init(_ pipeline: FittedPipeline, in graph: inout ONNXGraph) {
    var kinds: [Kind] = []
    var numbers: [Kind: [(name: String, encoding: NumberEncoding, place: Int)]] = [:]
    var (flagged, flags): ([String], [Int]) = ([], [])
    var place = 0
    func add(_ name: String, _ number: NumberEncoding, at place: Int) {
      let kind = Kind(number)
      if numbers[kind] == nil { kinds.append(kind) }
      numbers[kind, default: []].append((name, number, place))
    }
    for entry in pipeline.entries {
      guard let encoding = entry.encoding else { continue }
      let name = entry.report.name
      switch encoding {
      case .number(let number, let hasFlag):
        add(name, number, at: place)
        if hasFlag {
          flagged.append(name)
          flags.append(place + 1)
        }
      case .presence where entry.report.kind.isText:
        let empty = graph.constant("empty", texts: [""])
        blocks.append((graph.cast(graph.add("Equal", name, empty), to: .double), [place]))
      case .presence:
        flagged.append(entry.report.kind == .date ? graph.presence(of: name) : name)
        flags.append(place)
      case .levels(let levels):
        let code = Self.code(of: name, levels, in: &graph)
        if levels.isCode {
          codes[place] = code
        } else {
          let all = graph.constant("levels", Array(0..<levels.count))
          let value = graph.cast(graph.add("Equal", code, all), to: .double)
          blocks.append((value, Array(place..<(place + levels.count))))
        }
      case .date(let parts, let scales, let hasFlag):
        let values = graph.parts(of: name, parts)
        for (index, value) in values.enumerated() { add(value, scales[index], at: place + index) }
        if hasFlag {
          flagged.append(values[0])
          flags.append(place + parts.count)
        }
      }
      place += encoding.outputCount
    }
    for kind in kinds {
      let columns = numbers[kind] ?? []
      let value = Self.scaled(columns.map(\.name), columns.map(\.encoding), kind, in: &graph)
      blocks.append((value, columns.map(\.place)))
    }
    if !flagged.isEmpty {
      let missing = graph.add("IsNaN", graph.concatenate(flagged, axis: 1))
      blocks.append((graph.cast(missing, to: .double), flags))
    }
  }

  /// The number of each cell's level; that of a cell that is none is the number of levels.
  private static func code(
    of name: String, _ levels: LevelEncoding, in graph: inout ONNXGraph
  ) -> String {
    let other = levels.hasRest ? levels.levels.count : levels.count
    var (keys, values) = (levels.levels, Array(levels.levels.indices))
    if !keys.contains("") {
      keys.append("")
      values.append(levels.hasMissing ? levels.count - 1 : other)
    }
    return graph.add(
      "LabelEncoder", name,
      attributes: [
        "keys_strings": .texts(keys), "values_int64s": .integers(values),
        "default_int64": .integer(other),
      ], domain: ONNXGraph.tableDomain)
  }

  /// Columns of numbers with what is missing replaced, as `NumberEncoding` scales them.
  private static func scaled(
    _ names: [String], _ encodings: [NumberEncoding], _ kind: Kind, in graph: inout ONNXGraph
  ) -> String {
    func constants(_ name: String, _ number: (NumberEncoding) -> Double) -> String {
      graph.constant(name, encodings.map(number), [encodings.count])
    }
    let raw = graph.concatenate(names, axis: 1)
    var value = raw
    if encodings.contains(where: { $0.fill != nil }) {
      value = graph.add(
        "Where", graph.add("IsNaN", raw), constants("fill") { $0.fill ?? .nan }, raw)
    }
    guard kind.isBounded else { return value }
    func unit(_ encoding: NumberEncoding) -> Double {
      ONNXGraph.unit(encoding.center, encoding.scale)
    }
    if kind.isRescaled { value = graph.add("Mul", value, constants("unit", unit)) }
    let distance = graph.add("Sub", value, constants("center") { $0.center * unit($0) })
    let z = graph.add(
      "Clip", graph.add("Div", distance, constants("scale") { $0.scale * unit($0) }),
      graph.constant("least", -NumberEncoding.bound, as: Double.self),
      graph.constant("greatest", NumberEncoding.bound, as: Double.self))
    guard kind.isClipped else { return z }
    return graph.smoothlyClipped(z, Double.self)
  }

  /// The pipeline's outputs at some places, `[rows, places]` of doubles.
  func values(_ places: [Int], in graph: inout ONNXGraph) -> String {
    var parts = blocks
    for place in places {
      if let code = codes[place] { parts.append((graph.cast(code, to: .double), [place])) }
    }
    let wanted = Set(places)
    parts.removeAll { wanted.isDisjoint(with: $0.places) }
    let all = graph.concatenate(parts.map(\.value), axis: 1)
    let order = parts.flatMap(\.places)
    if order == places { return all }
    let indexOfPlace = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    let indices = graph.constant("order", places.map { indexOfPlace[$0] ?? 0 })
    return graph.add("Gather", all, indices, attributes: ["axis": .integer(1)])
  }

  /// The number of the level of an output that is one, `[rows]` of integers.
  func code(_ place: Int, in graph: inout ONNXGraph) -> String {
    graph.add("Squeeze", codes[place] ?? "", graph.constant("axes", [1]))
  }
}

extension ONNXGraph {
  /// A power of two by which numbers of a centre and a scale are multiplied to be computed with; 1 for most.
  ///
  /// The difference of two numbers near the end of the range would be infinite; and onnxruntime leaves out
  /// the addition of a number that is 0 as a Float.
  static func unit(_ center: Double, _ scale: Double) -> Double {
    let magnitude = max(abs(center), scale)
    guard magnitude > 1e290 || magnitude < 1e-30 else { return 1 }
    return Double(
      sign: .plus, exponent: min(max(-Int(magnitude.exponent), -1000), 1000), significand: 1)
  }
}
