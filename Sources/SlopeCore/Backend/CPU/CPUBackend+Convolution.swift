internal import CKernels

extension CPUBackend {
  var hasConvolutions: Bool { true }

  func convolve(
    _ product: ConvolutionProduct, _ shape: ConvolutionShape, _ left: Value, _ right: Value,
    bias: Value?, output: Buffer
  ) -> Bool {
    // Rowwise products are those of our own loops.
    guard !RowwiseProducts.isOn, BLAS.takes(shape), BLAS.isReady() else { return false }
    let plan = ConvolutionPlan(product, shape, isDouble: left.dtype == .float64)
    guard let scratch = allocate(byteCount: plan.scratchSize) else { return false }
    left.withPointer { left in
      right.withPointer { right in
        bias.withPointer { bias in
          scratch.withPointer { scratch in
            output.withPointer {
              let work = ConvolutionWork(
                plan: plan, left: left, right: right, bias: bias, output: $0, scratch: scratch)
              work.run()
            }
          }
        }
      }
    }
    return true
  }
}

extension BLAS {
  /// Whether the library's 32-bit integers hold the extents and strides of the products.
  fileprivate static func takes(_ shape: ConvolutionShape) -> Bool {
    let area = shape.windows.plane.height * shape.windows.plane.width
    return [area, shape.places, shape.depth, shape.outputs].allSatisfy { $0 <= Int(Int32.max) }
  }
}

/// How a product of a convolution is cut into items that threads compute by themselves.
///
/// A matrix of unfolded elements is made for a few rows of windows of one image at a time, so that it
/// stays in a processor's second-level cache while it is multiplied.
///
///     product   an item
///     output    rows of windows of one image
///     input     some input channels of one image
///     weight    the sum over some images, of which all sums are added at the end; or some output
///               channels, where that would take too much memory
private struct ConvolutionPlan {
  let product: ConvolutionProduct
  let shape: ConvolutionShape
  let isDouble: Bool
  /// The rows of windows that are unfolded together, and into how many parts that cuts a plane.
  let tileRows: Int
  let tiles: Int
  /// Into how many parts a group's input channels, the images or a group's output channels are cut.
  let parts: Int
  let sumsImages: Bool
  let items: Int
  /// The number of blocks of items, each of which has a matrix in the scratch memory.
  let blocks: Int
  let matrixSize: Int

  /// The bytes of a matrix that a processor's second-level cache holds beside the operands.
  private static let matrixBytes = 1 << 18
  /// The elements that sums over images may take.
  private static let sumElements = 1 << 22
  /// The number of those sums, and of parts of channels: as many as threads that are worth it.
  private static let most = 8

  init(_ product: ConvolutionProduct, _ shape: ConvolutionShape, isDouble: Bool) {
    self.product = product
    self.shape = shape
    self.isDouble = isDouble
    let size = isDouble ? 8 : 4
    let rowBytes = max(shape.depth * shape.windows.count.width * size, 1)
    tileRows = max(min(Self.matrixBytes / rowBytes, shape.windows.count.height), 1)
    tiles = (shape.windows.count.height - 1) / tileRows + 1
    sumsImages = shape.weightShape.elementCount * Self.most <= Self.sumElements
    switch product {
    case .output:
      parts = 1
      items = shape.batch * tiles
    case .input:
      let planes = shape.batch * shape.groups
      parts = planes >= Self.most ? 1 : min(Self.most / planes, shape.groupInputs)
      items = planes * parts
    case .weight:
      parts = min(Self.most, sumsImages ? shape.batch : shape.groupOutputs)
      items = parts
    }
    blocks = min(items, 4 * CPUBackend.threadCount)
    matrixSize = (rowBytes * tileRows + 63) & ~63
  }

  /// The bytes of a sum over images.
  var sumSize: Int { shape.weightShape.elementCount * (isDouble ? 8 : 4) }

  /// The bytes of all matrices, and of the sums that are not the result itself.
  var scratchSize: Int {
    blocks * matrixSize + (product == .weight && sumsImages ? (parts - 1) * sumSize : 0)
  }
}

/// A product of a convolution and its memory, which the caller keeps alive.
private struct ConvolutionWork {
  let plan: ConvolutionPlan
  let left: UnsafeRawPointer
  let right: UnsafeRawPointer
  let bias: UnsafeRawPointer?
  let output: UnsafeMutableRawPointer
  let scratch: UnsafeMutableRawPointer

  private var shape: ConvolutionShape { plan.shape }
  private var size: Int { plan.isDouble ? 8 : 4 }
  private var area: Int { shape.windows.plane.height * shape.windows.plane.width }

  func run() {
    withUnsafePointer(to: self) { work in
      slope_parallel(
        Int64(plan.blocks),
        { context, block in
          guard let context else { return }
          let work = context.assumingMemoryBound(to: ConvolutionWork.self).pointee
          let (plan, block) = (work.plan, Int(block))
          let matrix = work.scratch + block * plan.matrixSize
          let (first, end) = (
            block * plan.items / plan.blocks, (block + 1) * plan.items / plan.blocks
          )
          for item in first..<end {
            switch plan.product {
            case .output: work.computeOutput(item, matrix)
            case .input: work.computeInput(item, matrix)
            case .weight: work.computeWeight(item, matrix)
            }
          }
        }, UnsafeMutableRawPointer(mutating: work))
    }
    guard plan.product == .weight, plan.sumsImages else { return }
    for part in 1..<max(plan.parts, 1) {
      slope_apply(
        .add, plan.isDouble ? .float64 : .float32, output, output, sum(part), nil,
        Int64(shape.weightShape.elementCount))
    }
  }

  /// The memory of the sum over a part of the images; that of the first is the result.
  private func sum(_ part: Int) -> UnsafeMutableRawPointer {
    part == 0
      ? output : scratch + plan.blocks * plan.matrixSize + (part - 1) * plan.sumSize
  }

  /// Some rows of windows of all output channels of one image.
  private func computeOutput(_ item: Int, _ matrix: UnsafeMutableRawPointer) {
    let (image, tile) = (item / plan.tiles, Tile(plan, item % plan.tiles))
    for group in 0..<shape.groups {
      let channel = group * shape.groupOutputs
      let target = output + outputPlace(image, channel, tile)
      if let bias {
        for row in 0..<shape.groupOutputs {
          let number = bias + (channel + row) * size
          let bits =
            plan.isDouble
            ? number.load(as: UInt64.self) : UInt64(number.load(as: UInt32.self))
          slope_fill(target + row * shape.places * size, Int32(size), bits, Int64(tile.count))
        }
      }
      let (columns, step) = unfolded(left, image, group, tile, matrix)
      BLAS.multiply(
        plan.isDouble, rows: shape.groupOutputs, columns: tile.count, depth: shape.depth,
        right + channel * shape.depth * size, step: shape.depth, columns, step: step,
        keeps: bias != nil, target, step: shape.places)
    }
  }

  /// Some input channels of a group of one image.
  private func computeInput(_ item: Int, _ matrix: UnsafeMutableRawPointer) {
    let part = item % plan.parts
    let (image, group) = (item / plan.parts / shape.groups, item / plan.parts % shape.groups)
    let first = part * shape.groupInputs / plan.parts
    let count = (part + 1) * shape.groupInputs / plan.parts - first
    let window = shape.windows.kernel.height * shape.windows.kernel.width
    let target = output + inputPlace(image, group, first)
    let weight = right + (group * shape.groupOutputs * shape.depth + first * window) * size
    for index in 0..<plan.tiles {
      let tile = Tile(plan, index)
      let isIdentity = shape.windows.isIdentity
      BLAS.multiply(
        plan.isDouble, transposesLeft: true, rows: count * window, columns: tile.count,
        depth: shape.groupOutputs, weight, step: shape.depth,
        left + outputPlace(image, group * shape.groupOutputs, tile), step: shape.places,
        keeps: false, isIdentity ? target + tile.start * size : matrix,
        step: isIdentity ? area : tile.count)
      if isIdentity { continue }
      var windows = tile.windows
      slope_fold(
        plan.isDouble ? .float64 : .float32, index > 0, target, matrix, Int64(count), &windows)
    }
  }

  /// The sum over some images, or some output channels of each group.
  private func computeWeight(_ part: Int, _ matrix: UnsafeMutableRawPointer) {
    func range(_ count: Int) -> Range<Int> {
      part * count / plan.parts..<(part + 1) * count / plan.parts
    }
    let images = plan.sumsImages ? range(shape.batch) : 0..<shape.batch
    let channels = plan.sumsImages ? 0..<shape.groupOutputs : range(shape.groupOutputs)
    let target = plan.sumsImages ? sum(part) : output
    for image in images {
      for group in 0..<shape.groups {
        let channel = group * shape.groupOutputs + channels.lowerBound
        for index in 0..<plan.tiles {
          let tile = Tile(plan, index)
          let (columns, step) = unfolded(left, image, group, tile, matrix)
          BLAS.multiply(
            plan.isDouble, transposesRight: true, rows: channels.count, columns: shape.depth,
            depth: tile.count, right + outputPlace(image, channel, tile), step: shape.places,
            columns, step: step, keeps: image > images.lowerBound || index > 0,
            target + channel * shape.depth * size, step: shape.depth)
        }
      }
    }
  }

  /// The elements of windows of an image's group, `[depth, tile.count]`, and the distance of the rows.
  private func unfolded(
    _ input: UnsafeRawPointer, _ image: Int, _ group: Int, _ tile: Tile,
    _ matrix: UnsafeMutableRawPointer
  ) -> (UnsafeRawPointer, step: Int) {
    let planes = input + inputPlace(image, group, 0)
    // The elements of windows of one element are in order already.
    if shape.windows.isIdentity { return (planes + tile.start * size, area) }
    var windows = tile.windows
    slope_unfold(matrix, planes, Int32(size), Int64(shape.groupInputs), &windows)
    return (UnsafeRawPointer(matrix), tile.count)
  }

  private func inputPlace(_ image: Int, _ group: Int, _ channel: Int) -> Int {
    (image * shape.inputs + group * shape.groupInputs + channel) * area * size
  }

  private func outputPlace(_ image: Int, _ channel: Int, _ tile: Tile) -> Int {
    ((image * shape.outputs + channel) * shape.places + tile.start) * size
  }

  /// Some rows of windows.
  private struct Tile {
    /// The first window, and the number of windows.
    let start: Int
    let count: Int
    /// The windows as if there were no others.
    let windows: SlopeWindows

    init(_ plan: ConvolutionPlan, _ index: Int) {
      let all = plan.shape.windows
      let first = index * plan.tileRows
      let rows = min(plan.tileRows, all.count.height - first)
      start = first * all.count.width
      count = rows * all.count.width
      var windows = all
      windows.count.height = rows
      windows.padding.height -= first * all.stride.height
      self.windows = SlopeWindows(windows)
    }
  }
}
