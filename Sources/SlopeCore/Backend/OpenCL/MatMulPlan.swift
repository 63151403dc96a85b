#if OpenCL
  /// What choosing a kernel for a matrix product needs to know of a device.
  struct MatMulLimits {
    let shape: KernelShape
    let vendor: Vendor
    let computeUnits: Int
    let localByteCount: Int
    let maximumGroupSize: Int

    enum Vendor {
      case nvidia, amd, intel, mobile, other

      init(_ name: String) {
        let name = name.lowercased()
        if name.contains("nvidia") {
          self = .nvidia
        } else if name.contains("advanced micro") || name.contains("amd") {
          self = .amd
        } else if name.contains("intel") {
          self = .intel
        } else if ["arm", "qualcomm", "imagination"].contains(where: { name.contains($0) }) {
          self = .mobile
        } else {
          self = .other
        }
      }
    }
  }

  /// A product `[batch, rows, inner] · [batch, inner, columns]` by its extents.
  struct MatMulExtents: Equatable {
    var batch: Int
    var rows: Int
    var columns: Int
    var inner: Int
  }

  /// The cut of a product into groups of `gemm_wide`: kernels/opencl/GEMM.md, "The plan".
  struct WidePlan: Equatable {
    /// A register tile, in rows and in vectors of columns.
    let tileRows: Int
    let tileVectors: Int
    /// The largest depth of a panel, which is compiled in.
    let panelDepth: Int
    let rowsPerGroup: Int
    let columnsPerGroup: Int
    let depthPerBlock: Int
    let packedABytes: Int
    let packedBBytes: Int
    let sumBytes: Int
    let groups: (Int, Int)

    static func == (left: WidePlan, right: WidePlan) -> Bool {
      left.tileRows == right.tileRows && left.tileVectors == right.tileVectors
        && left.rowsPerGroup == right.rowsPerGroup && left.columnsPerGroup == right.columnsPerGroup
        && left.depthPerBlock == right.depthPerBlock && left.panelDepth == right.panelDepth
    }

    init(_ product: MatMulExtents, elementSize: Int, aHasUnitColumns: Bool, _ limits: MatMulLimits)
    {
      let plan = WidePlan(
        product, elementSize: elementSize, aHasUnitColumns: aHasUnitColumns, limits,
        panelDepth: 256)
      self =
        plan.localBytes <= limits.localByteCount
        ? plan
        : WidePlan(
          product, elementSize: elementSize, aHasUnitColumns: aHasUnitColumns, limits,
          panelDepth: 32)
    }

    var localBytes: Int { packedABytes + packedBBytes + sumBytes }

    private init(
      _ product: MatMulExtents, elementSize: Int, aHasUnitColumns: Bool, _ limits: MatMulLimits,
      panelDepth: Int
    ) {
      func quotient(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }
      let lanes = 64 / elementSize
      let (tileRows, tileVectors) =
        product.columns <= lanes ? (14, 1) : product.rows <= 8 ? (4, 6) : (12, 2)
      let tileColumns = tileVectors * lanes
      let depth = max(product.inner, 1)
      let depthPerBlock = quotient(quotient(depth, quotient(depth, panelDepth)), 16) * 16
      let rowTiles = quotient(product.rows, tileRows)
      let columnTiles = quotient(product.columns, tileColumns)

      func bytes(_ rows: Int, _ columns: Int) -> (Int, Int, Int) {
        (
          rows * (aHasUnitColumns ? panelDepth + 16 : depthPerBlock) * elementSize,
          columns * depthPerBlock * elementSize,
          (product.inner > depthPerBlock ? rows * columns : tileRows * tileColumns) * elementSize
        )
      }
      var rowBlock = min(rowTiles, quotient(256, tileRows))
      var columnBlock = min(columnTiles, quotient(256, tileColumns))
      while rowBlock > 1 || columnBlock > 1 {
        let (rows, columns) = (rowBlock * tileRows, columnBlock * tileColumns)
        let (a, b, sums) = bytes(rows, columns)
        let groups =
          quotient(rowTiles, rowBlock) * quotient(columnTiles, columnBlock) * product.batch
        let isSpread =
          groups >= 2 * limits.computeUnits || rows * columns * product.inner < 1 << 18
        if a + b + sums <= limits.localByteCount / 8 * 7, isSpread { break }
        if columnBlock == 1 || (rowBlock > 1 && rows >= columns) {
          rowBlock = quotient(rowBlock, 2)
        } else {
          columnBlock = quotient(columnBlock, 2)
        }
      }
      rowBlock = quotient(rowTiles, quotient(rowTiles, rowBlock))
      columnBlock = quotient(columnTiles, quotient(columnTiles, columnBlock))
      self.tileRows = tileRows
      self.tileVectors = tileVectors
      self.panelDepth = panelDepth
      self.depthPerBlock = depthPerBlock
      rowsPerGroup = rowBlock * tileRows
      columnsPerGroup = columnBlock * tileColumns
      (packedABytes, packedBBytes, sumBytes) = bytes(rowsPerGroup, columnsPerGroup)
      groups = (quotient(product.rows, rowsPerGroup), quotient(product.columns, columnsPerGroup))
    }

    var defines: String {
      "#define MR \(tileRows)\n#define NV \(tileVectors)\n#define KB \(panelDepth)\n#define KU 4\n"
    }
  }

  /// The tiles of `gemm_simt`: a row of the table of kernels/opencl/GEMM.md.
  struct SimtTiles: Equatable {
    var itemColumns: Int
    var itemRows: Int
    var rowVectors: Int
    var columnVectors: Int
    var depth: Int
    var unrolling: Int
    var usesLocalMemory: Bool

    /// The elements of a vector.
    static let width = 4

    var rows: Int { itemRows * rowVectors * SimtTiles.width }
    var columns: Int { itemColumns * columnVectors * SimtTiles.width }
    var groupSize: Int { itemRows * itemColumns }
    private var padding: Int { usesLocalMemory ? 4 : 0 }

    func localBytes(elementSize: Int) -> Int {
      usesLocalMemory ? depth * (rows + columns + 2 * padding) * elementSize : 0
    }

    init(
      itemColumns: Int = 16, itemRows: Int = 16, rowVectors: Int = 1, columnVectors: Int = 1,
      depth: Int = 16, unrolling: Int = 4, usesLocalMemory: Bool = true
    ) {
      self.itemColumns = itemColumns
      self.itemRows = itemRows
      self.rowVectors = rowVectors
      self.columnVectors = columnVectors
      self.depth = depth
      self.unrolling = unrolling
      self.usesLocalMemory = usesLocalMemory
    }

    /// The built-in choice for a vendor.
    init(_ product: MatMulExtents, isFloating: Bool, elementSize: Int, _ limits: MatMulLimits) {
      let isLarge = product.rows * product.columns >= 1 << 20
      let chosen: SimtTiles
      switch limits.vendor {
      case _ where !isFloating: chosen = SimtTiles(depth: elementSize == 8 ? 8 : 16)
      case _ where elementSize == 8: chosen = SimtTiles(depth: 8)
      case .nvidia where isLarge:
        chosen = SimtTiles(rowVectors: 2, columnVectors: 2, depth: 8, unrolling: 2)
      case .nvidia: chosen = SimtTiles(itemRows: 8, rowVectors: 2)
      case .amd where isLarge: chosen = SimtTiles(rowVectors: 2, unrolling: 2)
      case .intel, .mobile: chosen = SimtTiles(itemRows: 8, usesLocalMemory: false)
      case .amd, .other: chosen = SimtTiles()
      }
      func fits(_ tiles: SimtTiles) -> Bool {
        tiles.groupSize <= limits.maximumGroupSize
          && tiles.localBytes(elementSize: elementSize) <= limits.localByteCount
      }
      // The last needs no local memory and 64 items, which every device has.
      let candidates = [
        chosen, SimtTiles(depth: 8),
        SimtTiles(itemColumns: 8, itemRows: 8, usesLocalMemory: false),
      ]
      self = candidates.first(where: fits) ?? candidates[2]
    }

    var defines: String {
      let local = usesLocalMemory ? 1 : 0
      return """
        #define TX \(itemColumns)
        #define TY \(itemRows)
        #define RA \(rowVectors)
        #define VA \(SimtTiles.width)
        #define RB \(columnVectors)
        #define VB \(SimtTiles.width)
        #define KT \(depth)
        #define KU \(unrolling)
        #define LOCAL_A \(local)
        #define LOCAL_B \(local)
        #define PAD_A \(padding)
        #define PAD_B \(padding)

        """
    }
  }
#endif
