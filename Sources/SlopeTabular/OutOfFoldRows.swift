import SlopeCore
import SlopeData

/// Training rows that are predicted by the member which has not learnt from them.
struct OutOfFoldRows<Element: FloatingElement> {
  /// The rows of a member that are predicted at a time.
  private static var rowsAtOnce: Int { 1024 }

  private let folds: [Fold]
  private let rowCount: Int
  /// Parts of the validation rows of all folds, `[members, rows, inputs]`.
  private let parts: [Tensor<Element>]

  /// The rows of folds, one for each member, with the inputs `[rows, inputs]` of all rows.
  init(_ inputs: Tensor<Element>, _ folds: [Fold]) {
    self.folds = folds
    rowCount = inputs.shape[0]
    let longest = folds.map(\.validation.count).max() ?? 0
    parts = stride(from: 0, to: longest, by: Self.rowsAtOnce).map { start in
      let range = start..<min(start + Self.rowsAtOnce, longest)
      // Shorter folds are filled up with any row.
      let places = folds.flatMap { fold in
        range.map { $0 < fold.validation.count ? fold.validation[$0] : 0 }
      }
      return inputs.taking(Tensor(places, on: inputs.device)).reshaped(
        to: [folds.count, range.count, inputs.shape[1]])
    }
  }

  /// The outputs of all rows as of a `TabularNetwork`, row-major.
  func outputs(of network: some MemberNetwork<Element>) -> [Double] {
    var (outputs, start): ([Double], Int) = ([], 0)
    for part in parts {
      let result = noGrad { network.outputsOfMembers(part) }
      let (length, width) = (result.shape[1], result.shape[2])
      if outputs.isEmpty { outputs = [Double](repeating: 0, count: rowCount * width) }
      let scalars = result.scalars
      for (member, fold) in folds.enumerated() {
        for place in start..<max(start, min(start + length, fold.validation.count)) {
          let source = (member * length + place - start) * width
          let target = fold.validation[place] * width
          for output in 0..<width {
            outputs[target + output] = scalars[source + output].doubleValue
          }
        }
      }
      start += length
    }
    return outputs
  }
}
