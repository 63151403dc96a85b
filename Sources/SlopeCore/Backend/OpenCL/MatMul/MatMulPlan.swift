#if OpenCL
  /// What the choice of a kernel for a matrix product depends on in a device.
  package struct MatMulLimits: Sendable {
    let variant: KernelVariant
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

  /// A class of products for which one plan is chosen, and tuned.
  package enum MatMulClass: String, CaseIterable, Codable, Sendable {
    /// At most as many columns as a 64-byte vector has elements.
    case narrow
    /// More columns, but at most eight rows.
    case flat
    /// Fewer than 2²⁰ elements in the result.
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

  /// The kernel that computes a product, with its parameters.
  ///
  /// A kernel on matrix units would be one more case, whose tiles are a `MatMulTiles`: the compiler
  /// then lists every place that must handle it. kernels/opencl/GEMM.md, "Matrix units", says what
  /// it must satisfy. None is here until a device has run it.
  package enum MatMulPlan: Hashable, Sendable {
    case wide(WideTiles)
    case simt(SimtTiles)

    package var tiles: any MatMulTiles {
      switch self {
      case .wide(let tiles): tiles
      case .simt(let tiles): tiles
      }
    }

    /// The name of its kernel, also in files.
    package var kernel: String {
      switch self {
      case .wide: "gemm_wide"
      case .simt: "gemm_simt"
      }
    }

    /// A plan from a file; nil if the kernel or a parameter is unknown, or one is missing.
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

    /// Whether it is a point of the search space that a device can run.
    package func isValid(_ dtype: DType, _ limits: MatMulLimits) -> Bool {
      switch self {
      case .wide(let tiles): limits.variant == .wide && tiles.isValid(dtype.matMulSize, limits)
      case .simt(let tiles): limits.variant == .simt && tiles.isValid(dtype.matMulSize, limits)
      }
    }

    /// The choice without a measurement.
    package static func builtIn(
      _ products: MatMulClass, _ dtype: DType, _ limits: MatMulLimits
    ) -> MatMulPlan {
      switch limits.variant {
      case .wide: .wide(WideTiles(products, dtype, limits))
      case .simt: .simt(SimtTiles(products, dtype, limits))
      }
    }

    /// The plans worth a trial before anything is measured, valid or not.
    static func seeds(_ variant: KernelVariant) -> [MatMulPlan] {
      switch variant {
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
    /// The bytes of a number in which products are summed.
    package var matMulSize: Int { max(computeType.byteCount, 4) }
  }
#endif
