#if OpenCL
  import Testing

  @testable import SlopeCore

  @Suite struct MatMulPlanTests {
    private func limits(
      _ variant: KernelVariant, _ vendor: String = "", units: Int = 2, local: Int = 1 << 20,
      group: Int = 1024
    ) -> MatMulLimits {
      MatMulLimits(
        variant: variant, vendorName: vendor, computeUnits: units, localByteCount: local,
        maximumGroupSize: group)
    }

    // MARK: Classes and built-in plans

    @Test func productsHaveTheirClasses() {
      func products(_ rows: Int, _ columns: Int, _ size: Int = 4) -> MatMulClass {
        MatMulClass(MatMulExtents(rows: rows, columns: columns, inner: 9), elementSize: size)
      }
      #expect(products(1 << 20, 16) == .narrow && products(1 << 20, 17) == .large)
      #expect(products(9, 8, 8) == .narrow && products(9, 9, 8) == .small)
      #expect(products(8, 17) == .flat && products(9, 17) == .small && products(8, 16) == .narrow)
      #expect(products(1024, 1023) == .small && products(1024, 1024) == .large)
      #expect(products(8, 1 << 20) == .flat)
    }

    @Test func vendorsHaveTheirTiles() {
      func plan(
        _ vendor: String, _ products: MatMulClass, _ dtype: DType = .float32, local: Int = 32768,
        group: Int = 256
      ) -> String {
        let limits = limits(.simt, vendor, local: local, group: group)
        let plan = MatMulPlan.builtIn(products, dtype, limits)
        #expect(plan.isValid(dtype, limits))
        return "\(plan.tiles)"
      }
      let safe = "64x64, 16x16 items, vectors of 4, depth 16, unrolled 4, both staged"
      let shallow = "64x64, 16x16 items, vectors of 4, depth 8, unrolled 4, both staged"
      let none = "32x64, 8x16 items, vectors of 4, depth 16, unrolled 4, none staged"
      #expect(
        plan("NVIDIA Corporation", .large)
          == "128x128, 16x16 items, vectors of 4, depth 8, unrolled 2, both staged")
      #expect(
        plan("NVIDIA Corporation", .small)
          == "64x64, 8x16 items, vectors of 4, depth 16, unrolled 4, both staged")
      #expect(
        plan("Advanced Micro Devices, Inc.", .large)
          == "128x64, 16x16 items, vectors of 4, depth 16, unrolled 2, both staged")
      #expect(plan("AuthenticAMD", .narrow) == safe && plan("someone", .large) == safe)
      #expect(plan("Intel(R) Corporation", .large) == none && plan("ARM", .flat) == none)
      #expect(plan("NVIDIA Corporation", .large, .int32) == safe)
      #expect(plan("NVIDIA Corporation", .large, .float64) == shallow)
      #expect(plan("Intel(R) Corporation", .large, .int64) == shallow)
      // Less local memory, or smaller groups.
      #expect(plan("someone", .small, local: 8704) == safe)
      #expect(plan("someone", .small, local: 8703) == shallow)
      let least = "32x32, 8x8 items, vectors of 4, depth 16, unrolled 4, none staged"
      #expect(plan("someone", .small, local: 0) == least)
      #expect(plan("Intel(R) Corporation", .small, group: 64) == least)
    }

    @Test func processorsHaveTheirTiles() {
      func tiles(_ products: MatMulClass, local: Int = 1 << 20, _ dtype: DType = .float32) -> String
      {
        let plan = MatMulPlan.builtIn(products, dtype, limits(.wide, local: local))
        return "\(plan.tiles)"
      }
      #expect(tiles(.narrow) == "14x1, depth 256, blocks of 256, unrolled 4")
      #expect(tiles(.flat) == "4x6, depth 256, blocks of 256, unrolled 4")
      #expect(tiles(.small) == "12x2, depth 256, blocks of 256, unrolled 4")
      #expect(tiles(.large, .float64) == tiles(.small))
      // One tile of 12x2 takes 12·(depth + 16) + 32·depth + 384 numbers.
      #expect(tiles(.small, local: 47360) == tiles(.small))
      #expect(tiles(.small, local: 47359) == "12x2, depth 128, blocks of 256, unrolled 4")
      #expect(tiles(.small, local: 24000) == "12x2, depth 32, blocks of 256, unrolled 4")
    }

    // MARK: The space

    @Test func plansBeyondADevicesLimitsAreInvalid() {
      let wide = limits(.wide)
      let simt = limits(.simt, group: 256)
      func isValid(_ limits: MatMulLimits, _ change: (inout WideTiles) -> Void) -> Bool {
        var tiles = WideTiles()
        change(&tiles)
        return MatMulPlan.wide(tiles).isValid(.float32, limits)
      }
      func isValid(
        _ limits: MatMulLimits, _ dtype: DType = .float32, _ change: (inout SimtTiles) -> Void
      ) -> Bool {
        var tiles = SimtTiles()
        change(&tiles)
        return MatMulPlan.simt(tiles).isValid(dtype, limits)
      }
      #expect(
        isValid(wide) { (_: inout WideTiles) in } && isValid(simt) { (_: inout SimtTiles) in })
      // The other form's kernel.
      #expect(!isValid(simt) { (_: inout WideTiles) in })
      #expect(!isValid(wide) { (_: inout SimtTiles) in })
      // Values that the axis does not have, and registers: 14·2 + 2 + 1 = 31, 16·2 + 2 + 1 = 35.
      #expect(isValid(wide) { $0.rows = 14 } && !isValid(wide) { $0.rows = 16 })
      #expect(!isValid(wide) { $0.rows = 11 } && !isValid(wide) { $0.rows = Int.max })
      #expect(!isValid(wide) { $0.panelDepth = 250 } && !isValid(wide) { $0.vectors = 0 })
      #expect(!isValid(limits(.wide, local: 47359)) { (_: inout WideTiles) in })
      // 16 x 16 items are 256; two vectors each of both operands are 64 sums of 4 bytes.
      #expect(!isValid(simt) { $0.itemRows = 32 } && isValid(simt) { $0.itemRows = 8 })
      #expect(!isValid(simt) { ($0.itemRows, $0.itemColumns) = (4, 4) })
      #expect(isValid(simt) { ($0.rowVectors, $0.columnVectors) = (2, 2) })
      #expect(!isValid(simt) { ($0.rowVectors, $0.columnVectors) = (4, 2) })
      #expect(!isValid(simt, .float64) { ($0.rowVectors, $0.columnVectors) = (2, 2) })
      #expect(isValid(simt) { $0.width = 8 } && !isValid(simt) { $0.width = 1 })
      #expect(!isValid(simt) { $0.depth = -16 } && !isValid(simt) { $0.stagesLeft = 2 })
      let small = limits(.simt, local: 8704)
      #expect(isValid(small) { $0.depth = 16 } && !isValid(small) { $0.depth = 32 })
      #expect(isValid(small) { ($0.depth, $0.stagesLeft) = (32, 0) })
    }

    @Test func neighboursAreOneStepAway() {
      let wide = MatMulPlan.wide(WideTiles(2, 8)).neighbours.map { "\($0.tiles)" }
      #expect(
        wide == [
          "4x8, depth 256, blocks of 256, unrolled 4", "2x6, depth 256, blocks of 256, unrolled 4",
          "2x8, depth 192, blocks of 256, unrolled 4", "2x8, depth 384, blocks of 256, unrolled 4",
          "2x8, depth 256, blocks of 192, unrolled 4", "2x8, depth 256, blocks of 384, unrolled 4",
          "2x8, depth 256, blocks of 256, unrolled 2", "2x8, depth 256, blocks of 256, unrolled 8",
        ])
      let simt = MatMulPlan.simt(SimtTiles()).neighbours
      #expect(simt.count == 14 && Set(simt).count == 14)
      #expect(simt.contains(.simt(SimtTiles(depth: 32))) && !simt.contains(.simt(SimtTiles())))
    }

    @Test func parametersNameAPlanWhole() throws {
      var tiles = SimtTiles(itemColumns: 8, itemRows: 4, rowVectors: 2, columnVectors: 4)
      (tiles.width, tiles.depth, tiles.unrolling, tiles.stagesLeft) = (2, 32, 8, 0)
      for plan in [
        MatMulPlan.simt(tiles),
        .wide(WideTiles(6, 3, panelDepth: 64, blockSide: 128, unrolling: 1)),
      ] {
        let parameters = plan.tiles.parameters
        #expect(MatMulPlan(kernel: plan.kernel, parameters: parameters) == plan)
        for name in parameters.keys {
          var fewer = parameters
          fewer[name] = nil
          #expect(MatMulPlan(kernel: plan.kernel, parameters: fewer) == nil)
          fewer["other"] = 1
          #expect(MatMulPlan(kernel: plan.kernel, parameters: fewer) == nil)
        }
        #expect(MatMulPlan(kernel: "gemm_matrix", parameters: parameters) == nil)
      }
      #expect(MatMulPlan.simt(tiles).tiles.parameters["stagesLeft"] == 0)
    }

    @Test func macrosHaveTheParameters() {
      #expect(
        WideTiles(6, 3, panelDepth: 64, unrolling: 8).defines
          == "#define MR 6\n#define NV 3\n#define KB 64\n#define KU 8\n")
      var tiles = SimtTiles(
        itemColumns: 32, itemRows: 8, rowVectors: 2, depth: 8, unrolling: 1, stagesRight: 0)
      func macros() -> [String] {
        tiles.defines.split(separator: "\n").map { String($0.dropFirst("#define ".count)) }
      }
      #expect(
        macros() == [
          "TX 32", "TY 8", "RA 2", "VA 4", "RB 1", "VB 4", "KT 8", "KU 1", "LOCAL_A 1", "LOCAL_B 0",
          "PAD_A 4", "PAD_B 0",
        ])
      // Padding is a multiple of the width.
      tiles.width = 8
      #expect(macros()[3] == "VA 8" && macros()[10] == "PAD_A 8")
      tiles.width = 2
      #expect(macros()[10] == "PAD_A 4" && tiles.step == (32, 64, 8))
    }

    // MARK: The cut of a product

    @Test func groupsOfAProcessor() {
      func cut(
        _ product: MatMulExtents, _ tiles: WideTiles = WideTiles(), size: Int = 4,
        unitColumns: Bool = true, units: Int = 2, local: Int = 1 << 20
      ) -> [Int] {
        let plan = WidePlan(
          product, tiles, elementSize: size, aHasUnitColumns: unitColumns,
          limits(.wide, units: units, local: local))
        #expect(plan.localBytes <= local)
        return [
          plan.rowsPerGroup, plan.columnsPerGroup, plan.depthPerBlock, plan.packedABytes,
          plan.packedBBytes, plan.sumBytes,
        ]
      }
      let large = MatMulExtents(rows: 1024, columns: 1024, inner: 1000)
      #expect(cut(large) == [264, 256, 256, 287232, 262144, 270336])
      #expect(cut(large, unitColumns: false) == [264, 256, 256, 270336, 262144, 270336])
      #expect(cut(large, WideTiles(12, 2, blockSide: 64)) == [72, 64, 256, 78336, 65536, 18432])
      #expect(cut(large, WideTiles(12, 2, panelDepth: 512))[2] == 512)
      // Less memory, and more units than groups.
      #expect(cut(large, local: 300_000) == [72, 128, 256, 78336, 131072, 36864])
      #expect(cut(large, units: 50).prefix(2) == [72, 128])
      // One block of depth needs the sums of one tile only.
      let small = MatMulExtents(rows: 13, columns: 33, inner: 17)
      #expect(cut(small) == [24, 64, 32, 26112, 8192, 1536])
      #expect(cut(small, size: 8) == [24, 48, 32, 52224, 12288, 1536])
      #expect(cut(MatMulExtents(rows: 1, columns: 1, inner: 0))[2] == 16)
    }
  }
#endif
