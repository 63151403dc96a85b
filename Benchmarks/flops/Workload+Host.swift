import Slope

/// Transfers between host and device, and the engine's overhead per operation.
extension Workload {
  /// Copies of an array to the device and from it.
  static func transfers(_ size: ArraySize) -> [Workload] {
    let count = size.byteCount / 4
    let mebibytes = size.byteCount >> 20
    return [
      Workload(
        name: "upload", title: "\(mebibytes) MiB to the device", quantity: .gigabytes,
        bytes: Double(size.byteCount)
      ) { _ in
        let scalars = [Float](repeating: 1, count: count)
        return { repetitions in
          for _ in 0..<repetitions { _ = Tensor(scalars) }
        }
      },
      Workload(
        name: "download", title: "\(mebibytes) MiB from the device", quantity: .gigabytes,
        bytes: Double(size.byteCount)
      ) { operands in
        let x = operands.tensor(
          [count / ArraySize.columns, ArraySize.columns], seed: 1, of: Float.self)
        return { repetitions in
          for _ in 0..<repetitions { _ = x.scalars }
        }
      },
    ]
  }

  /// Sums of four elements, whose time is almost entirely the engine's overhead.
  static let overheads = [
    Workload(name: "add_untracked", title: "a + b, 4 Floats", quantity: .nanoseconds) { _ in
      let (a, b) = (Tensor<Float>([1, 2, 3, 4]), Tensor<Float>([5, 6, 7, 8]))
      return { repetitions in
        for _ in 0..<repetitions { _ = a + b }
      }
    },
    Workload(name: "add_recorded", title: "p + b, 4 Floats, recorded", quantity: .nanoseconds) {
      _ in
      let p = Parameter(Tensor<Float>([1, 2, 3, 4])).tensor
      let b = Tensor<Float>([5, 6, 7, 8])
      return { repetitions in
        for _ in 0..<repetitions { _ = p + b }
      }
    },
    Workload(name: "multiply_scalar", title: "a · 2, 4 Floats", quantity: .nanoseconds) { _ in
      let a = Tensor<Float>([1, 2, 3, 4])
      return { repetitions in
        for _ in 0..<repetitions { _ = a * 2 }
      }
    },
    Workload(
      name: "launch_latency", title: "a + b, 4 Floats, and wait for it", quantity: .microseconds
    ) { _ in
      let (a, b) = (Tensor<Float>([1, 2, 3, 4]), Tensor<Float>([5, 6, 7, 8]))
      let device = a.device
      return { repetitions in
        for _ in 0..<repetitions {
          _ = a + b
          device.synchronize()
        }
      }
    },
    Workload(
      name: "read_latency", title: "a + b, 1 Float, and read it", quantity: .microseconds
    ) { _ in
      let (a, b) = (Tensor<Float>([1]), Tensor<Float>([2]))
      return { repetitions in
        for _ in 0..<repetitions { _ = (a + b).item() }
      }
    },
  ]
}
