import Slope
import SlopeCore
import SlopeNN

/// Losses.
extension CallList {
  func addLosses<Element: FloatingElement>(_ type: Element.Type) {
    typealias Loss = (Tensor<Element>, Tensor<Element>) -> Tensor<Element>
    func weight(_ draw: inout Draw) -> Tensor<Element>? { draw.bool() ? nil : draw.tensor(type) }
    let losses: [(String, String, (inout Draw) -> Loss)] = [
      ("MSELoss", "reduction:", { MSELoss<Element>(reduction: reduction(&$0)).callAsFunction }),
      ("L1Loss", "reduction:", { L1Loss<Element>(reduction: reduction(&$0)).callAsFunction }),
      (
        "BCELoss", "weight:reduction:",
        { BCELoss<Element>(weight: weight(&$0), reduction: reduction(&$0)).callAsFunction }
      ),
      (
        "BCEWithLogitsLoss", "weight:posWeight:reduction:",
        {
          BCEWithLogitsLoss<Element>(
            weight: weight(&$0), posWeight: weight(&$0), reduction: reduction(&$0)
          ).callAsFunction
        }
      ),
      ("KLDivLoss", "reduction:", { KLDivLoss<Element>(reduction: reduction(&$0)).callAsFunction }),
      (
        "HuberLoss", "delta:reduction:",
        { HuberLoss<Element>(delta: $0.number(), reduction: reduction(&$0)).callAsFunction }
      ),
      (
        "SmoothL1Loss", "beta:reduction:",
        { SmoothL1Loss<Element>(beta: $0.number(), reduction: reduction(&$0)).callAsFunction }
      ),
    ]
    for (name, labels, make) in losses {
      add("\(name).init(\(labels))") { draw in _ = make(&draw) }
      add("\(name).callAsFunction(_:_:)") { draw in
        let tensor = draw.tensor(type)
        let loss = make(&draw)
        draw.use(differentiable: loss(tensor, draw.tensor(like: tensor)))
      }
    }
    add("CrossEntropyLoss.init(weight:ignoreIndex:labelSmoothing:reduction:)") { draw in
      _ = CrossEntropyLoss<Element>(
        weight: weight(&draw), ignoreIndex: draw.int(), labelSmoothing: draw.number(),
        reduction: reduction(&draw))
    }
    add("CrossEntropyLoss.callAsFunction(_:_:)") { draw in
      let loss = CrossEntropyLoss<Element>(
        weight: weight(&draw), ignoreIndex: draw.int(), reduction: reduction(&draw))
      draw.use(differentiable: loss(draw.tensor(type), draw.tensor(Int.self)))
    }
    add("CrossEntropyLoss.callAsFunction(_:_:)") { draw in
      let loss = CrossEntropyLoss<Element>(
        weight: weight(&draw), ignoreIndex: draw.int(), labelSmoothing: draw.bool() ? 0 : 0.1,
        reduction: reduction(&draw))
      let logits = draw.tensor(type)
      draw.use(differentiable: loss(logits, draw.tensor(like: logits)))
    }
    add("NLLLoss.init(weight:ignoreIndex:reduction:)") { draw in
      _ = NLLLoss<Element>(
        weight: weight(&draw), ignoreIndex: draw.int(), reduction: reduction(&draw))
    }
    add("NLLLoss.callAsFunction(_:_:)") { draw in
      let loss = NLLLoss<Element>(
        weight: weight(&draw), ignoreIndex: draw.int(), reduction: reduction(&draw))
      draw.use(differentiable: loss(draw.tensor(type), draw.tensor(Int.self)))
    }
  }

  /// A user's loss, and all losses through their protocol.
  func addLossProtocol<Element: FloatingElement>(_ type: Element.Type) {
    func value<L: Loss>(_ loss: L, _ x: Tensor<L.Element>, _ y: Tensor<L.Target>) -> Tensor<
      L.Element
    > {
      loss.reduction == .none ? loss(x, y) : loss(x, y) * 2
    }
    add("Loss.callAsFunction(_:_:)") { draw in
      let loss = HostileLoss<Element>(reduction: reduction(&draw))
      draw.use(differentiable: value(loss, draw.tensor(type), draw.tensor(type)))
    }
    add("Loss.reduction") { draw in
      let loss = NLLLoss<Element>(reduction: reduction(&draw))
      draw.use(differentiable: value(loss, draw.tensor(type), draw.tensor(Int.self)))
    }
    add("ElementLoss.callAsFunction(_:_:)") { draw in
      let x = draw.tensor(type)
      draw.use(
        differentiable: HostileLoss<Element>(reduction: reduction(&draw))(x, draw.tensor(like: x)))
    }
    add("ElementLoss.formula") { _ = HostileLoss<Element>(reduction: reduction(&$0)).name.count }
    let losses: [(String, any ElementLoss<Element>)] = [
      ("MSELoss", MSELoss<Element>()), ("L1Loss", L1Loss<Element>()),
      ("KLDivLoss", KLDivLoss<Element>()),
      ("BCEWithLogitsLoss", BCEWithLogitsLoss<Element>()),
    ]
    for (name, loss) in losses {
      add("\(name).formula") {
        $0.use(differentiable: loss.formula($0.tensor(type), $0.tensor(type)))
      }
    }
  }
}

private struct HostileLoss<Element: FloatingElement>: ElementLoss {
  let reduction: LossReduction
  let formula = Pointwise("hostile") { x, y in (x / y).log() }
}

private func reduction(_ draw: inout Draw) -> LossReduction {
  draw.one(of: [.mean, .sum, .batchMean, .none])
}
