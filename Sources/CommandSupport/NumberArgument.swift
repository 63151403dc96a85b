import ArgumentParser

/// A number with its text: a message about 1e-400 must not show 0.0, nor one about 1e400 inf.
package struct NumberArgument: ExpressibleByArgument, ExpressibleByFloatLiteral,
  CustomStringConvertible
{
  /// The nearest number.
  package let value: Double
  /// The text of the argument.
  package let description: String

  package init?(argument: String) {
    guard let value = Double(argument) else { return nil }
    self.value = value
    description = argument
  }

  package init(floatLiteral value: Double) {
    self.value = value
    description = "\(value)"
  }

  package var defaultValueDescription: String { description }
}
