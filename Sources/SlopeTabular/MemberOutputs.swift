import SlopeCore

/// How the outputs of networks side by side are read.
///
/// Numbers are averaged, in the range of the training rows. Of classes it is the logarithm of the mean
/// probability over the temperature, of two classes the difference of both.
struct MemberOutputs {
  /// The number of classes, or 1 for numbers.
  let outputCount: Int
  /// By what the logarithms of probabilities are divided.
  let temperature: Double
  /// The least and the largest number; nil for classes.
  let range: [Double]?

  /// What all members predict together, `[…, members, rows, outputs] → […, rows, outputs]`.
  func mean<Element: FloatingElement>(_ outputs: Tensor<Element>) -> Tensor<Element> {
    guard range == nil else { return inRange(Self.membersLast(outputs).mean(axes: [-1])) }
    // Constants of all classes, such as the logarithm of the number of members, change nothing.
    return ofClasses(Self.membersLast(outputs.logSoftmax(axis: -1)).logSumExp(axes: [-1]))
  }

  /// What each member predicts, `[…, members, rows, outputs]`.
  func each<Element: FloatingElement>(_ outputs: Tensor<Element>) -> Tensor<Element> {
    range == nil ? ofClasses(outputs) : inRange(outputs)
  }

  /// Why this, from a file, fits no networks for a task; nil if it does.
  func fault(_ task: PredictionTask) -> String? {
    if outputCount != max(1, task.classes.count) { return "the network's outputs fit no task" }
    guard temperature > 0, temperature.isFinite else { return "a temperature of \(temperature)" }
    guard (range == nil) == task.isClassification, range.map({ $0.count == 2 }) ?? true,
      range.map({ $0[0].isFinite && $0[1].isFinite && $0[0] <= $0[1] }) ?? true
    else { return "the range of the network's predictions is none" }
    return nil
  }

  /// `[…, members, rows, outputs] → […, rows, outputs, members]`: the order in which consecutive elements
  /// are added does not depend on the number of rows, as that of columns does.
  private static func membersLast<Element: FloatingElement>(
    _ output: Tensor<Element>
  ) -> Tensor<Element> {
    stack(output.split(size: 1, axis: -3).map { $0.squeezed(at: -3) }, axis: -1)
  }

  private func inRange<Element: FloatingElement>(_ numbers: Tensor<Element>) -> Tensor<Element> {
    guard let range else { return numbers }
    return numbers.clamped(
      min: Element(clamping: range[0]), max: Element(clamping: range[1]))
  }

  private func ofClasses<Element: FloatingElement>(
    _ logarithms: Tensor<Element>
  ) -> Tensor<Element> {
    let scaled = logarithms * Element(clamping: 1 / temperature)
    let ofEach = outputCount == 2 ? scaled.split(size: 1, axis: -1) : []
    return ofEach.count == 2 ? ofEach[1] - ofEach[0] : scaled
  }
}
