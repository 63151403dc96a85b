#if OpenCL
  /// The parameters of one kernel: the points of a space that a tuner searches.
  package protocol MatMulTiles: Hashable, Sendable, CustomStringConvertible {
    /// A point, whose parameters are then set.
    init()

    /// The parameters, in the order of their names in a file's list and of a tuner's steps.
    static var axes: [MatMulAxis<Self>] { get }

    /// Whether a device has the memory, the registers and the groups that it takes; all parameters
    /// are among their axis' values.
    func fits(_ elementSize: Int, _ limits: MatMulLimits) -> Bool

    /// The macros of the kernel: kernels/opencl/GEMM.md.
    var defines: String { get }

    /// The rows and columns of the product that a group, or a register tile, computes at the
    /// least, and the depth of one pass over them.
    var step: (rows: Int, columns: Int, inner: Int) { get }
  }

  /// One parameter: its name in a file, and the values that it may have, in order.
  package struct MatMulAxis<Tiles>: Sendable {
    let name: String
    let parameter: WritableKeyPath<Tiles, Int> & Sendable
    let values: [Int]

    init(_ name: String, _ parameter: WritableKeyPath<Tiles, Int> & Sendable, _ values: [Int]) {
      self.name = name
      self.parameter = parameter
      self.values = values
    }
  }

  extension MatMulTiles {
    /// The values by name.
    package var parameters: [String: Int] {
      Dictionary(uniqueKeysWithValues: Self.axes.map { ($0.name, self[keyPath: $0.parameter]) })
    }

    /// The point with these values; nil unless each parameter has one, and there are no others.
    init?(parameters: [String: Int]) {
      guard parameters.count == Self.axes.count else { return nil }
      self.init()
      for axis in Self.axes {
        guard let value = parameters[axis.name] else { return nil }
        self[keyPath: axis.parameter] = value
      }
    }

    /// Whether it is a point of the space, and fits a device. Numbers from a file are not computed
    /// with before they are known to be small.
    func isValid(_ elementSize: Int, _ limits: MatMulLimits) -> Bool {
      Self.axes.allSatisfy { $0.values.contains(self[keyPath: $0.parameter]) }
        && fits(elementSize, limits)
    }

    /// The points one step away, a smaller value before a greater one.
    var neighbours: [Self] {
      var list: [Self] = []
      for axis in Self.axes {
        guard let place = axis.values.firstIndex(of: self[keyPath: axis.parameter]) else {
          continue
        }
        for next in [place - 1, place + 1] where axis.values.indices.contains(next) {
          var other = self
          other[keyPath: axis.parameter] = axis.values[next]
          list.append(other)
        }
      }
      return list
    }
  }
#endif
