/// What a program tells people beside what the parser of its arguments knows.
package struct ProgramHelp: Sendable {
  /// Other words for commands, by which a mistyped one is recognised: `train` for `fit`.
  package var otherWords: KeyValuePairs<String, String>
  /// The text that is printed for help and the version, given the parser's and the arguments.
  ///
  /// An error that it throws is reported as one of the program.
  package var page: @Sendable (_ text: String, _ arguments: [String]) throws -> String

  /// Nothing more.
  package static var none: ProgramHelp { ProgramHelp(otherWords: [:]) { text, _ in text } }

  package init(
    otherWords: KeyValuePairs<String, String>,
    page: @escaping @Sendable (_ text: String, _ arguments: [String]) throws -> String
  ) {
    (self.otherWords, self.page) = (otherWords, page)
  }
}
