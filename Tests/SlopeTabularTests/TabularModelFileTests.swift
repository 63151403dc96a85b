import SlopeCore
import SlopeData
import TestSupport
import Testing

@testable import SlopeTabular

@Suite struct TabularModelFileTests {
  private let schema = TabularSchema(
    features: [
      .init(name: "a", mean: 0.1, deviation: 3),
      .init(name: "b/\"ü\"", mean: -1e-300, deviation: 1),
    ], target: .init(name: "y", mean: 1.0 / 3, deviation: 2), hidden: [3], activation: .tanh)

  private func saved(
    _ folder: TemporaryFolder, _ change: (inout Safetensors) -> Void = { _ in }
  ) throws -> String {
    let path = folder.file("model")
    let model = TabularModel<Double>(schema: schema, generator: Generator(seed: 1))
    try TabularModelFile.write(model, to: path)
    var file = try Safetensors(path: path)
    change(&file)
    try file.write(to: path)
    return path
  }

  @Test func aModelComesBackAsItWas() throws {
    let folder = try TemporaryFolder()
    let path = try saved(folder)
    let file = try TabularModelFile(path: path)
    #expect(file.schema == schema)
    #expect(file.dtype == .float64)
    let table = try Table(csv: folder.write("y,\"b/\"\"ü\"\"\",a\n0,2,1\n0,-1,4\n"))
    let original = TabularModel<Double>(schema: schema, generator: Generator(seed: 1))
    let expected = try original.predictions(for: table)
    #expect(try file.model(as: Double.self).predictions(for: table) == expected)
    #expect(expected.count == 2 && expected[0] != expected[1])
    #expect(throws: FileError.self) { try file.model(as: Float.self) }
    #expect(
      try Safetensors(path: path).names == ["0.bias", "0.weight", "2.bias", "2.weight"])
  }

  @Test func faultyFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    func message(_ change: (inout Safetensors) -> Void) throws -> String {
      let path = try saved(folder, change)
      return try #require(throws: FileError.self) {
        _ = try TabularModelFile(path: path).model(as: Double.self)
      }.message
    }
    func schema(replacing old: String, by new: String) -> (inout Safetensors) -> Void {
      { file in
        let text = file.metadata["slope.schema"] ?? ""
        let parts = text.split(separator: old, omittingEmptySubsequences: false)
        file.metadata["slope.schema"] = parts.joined(separator: new)
      }
    }
    #expect(try message { $0.metadata["slope.format"] = "tabular 2" }.contains("not a model"))
    #expect(try message { $0.metadata["slope.schema"] = nil }.contains("not a model"))
    #expect(try message { $0.metadata["slope.schema"] = "{}" }.contains("cannot be read"))
    #expect(try message(schema(replacing: "tanh", by: "gelu")).contains("cannot be read"))
    #expect(
      try message(schema(replacing: "\"deviation\":3", by: "\"deviation\":0"))
        .contains("the deviation of column \"a\" is not positive"))
    #expect(try message(schema(replacing: "\"a\"", by: "\"y\"")).contains("share a name"))
    #expect(try message(schema(replacing: "[3]", by: "[4]")).contains("0.weight of shape [4, 2]"))
    #expect(try message(schema(replacing: "[3]", by: "[]")).contains("0.weight of shape [1, 2]"))
    #expect(try message(schema(replacing: "[3]", by: "[-3]")).contains("missing"))
    #expect(
      try message { $0.insert(Tensor<Double>([1]), as: "4.bias") }.contains("its schema lacks"))
    #expect(
      try message { $0.insert(Tensor<Float>([1]), as: "2.bias") }.contains("not all float32"))
    #expect(
      try message { $0.insert(Tensor<Double>([.nan]), as: "2.bias") }.contains("not finite"))
  }

  @Test func aModelThatCouldNotBeReadIsNotWritten() throws {
    let folder = try TemporaryFolder()
    let path = try saved(folder)
    let before = try folder.read("model")
    func message<Element: FloatingElement>(_ model: TabularModel<Element>) throws -> String {
      let error = try #require(throws: FileError.self) {
        try TabularModelFile.write(model, to: path)
      }
      #expect(try folder.read("model") == before && folder.names == ["model"])
      return error.message
    }
    let infinite = TabularModel<Double>(schema: schema, generator: Generator(seed: 1))
    infinite.network.parameters()[0].tensor = Tensor<Double>.full([3, 2], .infinity)
    #expect(
      try message(infinite) == "not written: tensor 0.weight has elements that are not finite")
    var odd = schema
    odd.features[1].name = "y"
    #expect(
      try message(TabularModel<Double>(schema: odd, generator: Generator(seed: 1)))
        .contains("share a name"))
    odd = schema
    odd.target.mean = .nan
    #expect(
      try message(TabularModel<Double>(schema: odd, generator: Generator(seed: 1)))
        .contains("not finite"))
    #expect(
      try message(TabularModel<Float16>(schema: schema, generator: Generator(seed: 1)))
        .contains("not all float32 or all float64"))
  }
}
