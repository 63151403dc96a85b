import SlopeCore
import SlopeData

/// The columns that a tabular model reads and predicts, with their scales, and its layers.
public struct TabularSchema: Sendable, Hashable, Codable {
  /// A column's name, and its mean and standard deviation in the training part.
  public struct Column: Sendable, Hashable, Codable {
    /// The column's name.
    public var name: String
    /// The mean in the training part.
    public var mean: Double
    /// The standard deviation in the training part (divisor n); 1 if that is 0.
    public var deviation: Double

    var scale: ColumnScale { ColumnScale(mean: mean, deviation: deviation) }
  }

  /// The columns that the model predicts from, in the order of its inputs.
  public var features: [Column]
  /// The column that the model predicts.
  public var target: Column
  /// The widths of the hidden layers.
  public var hidden: [Int]
  /// The function after each hidden layer.
  public var activation: Activation

  /// The inputs of the first layer, the widths of the hidden layers, and the single output.
  var widths: [Int] { [features.count] + hidden + [1] }

  /// The number of weights and biases; nil if it is beyond the range of Int.
  var parameterCount: Int? {
    var count = 0
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      let (weights, overflow) = inputs.addingReportingOverflow(1).partialValue
        .multipliedReportingOverflow(by: outputs)
      let (sum, sumOverflow) = count.addingReportingOverflow(weights)
      if overflow || sumOverflow { return nil }
      count = sum
    }
    return count
  }

  /// Why a schema from a file cannot be used; nil if it can.
  var fault: String? {
    let columns = features + [target]
    if features.isEmpty { return "it has no features" }
    if Set(columns.map(\.name)).count != columns.count { return "two of its columns share a name" }
    for column in columns where !column.mean.isFinite || !column.deviation.isFinite {
      return "the scale of column \(column.name.quotedForMessage) is not finite"
    }
    for column in columns where column.deviation <= 0 {
      return "the deviation of column \(column.name.quotedForMessage) is not positive"
    }
    return nil
  }
}
