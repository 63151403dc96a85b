import Glibc
import Slope
import SlopeCore
import SlopeData

/// Tables of any kind of column, and what is made of them.
extension CallList {
  func addTableCalls() {
    addColumnCalls()
    addTableCalls(tables: Self.table)
    addGroupCalls()
    addPipelineCalls()
    addDateCalls()
  }

  /// Names of columns, some of which tables have.
  private static func name(_ draw: inout Draw) -> String {
    draw.text(["int", "number", "flag", "date", "text", "", "é", "a\0", "int", "number"])
  }

  private static func integers(_ count: Int, _ draw: inout Draw) -> [Int?] {
    (0..<count).map { _ in draw.once(in: 4) ? nil : draw.int() }
  }

  private static func numbers(_ count: Int, _ draw: inout Draw) -> [Double?] {
    (0..<count).map { _ in draw.once(in: 4) ? nil : draw.number() }
  }

  private static func texts(_ count: Int, _ draw: inout Draw) -> [String?] {
    (0..<count).map { _ in
      draw.once(in: 4) ? nil : draw.text(["a", "b", "", "NA", "7", "é\"\n,", "\u{FEFF}", "a\0"])
    }
  }

  private static func date(_ draw: inout Draw) -> DateTime {
    DateTime(microsecondsSince1970: draw.bool() ? draw.int() : draw.below(1 << 60))
  }

  private static func column(_ name: String, _ count: Int, _ draw: inout Draw) -> Column {
    switch draw.below(5) {
    case 0: Column(name, integers(count, &draw))
    case 1: Column(name, numbers(count, &draw))
    case 2: Column(name, (0..<count).map { _ in draw.once(in: 4) ? nil : draw.bool() })
    case 3: Column(name, (0..<count).map { _ in draw.once(in: 4) ? nil : date(&draw) })
    default: Column(name, texts(count, &draw))
    }
  }

  /// A table of any columns, seldom of different lengths or of equal names.
  private static func table(_ draw: inout Draw) -> Table {
    let count = draw.one(of: [0, 1, 2, 5, 30])
    var columns = ["int", "number", "flag", "date", "text"].prefix(draw.below(6)).map {
      column($0, draw.once(in: 20) ? draw.below(4) : count, &draw)
    }
    if draw.once(in: 20) { columns.append(column(name(&draw), count, &draw)) }
    return Table(columns)
  }

  private func addColumnCalls() {
    func column(_ draw: inout Draw) -> Column {
      CallList.column(CallList.name(&draw), draw.below(6), &draw)
    }
    add("Column.init(_:_:)") { draw in
      _ = Column(CallList.name(&draw), CallList.numbers(4, &draw)).missingCount
    }
    add("Column.init(_:_:)") { draw in
      _ = Column(CallList.name(&draw), draw.ints()).missingCount
    }
    add("Column.kind") { _ = column(&$0).kind }
    add("Column.count") { _ = column(&$0).count }
    add("Column.missingCount") { _ = column(&$0).missingCount }
    add("Column.levels") { _ = column(&$0).levels }
    add("Column.cells(as:)") { draw in
      let column = column(&draw)
      switch draw.below(5) {
      case 0: _ = try column.cells(as: Int.self)
      case 1: _ = try column.cells(as: Double.self)
      case 2: _ = try column.cells(as: Bool.self)
      case 3: _ = try column.cells(as: DateTime.self)
      default: _ = try column.cells(as: String.self)
      }
    }
    add("ColumnKind.isNumeric") { _ = column(&$0).kind.isNumeric }
    add("ColumnKind.isText") { _ = column(&$0).kind.isText }
  }

  private func addTableCalls(tables table: @escaping (inout Draw) -> Table) {
    let name = CallList.name
    func names(_ draw: inout Draw) -> [String] { (0..<draw.below(4)).map { _ in name(&draw) } }
    func missing(_ draw: inout Draw) -> MissingCells {
      draw.bool() ? .refused : .fill(draw.number())
    }
    add("Table.init(_:)") { _ = table(&$0).rowCount }
    add("Table.columns") { _ = table(&$0).columns.count }
    add("Table.columnCount") { _ = table(&$0).columnCount }
    add("Table.columnNames") { _ = table(&$0).columnNames }
    add("Table.hasColumn(_:)") { draw in _ = table(&draw).hasColumn(name(&draw)) }
    add("Table.column(_:)") { draw in _ = try table(&draw).column(name(&draw)).count }
    add("Table.columnIndex(of:)") { draw in _ = try table(&draw).columnIndex(of: name(&draw)) }
    add("Table.subscript(_:as:)") { draw in
      _ = try table(&draw)[name(&draw), as: Double.self].count
    }
    add("Table.select(_:)") { draw in _ = try table(&draw).select(names(&draw)).columnCount }
    add("Table.select(_:)") { draw in _ = try table(&draw).select(name(&draw)).columnCount }
    add("Table.drop(_:)") { draw in _ = try table(&draw).drop(names(&draw)).columnCount }
    add("Table.drop(_:)") { draw in _ = try table(&draw).drop(name(&draw)).columnCount }
    add("Table.adding(_:)") { draw in
      let table = table(&draw)
      let count = draw.once(in: 4) ? draw.below(7) : table.rowCount
      _ = table.adding(CallList.column(name(&draw), count, &draw)).description
    }
    add("Table.head(_:)") { draw in _ = table(&draw).head(draw.int()).rowCount }
    add("Table.taking(_:)") { draw in _ = table(&draw).taking(draw.ints()).description }
    add("Table.filter(_:_:)") { draw in
      let limit = draw.number()
      _ = try table(&draw).filter(name(&draw)) { (x: Double) in x > limit }.rowCount
    }
    add("Table.droppingMissing(_:)") { draw in
      _ = try table(&draw).droppingMissing(name(&draw)).droppingMissing().rowCount
    }
    add("Table.sorted(by:descending:)") { draw in
      _ = try table(&draw).sorted(by: name(&draw), name(&draw), descending: draw.bool()).rowCount
    }
    add("Table.tensor(_:missing:as:)") { draw in
      draw.use(try table(&draw).tensor(names(&draw), missing: missing(&draw)))
    }
    add("Table.tensor(_:missing:as:)") { draw in
      draw.use(
        try table(&draw).tensor(
          name(&draw), name(&draw), missing: missing(&draw), as: Float16.self))
    }
    add("Table.tensor(except:missing:as:)") { draw in
      draw.use(
        try table(&draw).tensor(except: name(&draw), missing: missing(&draw), as: Double.self))
    }
    add("Table.codes(_:)") { draw in draw.use(try table(&draw).codes(name(&draw)).indices) }
    add("Table.classes(_:)") { draw in draw.use(try table(&draw).classes(name(&draw)).indices) }
    add("Table.description") { _ = table(&$0).description }
    add("Table.describe()") { _ = table(&$0).describe().columns.count }
    add("TableDescription.description") { _ = table(&$0).describe().description }
    add("TableDescription.ColumnSummary.==(_:_:)") { draw in
      _ = table(&draw).describe() == table(&draw).describe()
    }
    add("TableDescription.ColumnSummary.hash(into:)") { _ = table(&$0).describe().hashValue }
    add("Table.csvText") { _ = table(&$0).csvText.utf8.count }
    add("Table.write(csv:)") { draw in
      try table(&draw).write(
        csv: draw.text([SmallFiles.shared.written, "/nowhere/x", "", "/dev/full", "/"]))
    }
  }

  private func addGroupCalls() {
    func aggregate(_ draw: inout Draw) -> TableAggregate { draw.one(of: TableAggregate.allCases) }
    func groups(_ draw: inout Draw) throws -> TableGroups {
      try CallList.table(&draw).grouped(by: CallList.name(&draw))
    }
    add("Table.grouped(by:)") { _ = try groups(&$0) }
    add("TableGroups.count") { _ = try groups(&$0).count }
    add("TableGroups.subscript(_:)") { draw in
      let groups = try groups(&draw)
      _ = groups[draw.bool() ? draw.int() : draw.below(max(1, groups.count))].description
    }
    add("TableGroups.aggregate(_:with:)") { draw in
      _ = try groups(&draw).aggregate(
        CallList.name(&draw), CallList.name(&draw), with: aggregate(&draw)
      ).description
    }
    add("TableGroups.aggregate(_:_:)") { draw in
      _ = try groups(&draw).aggregate(CallList.name(&draw), aggregate(&draw)).rowCount
    }
    add("Table.pivot(index:columns:values:aggregate:)") { draw in
      _ = try CallList.table(&draw).pivot(
        index: CallList.name(&draw), columns: CallList.name(&draw), values: CallList.name(&draw),
        aggregate: draw.once(in: 4) ? nil : aggregate(&draw)
      ).description
    }
  }

  private func addPipelineCalls() {
    func transforms(_ draw: inout Draw) -> [Transform] {
      (0..<draw.below(7)).map { _ in
        switch draw.below(6) {
        case 0: .impute(draw.one(of: [.median, .mean, .constant(draw.number())]))
        case 1: .scale(draw.one(of: Transform.Scaling.allCases))
        case 2: .oneHot(maximumLevels: draw.int())
        case 3: .codes
        case 4: .dates
        default: .keep([CallList.name(&draw)])
        }
      }
    }
    func pipeline(_ draw: inout Draw) -> Pipeline {
      draw.bool() ? .standard : Pipeline(transforms(&draw))
    }
    func fitted(_ draw: inout Draw) throws -> FittedPipeline {
      try pipeline(&draw).fit(
        CallList.table(&draw), target: draw.bool() ? nil : CallList.name(&draw),
        excluding: draw.once(in: 3) ? [CallList.name(&draw)] : [])
    }
    add("Pipeline.init(_:)") { _ = Pipeline(transforms(&$0)).transforms.count }
    add("Pipeline.init(_:)") { draw in
      _ = Pipeline(.oneHot(maximumLevels: draw.int()), .codes).transforms.count
    }
    add("Pipeline.fit(_:target:excluding:)") { _ = try fitted(&$0) }
    add("FittedPipeline.columns") { _ = try fitted(&$0).columns.count }
    add("FittedPipeline.inputNames") { _ = try fitted(&$0).inputNames }
    add("FittedPipeline.outputNames") { _ = try fitted(&$0).outputNames }
    add("FittedPipeline.outputCount") { _ = try fitted(&$0).outputCount }
    add("FittedPipeline.description") { _ = try fitted(&$0).description }
    add("FittedPipeline.transform(_:as:)") { draw in
      let fitted = try fitted(&draw)
      if draw.bool() {
        draw.use(try fitted.transform(CallList.table(&draw), as: Double.self))
      } else {
        draw.use(try fitted.transform(CallList.table(&draw), as: Float16.self))
      }
    }
    add("FittedPipeline.unseenCounts(in:)") { draw in
      _ = try fitted(&draw).unseenCounts(in: CallList.table(&draw))
    }
    add("ColumnReport.outcome") { _ = try fitted(&$0).columns.map(\.outcome) }
    add("ColumnReport.summary") { _ = try fitted(&$0).columns.map(\.summary) }
  }

  private func addDateCalls() {
    let date = CallList.date
    add("DateTime.init(microsecondsSince1970:)") { _ = date(&$0).hashValue }
    add("DateTime.init(_:)") { draw in
      _ = DateTime(
        draw.text([
          "2024-02-29", "2023-02-29", "9999-12-31T23:59:59.9999999+00:01", "0000/01/01 00:00Z", "",
          "2024-2-9", "2024-01-01T24:00", "2024-01-01T00:00+23:59", "2024-01-01T00:00-9", "é",
        ]))
    }
    add("DateTime.<(_:_:)") { draw in _ = date(&draw) < date(&draw) }
    add("DateTime.date") { _ = date(&$0).date }
    add("DateTime.description") { _ = date(&$0).description }
    add("DateTime.hour") { _ = date(&$0).hour }
    add("DateTime.isMidnight") { _ = date(&$0).isMidnight }
    add("DateTime.weekday") { _ = date(&$0).weekday }
  }
}
