import Slope
import Testing

@testable import flops

@Suite struct SelectionTests {
  private let size = ArraySize(cacheBytes: 0, memoryBytes: 1 << 32)

  private func names(_ selection: Selection, on dtypes: [DType] = DType.allCases) -> [String] {
    selection.workloads(size, on: dtypes).map(\.name)
  }

  @Test func aSelectionNamesSectionsAndResults() throws {
    let selection = try #require(Selection("lecture,add_float32_cached,lecture"))
    #expect(selection.sections == [.lecture])
    #expect(names(selection) == ["add_float32_cached", "lecture_step"])
    #expect(Selection("add_float32,") == nil)
    #expect(Selection("Lecture") == nil)
  }

  @Test func aNameBringsItsWorkloadWhateverTypesAreChosen() throws {
    let selection = try #require(Selection("matmul_int8_tall"))
    #expect(names(selection) == ["matmul_int8_tall"])
    #expect(names(selection, on: [.float32]).isEmpty)
  }

  @Test func theUsualTypesAreFloatAndDoubleAndAGlanceAtOthers() throws {
    var selection = try #require(Selection("matmul,elementwise,softmax,steps"))
    let usual = names(selection)
    for name in [
      "matmul_float32_tall", "matmul_float64_tall", "softmax_float64", "exp_float32",
      "matmul_float16_square_512", "add_bfloat16", "add_int32", "deep_sigmoid_4x1024_b512",
    ] { #expect(usual.contains(name)) }
    for name in ["matmul_float16_tall", "multiply_add_int32", "softmax_bfloat16", "add_int64"] {
      #expect(!usual.contains(name))
    }
    selection.dtypes = try #require(DTypeChoice("int32,float16"))
    let chosen = names(selection)
    #expect(chosen.contains("multiply_add_int32") && chosen.contains("softmax_float16"))
    // Integers have no exp; the training steps are float32's.
    #expect(!chosen.contains("exp_int32") && !chosen.contains("deep_sigmoid_4x1024_b512"))
    #expect(!chosen.contains { $0.contains("float32") })
  }

  @Test func aDeviceMeasuresTheTypesThatItHas() throws {
    let found = names(try #require(Selection("matmul")), on: [.float32, .int32])
    #expect(found.contains("matmul_float32_vector"))
    #expect(!found.contains { $0.contains("float64") })
  }

  @Test func typesAreReadByName() throws {
    #expect(DTypeChoice("float64,int8,float64") == DTypeChoice(full: [.float64, .int8]))
    #expect(DTypeChoice("all")?.full.count == DType.allCases.count - 1)
    #expect(DTypeChoice("bool") == nil && DTypeChoice("float") == nil && DTypeChoice("") == nil)
  }

  @Test func everyNumericTypeHasItsSwiftTypeAndRoof() {
    for dtype in DType.allCases {
      #expect(dtype.numericType.map { $0.dtype == dtype } ?? (dtype == .bool))
      #expect((dtype.floatingType != nil) == dtype.isFloating)
      #expect((dtype.roof != nil) == dtype.isFloating)
    }
    #expect(DType.float64.roof == .float64)
    #expect(DType.bfloat16.roof == .float32)
  }

  @Test(arguments: [
    ("peak", true), ("add_float32", true), ("matmul", true), ("transfer", false),
    ("matmul_int32_square_512", false), ("overhead", false), ("soak", false),
  ])
  func thePeakIsMeasuredWhereAShareNeedsIt(names: String, expected: Bool) throws {
    let selection = try #require(Selection(names))
    #expect(selection.needsPeak(selection.workloads(size, on: DType.allCases)) == expected)
  }

  @Test func theUsualRunLeavesOutTheSoakAlone() {
    #expect(Set(Section.usual) == Set(Section.allCases).subtracting([.graphs, .soak]))
  }

  @Test func namesOfResultsAreUnique() {
    var selection = Selection(sections: Set(Section.allCases))
    selection.dtypes = .every
    let names = names(selection)
    #expect(Set(names) == Selection.everyName)
    #expect(names.count == Selection.everyName.count)
    #expect(names.contains("matmul_uint16_batched"))
    #expect(Report.headlines.allSatisfy { Selection.everyName.contains($0) })
  }

  @Test func workloadsKnowTheirSection() {
    for workload in Selection.usual.workloads(size, on: [.float32]) {
      #expect(
        workload.section?.workloads(.float32, size).contains { $0.name == workload.name } == true)
    }
  }

  @Test func fewTypesAreInMemoryAtOnce() {
    var selection = Selection(sections: [.copy])
    selection.dtypes = .every
    let workloads = selection.workloads(size, on: DType.allCases)
    let parts = Session.parts(of: workloads)
    #expect(parts.map { Set($0.map(\.dtype)).count } == [5, 5, 2])
    #expect(Set(parts.flatMap { $0.map(\.name) }) == Set(workloads.map(\.name)))
    #expect(parts.flatMap { $0 }.count == workloads.count)
    #expect(Session.parts(of: []).isEmpty)
  }

  @Test func onlyWorkThatACacheHoldsIsCalledCached() {
    let size = ArraySize(cacheBytes: 32 << 20, memoryBytes: 1 << 36)
    for workload in Selection.usual.workloads(size, on: [.float32, .float64]) {
      guard workload.roof == .memory else { continue }
      #expect(size.isBeyondCache(bytes: workload.bytes) != workload.name.hasSuffix("_cached"))
    }
  }
}

@Suite struct WorkloadTests {
  private let size = ArraySize(cacheBytes: 0, memoryBytes: 1 << 32)

  @Test(
    arguments: [
      (.square512, 2 * 512 * 512 * 512, 3 * 512 * 512),
      (.batched, 64 * 2 * 128 * 128 * 128, 64 * 3 * 128 * 128),
      (.vector, 2 * 8192 * 4096, 8192 * 4096 + 4096 + 8192),
      (.mlp784Gradient, 2 * 784 * 256 * 128, 784 * 128 + 128 * 256 + 784 * 256),
    ] as [(MatMulShape, Double, Double)])
  func productsCountTheirWork(shape: MatMulShape, operations: Double, elements: Double) {
    let workload = Workload.product(shape, of: Float.self, size)
    #expect(workload.operations == operations)
    #expect(workload.bytes == 4 * elements)
    #expect(workload.roof == (shape == .vector ? .memory : .float32))
    #expect(workload.name == "matmul_float32_\(shape.rawValue)")
  }

  @Test func titlesTellTheShape() {
    #expect(
      Workload.product(.tall, of: Double.self, size).title
        == "float64 tall: [8192, 256] · [256, 64]")
    #expect(
      Workload.product(.batched, of: Float.self, size).title
        == "float32 64× [128, 128] · [128, 128]")
    #expect(
      Workload.product(.mlp784Gradient, of: Float.self, size).title
        == "float32 MLP 784 gradient: [128, 784]ᵀ · [128, 256]")
  }

  @Test func productsAndAdditionsOverMemoryShowPeaks() throws {
    func showing(_ names: String) throws -> [String] {
      try #require(Selection(names)).workloads(size, on: [.float32]).filter(\.showsPeak).map(\.name)
    }
    #expect(
      try showing("matmul_float32_square_512,matmul_float32_vector") == [
        "matmul_float32_square_512"
      ])
    #expect(
      try showing("add_float32,add_float32_cached,multiply_add_float32,sum_float32,copy_float32")
        == ["add_float32"])
  }

  @Test func everyProductRuns() {
    // Small arrays, so that the vector's matrix is small too.
    let size = ArraySize(cacheBytes: 0, memoryBytes: 0)
    for workload in Workload.products(of: Float.self, size)
    where workload.operations < 1e8 {
      workload.prepare(Operands())(1)
    }
    #expect(size.rows(of: .float32) == 2)
  }

  @Test(
    arguments: [
      ("add_float32", 3, 1), ("multiply_add_float32", 4, 2), ("exp_float32", 2, 1),
      ("chain_float32", 4, 3), ("sum_float32", 1, 1), ("sum_rows_float32", 1, 1),
      ("sum_columns_float32", 1, 1), ("max_float32", 1, 1), ("softmax_float32", 2, 5),
      ("copy_float32", 2, 0), ("transpose_float32", 2, 0), ("uniform_float32", 1, 0),
      ("normal_philox_float32", 1, 0), ("dropout_philox_float32", 2, 0),
    ] as [(String, Double, Double)])
  func operationsOnArraysCountTheirWork(name: String, arrays: Double, operations: Double) throws {
    let workloads = try #require(Selection(name)).workloads(size, on: [.float32])
    let workload = try #require(workloads.first)
    #expect(workload.bytes == arrays * Double(size.byteCount))
    #expect(workload.operations == operations * Double(size.byteCount) / 4)
    let small = ArraySize(cacheBytes: 0, memoryBytes: 0)
    try #require(Selection(name)).workloads(small, on: [.float32])[0].prepare(Operands())(2)
  }

  @Test func stepsCountTheirProducts() {
    // Forward 3·4 and 4·2; backward both weights, and one input's gradient.
    #expect(Workload.productOperations(rows: 10, [3, 4, 2]) == 2 * 10 * (2 * 12 + 3 * 8))
    #expect(Workload.trainingSteps.allSatisfy { $0.operations > 0 && $0.roof == .float32 })
  }
}
