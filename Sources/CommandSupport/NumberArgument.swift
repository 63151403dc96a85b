import ArgumentParser

/// A number as it was typed: a message about 1e-400 must not speak of 0.0, nor one about 1e400 of inf.
package struct NumberArgument: ExpressibleByArgument, ExpressibleByFloatLiteral,
  CustomStringConvertible
{
  /// The nearest number.
  package let value: Double
  /// What was typed.
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
