import SlopeCore
import SlopeData
import Testing

struct DatasetTests {
  /// Rows 0…9: features [row, row + 100], target 10 · row.
  static let rows = TensorDataset(
    Tensor<Float>((0..<10).map { [Float($0), Float($0) + 100] }),
    Tensor<Int>((0..<10).map { 10 * $0 }))

  @Test func aRowComesWithoutTheAxisOfRows() {
    let (x, y) = Self.rows[3]
    #expect(x.shape == [2])
    #expect(x.scalars == [3, 103])
    #expect(y.shape == [])
    #expect(y.item() == 30)
    #expect(Self.rows[-1].1.item() == 90)
  }

  @Test func rangesAreClippedAndMayBeEverything() {
    #expect(Self.rows.count == 10)
    #expect(Self.rows[2..<4].0.scalars == [2, 102, 3, 103])
    #expect(Self.rows[8..<20].1.scalars == [80, 90])
    #expect(Self.rows[...].1.shape == [10])
    #expect(Self.rows[...].0.shape == [10, 2])
  }

  @Test func gatheringKeepsTheOrderOfTheIndices() {
    let (x, y) = Self.rows.taking([4, 0, 4])
    #expect(x.shape == [3, 2])
    #expect(x.scalars == [4, 104, 0, 100, 4, 104])
    #expect(y.scalars == [40, 0, 40])
  }

  @Test func readersGiveRangesOfAnOrder() {
    let read = Self.rows.reader(order: [9, 7, 5, 3])
    #expect(read(0..<2).1.scalars == [90, 70])
    #expect(read(2..<4).0.scalars == [5, 105, 3, 103])
  }

  @Test func tensorsOfUnequalLengthAreRefused() {
    let error = #expect(throws: TensorError.self) {
      try checked { _ = TensorDataset(Tensor<Float>.zeros([3, 2]), Tensor<Float>.zeros([2, 1])) }
    }
    #expect(error?.description == "TensorDataset: [3, 2] and [2, 1]: 3 and 2 rows differ")
    let scalar = #expect(throws: TensorError.self) {
      try checked { _ = TensorDataset(Tensor<Float>(1), Tensor<Float>.zeros([2, 1])) }
    }
    #expect(
      scalar?.description == "TensorDataset: [] and [2, 1]: a tensor of rank 0 has no rows")
  }

  @Test func subsetsReadLikeTheirParent() {
    let part = Subset(Self.rows, indices: [8, 2, 5])
    #expect(part.count == 3)
    #expect(part[1].0.scalars == [2, 102])
    #expect(part[0].1.shape == [])
    #expect(part[-1].1.item() == 50)
    #expect(part[-3].1.item() == 80)
    #expect(part[1..<9].1.scalars == [20, 50])
    #expect(part[...].1.scalars == [80, 20, 50])
    #expect(part.taking([2, 0]).1.scalars == [50, 80])
    #expect(part.reader(order: [2, 0, 1])(1..<3).1.scalars == [80, 20])
  }

  @Test func subsetsOfSubsetsReachTheFirstParent() {
    let part = Subset(Subset(Self.rows, indices: [8, 2, 5, 1]), indices: [3, 0])
    #expect(part[...].1.scalars == [10, 80])
    #expect(part[1].1.item() == 80)
    #expect(part.reader(order: [1, 0])(0..<2).1.scalars == [80, 10])
  }

  @Test(arguments: [3, -4])
  func aRowOutsideASubsetIsRefused(row: Int) {
    let part = Subset(Self.rows, indices: [8, 2, 5])
    let error = #expect(throws: TensorError.self) { try checked { _ = part[row] } }
    #expect(error?.description == "Subset: row \(row) of 3 rows")
  }

  @Test(arguments: [3, -1])
  func gatheringRowsOutsideASubsetIsRefused(row: Int) {
    let part = Subset(Self.rows, indices: [8, 2, 5])
    let error = #expect(throws: TensorError.self) { try checked { _ = part.taking([0, row]) } }
    #expect(error?.description == "Subset: row \(row) of 3 rows")
  }

  @Test func aUsersDatasetNeedsOnlyACountARowAndAGather() {
    struct Squares: Dataset {
      let count = 5
      subscript(row: Int) -> [Int] { [row * row] }
      func taking(_ indices: [Int]) -> [Int] { indices.map { $0 * $0 } }
    }
    #expect(Squares()[2..<9] == [4, 9, 16])
    #expect(Squares()[...] == [0, 1, 4, 9, 16])
    #expect(Array(DataLoader(Squares(), batchSize: 2)) == [[0, 1], [4, 9], [16]])
    let shuffled = DataLoader(
      Squares(), batchSize: 5, shuffle: true, generator: Generator(seed: 1))
    #expect(shuffled.map { $0.sorted() } == [[0, 1, 4, 9, 16]])
  }
}
