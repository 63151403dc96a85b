#if OpenCL
  /// The parameters of `gemm_wide`: kernels/opencl/GEMM.md.
  package struct WideTiles: MatMulTiles {
    /// A register tile, in rows and in vectors of columns.
    var rows = 12
    var vectors = 2
    /// The largest depth of a panel.
    var panelDepth = 256
    /// The approximate maximum of rows and columns that a group computes.
    var blockSide = 256
    /// How often the loop over the depth is unrolled.
    var unrolling = 4

    package init() {}

    init(
      _ rows: Int, _ vectors: Int, panelDepth: Int = 256, blockSide: Int = 256, unrolling: Int = 4
    ) {
      self.rows = rows
      self.vectors = vectors
      self.panelDepth = panelDepth
      self.blockSide = blockSide
      self.unrolling = unrolling
    }

    /// The built-in choice.
    init(_ products: MatMulClass, _ dtype: DType, _ limits: MatMulLimits) {
      let (rows, vectors) =
        switch products {
        case .narrow: (14, 1)
        case .flat: (4, 6)
        case .small, .large: (12, 2)
        }
      let depths = [256, 128, 32]
      let candidates = depths.map { WideTiles(rows, vectors, panelDepth: $0) }
      self = candidates.first { $0.fits(dtype.matMulSize, limits) } ?? candidates[2]
    }

    package static let axes: [MatMulAxis<WideTiles>] = [
      MatMulAxis("tileRows", \.rows, [2, 4, 6, 8, 10, 12, 14, 16]),
      MatMulAxis("tileVectors", \.vectors, [1, 2, 3, 4, 6, 8]),
      MatMulAxis("panelDepth", \.panelDepth, [32, 64, 128, 192, 256, 384, 512]),
      MatMulAxis("blockSide", \.blockSide, [64, 128, 192, 256, 384, 512]),
      MatMulAxis("unrolling", \.unrolling, [1, 2, 4, 8]),
    ]

    /// Tiles that fill 32 or 16 registers.
    static let seeds = [
      WideTiles(12, 2), WideTiles(14, 2), WideTiles(14, 1), WideTiles(8, 3), WideTiles(6, 4),
      WideTiles(4, 6), WideTiles(6, 2), WideTiles(10, 2), WideTiles(8, 2), WideTiles(16, 1),
      WideTiles(6, 1),
    ]

    package func fits(_ elementSize: Int, _ limits: MatMulLimits) -> Bool {
      let columns = vectors * (64 / elementSize)
      // One tile, with A in its layout in memory.
      let least = rows * (panelDepth + 16) + columns * panelDepth + rows * columns
      return rows * vectors + vectors + 1 <= 32 && least * elementSize <= limits.localByteCount
    }

    package var defines: String {
      "#define MR \(rows)\n#define NV \(vectors)\n#define KB \(panelDepth)\n#define KU \(unrolling)\n"
    }

    // For vectors of 4-byte numbers, the most common ones.
    package var step: (rows: Int, columns: Int, inner: Int) { (rows, vectors * 16, panelDepth) }

    package var description: String {
      "\(rows)x\(vectors), depth \(panelDepth), blocks of \(blockSide), unrolled \(unrolling)"
    }
  }

  /// The division of a product into groups of `gemm_wide`: kernels/opencl/GEMM.md.
  struct WidePlan: Equatable {
    let tiles: WideTiles
    let rowsPerGroup: Int
    let columnsPerGroup: Int
    let depthPerBlock: Int
    let packedABytes: Int
    let packedBBytes: Int
    let sumBytes: Int

    init(
      _ product: MatMulExtents, _ tiles: WideTiles, elementSize: Int, aHasUnitColumns: Bool,
      _ limits: MatMulLimits
    ) {
      func quotient(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }
      let tileColumns = tiles.vectors * (64 / elementSize)
      let depth = max(product.inner, 1)
      let depthPerBlock = quotient(quotient(depth, quotient(depth, tiles.panelDepth)), 16) * 16
      let rowTiles = quotient(product.rows, tiles.rows)
      let columnTiles = quotient(product.columns, tileColumns)

      func bytes(_ rows: Int, _ columns: Int) -> (Int, Int, Int) {
        (
          rows * (aHasUnitColumns ? tiles.panelDepth + 16 : depthPerBlock) * elementSize,
          columns * depthPerBlock * elementSize,
          (product.inner > depthPerBlock ? rows * columns : tiles.rows * tileColumns) * elementSize
        )
      }
      var rowBlock = min(rowTiles, quotient(tiles.blockSide, tiles.rows))
      var columnBlock = min(columnTiles, quotient(tiles.blockSide, tileColumns))
      while rowBlock > 1 || columnBlock > 1 {
        let (rows, columns) = (rowBlock * tiles.rows, columnBlock * tileColumns)
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
      self.tiles = tiles
      self.depthPerBlock = depthPerBlock
      rowsPerGroup = rowBlock * tiles.rows
      columnsPerGroup = columnBlock * tileColumns
      (packedABytes, packedBBytes, sumBytes) = bytes(rowsPerGroup, columnsPerGroup)
    }

    var localBytes: Int { packedABytes + packedBBytes + sumBytes }
  }
#endif
