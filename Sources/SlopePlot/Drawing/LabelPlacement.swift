import Glibc

/// Finds places for labels near their points, without covering anything that is drawn.
package struct LabelPlacement {
  /// A label to be placed.
  package struct Label {
    package let point: Point
    package let width: Double
    package let height: Double

    package init(point: Point, width: Double, height: Double) {
      self.point = point
      self.width = width
      self.height = height
    }
  }

  /// The place of a label, and the line that leads to it if it is far from its point.
  package struct Place: Equatable {
    package let box: Box
    package let leader: Segment?

    package init(box: Box, leader: Segment?) {
      self.box = box
      self.leader = leader
    }
  }

  /// The radius of a marker around its point.
  package static let markerRadius = 5.5

  private let area: Box
  private let obstacles: [Box]
  private let lines: [Segment]

  /// A placement in an area.
  ///
  /// - Parameters:
  ///   - area: where labels may be placed.
  ///   - obstacles: boxes that labels must not cover.
  ///   - lines: lines that labels must not cover; leaders may cross them if no other place is near.
  package init(area: Box, obstacles: [Box], lines: [Segment]) {
    self.area = area
    self.obstacles = obstacles
    self.lines = lines
  }

  /// The places of all labels, in their order; nil for one that fits nowhere.
  ///
  /// Greedy: each label takes the nearest free place. Several orders are tried, and the one with
  /// the nearest places is kept.
  package func places(_ labels: [Label]) -> [Place?] {
    let markers = labels.map { marker($0.point) }
    let crowds = labels.map { label in
      labels.filter { distance($0.point, label.point) < 60 }.count
    }
    let indices = Array(labels.indices)
    var orders = [
      indices.sorted { (labels[$0].point.x, $0) < (labels[$1].point.x, $1) },
      indices.sorted { (-labels[$0].point.x, $0) < (-labels[$1].point.x, $1) },
      indices.sorted { (labels[$0].point.y, $0) < (labels[$1].point.y, $1) },
      indices.sorted { (-labels[$0].point.y, $0) < (-labels[$1].point.y, $1) },
      indices.sorted { (-crowds[$0], $0) < (-crowds[$1], $1) },
      indices.sorted { (crowds[$0], $0) < (crowds[$1], $1) },
    ]
    // The same orders in every run, so that a report always has the same drawing.
    var generator = Minimal()
    for _ in 0..<24 { orders.append(indices.shuffled(using: &generator)) }
    var best: (places: [Place?], cost: Double) = (labels.map { _ in nil }, .infinity)
    for order in orders {
      let candidate = places(labels, markers, order)
      if candidate.cost < best.cost { best = candidate }
    }
    return best.places
  }

  private func places(
    _ labels: [Label], _ markers: [Box], _ order: [Int]
  ) -> (places: [Place?], cost: Double) {
    var places = [Place?](repeating: nil, count: labels.count)
    var taken = obstacles
    var leaders: [Segment] = []
    var cost = 0.0
    for index in order {
      let others = markers.indices.filter { $0 != index }.map { markers[$0] }
      guard let (place, far) = place(labels[index], taken, others, leaders) else {
        cost += 1000
        continue
      }
      places[index] = place
      taken.append(place.box)
      if let leader = place.leader { leaders.append(leader) }
      // A few long leaders are worse than many short ones.
      cost += far * far / 100
    }
    return (places, cost)
  }

  /// A linear congruential generator, whose low bits are poor, which does not matter here.
  private struct Minimal: RandomNumberGenerator {
    private var state: UInt64 = 1

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return state
    }
  }

  private static let distances: [Double] = [
    8, 11, 15, 20, 26, 33, 41, 50, 60, 72, 86, 102, 120, 140, 165, 195,
  ]

  private func place(
    _ label: Label, _ taken: [Box], _ markers: [Box], _ leaders: [Segment]
  ) -> (place: Place, cost: Double)? {
    let own = marker(label.point)
    var best: (place: Place, cost: Double)?
    for far in LabelPlacement.distances where far < best?.cost ?? .infinity {
      for direction in 0..<24 {
        let place = place(label, far, Double(direction) / 24 * 2 * Double.pi)
        let way = Segment(start: label.point, end: place.box.middle)
        // A label on the other side of a roof is taken for another point's.
        let cost = lines.contains { $0.crosses(way) } ? far + 40 : far
        guard cost < best?.cost ?? .infinity, isFree(place, taken, markers, leaders, own) else {
          continue
        }
        best = (place, cost)
      }
    }
    return best
  }

  /// The place of a label at the distance `far`: the nearest part of its box lies on the ray.
  private func place(_ label: Label, _ far: Double, _ angle: Double) -> Place {
    let target = Point(x: label.point.x + far * cos(angle), y: label.point.y - far * sin(angle))
    // The box slides around the target, from its left edge on the right to its right edge on the
    // left.
    let box = Box(
      x: target.x - label.width * (1 - cos(angle)) / 2,
      y: target.y - label.height * (1 + sin(angle)) / 2, width: label.width, height: label.height)
    let end = box.nearest(to: label.point)
    let leader = Segment(start: label.point, end: end)
    return Place(box: box, leader: far > 11 ? leader : nil)
  }

  private func isFree(
    _ place: Place, _ taken: [Box], _ markers: [Box], _ leaders: [Segment], _ own: Box
  ) -> Bool {
    let box = place.box.grown(by: 1)
    guard area.contains(place.box), !own.intersects(box),
      !taken.contains(where: { $0.intersects(box) }),
      !markers.contains(where: { $0.intersects(box) }),
      !lines.contains(where: { box.intersects($0) }),
      !leaders.contains(where: { box.intersects($0) })
    else { return false }
    guard let leader = place.leader else { return true }
    // Two points may coincide: a leader may pass the marker that its own marker touches.
    return !taken.contains { $0.intersects(leader) } && !leaders.contains { $0.crosses(leader) }
      && !markers.contains { $0.intersects(leader) && !$0.intersects(own) }
  }

  private func marker(_ point: Point) -> Box {
    Box(x: point.x, y: point.y, width: 0, height: 0).grown(by: LabelPlacement.markerRadius)
  }

  private func distance(_ a: Point, _ b: Point) -> Double {
    ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
  }
}
