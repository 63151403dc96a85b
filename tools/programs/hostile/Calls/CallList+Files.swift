import Glibc
import Slope
import SlopeCore
import SlopeData
import SlopeOptimizers
import SlopeTabular

/// Tables, files of tensors and models of tables.
extension CallList {
  func addFileCalls() {
    let folder = SmallFiles.shared
    func name(_ draw: inout Draw) -> String {
      draw.text(["a", "b", "y", "kind", "", "é", "a\0", "z"])
    }
    func names(_ draw: inout Draw) -> [String] { (0..<draw.below(4)).map { _ in name(&draw) } }
    func path(_ draw: inout Draw) -> String {
      draw.text([
        folder.table, folder.tensors, folder.model, "/dev/null", "/", "", "/nowhere/file", "a\0b",
      ])
    }
    func table(_ draw: inout Draw) throws -> Table {
      try Table(csv: folder.table, textColumns: draw.bool() ? ["kind"] : [])
    }
    add("Table.init(csv:columns:textColumns:)") { draw in
      let table = try Table(
        csv: path(&draw), columns: draw.bool() ? nil : names(&draw), textColumns: names(&draw))
      _ = table.columnCount
    }
    add("Table.column(_:)") { draw in _ = try table(&draw).column(name(&draw)).count }
    add("Table.text(_:)") { draw in _ = try table(&draw).text(name(&draw)).count }
    add("Table.columnIndex(of:)") { draw in _ = try table(&draw).columnIndex(of: name(&draw)) }
    add("Table.hasColumn(_:)") { draw in _ = try table(&draw).hasColumn(name(&draw)) }
    add("Table.tensor(_:as:)") { draw in draw.use(try table(&draw).tensor(names(&draw))) }
    add("Table.tensor(_:as:)") { draw in
      draw.use(try table(&draw).tensor(name(&draw), name(&draw), as: Double.self))
    }
    add("Table.columnCount") { draw in _ = try table(&draw).columnCount }
    add("Table.columnNames") { draw in _ = try table(&draw).columnNames }
    add("Table.rowCount") { draw in _ = try table(&draw).rowCount }
    add("Table.warnings") { draw in _ = try table(&draw).warnings }

    func file(_ draw: inout Draw) -> Safetensors {
      var file = Safetensors()
      for _ in 0..<draw.below(3) { file.insert(draw.tensor(Float.self), as: name(&draw)) }
      return file
    }
    add("Safetensors.init()") { _ in _ = Safetensors().names }
    add("Safetensors.init(path:)") { draw in _ = try Safetensors(path: path(&draw)).names }
    add("Safetensors.insert(_:as:)") { draw in _ = file(&draw).names }
    add("Safetensors.names") { draw in _ = file(&draw).names }
    add("Safetensors.layout(of:)") { draw in _ = file(&draw).layout(of: name(&draw)) }
    add("Safetensors.tensor(_:as:)") { draw in
      if let tensor = file(&draw).tensor(name(&draw), as: Float.self) { draw.use(tensor) }
    }
    add("Safetensors.write(to:)") { draw in
      try file(&draw).write(to: draw.text([folder.written, "/nowhere/x", "", "/dev/full", "/"]))
    }
    add("AtomicFile.init(path:)") { draw in _ = try AtomicFile(path: path(&draw)) }
    for text in ["", "text", "é\0"] {
      add("AtomicFile.write(_:)") { _ in
        let file = try AtomicFile(path: folder.written)
        try file.write(text)
      }
      add("AtomicFile.write(_:)") { _ in
        let file = try AtomicFile(path: folder.written)
        try file.write(Array(text.utf8))
      }
    }
    add("AtomicFile.commit()") { draw in
      let file = try AtomicFile(path: folder.written)
      if draw.bool() { try file.commit() }
      try file.commit()
    }
    addModelCalls(folder, path: path)
  }

  private func addModelCalls(
    _ folder: SmallFiles, path: @escaping (inout Draw) -> String
  ) {
    func options(_ draw: inout Draw) -> TabularOptions {
      var options = TabularOptions(target: draw.text(["y", "y", "y", "a", "", "kind"]))
      // Arguments that ask for a long training are not hostile, only work.
      options.epochs = draw.one(of: [0, 1, 2, -1, Int.min])
      options.hidden = draw.once(in: 3) ? draw.ints(2) : []
      options.batchSize = draw.bool() ? .all : .rows(draw.int())
      options.learningRate = draw.bool() ? nil : draw.number()
      options.momentum = draw.bool() ? nil : draw.number()
      options.optimizer = draw.one(of: OptimizerKind.allCases)
      if draw.bool() {
        options.split = .fractions(
          training: draw.number(), validation: draw.number(), test: draw.number())
      }
      return options
    }
    add("TabularOptions.init(target:)") { draw in _ = options(&draw).epochs }
    add("TabularOptions.defaultLearningRate(featureCount:)") { draw in
      _ = options(&draw).defaultLearningRate(featureCount: draw.int())
    }
    add("TabularModel.fit(_:_:progress:)") { draw in
      let fit = try TabularModel<Float>.fit(Table(csv: folder.table), options(&draw))
      _ = fit.scores.count
      _ = fit.model.coefficients
    }
    add("TabularModel.coefficients") { _ in
      _ = try TabularModelFile(path: folder.model).model(as: Float.self).coefficients
    }
    add("TabularModel.predictions(for:)") { draw in
      let model = try TabularModelFile(path: folder.model).model(as: Float.self)
      let columns = draw.bool() ? nil : [draw.text(["a", "b", "y"])]
      _ = try model.predictions(for: Table(csv: folder.table, columns: columns)).count
    }
    add("TabularModelFile.init(path:)") { draw in _ = try TabularModelFile(path: path(&draw)).dtype
    }
    add("TabularModelFile.model(as:)") { draw in
      _ = try TabularModelFile(path: folder.model).model(as: Double.self)
    }
    add("TabularModelFile.write(_:to:)") { draw in
      let model = try TabularModelFile(path: folder.model).model(as: Float.self)
      try TabularModelFile.write(model, to: draw.text([folder.written, "", "/nowhere/x"]))
    }
  }
}

/// A table, a file of tensors and a model, in a folder that is removed when the process ends.
final class SmallFiles: Sendable {
  static let shared = SmallFiles()

  let table: String
  let tensors: String
  let model: String
  /// A name for the files that calls write.
  let written: String

  private init() {
    let folder = "/tmp/hostile-files-\(getpid())"
    mkdir(folder, 0o700)
    (table, tensors, model, written) = (
      folder + "/table.csv", folder + "/tensors.safetensors", folder + "/model.safetensors",
      folder + "/written"
    )
    atexit {
      let files = SmallFiles.shared
      for path in [files.table, files.tensors, files.model, files.written] { unlink(path) }
      rmdir("/tmp/hostile-files-\(getpid())")
    }
    do {
      let file = try AtomicFile(path: table)
      try file.write(
        "a,b,y,kind\n" + (0..<12).map { "\($0),\($0 * $0 % 7),\($0 % 5).5,1\n" }.joined())
      try file.commit()
      var some = Safetensors()
      some.insert(Tensor<Float>([1, 2]), as: "a")
      try some.write(to: tensors)
      var options = TabularOptions(target: "y")
      options.epochs = 1
      options.features = ["a", "b"]
      let fit = try TabularModel<Float>.fit(Table(csv: table), options)
      try TabularModelFile.write(fit.model, to: model)
    } catch {
      fatalError("hostile: \(error)")
    }
  }
}
