import SlopePlot

/// A count, without digits after the point if it is an integer.
func count(_ value: Double) -> String { fixed(value, value == value.rounded() ? 0 : 1) }
