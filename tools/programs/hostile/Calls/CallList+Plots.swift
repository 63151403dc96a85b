import Slope
import SlopeCore
import SlopeData

/// Charts and reports.
extension CallList {
  func addPlotCalls() {
    let folder = SmallFiles.shared
    func numbers(_ draw: inout Draw) -> [Double] { (0..<draw.below(6)).map { _ in draw.number() } }
    func mark(_ draw: inout Draw) -> Chart.Mark {
      draw.one(of: [.line, .dashed, .points, .linePoints, .bars])
    }
    func axis(_ draw: inout Draw) -> Chart.Axis {
      let (a, b) = (draw.number(), draw.number())
      return Chart.Axis(
        draw.text(["", "x\0", "<é>"]), scale: draw.bool() ? .linear : .logarithmic,
        range: a <= b ? a...b : nil)
    }
    func chart(_ draw: inout Draw) -> Chart {
      var chart = Chart(title: draw.text(["", "title", "<&>"]))
      (chart.x, chart.y) = (axis(&draw), axis(&draw))
      chart.add(mark(&draw), named: "a", x: numbers(&draw), y: numbers(&draw))
      return chart
    }
    func path(_ draw: inout Draw) -> String {
      draw.text([folder.written + ".svg", "/nowhere/x.svg", "", "/dev/full", "/.svg", "x"])
    }
    add("Chart.init(title:)") { draw in _ = chart(&draw).svg() }
    add("Chart.Axis.init(_:scale:range:)") { draw in _ = axis(&draw) }
    add("Chart.svg()") { draw in
      var chart = chart(&draw)
      (chart.width, chart.height) = (draw.number(), draw.number())
      _ = chart.svg()
    }
    add("Chart.width") { draw in
      var chart = chart(&draw)
      chart.width = draw.number()
      _ = chart.svg()
    }
    add("Chart.height") { draw in
      var chart = chart(&draw)
      chart.height = draw.number()
      _ = chart.svg()
    }
    add("Chart.series") { draw in _ = chart(&draw).series }
    add("Chart.add(_:named:x:y:)") { draw in
      var chart = chart(&draw)
      chart.add(mark(&draw), x: draw.bool() ? nil : numbers(&draw), y: numbers(&draw))
      _ = chart.svg()
    }
    add("Chart.addGuide(x:named:)") { draw in
      var chart = chart(&draw)
      chart.addGuide(x: draw.number(), named: "x")
      _ = chart.svg()
    }
    add("Chart.addGuide(y:named:)") { draw in
      var chart = chart(&draw)
      chart.addGuide(y: draw.number())
      _ = chart.svg()
    }
    add("Chart.addDiagonal()") { draw in
      var chart = chart(&draw)
      chart.addDiagonal()
      _ = chart.svg()
    }
    add("Chart.write(to:)") { draw in try chart(&draw).write(to: path(&draw)) }
    func bars(_ draw: inout Draw) -> BarChart {
      let spreads = (0..<draw.below(4)).map { _ -> ClosedRange<Double> in
        let (a, b) = (draw.number(), draw.number())
        return a <= b ? a...b : 0...0
      }
      var chart = BarChart(
        title: "t", valueTitle: draw.text(["", "v"]),
        names: (0..<draw.below(5)).map { _ in draw.text(["", "a", "\u{1B}[2J"]) },
        values: numbers(&draw), spreads: draw.bool() ? nil : spreads)
      chart.startsAtZero = draw.bool()
      chart.width = draw.number()
      return chart
    }
    add("BarChart.init(title:valueTitle:names:values:spreads:)") { draw in _ = bars(&draw).names }
    add("BarChart.width") { draw in
      var chart = bars(&draw)
      chart.width = draw.number()
      _ = chart.svg()
    }
    add("BarChart.svg()") { draw in _ = bars(&draw).svg() }
    add("BarChart.write(to:)") { draw in try bars(&draw).write(to: path(&draw)) }
    add("TrainingHistory.plot(title:)") { draw in
      let model = Linear<Float>(1, 1)
      let trainer = Trainer(
        model, loss: MSELoss(), optimizer: SGD(model.parameters(), learningRate: draw.number()))
      let rows = Tensor<Float>([[1], [2]])
      let loader = DataLoader(TensorDataset(rows, rows), batchSize: 1)
      _ = try? trainer.fit(loader, epochs: draw.below(3)).plot(title: "é\0").svg()
    }
    addReportCalls()
  }

  private func addReportCalls() {
    let folder = SmallFiles.shared
    func model() throws -> TabularModel<Float> { try TabularModel(contentsOf: folder.model) }
    func table(_ draw: inout Draw) throws -> Table {
      let table = try Table(csv: folder.table)
      return draw.bool() ? table : table.taking((0..<draw.below(5)).map { _ in draw.below(12) })
    }
    func weights(_ draw: inout Draw) -> String? {
      draw.bool() ? nil : draw.text(["a", "b", "kind", ""])
    }
    add("TabularReport.init(_:table:weights:)") { draw in
      var options = TabularOptions(target: draw.text(["y", "kind", "a"]))
      options.model = .linear
      let fit = try TabularModel<Float>.fit(Table(csv: folder.table), options)
      // Perhaps a table that the fit was not given.
      _ = try TabularReport(fit, table: table(&draw), weights: weights(&draw)).html
    }
    add("TabularReport.init(_:on:weights:)") { draw in
      _ = try TabularReport(model(), on: table(&draw), weights: weights(&draw)).importances
    }
    add("TabularReport.html") { draw in
      var report = try TabularReport(model(), on: table(&draw))
      report.command = draw.text(["", "<\0>"])
      _ = report.html.count
    }
    add("TabularReport.write(to:)") { draw in
      try TabularReport(model(), on: table(&draw)).write(
        to: draw.text([folder.written, "/nowhere/x", "", "/dev/full", "/"]))
    }
  }
}
