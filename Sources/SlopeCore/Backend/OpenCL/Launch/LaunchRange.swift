#if OpenCL
  internal import COpenCL

  /// How many items a launch has, and how many of them form a group.
  struct LaunchRange {
    var global: (Int, Int, Int)
    let local: (Int, Int, Int)

    /// At least the given numbers of items, in whole groups.
    init(_ x: Int, _ y: Int = 1, _ z: Int = 1, local: (Int, Int, Int)) {
      self.local = local
      func rounded(_ count: Int, _ step: Int) -> Int { (count + step - 1) / step * step }
      global = (rounded(x, local.0), rounded(y, local.1), rounded(z, local.2))
    }

    private init(global: (Int, Int, Int), local: (Int, Int, Int)) {
      self.global = global
      self.local = local
    }

    /// The same items in groups that are small enough: divisors of the present ones.
    ///
    /// - Parameters:
    ///   - size: the most items of a group.
    ///   - extents: the most along each axis.
    func fitted(_ size: Int, _ extents: (Int, Int, Int)) -> LaunchRange {
      func part(_ count: Int) -> Int { count % 2 == 0 ? count / 2 : 1 }
      var (x, y, z) = local
      while x > max(extents.0, 1) { x = part(x) }
      while y > max(extents.1, 1) { y = part(y) }
      while z > max(extents.2, 1) { z = part(z) }
      while x * y * z > max(size, 1) {
        if z > 1 {
          z = part(z)
        } else if y > 1 {
          y = part(y)
        } else {
          x = part(x)
        }
      }
      return LaunchRange(global: global, local: (x, y, z))
    }
  }

  /// Sets a kernel's arguments in order.
  struct KernelArguments {
    private let functions: SlopeOpenCL
    private let kernel: OpenCLHandle
    private var index: UInt32 = 0
    private(set) var code: Int32 = 0

    init(functions: SlopeOpenCL, kernel: OpenCLHandle) {
      self.functions = functions
      self.kernel = kernel
    }

    mutating func buffer(_ buffer: Buffer) { handle(buffer.memoryObject) }

    mutating func handle(_ handle: OpenCLHandle) {
      var handle: OpenCLHandle? = handle
      set(&handle, MemoryLayout<OpenCLHandle?>.size)
    }

    /// A `long` or `ulong`.
    mutating func word(_ number: Int) {
      var number = Int64(number)
      set(&number, 8)
    }

    /// Local memory of a group.
    mutating func local(_ byteCount: Int) {
      if code == 0 { code = functions.clSetKernelArg(kernel, index, byteCount, nil) }
      index += 1
    }

    /// The low `byteCount` bytes of a number.
    mutating func bits(_ bits: UInt64, byteCount: Int) {
      var bits = bits
      set(&bits, byteCount)
    }

    private mutating func set(_ value: UnsafeRawPointer, _ byteCount: Int) {
      if code == 0 { code = functions.clSetKernelArg(kernel, index, byteCount, value) }
      index += 1
    }
  }
#endif
