import Glibc
import Slope
import SlopeCore
import SlopeNN
import SlopeTabular
import SlopeTraining

/// Models and trainings for other programs.
extension CallList {
  func addExportCalls() {
    let folder = SmallFiles.shared
    func layer(_ draw: inout Draw) -> any Layer<Float> {
      func pair() -> Pair { Pair(draw.int(), draw.int()) }
      switch draw.below(20) {
      case 0:
        return Linear(
          weight: Parameter(draw.tensor(Float.self)), bias: Parameter(draw.tensor(Float.self)))
      case 1: return Flatten(startAxis: draw.int(), endAxis: draw.int())
      case 2: return GroupNorm(2, 4)
      case 3: return BatchNorm1d(3)
      case 4: return LayerNorm(3)
      case 5: return Softmax(axis: draw.int())
      case 6: return NTPLinear(weight: Parameter(draw.tensor(Float.self)), bias: nil)
      case 7: return PReLU(draw.below(4) + 1)
      case 8: return Conv1d(3, 3, kernel: 1, stride: draw.int(), dilation: draw.int())
      case 9:
        return ConvTranspose1d(3, 3, kernel: 1, padding: draw.int(), outputPadding: draw.int())
      case 10:
        return AvgPool1d(draw.int(), stride: draw.int(), padding: draw.int(), ceilMode: draw.bool())
      case 11:
        return MaxPool1d(
          draw.int(), stride: draw.int(), padding: draw.int(), dilation: draw.int(),
          ceilMode: draw.bool())
      case 12: return AdaptiveAvgPool1d(draw.int())
      case 13: return AdaptiveMaxPool2d(rows: draw.int(), columns: nil)
      case 14: return ReflectionPad1d(left: draw.int(), right: draw.int())
      case 15: return CircularPad2d(left: 0, right: draw.int(), top: draw.int(), bottom: 1)
      case 16: return Upsample(to: draw.ints(), mode: draw.one(of: InterpolationMode.allCases))
      case 17: return FoldWindows(pair(), kernel: pair(), padding: pair(), stride: pair())
      case 18: return Unflatten(axis: draw.int(), draw.shape())
      default: return Sequential(Linear(3, 4), GELU(), FeatureScale(4), GLU(axis: draw.int()))
      }
    }
    func exported(_ layer: some Layer<Float>, _ shape: Shape) throws -> ONNXModel {
      try ONNXModel(layer, inputShape: shape)
    }
    func model(_ draw: inout Draw) throws -> ONNXModel {
      let layer = layer(&draw)
      return try exported(layer, draw.bool() ? [3] : draw.shape())
    }
    add("ONNXModel.init(_:inputShape:)") { draw in _ = try model(&draw).outputs }
    add("ONNXModel.init(_:)") { _ in
      _ = try ONNXModel(TabularModel(contentsOf: folder.model)).inputs
    }
    add("ONNXModel.inputs") { draw in _ = try model(&draw).inputs }
    add("ONNXModel.outputs") { draw in _ = try model(&draw).outputs }
    add("ONNXModel.description") { draw in _ = try model(&draw).description }
    add("ONNXModel.Port.typeText") { draw in _ = try model(&draw).inputs.map(\.typeText) }
    add("ONNXModel.Port.description") { draw in _ = try model(&draw).outputs.map(\.description) }
    add("ONNXModel.write(to:)") { draw in
      try model(&draw).write(to: draw.text([folder.written, "/nowhere/x", "", "/dev/full", "/"]))
    }

    /// Calls a new writer, and removes its file.
    func write(_ call: (TensorBoardWriter) throws -> Void) throws {
      let writer = try TensorBoardWriter(folder: folder.board)
      defer { unlink(writer.path) }
      try call(writer)
    }
    func tag(_ draw: inout Draw) -> String { draw.text(["a", "", "a/b", "a\0", "é"]) }
    add("TensorBoardWriter.init(folder:)") { draw in
      _ = try TensorBoardWriter(folder: draw.text(["", "/dev/null", "a\0b", folder.table])).path
    }
    add("TensorBoardWriter.path") { _ in try write { _ = $0.path } }
    add("TensorBoardWriter.failure") { _ in try write { _ = $0.failure } }
    add("TensorBoardWriter.addScalar(_:as:step:)") { draw in
      try write { try $0.addScalar(draw.number(), as: tag(&draw), step: draw.int()) }
    }
    add("TensorBoardWriter.addHistogram(_:as:step:)") { draw in
      try write { try $0.addHistogram(draw.tensor(Float.self), as: tag(&draw), step: draw.int()) }
    }
    add("TensorBoardWriter.addText(_:as:step:)") { draw in
      try write { try $0.addText(tag(&draw), as: tag(&draw), step: draw.int()) }
    }
    add("TensorBoardWriter.addHyperparameters(_:)") { draw in
      try write {
        try $0.addHyperparameters([tag(&draw): .text(tag(&draw)), "a": .number(draw.number())])
      }
    }
    typealias Setting = TensorBoardWriter.Setting
    func write(_ setting: Setting) throws {
      try write { try $0.addHyperparameters(["a": setting]) }
    }
    add("TensorBoardWriter.Setting.init(booleanLiteral:)") { draw in
      try write(Setting(booleanLiteral: draw.bool()))
    }
    add("TensorBoardWriter.Setting.init(floatLiteral:)") { draw in
      try write(Setting(floatLiteral: draw.number()))
    }
    add("TensorBoardWriter.Setting.init(integerLiteral:)") { draw in
      try write(Setting(integerLiteral: draw.int()))
    }
    add("TensorBoardWriter.Setting.init(stringLiteral:)") { draw in
      try write(Setting(stringLiteral: tag(&draw)))
    }
    add("TensorBoardWriter.follow(_:every:)") { draw in
      try write { $0.follow(Linear<Float>(2, 2), every: draw.int()) }
    }
    add("TensorBoardWriter.epochEnded(_:of:)") { draw in
      let layer = Linear<Float>(2, 2)
      let rows = TensorDataset(Tensor<Float>.ones([2, 2]), Tensor<Float>.ones([2, 2]))
      try write { writer in
        writer.follow(layer, every: draw.int())
        let trainer = Trainer(
          layer, loss: MSELoss(), optimizer: SGD(layer.parameters(), learningRate: draw.number()),
          callbacks: [writer])
        _ = try? trainer.fit(DataLoader(rows, batchSize: 2), epochs: 2)
      }
    }
  }
}
