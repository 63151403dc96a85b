import SlopeCore
import SlopeData

/// Draws batches for networks side by side: in each batch the rows of the members one after another.
///
/// Each member has an order of its own. The last rows, which are no whole batch, are left out.
struct MemberSampler: Sampler {
  /// The networks.
  let members: Int
  private let rowCount: Int
  private let rowsOfMembers: [[Int]]?
  private let generator: Generator
  /// The rows of each member in a batch.
  let batchSize: Int
  /// The batches of an epoch.
  let batchCount: Int

  /// A sampler of `rowCount` rows; with `rowsOfMembers` each member has only some of them.
  init(
    members: Int, rowCount: Int, rowsOfMembers: [[Int]]?, batchSize: Int, generator: Generator
  ) {
    self.members = members
    self.rowCount = rowCount
    self.rowsOfMembers = rowsOfMembers
    self.generator = generator
    let count = rowsOfMembers?.map(\.count).min() ?? rowCount
    self.batchSize = max(1, min(batchSize, count))
    batchCount = count / self.batchSize
  }

  var generators: [Generator] { [generator] }

  var count: Int { members * batchSize * batchCount }

  func epoch() -> [Int] {
    let orders = (0..<members).map { member in
      guard let rows = rowsOfMembers?[member] else {
        return generator.permutation(rowCount).map { Int($0) }
      }
      return generator.permutation(rows.count).map { rows[Int($0)] }
    }
    return (0..<batchCount).flatMap { batch in
      let range = (batch * batchSize)..<((batch + 1) * batchSize)
      return orders.flatMap { $0[range] }
    }
  }
}
