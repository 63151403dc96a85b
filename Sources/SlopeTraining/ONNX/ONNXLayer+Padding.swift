import SlopeCore
import SlopeNN

/// A layer that pads the last axes.
private protocol ONNXMarginLayer<Element>: ONNXLayer {
  var margins: LayerMargins { get }
  var filling: MarginFilling<Element> { get }
}

/// What is in margins.
private enum MarginFilling<Element: FloatingElement> {
  case element(Element)
  case own(PaddingMode)
}

extension ReflectionPad1d: ONNXLayer, ONNXMarginLayer {
  fileprivate var filling: MarginFilling<Element> { .own(.reflect) }
}

extension ReflectionPad2d: ONNXLayer, ONNXMarginLayer {
  fileprivate var filling: MarginFilling<Element> { .own(.reflect) }
}

extension ReplicationPad1d: ONNXLayer, ONNXMarginLayer {
  fileprivate var filling: MarginFilling<Element> { .own(.replicate) }
}

extension ReplicationPad2d: ONNXLayer, ONNXMarginLayer {
  fileprivate var filling: MarginFilling<Element> { .own(.replicate) }
}

extension CircularPad1d: ONNXLayer, ONNXMarginLayer {
  fileprivate var filling: MarginFilling<Element> { .own(.circular) }
}

extension CircularPad2d: ONNXLayer, ONNXMarginLayer {
  fileprivate var filling: MarginFilling<Element> { .own(.circular) }
}

extension ConstantPad1d: ONNXLayer, ONNXMarginLayer {
  fileprivate var filling: MarginFilling<Element> { .element(value) }
}

extension ConstantPad2d: ONNXLayer, ONNXMarginLayer {
  fileprivate var filling: MarginFilling<Element> { .element(value) }
}

extension ZeroPad1d: ONNXLayer, ONNXMarginLayer {
  fileprivate var filling: MarginFilling<Element> { .element(0) }
}

extension ZeroPad2d: ONNXLayer, ONNXMarginLayer {
  fileprivate var filling: MarginFilling<Element> { .element(0) }
}

extension ONNXMarginLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    let shape = try graph.outputShape(of: self, input, axisCount: margins.pairs.count)
    let others = Array(repeating: (before: 0, after: 0), count: shape.count - margins.pairs.count)
    let pairs = others + margins.pairs.reversed()
    let pads = graph.constant("pads", pairs.map(\.before) + pairs.map(\.after))
    let hasMode = pairs.allSatisfy { $0.before >= 0 && $0.after >= 0 }
    let output: String
    switch filling {
    case .element(let element):
      output = graph.add(
        "Pad", input.name, pads, graph.constant("element", [element], []),
        attributes: ["mode": .text("constant")])
    case .own(.reflect) where hasMode:
      output = graph.add("Pad", input.name, pads, attributes: ["mode": .text("reflect")])
    case .own(.replicate) where hasMode:
      output = graph.add("Pad", input.name, pads, attributes: ["mode": .text("edge")])
    case .own(let mode):
      // Version 17 has no mode "wrap", and what is cut before another mode is not told.
      output = pairs.enumerated().reduce(input.name) { value, axis in
        guard axis.element != (0, 0), let extent = input.shape[axis.offset] else { return value }
        let places = Tensor((0..<extent).map { Double($0) }, on: .cpu)
          .padded([axis.element], mode: mode)
        return graph.add(
          "Gather", value, graph.constant("places", places.scalars.map { Int($0) }),
          attributes: ["axis": .integer(axis.offset)])
      }
    }
    return ONNXTensor(output, shape)
  }
}
