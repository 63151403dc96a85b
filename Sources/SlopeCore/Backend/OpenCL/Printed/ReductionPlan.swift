#if OpenCL
  /// The kernels of reduce.cl that read the operands; that file says when each runs.
  enum ReductionKernel: String {
    case items = "reduce_items"
    case groups = "reduce_rows_simt"
    case rows = "reduce_rows_wide"
    case columns = "reduce_columns_wide"

    var number: UInt64 {
      switch self {
      case .items: 1
      case .groups: 2
      case .rows: 3
      case .columns: 4
      }
    }
  }

  /// The division of a reduction, by its extents alone, so that results do not depend on the load.
  struct ReductionPlan {
    let kernel: ReductionKernel
    /// The number of parts of the reduced extent, and the size of each but the last.
    let chunks: Int
    let chunk: Int
    let range: LaunchRange

    /// The plan for `kept` results of `reduced` elements each.
    ///
    /// `group` is the count of items that reduce a row together, 0 if none can; `lanes` the
    /// elements of a vector, for the `wide` variant.
    init(
      _ nest: LoopNest, kept: Int, reduced: Int, variant: KernelVariant, group: Int, lanes: Int
    ) {
      let isByColumns = nest.prefersColumns
      switch variant {
      case .simt:
        kernel = group > 0 && !isByColumns && reduced >= 64 ? .groups : .items
      case .wide:
        let run = nest.leading < nest.rank ? nest.extents[nest.rank - 1] : 1
        kernel = isByColumns ? .columns : run >= lanes ? .rows : .items
      }
      // Enough work items for the device, none of them too short to be worth a partial result.
      var items = kept
      let wanted: Int
      let least: Int
      let local: Int
      switch kernel {
      case .groups: (wanted, least, local) = (512, 8192, group)
      case .columns:
        let run = nest.extents[nest.leading - 1]
        let block = 64 * lanes
        items = kept / run * ((run + block - 1) / block)
        (wanted, least, local) = (64, 64, 1)
      case .items where variant == .simt: (wanted, least, local) = (16384, 64, 64)
      case .items, .rows:
        (wanted, least, local) = (64, 4096, kept >= 1024 && reduced <= 1024 ? 16 : 1)
      }
      let count =
        items >= wanted ? 1 : max(1, min((wanted + items - 1) / items, reduced / least))
      let part = (reduced + count - 1) / count
      chunk = max(64, (part + 63) / 64 * 64)
      chunks = max(1, (reduced + chunk - 1) / chunk)
      range = LaunchRange(kernel == .groups ? items * local : items, chunks, local: (local, 1, 1))
    }
  }

  extension LoopNest {
    /// Whether most operands have a smaller stride along the last leading axis than along the last
    /// axis.
    var prefersColumns: Bool {
      guard leading > 0, leading < rank else { return false }
      var votes = 0
      for operand in strides {
        let (kept, reduced) = (operand[leading - 1].magnitude, operand[rank - 1].magnitude)
        if kept == 0 || reduced == 0 { continue }
        votes += kept < reduced ? 1 : -1
      }
      return votes > 0
    }
  }
#endif
