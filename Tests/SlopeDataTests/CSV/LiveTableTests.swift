import Glibc
import TestSupport
import Testing

@testable import SlopeData

/// Rows that are answered as they arrive.
@Suite struct LiveTableTests {
  /// What is put: the texts of a column, or the error of a record with its cells.
  private enum Event: Equatable {
    case rows([String])
    case refused(String, cells: String?)
  }

  private struct WriteError: Error {}

  /// The events of a file that is written in parts, each of which is read before the next is written.
  private func events(
    _ parts: [String], column: String = "a", _ options: CSVOptions = CSVOptions()
  ) throws -> [[Event]] {
    let folder = try TemporaryFolder()
    let pipe = folder.file("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    // Read and write: opening does not wait, and there is a writer until the end.
    let writer = open(pipe, O_RDWR)
    defer { close(writer) }
    func write(_ part: String) {
      _ = part.utf8.withContiguousStorageIfAvailable { writeWhole(.init($0), to: writer) }
    }
    write(parts[0])
    var stream = try TableStream(csv: pipe, options: options, hasWrittenRows: true, isLive: true)
    var remaining = Array(parts.dropFirst())
    var all: [[Event]] = [[]]
    // Each part has one answer.
    func next() throws {
      guard !remaining.isEmpty else { throw WriteError() }
      write(remaining.removeFirst())
      all.append([])
    }
    try? stream.follow { rows in
      try rows.table.texts(column)
    } isOfRows: {
      $0 is FileError
    } put: { answer, cells in
      switch answer {
      case .success(let texts): all[all.count - 1].append(.rows(texts))
      case .failure(let error):
        var text: [UInt8] = []
        cells?.append(0, to: &text)
        let message = "\(error)".dropFirst(pipe.count)
        all[all.count - 1].append(
          .refused(String(message), cells: cells.map { _ in String(decoding: text, as: UTF8.self) })
        )
      }
      try next()
    }
    return all
  }

  @Test func rowsAreAnsweredWhenTheyHaveArrived() throws {
    #expect(
      try events(["a,b\n1,2\n", "3,4\n", "5,6\n7,8\n9", "0,1\n"])
        == [[.rows(["1"])], [.rows(["3"])], [.rows(["5", "7"])], [.rows(["90"])]])
  }

  @Test func aQuotedFieldIsAwaited() throws {
    #expect(
      try events(["a,b\n1,2\n\"two\n", "lines\",2\n"].map { $0 }) == [
        [.rows(["1"])], [.rows(["two\nlines"])],
      ])
  }

  @Test func aFaultyRowIsRefusedAndOthersAreNot() throws {
    let told = options { $0.numeric = ["a"] }
    #expect(
      try events(["a,b\n1,2\n", "x,2\n", "3\n", "4,y\"\n", "5,6\n"], told)
        == [
          [.rows(["1"])],
          [
            .refused(
              ":3: column \"a\": \"x\" is not a number; --missing=x counts it as missing",
              cells: "x,2")
          ],
          [.refused(":4: 1 field, but the header (line 1) has 2", cells: nil)],
          [
            .refused(
              ":5: a quote inside an unquoted field (field 2); quote the whole field and double the "
                + "quotes in it", cells: nil)
          ], [.rows(["5"])],
        ])
  }

  @Test func rowsThatArriveTogetherAreTakenOneByOneIfOneIsFaulty() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a,b\n1,2\n\nx,\"2\n2\"\n3,4\n5\n6,7 \"8\"\n8,9")
    var stream = try TableStream(
      csv: path, options: options { $0.numeric = ["a"] }, hasWrittenRows: true, isLive: true)
    var found: [String] = []
    try stream.follow {
      try $0.table.texts("a")
    } isOfRows: {
      $0 is FileError
    } put: { answer, _ in
      switch answer {
      case .success(let texts): found += texts
      case .failure(let error): found.append("line \((error as? FileError)?.line ?? -1)")
      }
    }
    #expect(found == ["1", "line 4", "3", "line 7", "line 8", "8"])
  }

  @Test func manyRowsWithSomeFaultsKeepTheirOrder() throws {
    let folder = try TemporaryFolder()
    let faulty = Set([0, 1, 2, 777, 778, 5000, 5031, 19_999])
    let rows = (0..<20_000).map {
      faulty.contains($0) ? ($0 % 2 == 0 ? "x,1\n" : "1\n") : "\($0),\"a\nb\"\n"
    }
    let path = try folder.write("n,b\n" + rows.joined())
    var stream = try TableStream(csv: path, options: options { $0.numeric = ["n"] }, isLive: true)
    var (found, lines): ([String], [Int]) = ([], [])
    var calls = 0
    try stream.follow {
      try $0.table.texts("n")
    } isOfRows: {
      $0 is FileError
    } put: { answer, _ in
      calls += 1
      switch answer {
      case .success(let texts): found += texts
      case .failure(let error):
        found.append("fault")
        lines.append((error as? FileError)?.line ?? -1)
      }
    }
    #expect(found == (0..<20_000).map { faulty.contains($0) ? "fault" : "\($0)" })
    // Other rows have two lines each.
    var (line, expected) = (2, [Int]())
    for row in 0..<20_000 {
      if faulty.contains(row) { expected.append(line) }
      line += faulty.contains(row) ? 1 : 2
    }
    #expect(lines == expected)
    // Together, but for what is near a fault.
    #expect(calls < 300, "\(calls)")
  }

  @Test func aLongQuotedFieldIsAwaitedInParts() throws {
    let parts =
      ["a,b\n1,2\n", "\"two\n"] + (0..<40).map { "lines \($0)\n" } + [
        "\",2\n", "3,\"x\"y\n", "4,5\n",
      ]
    let folder = try TemporaryFolder()
    let pipe = folder.file("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    let writer = open(pipe, O_RDWR)
    let text = parts.joined()
    // Byte by byte, as a slow writer does.
    let bytes = Array(text.utf8)
    for byte in bytes.prefix(10) {
      _ = withUnsafeBytes(of: byte) { write(writer, $0.baseAddress, 1) }
    }
    let thread = WriterThread(bytes: Array(bytes.dropFirst(10)), descriptor: writer)
    var stream = try TableStream(csv: pipe, options: CSVOptions(), isLive: true)
    thread.start()
    var found: [String] = []
    try stream.follow {
      try $0.table.texts("a")
    } isOfRows: {
      $0 is FileError
    } put: { answer, _ in
      switch answer {
      case .success(let texts): found += texts
      case .failure: found.append("fault")
      }
    }
    #expect(found == ["1", "two\n" + (0..<40).map { "lines \($0)\n" }.joined(), "fault", "4"])
  }

  @Test func anErrorThatIsNotOfRowsEndsTheStream() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a\n1\n2\n")
    var stream = try TableStream(csv: path, options: CSVOptions(), isLive: true)
    #expect(throws: WriteError.self) {
      try stream.follow { _ in
        throw WriteError()
      } isOfRows: {
        $0 is FileError
      } put: {
        (_: Result<Int, any Error>, _) in
      }
    }
    var again = try TableStream(csv: path, options: CSVOptions(), isLive: true)
    #expect(throws: WriteError.self) {
      try again.follow {
        $0.table.rowCount
      } isOfRows: { _ in
        true
      } put: { _, _ in
        throw WriteError()
      }
    }
  }

  @Test func theDelimiterFollowsFromTheHeaderAlone() throws {
    #expect(try events(["a;b\nx,y;2\n"]) == [[.rows(["x,y"])]])
    let folder = try TemporaryFolder()
    let path = try folder.write("a,b;c;d\n1;2;3\n")
    func names(isLive: Bool) throws -> [String] {
      try TableStream(csv: path, options: CSVOptions(), hasWrittenRows: true, isLive: isLive)
        .writtenColumnNames
    }
    #expect(try names(isLive: true) == ["a", "b;c;d"])
    #expect(try names(isLive: false) == ["a,b", "c", "d"])
  }

  @Test func aLineOfCRAndLFIsOneLine() throws {
    #expect(
      try events(["a\r\n1\r\n", "x\"\r\n", "\r\n", "2\r\n"], column: "a").map(\.count) == [
        1, 1, 1, 1,
      ])
    #expect(try events(["a\r\n1\r\n", "x\"\r\n", "2\r\n"]).last == [.rows(["2"])])
  }

  @Test func aHeaderAloneIsNoError() throws {
    let folder = try TemporaryFolder()
    var stream = try TableStream(csv: folder.write("a,b\n"), options: CSVOptions(), isLive: true)
    var count = 0
    try stream.follow {
      $0.table.rowCount
    } isOfRows: { _ in
      false
    } put: { _, _ in
      count += 1
    }
    #expect(count == 0)
  }
}

/// Writes bytes one at a time, and closes the file then.
private final class WriterThread: @unchecked Sendable {
  private let bytes: [UInt8]
  private let descriptor: Int32

  init(bytes: [UInt8], descriptor: Int32) { (self.bytes, self.descriptor) = (bytes, descriptor) }

  func start() {
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let writer = Unmanaged<WriterThread>.fromOpaque(argument).takeRetainedValue()
        for byte in writer.bytes {
          _ = withUnsafeBytes(of: byte) { write(writer.descriptor, $0.baseAddress, 1) }
          sched_yield()
        }
        close(writer.descriptor)
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    pthread_detach(thread)
  }
}
