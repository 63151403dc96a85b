import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers
import TestSupport
import Testing

@testable import SlopeTraining

/// Files of events, read by the numbers of TensorFlow's messages.
struct TensorBoardWriterTests {
  /// A value of a summary.
  private struct Value {
    let step: Int
    let tag: String
    let message: ProtobufMessage

    var scalar: Float? { message.floats(2).first }
  }

  /// The records of a file; their checks are computed bit by bit.
  private static func records(_ bytes: [UInt8]) throws -> [[UInt8]] {
    func number(_ place: Int, _ width: Int) -> Int {
      bytes[place..<(place + width)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    func check(_ part: ArraySlice<UInt8>) -> Int {
      var check = UInt32.max
      for byte in part {
        check ^= UInt32(byte)
        for _ in 0..<8 { check = check & 1 == 0 ? check >> 1 : check >> 1 ^ 0x82F6_3B78 }
      }
      check = ~check
      return Int((check >> 15 | check << 17) &+ 0xA282_EAD8)
    }
    var (records, place): ([[UInt8]], Int) = ([], 0)
    while place < bytes.count {
      let (length, start) = (number(place, 8), place + 12)
      try #require(number(place + 8, 4) == check(bytes[place..<(place + 8)]))
      try #require(number(start + length, 4) == check(bytes[start..<(start + length)]))
      records.append(Array(bytes[start..<(start + length)]))
      place = start + length + 4
    }
    return records
  }

  /// The values of the file of a writer.
  private static func values(_ writer: TensorBoardWriter) throws -> [Value] {
    let events = try records(try readFile(writer.path)).map { try ProtobufMessage($0) }
    let first = try #require(events.first)
    #expect(first.texts(3) == ["brain.Event:2"])
    return try events.dropFirst().map { event in
      // Seconds since 1970, of this century.
      let time = try #require(event.doubles(1).first)
      #expect((1.7e9..<4.2e9).contains(time))
      let value = try event.messages(5)[0].messages(1)[0]
      return Value(step: event.integers(2)[0], tag: value.texts(1)[0], message: value)
    }
  }

  @Test func numbersAreScalars() throws {
    let folder = try TemporaryFolder()
    let writer = try TensorBoardWriter(folder: folder.file("runs/a"))
    try writer.addScalar(0.5, as: "loss", step: 1)
    try writer.addScalar(-2, as: "more/b", step: 1_000_000)
    let values = try Self.values(writer)
    #expect(values.map(\.tag) == ["loss", "more/b"] && values.map(\.step) == [1, 1_000_000])
    #expect(values.map(\.scalar) == [0.5, -2])
    let name = try #require(writer.path.split(separator: "/").last)
    #expect(name.hasPrefix("events.out.tfevents."))
  }

  @Test func twoWritersHaveFilesOfTheirOwn() throws {
    let folder = try TemporaryFolder()
    let writers = try (0..<3).map { _ in try TensorBoardWriter(folder: folder.path) }
    #expect(Set(writers.map(\.path)).count == 3 && folder.names.count == 3)
  }

  @Test func elementsAreHistograms() throws {
    let folder = try TemporaryFolder()
    let writer = try TensorBoardWriter(folder: folder.path)
    try writer.addHistogram(Tensor<Float>([0, 0, 3, .nan, 1, .infinity]), as: "a", step: 4)
    try writer.addHistogram(Tensor<Double>([.nan]), as: "none", step: 4)
    try writer.addHistogram(Tensor<Double>.zeros([0]), as: "none", step: 4)
    let value = try #require(try Self.values(writer).first)
    let count = try Self.values(writer).count
    #expect(value.tag == "a" && value.step == 4 && count == 1)
    let histogram = try value.message.messages(5)[0]
    #expect((1...5).map { histogram.doubles($0) } == [[0], [3], [4], [4], [10]])
    let (edges, counts) = (histogram.doubles(6), histogram.doubles(7))
    #expect(edges.count == 30 && counts.count == 30 && edges.last == 3)
    #expect(abs(edges[0] - 0.1) < 1e-12 && abs(edges[9] - 1) < 1e-12)
    #expect(counts[0] == 2 && counts[10] == 1 && counts[29] == 1 && counts.reduce(0, +) == 4)
  }

  @Test func binsHoldAllNumbers() throws {
    let one = try #require(Histogram([7, 7]))
    #expect(one.edges == [7] && one.counts == [2] && one.sum == 14 && one.sumOfSquares == 98)
    let narrow = try #require(Histogram([0, 0.98, 30]))
    #expect(narrow.counts[0] == 2 && narrow.counts[29] == 1)
    let limit = Double.greatestFiniteMagnitude
    let wide = try #require(Histogram([-limit, 0, limit]))
    #expect(wide.counts[0] == 1 && wide.counts[15] == 1 && wide.counts[29] == 1)
    #expect(wide.edges.allSatisfy(\.isFinite) && wide.edges.last == limit)
    #expect(zip(wide.edges, wide.edges.dropFirst()).allSatisfy { $0 < $1 })
    #expect(Histogram([.nan, .infinity]) == nil && Histogram([]) == nil)
  }

  @Test func textsAndSettingsHavePlugins() throws {
    let folder = try TemporaryFolder()
    let writer = try TensorBoardWriter(folder: folder.path)
    try writer.addText("# é", as: "notes", step: 2)
    try writer.addHyperparameters([
      "rate": 0.1, "model": "linear", "units": 8, "refit": true, "limit": .number(.infinity),
      "text": .text("3"), "no": .truth(false),
    ])
    let written = try Self.values(writer)
    func plugin(_ value: Value) throws -> ProtobufMessage {
      try value.message.messages(9)[0].messages(1)[0]
    }
    #expect(written.map(\.tag) == ["notes", "_hparams_/session_start_info"])
    #expect(try plugin(written[0]).texts(1) == ["text"])
    let text = try written[0].message.messages(8)[0]
    #expect(text.integers(1) == [7] && text.texts(8) == ["# é"])
    #expect(try text.messages(2)[0].messages(2)[0].integers(1) == [1])
    #expect(try plugin(written[1]).texts(1) == ["hparams"])
    let content = try plugin(written[1]).messages(2)[0]
    #expect(content.integers(1) == [0])
    let start = try content.messages(3)[0]
    let entries = try start.messages(1)
    #expect(
      entries.flatMap { $0.texts(1) } == [
        "rate", "model", "units", "refit", "limit", "text", "no",
      ])
    let values = try entries.map { try $0.messages(2)[0] }
    #expect(values.map { $0.doubles(2) } == [[0.1], [], [8], [], [], [], []])
    #expect(values.map { $0.texts(3) } == [[], ["linear"], [], [], ["inf"], ["3"], []])
    #expect(values.map { $0.integers(4) } == [[], [], [], [1], [], [], [0]])
    #expect((1.7e9..<4.2e9).contains(try #require(start.doubles(5).first)))
    // A tensor of one float.
    #expect(try written[1].message.messages(8)[0].integers(1) == [1])
  }

  @Test func aTrainingIsToldByItsEpochs() throws {
    let folder = try TemporaryFolder()
    let layer = Linear(weight: Parameter(Tensor<Float>([[0]])), bias: nil)
    let rows = TensorDataset(Tensor<Float>([[1], [2]]), Tensor<Float>([[10], [20]]))
    let writer = try TensorBoardWriter(folder: folder.path)
    writer.follow(layer, every: 2)
    let trainer = Trainer(
      layer, loss: MSELoss(), optimizer: SGD(layer.parameters(), learningRate: 0.01),
      metrics: [.meanAbsoluteError], callbacks: [writer])
    let history = try trainer.fit(
      DataLoader(rows, batchSize: 2), validation: DataLoader(rows, batchSize: 2), epochs: 4)
    let values = try Self.values(writer)
    func curve(_ tag: String) -> [Float?] { values.filter { $0.tag == tag }.map(\.scalar) }
    #expect(curve("loss/training") == history.epochs.map { Float($0.trainingLoss) })
    #expect(curve("loss/validation") == history.epochs.map { $0.validationLoss.map { Float($0) } })
    #expect(
      curve("validation/MAE")
        == history.epochs.map { $0.metrics[.meanAbsoluteError].map { Float($0) } })
    #expect(curve("learning rate") == [0.01, 0.01, 0.01, 0.01])
    #expect(values.filter { $0.tag == "weight" }.map(\.step) == [2, 4])
    #expect(values.filter { $0.tag == "loss/training" }.map(\.step) == [1, 2, 3, 4])
    #expect(writer.failure == nil)
  }

  @Test func whatCannotBeWrittenIsAnErrorOrAFailure() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    let error = #expect(throws: FileError.self) {
      try TensorBoardWriter(folder: folder.file("file/run"))
    }
    #expect(error?.description.contains("file/run") == true)
    #expect(throws: FileError.self) { try TensorBoardWriter(folder: "") }
  }
}
