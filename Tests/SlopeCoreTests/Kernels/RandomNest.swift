import CKernels

/// A random loop nest and, for an operand, random strides: permuted, broadcast, negative or with
/// gaps.
struct RandomNest {
  let shape: [Int]
  var count: Int { shape.reduce(1, *) }

  init(_ random: inout KernelRandom, rank: Int, extents: [Int], limit: Int) {
    var shape: [Int] = []
    var count = 1
    for _ in 0..<rank {
      var extent = extents[random.below(extents.count)]
      if count * extent > limit { extent = 1 + random.below(2) }
      shape.append(extent)
      count *= extent
    }
    self.shape = shape
  }

  init(shape: [Int]) { self.shape = shape }

  var shape64: [Int64] { shape.map(Int64.init) }

  /// Strides (nil: contiguous), the position of the first element, and the number of elements of
  /// memory that they span.
  func strides(_ random: inout KernelRandom) -> (strides: [Int]?, offset: Int, count: Int) {
    if random.below(3) == 0 { return (nil, 0, count) }
    let order = random.below(2) == 0 ? Array(shape.indices) : shape.indices.shuffled(using: &random)
    var strides = [Int](repeating: 0, count: shape.count)
    var (step, offset) = (random.below(4) == 0 ? 2 : 1, 0)
    for axis in order.reversed() where random.below(4) != 0 {
      strides[axis] = step
      if random.below(6) == 0, shape[axis] > 0 {
        strides[axis] = -step
        offset += step * (shape[axis] - 1)
      }
      step = step * max(shape[axis], 1) + (random.below(6) == 0 ? 1 : 0)
    }
    return (strides, offset, step + 2)
  }

  /// The position of element `index` of the nest.
  func place(_ index: Int, _ strides: [Int]?, _ offset: Int) -> Int {
    guard let strides else { return index }
    var (rest, place) = (index, offset)
    for axis in shape.indices.reversed() {
      place += rest % shape[axis] * strides[axis]
      rest /= shape[axis]
    }
    return place
  }
}

/// A strided operand of a random nest.
struct KernelOperand {
  let memory: KernelMemory
  let strides: [Int]?
  let offset: Int
  /// The strides, in memory that outlives a call.
  private let stable: KernelMemory

  init(
    _ random: inout KernelRandom, _ nest: RandomNest, _ dtype: KernelDType, moderate: Bool = false
  ) {
    let layout = nest.strides(&random)
    strides = layout.strides
    offset = layout.offset
    memory =
      moderate
      ? random.moderate(dtype, count: layout.count) : random.memory(dtype, count: layout.count)
    stable = KernelMemory(.int64, (layout.strides ?? []).map { .integer(Int128($0)) })
  }

  init(_ memory: KernelMemory, strides: [Int]) {
    self.memory = memory
    self.strides = strides
    offset = 0
    stable = KernelMemory(.int64, strides.map { .integer(Int128($0)) })
  }

  var operand: SlopeOperand {
    SlopeOperand(
      data: memory.pointer + offset * memory.dtype.byteCount,
      strides: strides == nil
        ? nil : UnsafePointer(stable.pointer.assumingMemoryBound(to: Int64.self)),
      dtype: memory.dtype)
  }
}
