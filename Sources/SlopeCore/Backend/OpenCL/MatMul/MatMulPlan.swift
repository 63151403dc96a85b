#if OpenCL
  /// The properties of a device by which a kernel for a matrix product is chosen.
  package struct MatMulLimits: Sendable {
    let shape: KernelShape
    let vendorName: String
    let computeUnits: Int
    var localByteCount: Int
    let maximumGroupSize: Int

    var vendor: Vendor { Vendor(vendorName) }

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
  package struct MatMulExtents: Equatable, Sendable {
    package var batch: Int
    package var rows: Int
    package var columns: Int
    package var inner: Int

    package init(batch: Int = 1, rows: Int, columns: Int, inner: Int) {
      self.batch = batch
      self.rows = rows
      self.columns = columns
      self.inner = inner
    }
  }

  /// Products that one plan serves well: a plan is chosen, and tuned, for each class.
  package enum MatMulClass: String, CaseIterable, Codable, Sendable {
    /// At most a 64-byte vector of columns.
    case narrow
    /// More columns, but at most eight rows.
    case flat
    /// Fewer than 2²⁰ elements.
    case small
    /// All others.
    case large

    package init(_ product: MatMulExtents, elementSize: Int) {
      if product.columns <= 64 / elementSize {
        self = .narrow
      } else if product.rows <= 8 {
        self = .flat
      } else {
        self = product.rows * product.columns < 1 << 20 ? .small : .large
      }
    }

    var index: Int {
      switch self {
      case .narrow: 0
      case .flat: 1
      case .small: 2
      case .large: 3
      }
    }
  }

  /// Which kernel computes a product, and with which parameters.
  ///
  /// A kernel on matrix units is one more case, whose tiles are a `MatMulTiles`: the compiler then
  /// names every place that must handle it. kernels/opencl/GEMM.md, "Matrix units", has its
  /// requirements. None is added before a device has run it.
  package enum MatMulPlan: Hashable, Sendable {
    case wide(WideTiles)
    case simt(SimtTiles)

    package var tiles: any MatMulTiles {
      switch self {
      case .wide(let tiles): tiles
      case .simt(let tiles): tiles
      }
    }

    /// The name of its kernel, in files too.
    package var kernel: String {
      switch self {
      case .wide: "gemm_wide"
      case .simt: "gemm_simt"
      }
    }

    /// A plan as a file has it; nil where the kernel or a parameter is not known, or one is
    /// missing.
    package init?(kernel: String, parameters: [String: Int]) {
      switch kernel {
      case "gemm_wide":
        guard let tiles = WideTiles(parameters: parameters) else { return nil }
        self = .wide(tiles)
      case "gemm_simt":
        guard let tiles = SimtTiles(parameters: parameters) else { return nil }
        self = .simt(tiles)
      default: return nil
      }
    }

    /// Whether it is a point of the space that a device can run.
    package func isValid(_ dtype: DType, _ limits: MatMulLimits) -> Bool {
      switch self {
      case .wide(let tiles): limits.shape == .wide && tiles.isValid(dtype.matMulSize, limits)
      case .simt(let tiles): limits.shape == .simt && tiles.isValid(dtype.matMulSize, limits)
      }
    }

    /// The choice without a measurement.
    package static func builtIn(
      _ products: MatMulClass, _ dtype: DType, _ limits: MatMulLimits
    ) -> MatMulPlan {
      switch limits.shape {
      case .wide: .wide(WideTiles(products, dtype, limits))
      case .simt: .simt(SimtTiles(products, dtype, limits))
      }
    }

    /// The plans that a search tries first, valid or not.
    static func seeds(_ shape: KernelShape) -> [MatMulPlan] {
      switch shape {
      case .wide: WideTiles.seeds.map(MatMulPlan.wide)
      case .simt: SimtTiles.seeds.map(MatMulPlan.simt)
      }
    }

    /// The plans one step away along one parameter, valid or not.
    var neighbours: [MatMulPlan] {
      switch self {
      case .wide(let tiles): tiles.neighbours.map(MatMulPlan.wide)
      case .simt(let tiles): tiles.neighbours.map(MatMulPlan.simt)
      }
    }
  }

  extension DType {
    /// The bytes of a number while products are summed.
    package var matMulSize: Int { max(computeType.byteCount, 4) }
  }
#endif
