import TestSupport
import Testing

@Suite struct OpsCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func lines(_ arguments: String...) throws -> [String] {
    let run = try CommandRun(["ops"] + arguments, in: folder)
    #expect(run.exitCode == 0 && run.error == "")
    return run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func everyOperationHasALine() throws {
    let all = try lines()
    #expect(all.count > 150 && all.last == "")
    #expect(all.dropLast() == all.dropLast().sorted())
    #expect(all.contains { $0.hasPrefix("zeros ") } && all.contains { $0.hasPrefix("abs ") })
  }

  @Test func columnsStandBelowEachOther() throws {
    #expect(
      try lines("cummax", "--dtype", "int8") == [
        "cummax  x.cumulativeMax(axis: axis), x.cumulativeMaxWithIndices(axis: axis)  all                 ∂",
        "",
      ])
    #expect(
      try lines("bitwise") == [
        "bitwise_and  x & y  Bool, integers", "bitwise_not  ~x     Bool, integers",
        "bitwise_or   x | y  Bool, integers", "bitwise_xor  x ^ y  Bool, integers", "",
      ])
    // Both the name and the spelling are searched.
    #expect(try lines("topK").first?.hasPrefix("topk ") == true)
  }

  @Test func typesLeaveOthersOut() throws {
    func names(_ dtype: String) throws -> Set<String> {
      Set(
        try lines("--dtype", dtype).compactMap { $0.split(separator: " ").first.map(String.init) })
    }
    let (bool, integer, float) = (try names("bool"), try names("uint16"), try names("bfloat16"))
    #expect(bool.contains("where") && !bool.contains("add_") && !bool.contains("exp"))
    #expect(integer.contains("shift_left") && !integer.contains("exp"))
    #expect(float.contains("exp") && !float.contains("shift_left") && float.contains("where"))
    #expect(!bool.contains("shift_left"))
  }

  @Test func whatIsNotThereIsSaid() throws {
    let none = try CommandRun(["ops", "conv9d"], in: folder)
    #expect(none.exitCode == 1 && none.output == "")
    #expect(none.error == "mltrain: ops: no operation contains 'conv9d'\n")
    let wrong = try CommandRun(["ops", "--dtype", "int7"], in: folder)
    #expect(wrong.exitCode == 64)
    #expect(wrong.error.contains("--dtype int7: the element types are bool, uint8"))
  }
}
