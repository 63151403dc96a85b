import CSlopePredict
import Glibc
import SlopeData
import SlopePredict
import SlopeTabular
import Synchronization
import TestSupport
import Testing

@Suite struct PredictInterfaceTests {
  private static let rowCount = 90

  /// The cells of the training rows as texts.
  private static func texts() throws -> [Cells] {
    let lines = ServedModel.csv.split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    return (0..<4).map { column in Cells(lines.map { $0[column] }) }
  }

  private func description(of model: ServedModel) throws -> slope_description {
    var about = slope_description()
    try #require(
      slope_model_describe(model.handle, &about, MemoryLayout<slope_description>.size)
        == Int32(slope_ok.rawValue))
    return about
  }

  @Test func theDescriptionNamesColumnsAndClasses() throws {
    let model = try ServedModel("grade")
    defer { model.close() }
    let about = try description(of: model)
    #expect(about.column_count == 4 && about.class_count == 3 && about.value_count == 3)
    let names = (0..<4).map { about.column_names[$0].map { String(cString: $0) } }
    #expect(names == ["size", "open", "kind", "day"])
    #expect(
      (0..<4).map { about.column_kinds[$0] }
        == [slope_numbers, slope_booleans, slope_texts, slope_dates].map { Int32($0.rawValue) })
    #expect(String(cString: try #require(about.target)) == "grade")
    let classes = (0..<3).map { about.class_names[$0].map { String(cString: $0) } }
    #expect(classes == ["high", "low", "mid"])
    let numbers = try ServedModel("price")
    defer { numbers.close() }
    let other = try description(of: numbers)
    #expect(other.class_count == 0 && other.value_count == 1)
  }

  @Test(arguments: ["price", "grade"])
  func predictionsHaveTheBitsOfTheModel(target: String) throws {
    let model = try ServedModel(target)
    defer { model.close() }
    let table = try Table(csv: model.folder.file("data.csv"))
    // The table's kinds are the model's: only the categories have to be told.
    let expected = try model.model.predict(table)
    let all = target == "price" ? expected.numbers : expected.probabilities
    let width = target == "price" ? 1 : 3
    let found = predict(
      model.handle, try Self.texts(), rowCount: Self.rowCount, valueCount: width)
    #expect(found.status == slope_ok)
    #expect(found.values.map(\.bitPattern) == all.map(\.bitPattern))
  }

  @Test func numbersAreReadAsTheTextsThatWriteThem() throws {
    let model = try ServedModel("price")
    defer { model.close() }
    let texts = [
      Cells(["3", " 4.25 ", nil, "NA", "+5", "007", "1e2"]),
      Cells(["true", "FALSE", "1", "0", nil, "", " "]),
      Cells(["7", "7", "7", "loft", "none", nil, "7"]),
      Cells([nil, "2024-02-03", "2024/02/03", "NA", nil, nil, nil] as [String?]),
    ]
    let numbers = [
      Cells([3, 4.25, .nan, .nan, 5, 7, 100]), Cells([1, 0, 1, 0, .nan, .nan, .nan]),
      Cells(["7", "7", "7", "loft", "none", nil, "7"]),
      Cells([nil, "2024-02-03", "2024-02-03", nil, nil, nil, nil] as [String?]),
    ]
    let (first, second) = (
      predict(model.handle, texts, rowCount: 7, valueCount: 1),
      predict(model.handle, numbers, rowCount: 7, valueCount: 1)
    )
    #expect(first.status == slope_ok && second.status == slope_ok, "\(lastMessage)")
    #expect(first.values == second.values && Set(first.values).count > 4)
    // A category of numbers, and a date without any.
    let sevens = [texts[0], texts[1], Cells([7, 7, 7, 8, 8, .nan, 7]), Cells([nil, nil, nil])]
    let dateless = [texts[0], texts[1], texts[2], Cells([Double](repeating: .nan, count: 7))]
    #expect(predict(model.handle, sevens, rowCount: 3, valueCount: 1).status == slope_ok)
    let found = predict(model.handle, dateless, rowCount: 7, valueCount: 1)
    #expect(found.status == slope_ok && found.values[0] == first.values[0])
  }

  @Test func manyRowsAreThoseOfEach() throws {
    let model = try ServedModel("grade")
    defer { model.close() }
    // More than are predicted at a time.
    let count = 10_000
    let sizes = (0..<count).map { Double($0 % 97) }
    func cells(_ rows: [Int]) -> [Cells] {
      [
        Cells(rows.map { sizes[$0] }), Cells(rows.map { Double($0 % 2) }),
        Cells(rows.map { ["flat", "7", "loft", nil][$0 % 4] }),
        Cells(rows.map { _ in "2024-03-04" }),
      ]
    }
    let all = predict(model.handle, cells(Array(0..<count)), rowCount: count, valueCount: 3)
    #expect(all.status == slope_ok)
    for row in [0, 1, 4095, 4096, 8191, 8192, 9999] {
      let one = predict(model.handle, cells([row]), rowCount: 1, valueCount: 3)
      #expect(one.values == Array(all.values[(3 * row)..<(3 * row + 3)]))
    }
  }

  @Test func cellsThatDoNotFitAreNamed() throws {
    let model = try ServedModel("price")
    defer { model.close() }
    let good = [
      Cells([1.0, 2.0]), Cells([1.0, 0.0]), Cells(["flat", "loft"]), Cells(["2024-01-02", nil]),
    ]
    for (place, cells, message) in [
      (0, Cells(["1", "big"]), "row 2: column \"size\": \"big\" is not a finite number"),
      (0, Cells(["1e999", "1"]), "row 1: column \"size\": \"1e999\" is not a finite number"),
      (0, Cells([1, .infinity]), "row 2: column \"size\": inf is not finite"),
      (1, Cells([1.0, 2.0]), "row 2: column \"open\": 2 is neither 0 nor 1"),
      (1, Cells(["yes", "1"]), "row 1: column \"open\": \"yes\" is neither true nor false"),
      (3, Cells(["2024-01-02", "soon"]), "row 2: column \"day\": \"soon\" is not a date"),
      (3, Cells([.nan, 2024]), "row 2: column \"day\": 2024 is a number, not a date"),
      (2, Cells([.infinity, 1]), "row 1: column \"kind\": inf is not finite"),
    ] {
      var all = good
      all[place] = cells
      #expect(predict(model.handle, all, rowCount: 2, valueCount: 1).status == slope_invalid_rows)
      #expect(lastMessage.hasPrefix(message), "\(lastMessage)")
    }
    // Row 5001, beyond the rows that are predicted at a time.
    let sizes = (0..<5001).map { $0 == 5000 ? "x" : "1" } as [String?]
    let many =
      [Cells(sizes)] + [Cells(sizes.map { _ in 1 }), Cells(sizes.map { _ in "flat" })]
      + [Cells(sizes.map { _ in nil as String? })]
    #expect(predict(model.handle, many, rowCount: 5001, valueCount: 1).status == slope_invalid_rows)
    #expect(lastMessage.hasPrefix("row 5001: column \"size\""), "\(lastMessage)")
    // Bytes that are not UTF-8.
    let bytes: [CChar] = [-1, 0]
    bytes.withUnsafeBufferPointer { bytes in
      let texts: [UnsafePointer<CChar>?] = [bytes.baseAddress, nil]
      texts.withUnsafeBufferPointer { texts in
        var columns = good.map(\.column)
        columns[2] = slope_column(numbers: nil, texts: texts.baseAddress)
        var values = [0.0, 0]
        let status = withExtendedLifetime(good) {
          slope_predict(model.handle, 2, columns, 4, &values, 2)
        }
        #expect(status == Int32(slope_invalid_rows.rawValue))
        #expect(lastMessage == "row 1: column \"kind\": the text is not UTF-8")
      }
    }
  }

  @Test func rowsThatAModelCannotPredictAreNamed() throws {
    // An earlier version's model, which has nothing in place of a missing number.
    var opened: OpaquePointer?
    let path = packageFile("Tests/Fixtures/tabular-1-linear.safetensors")
    try #require(slope_model_open(path, &opened) == Int32(slope_ok.rawValue))
    defer { slope_model_close(opened) }
    let cells = (0..<2).map { column in
      Cells((0..<6000).map { column == 1 && $0 == 5000 ? .nan : Double($0 % 9) })
    }
    #expect(predict(opened, cells, rowCount: 5000, valueCount: 1).status == slope_ok)
    #expect(predict(opened, cells, rowCount: 6000, valueCount: 1).status == slope_invalid_rows)
    #expect(lastMessage.hasPrefix("the rows: row 5001: "), "\(lastMessage)")
  }

  @Test func wrongArgumentsAreErrors() throws {
    let model = try ServedModel("price")
    let cells = [Cells([1.0]), Cells([1.0]), Cells(["flat"]), Cells([nil as String?])]
    let columns = cells.map(\.column)
    let invalid = Int32(slope_invalid_argument.rawValue)
    var (values, about) = ([0.0, 0], slope_description())
    let size = MemoryLayout<slope_description>.size
    func expect(_ status: Int32, _ message: String, line: Int = #line) {
      #expect(status == invalid && lastMessage == message, "line \(line): \(lastMessage)")
    }
    withExtendedLifetime(cells) {
      expect(slope_predict(nil, 1, columns, 4, &values, 1), "the model is null")
      expect(
        slope_predict(OpaquePointer(bitPattern: 0xDEAD), 1, columns, 4, &values, 1),
        "the model is not open")
      expect(slope_predict(model.handle, 1, nil, 4, &values, 1), "the columns are null")
      expect(slope_predict(model.handle, 1, columns, 4, nil, 1), "the values are null")
      expect(
        slope_predict(model.handle, 1, columns, 3, &values, 1), "3 columns, but the model reads 4")
      expect(
        slope_predict(model.handle, 1, columns, 4, &values, 2),
        "2 values for 1 rows, of which each has 1")
      for (rows, count) in [(-1, -1), (-1, 1), (.min, .min), (.max, 1), (2, 1)] {
        #expect(slope_predict(model.handle, rows, columns, 4, &values, count) == invalid)
      }
      #expect(slope_predict(model.handle, 0, nil, 4, nil, 0) == 0)
      var wrong = columns
      wrong[2] = slope_column(numbers: nil, texts: nil)
      expect(
        slope_predict(model.handle, 1, wrong, 4, &values, 1),
        "column \"kind\": neither numbers nor texts")
      wrong[2] = slope_column(numbers: columns[0].numbers, texts: columns[2].texts)
      expect(
        slope_predict(model.handle, 1, wrong, 4, &values, 1),
        "column \"kind\": both numbers and texts")
      expect(slope_model_describe(nil, &about, size), "the model is null")
      expect(
        slope_model_describe(model.handle, nil, size), "the place of the description is null")
      expect(
        slope_model_describe(model.handle, &about, size - 1),
        "a description of \(size - 1) bytes; it has \(size)")
      #expect(slope_model_describe(model.handle, &about, .max) == invalid)
      model.close()
      model.close()
      expect(slope_predict(model.handle, 1, columns, 4, &values, 1), "the model is not open")
      expect(slope_model_describe(model.handle, &about, size), "the model is not open")
      slope_model_close(nil)
      slope_model_close(OpaquePointer(bitPattern: 0xDEAD))
    }
  }

  @Test func aLaterCallersDescriptionIsEmptyWhereItIsUnknown() throws {
    let model = try ServedModel("price")
    defer { model.close() }
    let size = MemoryLayout<slope_description>.size
    var bytes = [UInt8](repeating: 7, count: size + 24)
    let status = bytes.withUnsafeMutableBytes {
      slope_model_describe(
        model.handle, $0.baseAddress?.assumingMemoryBound(to: slope_description.self), size + 16)
    }
    #expect(status == 0 && bytes[0] == 4)
    #expect(
      bytes[size..<(size + 16)].allSatisfy { $0 == 0 }
        && bytes.suffix(8) == Array(repeating: 7, count: 8)[...])
  }

  @Test func filesThatAreNoModelsAreErrors() throws {
    let model = try ServedModel("price")
    model.close()
    let bytes = try readFile(model.path)
    var opened: OpaquePointer? = model.handle
    for (name, contents, message) in [
      ("cut", Array(bytes.dropLast(9)), "cut: the file is cut"),
      ("changed", bytes.dropLast() + [bytes[bytes.count - 1] ^ 1], "changed: "),
      ("text", Array(ServedModel.csv.utf8), "text: not a safetensors file"),
      ("empty", [], "empty: "),
    ] {
      let path = try model.folder.write(contents, to: name)
      #expect(slope_model_open(path, &opened) == Int32(slope_invalid_model.rawValue))
      #expect(opened == nil && lastMessage.contains(message), "\(lastMessage)")
      opened = model.handle
    }
    #expect(slope_model_open("/none", &opened) == Int32(slope_invalid_model.rawValue))
    #expect(lastMessage == "/none: cannot be opened: No such file or directory")
    #expect(slope_model_open(nil, &opened) == Int32(slope_invalid_argument.rawValue))
    #expect(slope_model_open(model.path, nil) == Int32(slope_invalid_argument.rawValue))
    #expect(slope_model_open([-1, 0], &opened) == Int32(slope_invalid_argument.rawValue))
    #expect(lastMessage == "the path is not UTF-8")
  }

  @Test func threadsPredictWithOneModelAtTheSameTime() throws {
    let model = try ServedModel("grade")
    let cells = try Self.texts()
    let expected = predict(model.handle, cells, rowCount: Self.rowCount, valueCount: 3).values
    let work = ThreadWork(handle: model.handle, cells: cells, expected: expected)
    var threads: [pthread_t] = []
    for _ in 0..<8 {
      var thread = pthread_t()
      let argument = Unmanaged.passUnretained(work).toOpaque()
      #expect(pthread_create(&thread, nil, { ThreadWork.run($0) }, argument) == 0)
      threads.append(thread)
    }
    for thread in threads { pthread_join(thread, nil) }
    #expect(work.equalCount.load(ordering: .relaxed) == 8 * ThreadWork.callCount)
    #expect(work.ownMessageCount.load(ordering: .relaxed) == 8 * ThreadWork.callCount)
    // Closed by one thread while others predict: a prediction either ends or finds no model.
    let last = ThreadWork(handle: model.handle, cells: cells, expected: expected)
    threads = []
    for _ in 0..<4 {
      var thread = pthread_t()
      let argument = Unmanaged.passUnretained(last).toOpaque()
      #expect(pthread_create(&thread, nil, { ThreadWork.run($0) }, argument) == 0)
      threads.append(thread)
    }
    while last.equalCount.load(ordering: .relaxed) < 4 { sched_yield() }
    model.close()
    for thread in threads { pthread_join(thread, nil) }
    #expect(last.wrongCount.load(ordering: .relaxed) == 0)
  }
}

/// What several threads do with one model.
private final class ThreadWork: @unchecked Sendable {
  static let callCount = 40
  let handle: OpaquePointer
  let cells: [Cells]
  let expected: [Double]
  let equalCount = Atomic(0)
  let wrongCount = Atomic(0)
  let ownMessageCount = Atomic(0)

  init(handle: OpaquePointer, cells: [Cells], expected: [Double]) {
    (self.handle, self.cells, self.expected) = (handle, cells, expected)
  }

  static func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let work = Unmanaged<ThreadWork>.fromOpaque(argument).takeUnretainedValue()
    for call in 0..<callCount {
      let found = predict(
        work.handle, work.cells, rowCount: work.expected.count / 3, valueCount: 3)
      if found.status == slope_ok, found.values == work.expected {
        work.equalCount.add(1, ordering: .relaxed)
      } else if found.status == slope_ok || lastMessage != "the model is not open" {
        work.wrongCount.add(1, ordering: .relaxed)
      }
      // Each thread's message is its own.
      let name = "/none/\(pthread_self())/\(call)"
      var opened: OpaquePointer?
      _ = slope_model_open(name, &opened)
      if lastMessage.hasPrefix(name + ":") { work.ownMessageCount.add(1, ordering: .relaxed) }
    }
    return nil
  }
}
