import Testing

/// Every block of Swift in Markdown and documentation comments compiles and prints what is shown.
///
/// It is compiled in Swift 6 mode, as top-level code. Its output is shown in a block of text
/// directly after it, or in comments on or below a statement that prints; `…` stands for lines that
/// are left out.
///
/// Blocks of one document are one program. Declarations that a block needs and the page does not
/// show are in an HTML comment before it: `<!-- swift: let x = Tensor<Float>(1) -->`, or lines
/// between `<!-- swift` and `-->`.
@Suite struct DocumentBlocksTests {
  private static let compiler = Result { try BlockCompiler() }
  private let compiler: BlockCompiler

  init() throws { compiler = try DocumentBlocksTests.compiler.get() }

  @Test(arguments: try DocumentScript.scripts(of: DocumentPage.all()))
  func blocksCompileAndPrintWhatIsShown(script: DocumentScript) throws {
    for failure in try compiler.failures(of: script) { Issue.record("\(failure)") }
  }

  @Test func everyKindOfDocumentIsFound() throws {
    let paths = Set(try DocumentPage.all().map(\.path))
    let some: Set = [
      "README.md", "ARCHITECTURE.md", "docs/numerics.md", "Sources/SlopeCore/Tensor/Tensor.swift",
    ]
    #expect(some.isSubset(of: paths))
  }

  // MARK: What is found wrong

  private func failures(of page: String) throws -> [String] {
    try failures(of: [DocumentPage(path: "page.md", page)])
  }

  private func failures(of pages: [DocumentPage]) throws -> [String] {
    try DocumentScript.scripts(of: pages).flatMap { try compiler.failures(of: $0) }
  }

  @Test func anErrorNamesTheLineOfThePage() throws {
    let failures = try failures(
      of: """
        ```swift
        let x = Tensor<Float>([1, 2])
        ```
        Then:
        ```swift
        import Glibc
        let y = x.sigmoid()
        let z = y + "one"
        ```
        """)
    #expect(failures.count == 1)
    #expect(failures.first?.hasPrefix("page.md:8:11: error: ") == true, "\(failures)")
  }

  @Test func globalVariablesAreThoseOfSwift6() throws {
    let failures = try failures(
      of: """
        ```swift
        var count = 0
        func increment() { count += 1 }
        ```
        """)
    #expect(failures.first?.hasPrefix("page.md:3:20: error: ") == true, "\(failures)")
  }

  @Test func anErrorNamesTheLineOfTheComment() throws {
    let source = """
      /// A number.
      let a = 1

        /// Another.
        ///
        /// ```
        /// let x: Float = "one"
        /// ```
        ///
        /// ```text
        /// no Swift
        /// ```
        let b = 2
      """
    let failures = try failures(of: DocumentPage.comments(path: "Sources/M/A.swift", source))
    #expect(failures.count == 1)
    #expect(failures.first?.hasPrefix("Sources/M/A.swift:7:16: error: ") == true, "\(failures)")
  }

  @Test func aCommentSeesNoOtherComment() throws {
    let source = """
      /// ```swift
      /// let x = Tensor<Float>(1)
      /// ```
      let a = 1
      /// ```swift
      /// let y = x + 1
      /// ```
      let b = 1
      """
    let failures = try failures(of: DocumentPage.comments(path: "Sources/M/A.swift", source))
    #expect(failures.first?.hasPrefix("Sources/M/A.swift:6:9: error: ") == true, "\(failures)")
  }

  @Test func aManifestIsCompiledAsOne() throws {
    let failures = try failures(
      of: """
        ```swift
        import PackageDescription
        let package = Package(name: "mine", targets: [.target(name: 1)])
        ```
        """)
    #expect(failures.first?.hasPrefix("page.md:3:") == true, "\(failures)")
  }

  @Test(.enabled(if: BlockCompiler.canLink))
  func otherOutputThanIsShownIsReported() throws {
    let failures = try failures(
      of: """
        ```swift
        print("one")
        ```
        ```text
        one
        ```

        ```swift
        print("two")
        ```

        ```text
        too
        ```

        ```swift
        print(3)   // 4
        ```
        """)
    #expect(failures == ["page.md:9: prints\ntwo\n", "page.md:17: prints\n3\n"])
  }

  @Test(.enabled(if: BlockCompiler.canLink))
  func anExampleThatStopsIsReported() throws {
    let failures = try failures(
      of: """
        ```swift
        _ = matmul(Tensor<Float>.ones([2, 3]), Tensor<Float>.ones([2, 3]))
        print("never")   // never
        ```
        """)
    #expect(failures.count == 1)
    #expect(failures.first?.contains("matmul: [2, 3] × [2, 3]") == true, "\(failures)")
  }

  // MARK: What is right

  @Test(.enabled(if: BlockCompiler.canLink))
  func blocksOfAPageAreOneProgram() throws {
    let failures = try failures(
      of: """
        <!-- swift: let x = Tensor<Float>([1, 2, 3]) -->
        ```swift
        let y = x * 2
        ```
        Its sum:
        ```swift
        print(y.sum())      // tensor(12.)
        for i in 0..<2 {
          print(i, x[i])
        }
        // 0 tensor(1.)
        // 1 tensor(2.)
        ```
        Another `y`:
        <!-- swift
        let (a, b) = (1, 2)
        -->
        ```swift
        let y = x.mean() + Float(a + b)
        print("no comment")
        print(y)
        ```
        ```
        …
        tensor(5.000001)
        ```
        A page of two programs:
        ```swift
        import Slope

        extension Tensor where Element == Float {
          func doubled() -> Tensor { self * 2 }
        }
        let x = Tensor<Float>(1).doubled()
        ```
        """)
    #expect(failures == [])
  }

  @Test(arguments: [
    ("one\ntwo", "one\ntwo\n\n", true), ("one", "one\ntwo", false), ("one\ntwo", "one", false),
    ("1\n…\n4", "1\n2\n3\n4", true), ("1\n…\n4", "1\n4", true), ("1\n…\n4", "1\n2\n3", false),
    ("[1.00001, nan]", "[ 1.0, nan]", true), ("[1.0001, nan]", "[1.0, nan]", false),
    ("[1, 2]", "[1]", false), ("", "", true),
  ])
  func outputIsComparedLineByLine(shown: String, printed: String, agrees: Bool) {
    let output = ShownOutput(lines: shown.split(separator: "\n").map(String.init))
    #expect(output.agrees(with: printed) == agrees)
  }
}

extension DocumentScript: CustomTestStringConvertible {
  var testDescription: String { name }
}
