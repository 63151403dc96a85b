#if OpenCL
  /// The kernels of reduce.cl that read the operands; kernels/opencl/README.md says which runs
  /// when.
  enum ReductionForm: String {
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

  /// How a reduction is divided: by its extents alone, so that results do not depend on the
  /// device's load.
  struct ReductionPlan {
    let form: ReductionForm
    /// Parts of the reduced extent, and the size of each but the last.
    let chunks: Int
    let chunk: Int
    let range: LaunchRange

    /// - Parameters:
    ///   - group: the items of a group that reduces a row together; 0 where none can.
    ///   - lanes: the values of a vector, on devices that do best with explicit ones.
    init(
      _ nest: LoopNest, kept: Int, reduced: Int, shape: KernelShape, group: Int, lanes: Int
    ) {
      let isByColumns = nest.prefersColumns
      switch shape {
      case .simt:
        form = group > 0 && !isByColumns && reduced >= 64 ? .groups : .items
      case .wide:
        let run = nest.leading < nest.rank ? nest.extents[nest.rank - 1] : 1
        form = isByColumns ? .columns : run >= lanes ? .rows : .items
      }
      // Enough chunks to occupy the device, none of them too short to be worth a partial result.
      var items = kept
      let wanted: Int
      let least: Int
      let local: Int
      switch form {
      case .groups: (wanted, least, local) = (512, 8192, group)
      case .columns:
        let run = nest.extents[nest.leading - 1]
        let block = 64 * lanes
        items = kept / run * ((run + block - 1) / block)
        (wanted, least, local) = (64, 64, 1)
      case .items where shape == .simt: (wanted, least, local) = (16384, 64, 64)
      case .items, .rows:
        (wanted, least, local) = (64, 4096, kept >= 1024 && reduced <= 1024 ? 16 : 1)
      }
      let count =
        items >= wanted ? 1 : max(1, min((wanted + items - 1) / items, reduced / least))
      let part = (reduced + count - 1) / count
      chunk = max(64, (part + 63) / 64 * 64)
      chunks = max(1, (reduced + chunk - 1) / chunk)
      range = LaunchRange(form == .groups ? items * local : items, chunks, local: (local, 1, 1))
    }
  }

  extension LoopNest {
    /// Whether most operands are nearer to contiguous along the last leading axis than along the
    /// last axis of all.
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
