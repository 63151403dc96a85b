#if OpenCL
  extension OpenCLBackend {
    package func matmul(_ left: Value, _ right: Value, bias: Value?, output: Output) {
      var product = MatMulExtents(
        batch: left.shape[0], rows: left.shape[1], columns: right.shape[2], inner: left.shape[2])
      guard product.batch > 0, product.rows > 0, product.columns > 0 else { return }
      var a = MatrixOperand(left, rows: 1, columns: 2)
      let b = MatrixOperand(right, rows: 1, columns: 2)
      if product.batch > 1, b.batch == 0, a.batch == product.rows * a.row {
        // One B for the whole batch: a taller product, in which it is packed once.
        product.rows *= product.batch
        product.batch = 1
        a.batch = 0
      }
      if product.columns == 1 {
        multiply(a, b.transposed, bias, output, product, biasStride: 0)
      } else if product.rows == 1 {
        let turned = MatMulExtents(
          batch: product.batch, rows: product.columns, columns: 1, inner: product.inner)
        multiply(b.transposed, a, bias, output, turned, biasStride: 1)
      } else {
        let products = MatMulClass(product, elementSize: output.dtype.matMulSize)
        switch matmulPlans.plan(products, output.dtype, on: self) {
        case .wide(let tiles): multiplyWide(a, b, bias, output, product, tiles)
        case .simt(let tiles): multiplyInGroups(a, b, bias, output, product, tiles)
        }
      }
    }

    /// An operand: its memory and its strides.
    private struct MatrixOperand {
      let buffer: Buffer
      let offset: Int
      var batch: Int
      var row: Int
      var column: Int

      init(_ value: Value, rows: Int, columns: Int) {
        buffer = value.buffer
        offset = value.layout.offset
        batch = value.layout.strides[0]
        row = value.layout.strides[rows]
        column = value.layout.strides[columns]
      }

      var transposed: MatrixOperand {
        var other = self
        (other.row, other.column) = (column, row)
        return other
      }

      /// `A_LAYOUT` or `B_LAYOUT`.
      var form: Int { column == 1 ? 1 : row == 1 ? 2 : 0 }

      /// Elements that may be read at a time, along the axis of stride 1 with its extent.
      func width(_ extent: Int, otherStride: Int, _ width: Int) -> Int {
        guard form != 0, extent >= width else { return 1 }
        let isAligned = [extent, offset, batch, otherStride].allSatisfy { $0 % width == 0 }
        return isAligned ? width : 1
      }
    }

    private func kernel(
      _ file: String, _ key: ProductKernel, lanes: Int, _ tiles: () -> String
    ) -> OpenCLKernel? {
      kernel(.product(key)) {
        let defines = key.defines + tiles()
        matmulPlans.note(defines)
        return kernel(key.name, "matmul") {
          let epilogue = key.activation.map {
            OpenCLSource.epilogue(
              $0, key.dtype, lanes: lanes, hasExplicitVectors: shape == .wide)
          }
          // Double must be enabled before its first use; element.h, which does so, comes later.
          let types = epilogue.map {
            (key.dtype == .float64
              ? "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n" : "") + $0
          }
          return (types ?? "") + (device.hasFMA ? "" : "#define SLOW_FMA\n") + defines
            + OpenCLSource.file(file)
        }
      }
    }

    /// The arguments with which both kernels of the product begin.
    private func set(
      _ arguments: inout KernelArguments, _ a: MatrixOperand, _ b: MatrixOperand, _ bias: Value?,
      _ output: Output, _ product: MatMulExtents
    ) {
      arguments.buffer(output.buffer)
      arguments.buffer(a.buffer)
      arguments.buffer(b.buffer)
      arguments.buffer(bias?.buffer ?? a.buffer)
      for number in [
        product.rows, product.columns, product.inner, 0, a.offset, a.batch, a.row, a.column,
        b.offset, b.batch, b.row, b.column, bias?.layout.offset ?? 0,
      ] { arguments.word(number) }
    }

    private func multiplyWide(
      _ a: MatrixOperand, _ b: MatrixOperand, _ bias: Value?, _ output: Output,
      _ product: MatMulExtents, _ tiles: WideTiles
    ) {
      let key = ProductKernel(
        "gemm_wide", output, bias, aForm: a.form, bForm: b.form, .wide(tiles))
      guard
        let kernel = kernel(
          "gemm_wide.cl", key, lanes: 64 / output.dtype.byteCount, { tiles.defines })
      else { return }
      var limits = matMulLimits
      limits.localByteCount -= kernel.localByteCount
      let plan = WidePlan(
        product, tiles, elementSize: output.dtype.matMulSize, aHasUnitColumns: a.form == 1, limits)
      let range = LaunchRange(
        (product.rows + plan.rowsPerGroup - 1) / plan.rowsPerGroup,
        (product.columns + plan.columnsPerGroup - 1) / plan.columnsPerGroup, product.batch,
        local: (1, 1, 1))
      launch(kernel, range, "matmul") { arguments in
        set(&arguments, a, b, bias, output, product)
        arguments.word(plan.rowsPerGroup)
        arguments.word(plan.columnsPerGroup)
        arguments.word(plan.depthPerBlock)
        arguments.local(plan.packedABytes)
        arguments.local(plan.packedBBytes)
        arguments.local(plan.sumBytes)
      }
    }

    private func multiplyInGroups(
      _ a: MatrixOperand, _ b: MatrixOperand, _ bias: Value?, _ output: Output,
      _ product: MatMulExtents, _ tiles: SimtTiles
    ) {
      if multiplyInGroups(a, b, bias, output, product, tiles, isLast: false) { return }
      // A trial is of one plan.
      guard matmulPlans.trial == nil else {
        return reportFailure(
          operation: "matmul",
          "\(name) (\(device.name)): a group has too many items, or too much local memory, for the "
            + "kernel as it was built")
      }
      for (index, tiles) in SimtTiles.small.enumerated() {
        let isLast = index == SimtTiles.small.count - 1
        if multiplyInGroups(a, b, bias, output, product, tiles, isLast: isLast) { return }
      }
    }

    /// Whether it was computed or has failed; false where the kernel cannot run in groups that
    /// large.
    private func multiplyInGroups(
      _ a: MatrixOperand, _ b: MatrixOperand, _ bias: Value?, _ output: Output,
      _ product: MatMulExtents, _ tiles: SimtTiles, isLast: Bool
    ) -> Bool {
      let local = (tiles.itemColumns, tiles.itemRows, 1)
      guard isLast || fits(local) else { return false }
      let width = tiles.width
      let aWidth = a.width(
        a.form == 1 ? product.inner : product.rows, otherStride: a.form == 1 ? a.row : a.column,
        width)
      let bWidth = b.width(
        b.form == 1 ? product.columns : product.inner, otherStride: b.form == 1 ? b.row : b.column,
        width)
      let outWidth =
        product.columns % width == 0 && (bias?.layout.offset ?? 0) % width == 0 ? width : 1
      let key = ProductKernel(
        "gemm_simt", output, bias, aForm: a.form, bForm: b.form, .simt(tiles),
        widths: [aWidth, bWidth, outWidth])
      let defines = {
        tiles.defines + "#define GA \(aWidth)\n#define GB \(bWidth)\n#define GC \(outWidth)\n"
          + "#define REQUIRE_GROUP_SIZE 1\n"
      }
      guard let kernel = kernel("gemm_simt.cl", key, lanes: outWidth, defines) else { return true }
      guard isLast || fits(kernel, local) else { return false }
      let across = (product.columns + tiles.columns - 1) / tiles.columns
      let down = (product.rows + tiles.rows - 1) / tiles.rows
      let range = LaunchRange(
        across * tiles.itemColumns, down * tiles.itemRows, product.batch, local: local)
      launch(kernel, range, "matmul") { arguments in
        set(&arguments, a, b, bias, output, product)
      }
      return true
    }

    /// A matrix times a vector, `[rows, inner] · [inner]`; the vector lies along its columns.
    private func multiply(
      _ matrix: MatrixOperand, _ vector: MatrixOperand, _ bias: Value?, _ output: Output,
      _ product: MatMulExtents, biasStride: Int
    ) {
      let form = matrix.form
      let lanes = 64 / max(output.dtype.computeType.byteCount, 4)
      let sizes = shape == .simt ? [64, 16, 4, 1] : [1]
      guard
        let (kernel, group) = kernel(
          in: sizes,
          { size in
            let key = ProductKernel(
              "gemv_\(form == 1 ? "rows" : "columns")_\(shape)", output, bias, aForm: form,
              widths: [size])
            return kernel("gemv.cl", key, lanes: lanes) { "#define GROUP \(size)\n" }
          })
      else { return }
      var chunk = (product.rows + 4 * device.computeUnits - 1) / (4 * device.computeUnits)
      if form != 1 { chunk = (chunk + lanes - 1) / lanes * lanes }
      let range =
        switch (shape, form) {
        case (.wide, _):
          LaunchRange((product.rows + chunk - 1) / chunk, product.batch, local: (1, 1, 1))
        case (.simt, 1): LaunchRange(product.rows * group, product.batch, local: (group, 1, 1))
        case (.simt, _): LaunchRange(product.rows, product.batch, local: (group, 1, 1))
        }
      launch(kernel, range, "matmul") { arguments in
        arguments.buffer(output.buffer)
        arguments.buffer(matrix.buffer)
        arguments.buffer(vector.buffer)
        arguments.buffer(bias?.buffer ?? matrix.buffer)
        for number in [
          product.rows, product.inner, 0, matrix.offset, matrix.batch, matrix.row, matrix.column,
          vector.offset, vector.batch, vector.column, bias?.layout.offset ?? 0, biasStride, chunk,
        ] { arguments.word(number) }
      }
    }
  }
#endif
