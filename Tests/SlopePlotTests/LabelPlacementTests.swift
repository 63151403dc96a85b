import Testing

@testable import SlopePlot

@Suite struct LabelPlacementTests {
  private let area = Box(x: 0, y: 0, width: 600, height: 400)

  /// Points from a fixed sequence, none of them under the obstacle.
  private func labels(_ count: Int, seed: Int, beside obstacle: Box) -> [LabelPlacement.Label] {
    var state = UInt64(seed)
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24)
    }
    var labels: [LabelPlacement.Label] = []
    while labels.count < count {
      let point = Point(x: 120 + 360 * next(), y: 60 + 280 * next())
      if obstacle.contains(Box(x: point.x, y: point.y, width: 0, height: 0)) { continue }
      labels.append(LabelPlacement.Label(point: point, width: 20 + 60 * next(), height: 13))
    }
    return labels
  }

  @Test(arguments: 1...8)
  func labelsCoverNothing(seed: Int) throws {
    let obstacle = Box(x: 300, y: 200, width: 120, height: 60)
    let labels = labels(25, seed: seed, beside: obstacle)
    let roof = Segment(start: Point(x: 0, y: 180), end: Point(x: 600, y: 150))
    let places = LabelPlacement(area: area, obstacles: [obstacle], lines: [roof]).places(labels)
    let found = places.compactMap { $0 }
    #expect(found.count == labels.count)
    for (index, place) in found.enumerated() {
      #expect(area.contains(place.box))
      #expect(!place.box.intersects(obstacle) && !place.box.intersects(roof))
      for other in found[(index + 1)...] {
        #expect(!place.box.intersects(other.box))
        if let leader = place.leader {
          #expect(!other.box.intersects(leader))
          if let second = other.leader { #expect(!leader.crosses(second)) }
        }
        if let leader = other.leader { #expect(!place.box.intersects(leader)) }
      }
      for label in labels {
        let marker = Box(x: label.point.x, y: label.point.y, width: 0, height: 0)
        #expect(!place.box.intersects(marker.grown(by: LabelPlacement.markerRadius)))
      }
    }
  }

  @Test func aLoneLabelStandsBesideItsPoint() throws {
    let label = LabelPlacement.Label(point: Point(x: 100, y: 100), width: 40, height: 12)
    let place = try #require(
      LabelPlacement(area: area, obstacles: [], lines: []).places([label]).first ?? nil)
    #expect(place.leader == nil)
    #expect(place.box == Box(x: 108, y: 94, width: 40, height: 12))
  }

  @Test func aFarLabelHasALineFromItsPoint() throws {
    // All places around the point are taken.
    let obstacle = Box(x: 70, y: 70, width: 60, height: 29)
    let below = Box(x: 70, y: 101, width: 60, height: 29)
    let label = LabelPlacement.Label(point: Point(x: 100, y: 100), width: 40, height: 12)
    let places = LabelPlacement(area: area, obstacles: [obstacle, below], lines: []).places([label])
    let place = try #require(places[0])
    let leader = try #require(place.leader)
    #expect(leader.start == label.point)
    #expect(!obstacle.intersects(leader) && !below.intersects(leader))
    #expect(place.box.nearest(to: label.point) == leader.end)
  }

  @Test(arguments: [96.0, 104])
  func aLabelStaysOnItsSideOfALine(height: Double) throws {
    // Places on both sides are equally near.
    let line = Segment(start: Point(x: 0, y: height), end: Point(x: 600, y: height))
    let label = LabelPlacement.Label(point: Point(x: 100, y: 100), width: 40, height: 12)
    let place = try #require(
      LabelPlacement(area: area, obstacles: [], lines: [line]).places([label])[0])
    #expect((place.box.middle.y > height) == (label.point.y > height))
    #expect(place.leader == nil)
  }

  @Test func aLabelCrossesALineWhereItsSideIsTaken() throws {
    let line = Segment(start: Point(x: 0, y: 94), end: Point(x: 600, y: 94))
    let taken = Box(x: 0, y: 95, width: 600, height: 305)
    let label = LabelPlacement.Label(point: Point(x: 100, y: 94.5), width: 40, height: 12)
    let place = LabelPlacement(area: area, obstacles: [taken], lines: [line]).places([label])[0]
    #expect(try #require(place).box.bottom < 94)
  }

  @Test func aLabelThatFitsNowhereIsLeftOut() {
    let narrow = Box(x: 0, y: 0, width: 30, height: 30)
    let label = LabelPlacement.Label(point: Point(x: 15, y: 15), width: 40, height: 12)
    #expect(LabelPlacement(area: narrow, obstacles: [], lines: []).places([label]) == [nil])
  }

  @Test func pointsOnOneAnotherBothHaveALabel() {
    let label = LabelPlacement.Label(point: Point(x: 100, y: 100), width: 40, height: 12)
    let places = LabelPlacement(area: area, obstacles: [], lines: []).places(
      [LabelPlacement.Label](repeating: label, count: 4))
    #expect(places.allSatisfy { $0 != nil })
  }
}

@Suite struct GeometryTests {
  private let box = Box(x: 10, y: 20, width: 30, height: 10)

  @Test(
    arguments: [
      (Box(x: 39, y: 29, width: 5, height: 5), true),
      (Box(x: 40, y: 20, width: 5, height: 5), false),
      (Box(x: 0, y: 0, width: 100, height: 20), false),
      (Box(x: 15, y: 22, width: 1, height: 1), true),
    ] as [(Box, Bool)])
  func boxesIntersectWhereTheyShareAPart(other: Box, expected: Bool) {
    #expect(box.intersects(other) == expected)
    #expect(other.intersects(box) == expected)
  }

  @Test(
    arguments: [
      (0, 25, 100, 25, true), (0, 20, 100, 20, false), (0, 0, 100, 10, false),
      (25, 0, 25, 100, true), (0, 0, 9, 100, false), (0, 0, 50, 50, true), (12, 22, 14, 24, true),
      (0, 25, 5, 25, false), (45, 25, 90, 25, false),
    ] as [(Double, Double, Double, Double, Bool)])
  func linesAreSeenInABox(x1: Double, y1: Double, x2: Double, y2: Double, expected: Bool) {
    let line = Segment(start: Point(x: x1, y: y1), end: Point(x: x2, y: y2))
    #expect(box.intersects(line) == expected)
    #expect(box.intersects(Segment(start: line.end, end: line.start)) == expected)
  }

  @Test func linesCross() {
    let line = Segment(start: Point(x: 0, y: 0), end: Point(x: 10, y: 10))
    #expect(line.crosses(Segment(start: Point(x: 0, y: 10), end: Point(x: 10, y: 0))))
    #expect(!line.crosses(Segment(start: Point(x: 0, y: 1), end: Point(x: 10, y: 11))))
    #expect(!line.crosses(Segment(start: Point(x: 20, y: 0), end: Point(x: 0, y: 40))))
  }

  @Test func aBoxGrowsOnAllSidesAndHoldsWhatLiesInIt() {
    #expect(box.grown(by: 2) == Box(x: 8, y: 18, width: 34, height: 14))
    #expect(box.grown(by: 1).contains(box) && !box.contains(box.grown(by: 1)))
    #expect(!box.contains(Box(x: 10, y: 20, width: 30, height: 11)))
    #expect(box.nearest(to: Point(x: 100, y: 25)) == Point(x: 40, y: 25))
  }
}

@Suite struct LogScaleTests {
  @Test func equalFactorsAreEqualDistances() {
    let scale = LogScale(numbers: 0.5...8, start: 100, end: 500)
    #expect(abs(scale(0.5) - 100) < 1e-9)
    #expect(abs(scale(2) - 300) < 1e-9)
    #expect(abs(scale(8) - 500) < 1e-9)
  }

  @Test func powersIncludeBothEnds() {
    #expect(
      LogScale(numbers: 0.5...8, start: 0, end: 1).powers(of: 2).map { fixed($0, 1) }
        == ["0.5", "1.0", "2.0", "4.0", "8.0"])
  }

  @Test func decimalsBeginInsideADecade() {
    #expect(
      LogScale(numbers: 0.15...25, start: 0, end: 1).decimals.map { fixed($0, 1) }
        == ["0.2", "0.5", "1.0", "2.0", "5.0", "10.0", "20.0"])
  }

  @Test func aRangeHoldsItsNumbersBetweenPowers() {
    #expect(LogScale.range(of: [3, 0.3, 0, -1, .nan], base: 2) == 0.25...4)
    #expect(LogScale.range(of: [4], base: 2) == 4...8)
    #expect(LogScale.range(of: [0, .infinity], base: 2) == nil)
  }

  @Test func aLineDownToTheRightTurnsClockwise() {
    #expect(abs(Turn.degrees(dx: 1, dy: 1) - 45) < 1e-9)
    #expect(abs(Turn.degrees(dx: 1, dy: -1) + 45) < 1e-9)
  }
}
