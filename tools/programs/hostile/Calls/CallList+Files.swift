import Glibc
import Slope
import SlopeCore
import SlopeData
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
    add("CSVOptions.init()") { draw in
      var options = CSVOptions()
      options.delimiter = draw.bool() ? nil : draw.one(of: [",", ";", "\t", "|", "x", "é"])
      options.hasHeader = !draw.once(in: 4)
      options.decimalMark = draw.one(of: CSVOptions.DecimalMark.allCases)
      options.missingWords = Set(names(&draw))
      options.columns = draw.once(in: 4) ? names(&draw) : nil
      options.categorical = draw.once(in: 4) ? Set(names(&draw)) : []
      options.numeric = draw.once(in: 4) ? Set(names(&draw)) : []
      options.dates = draw.once(in: 4) ? Set(names(&draw)) : []
      let table = try Table(csv: draw.bool() ? folder.table : path(&draw), options: options)
      _ = table.description
    }
    add("Table.init(csv:options:)") { draw in
      let table = try Table(csv: path(&draw))
      _ = (table.columnCount, table.rowCount, table.warnings)
    }
    add("SlopeVersion.description") { _ in _ = SlopeVersion.description }
    add("SlopeVersion.commit") { _ in _ = SlopeVersion.commit }

    func file(_ draw: inout Draw) -> Safetensors {
      var file = Safetensors()
      for _ in 0..<draw.below(3) { file.insert(draw.tensor(Float.self), as: name(&draw)) }
      return file
    }
    add("Safetensors.init()") { _ in _ = Safetensors().names }
    add("Safetensors.init(path:only:)") { draw in
      _ = try Safetensors(path: path(&draw), only: draw.bool() ? nil : [name(&draw)]).names
    }
    add("Safetensors.insert(_:as:)") { draw in _ = file(&draw).names }
    add("Safetensors.names") { draw in _ = file(&draw).names }
    add("Safetensors.layout(of:)") { draw in _ = file(&draw).layout(of: name(&draw)) }
    add("Safetensors.tensor(_:as:)") { draw in
      if let tensor = file(&draw).tensor(name(&draw), as: Float.self) { draw.use(tensor) }
    }
    add("Safetensors.write(to:)") { draw in
      try file(&draw).write(to: draw.text([folder.written, "/nowhere/x", "", "/dev/full", "/"]))
    }
    add("NumpyArray.init(_:)") { draw in _ = NumpyArray(draw.tensor(Float.self)).shape }
    add("NumpyArray.init(path:)") { draw in _ = try NumpyArray(path: path(&draw)).shape }
    add("NumpyArray.tensor(as:)") { draw in
      let array = NumpyArray(draw.tensor(Float.self))
      if let tensor = array.tensor(as: Float.self) { draw.use(tensor) }
      _ = array.tensor(as: Bool.self)
    }
    add("NumpyArray.write(to:)") { draw in
      try NumpyArray(draw.tensor(Double.self)).write(
        to: draw.text([folder.written, "/nowhere/x", "", "/dev/full", "/"]))
    }
    func archive(_ draw: inout Draw) -> NumpyArchive {
      var archive = NumpyArchive()
      for _ in 0..<draw.below(3) { archive[name(&draw)] = NumpyArray(draw.tensor(Float.self)) }
      return archive
    }
    add("NumpyArchive.init()") { _ in _ = NumpyArchive().names }
    add("NumpyArchive.init(path:)") { draw in _ = try NumpyArchive(path: path(&draw)).names }
    add("NumpyArchive.names") { draw in _ = archive(&draw).names }
    add("NumpyArchive.subscript(_:)") { draw in
      var some = archive(&draw)
      some[name(&draw)] = nil
      _ = some[name(&draw)]?.shape
    }
    add("NumpyArchive.write(to:)") { draw in
      try archive(&draw).write(to: draw.text([folder.written, "/nowhere/x", "", "/dev/full", "/"]))
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
    addModelCalls()
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
  /// A folder for the files of TensorBoard.
  let board: String

  private init() {
    let folder = "/tmp/hostile-files-\(getpid())"
    mkdir(folder, 0o700)
    (table, tensors, model, written, board) = (
      folder + "/table.csv", folder + "/tensors.safetensors", folder + "/model.safetensors",
      folder + "/written", folder + "/board"
    )
    atexit {
      let files = SmallFiles.shared
      for path in [files.table, files.tensors, files.model, files.written] { unlink(path) }
      rmdir(files.board)
      rmdir("/tmp/hostile-files-\(getpid())")
    }
    do {
      let file = try AtomicFile(path: table)
      try file.write(
        "a,b,y,kind,day\n"
          + (0..<12).map {
            "\($0 % 4 == 1 ? "NA" : "\($0 * 9)"),\($0 * $0 % 7),\($0 % 5).5,\($0 % 2 == 0 ? "x" : "y"),"
              + "2024-01-\($0 + 10)\n"
          }.joined())
      try file.commit()
      var some = Safetensors()
      some.insert(Tensor<Float>([1, 2]), as: "a")
      try some.write(to: tensors)
      var options = TabularOptions(target: "y")
      options.features = ["a", "b", "kind"]
      options.model = .linear
      let fit = try TabularModel<Float>.fit(Table(csv: table), options)
      try TabularModelFile.write(fit.model, to: model)
    } catch {
      fatalError("hostile: \(error)")
    }
  }
}
