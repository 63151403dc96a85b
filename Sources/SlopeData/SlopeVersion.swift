import CSlopeVersion

/// The version of the library.
public enum SlopeVersion {
  /// The version's number.
  public static let number = "0.1.0"

  /// The first 12 digits of the commit that the library was built from, with a `+` if the checkout had
  /// other changes; nil if it was no checkout.
  public static var commit: String? {
    let hash = String(cString: slope_commit())
    guard !hash.isEmpty else { return nil }
    return String(hash.prefix(12)) + (slope_has_changes() != 0 ? "+" : "")
  }

  /// Number and commit, as `0.1.0 (1234567890ab)`.
  public static var description: String { number + (commit.map { " (\($0))" } ?? "") }
}
