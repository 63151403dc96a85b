import Testing

@testable import flops

@Suite struct RoofTests {
  @Test func aFasterProductTakesTheProbesPlace() {
    let probes: [Peak: Double] = [.floatAll: 100, .doubleAll: 50]
    let roofs = Roofs(
      probes: probes,
      workloads: [
        Reached(roof: .float32, name: "slow", value: 99),
        Reached(roof: .float64, name: "fast", value: 51),
      ])
    #expect(
      roofs.heights == [
        RoofHeight(roof: .float32, value: 100, unit: "GFLOP/s", source: "fma_float_all"),
        RoofHeight(roof: .float64, value: 51, unit: "GFLOP/s", source: "fast"),
      ])
  }

  @Test func memorysRoofIsTheBetterProbeOrAFasterAddition() {
    func roofs(_ addition: Double) -> Roofs {
      Roofs(
        probes: [.triadAll: 40, .readAll: 41, .triadCore: 99, .readCore: 99],
        workloads: [Reached(roof: .memory, name: "add", value: addition)])
    }
    #expect(
      roofs(40.5).heights == [
        RoofHeight(roof: .memory, value: 41, unit: "GB/s", source: "read_all")
      ])
    #expect(
      roofs(42).heights == [RoofHeight(roof: .memory, value: 42, unit: "GB/s", source: "add")])
    #expect(roofs(42)[.memory]?.value == 42)
    #expect(roofs(42)[.float32] == nil)
  }

  @Test func whatWasNotMeasuredIsNoRoof() {
    #expect(Roofs(probes: [.floatAll: 0]).heights.isEmpty)
  }
}
