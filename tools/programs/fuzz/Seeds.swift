import SlopeCore
import SlopeData
import SlopeTabular

/// Writes models of small tables to a folder, in the forms that `fuzzModel` takes.
func writeModelSeeds(to folder: String) throws {
  let count = 40
  let kinds: [String?] = (0..<count).map { $0 % 9 == 0 ? nil : ["a", "b", "c"][$0 % 3] }
  let days = (0..<count).map {
    DateTime(microsecondsSince1970: 1_700_000_000_000_000 + $0 * 90_000_000_000)
  }
  let table = Table([
    Column("size", (0..<count).map { Double($0 * $0 % 17) / 4 }),
    Column("count", (0..<count).map { $0 % 7 == 0 ? nil : $0 % 5 }), Column("kind", kinds),
    Column("flag", (0..<count).map { $0 % 4 == 1 }), Column("day", days),
    Column("number", (0..<count).map { Double($0 % 11) - Double($0 % 3) }),
    Column("class", (0..<count).map { ["yes", "no", "maybe"][$0 % 3] }),
  ])
  for target in ["number", "class", "flag"] {
    for kind in ["linear", "plain", "networks", "ensemble"] {
      var options = TabularOptions(target: target)
      options.hidden = kind == "plain" ? [3] : []
      options.epochs = 1
      options.networkEpochs = 1
      options.model = kind == "networks" ? .mlp : kind == "ensemble" ? .automatic : .linear
      options.quality = kind == "ensemble" ? .best : .fast
      options.trials = 1
      let path = "\(folder)/\(target)-\(kind)"
      try TabularModel<Float>.fit(table, options).model.save(to: path)
      let contents = try ByteSource(path: path).read(upTo: 1 << 20)
      let header = contents.dropFirst(8).prefix(
        contents.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) })
      let schema = try Safetensors(path: path).metadata["slope.schema"] ?? ""
      try write([0] + contents, to: path)
      try write([1] + header, to: path + "-header")
      try write([2] + schema.utf8, to: path + "-schema")
    }
  }
}

private func write(_ bytes: [UInt8], to path: String) throws {
  let file = try AtomicFile(path: path)
  try file.write(bytes)
  try file.commit()
}
