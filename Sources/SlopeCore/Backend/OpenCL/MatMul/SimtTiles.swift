#if OpenCL
  /// The parameters of `gemm_simt`, whose macros kernels/opencl/GEMM.md explains.
  package struct SimtTiles: MatMulTiles {
    var itemColumns = 16
    var itemRows = 16
    /// An item's rows and columns, in vectors.
    var rowVectors = 1
    var columnVectors = 1
    /// The elements of a vector.
    var width = 4
    /// How many values of k a group stages at once.
    var depth = 16
    var unrolling = 4
    /// 1 where the left, or the right, operand is staged in local memory.
    var stagesLeft = 1
    var stagesRight = 1

    var rows: Int { itemRows * rowVectors * width }
    var columns: Int { itemColumns * columnVectors * width }
    var groupSize: Int { itemRows * itemColumns }
    private func padding(_ isStaged: Int) -> Int { isStaged * max(width, 4) }

    func localBytes(elementSize: Int) -> Int {
      let left = stagesLeft * (rows + padding(stagesLeft))
      let right = stagesRight * (columns + padding(stagesRight))
      return depth * (left + right) * elementSize
    }

    package init() {}

    init(
      itemColumns: Int = 16, itemRows: Int = 16, rowVectors: Int = 1, columnVectors: Int = 1,
      depth: Int = 16, unrolling: Int = 4, stagesLeft: Int = 1, stagesRight: Int = 1
    ) {
      self.itemColumns = itemColumns
      self.itemRows = itemRows
      self.rowVectors = rowVectors
      self.columnVectors = columnVectors
      self.depth = depth
      self.unrolling = unrolling
      self.stagesLeft = stagesLeft
      self.stagesRight = stagesRight
    }

    /// The built-in choice for a vendor: CLBlast's published tuning results, and what compilers'
    /// register counts allow (kernels/opencl/GEMM.md, "Measured").
    init(_ products: MatMulClass, _ dtype: DType, _ limits: MatMulLimits) {
      let chosen: SimtTiles
      switch limits.vendor {
      case _ where dtype.matMulSize == 8: chosen = SimtTiles(depth: 8)
      case _ where !dtype.isFloating: chosen = SimtTiles()
      case .nvidia where products == .large:
        chosen = SimtTiles(rowVectors: 2, columnVectors: 2, depth: 8, unrolling: 2)
      case .nvidia: chosen = SimtTiles(itemRows: 8, rowVectors: 2)
      case .amd where products == .large: chosen = SimtTiles(rowVectors: 2, unrolling: 2)
      case .intel, .mobile: chosen = SimtTiles(itemRows: 8, stagesLeft: 0, stagesRight: 0)
      case .amd, .other: chosen = SimtTiles()
      }
      // The last needs no local memory and 64 items, which nearly every device has; else come
      // `small` ones.
      let candidates = [
        chosen, SimtTiles(depth: 8),
        SimtTiles(itemColumns: 8, itemRows: 8, stagesLeft: 0, stagesRight: 0),
      ]
      self = candidates.first { $0.fits(dtype.matMulSize, limits) } ?? candidates[2]
    }

    /// Decreasing groups, for kernels that do not run in those of the plan: the last has one item.
    static let small = [8, 4, 1].map {
      SimtTiles(itemColumns: $0, itemRows: $0, stagesLeft: 0, stagesRight: 0)
    }

    package static let axes: [MatMulAxis<SimtTiles>] = [
      MatMulAxis("itemColumns", \.itemColumns, [4, 8, 16, 32]),
      MatMulAxis("itemRows", \.itemRows, [4, 8, 16, 32]),
      MatMulAxis("rowVectors", \.rowVectors, [1, 2, 4]),
      MatMulAxis("columnVectors", \.columnVectors, [1, 2, 4]),
      MatMulAxis("width", \.width, [2, 4, 8]),
      MatMulAxis("depth", \.depth, [8, 16, 32, 64]),
      MatMulAxis("unrolling", \.unrolling, [1, 2, 4, 8]),
      MatMulAxis("stagesLeft", \.stagesLeft, [0, 1]),
      MatMulAxis("stagesRight", \.stagesRight, [0, 1]),
    ]

    /// The vendors' tiles first, then others of CLBlast's database of tuned devices.
    static let seeds = [
      SimtTiles(),
      SimtTiles(itemRows: 8, rowVectors: 2),
      SimtTiles(rowVectors: 2, columnVectors: 2, depth: 8, unrolling: 2),
      SimtTiles(rowVectors: 2, unrolling: 2),
      SimtTiles(itemRows: 8, stagesLeft: 0, stagesRight: 0),
      SimtTiles(itemRows: 8, rowVectors: 2, depth: 32),
      SimtTiles(itemColumns: 8, itemRows: 8, rowVectors: 2, columnVectors: 2),
      SimtTiles(itemColumns: 8, itemRows: 8),
      SimtTiles(itemColumns: 8, columnVectors: 2),
      SimtTiles(itemColumns: 8, itemRows: 8, stagesLeft: 0, stagesRight: 0),
      SimtTiles(itemRows: 8, depth: 32, stagesLeft: 0),
      SimtTiles(itemColumns: 32, itemRows: 8, rowVectors: 2),
    ]

    package func fits(_ elementSize: Int, _ limits: MatMulLimits) -> Bool {
      // An item with more sums than 64 words has no registers left for the operands.
      let sums = rowVectors * columnVectors * width * width * elementSize
      return groupSize >= 32 && groupSize <= limits.maximumGroupSize && sums <= 256
        && localBytes(elementSize: elementSize) <= limits.localByteCount
    }

    package var defines: String {
      """
      #define TX \(itemColumns)
      #define TY \(itemRows)
      #define RA \(rowVectors)
      #define VA \(width)
      #define RB \(columnVectors)
      #define VB \(width)
      #define KT \(depth)
      #define KU \(unrolling)
      #define LOCAL_A \(stagesLeft)
      #define LOCAL_B \(stagesRight)
      #define PAD_A \(padding(stagesLeft))
      #define PAD_B \(padding(stagesRight))

      """
    }

    package var step: (rows: Int, columns: Int, inner: Int) { (rows, columns, depth) }

    package var description: String {
      let staged =
        switch (stagesLeft, stagesRight) {
        case (1, 1): "both staged"
        case (0, 0): "none staged"
        case (1, _): "left staged"
        default: "right staged"
        }
      return "\(rows)x\(columns), \(itemRows)x\(itemColumns) items, vectors of \(width), "
        + "depth \(depth), unrolled \(unrolling), \(staged)"
    }
  }
#endif
