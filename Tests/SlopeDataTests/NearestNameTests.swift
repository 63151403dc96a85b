import TestSupport
import Testing

@testable import SlopeData

struct NearestNameTests {
  @Test(arguments: [
    ("speces", "species"), ("Species", "species"), ("specis", "species"), ("sepcies", "species"),
    ("speciess", "species"), ("spezies", "species"), ("islnad", "island"), ("isl", nil),
    ("sez", "sex"), ("se", nil), ("se x", "sex"), ("bodymass", "body_mass"), ("weight", nil),
    ("ody_mas", "body_mass"), ("dy_ma", nil), ("", nil), ("ÉTÉ", "été"),
  ])
  func itIsTheOneThatIsMeant(_ name: String, _ wanted: String?) {
    #expect(["species", "island", "sex", "body_mass", "été"].nearest(to: name) == wanted)
  }

  @Test func ofEquallyNearOnesItIsTheFirst() {
    #expect(["abd", "abe"].nearest(to: "abc") == "abd")
    #expect(["abe", "abcd", "xabc"].nearest(to: "abc") == "abe")
    #expect(["abx", "abc"].nearest(to: "abc") == "abc")
  }

  @Test func exchangesCountOnce() {
    // Two exchanges are two changes, of six characters.
    #expect(["abcdef"].nearest(to: "bacdfe") == "abcdef")
    #expect(["abcdef"].nearest(to: "badcfe") == nil)
    #expect(["abcdef"].nearest(to: String(repeating: "a", count: 101)) == nil)
  }

  @Test(arguments: [
    ("fi", "fit"), ("FI", "fit"), ("fti", "fit"), ("f", nil), ("", nil), ("pre", "press"),
    ("predi", "predict"), ("predictable", nil), ("in", "inch"), ("inf", "info"),
  ])
  func aBeginningIsLongerThanItself(_ name: String, _ wanted: String?) {
    let names = ["fit", "predict", "press", "infer", "inch", "info"]
    #expect(names.nearestOrLonger(than: name) == wanted)
  }

  @Test func errorsNameIt() throws {
    let table = Table([Column("height", [1.0, 2]), Column("weight", [1.0, 2])])
    let error = #expect(throws: TableError.self) { try table["wieght", as: Double.self] }
    #expect(
      error?.message
        == "table: no column is named \"wieght\", did you mean \"weight\"? The columns are "
        + "\"height\", \"weight\"")
  }
}
