@testable import flops

extension Machine {
  static let sample = Machine(
    processor: "P", threads: 2, instructions: "I", blasKernel: "K", blasKernelIsForced: true,
    loadAverage: 0.5, loadAverageAfter: 1.25, memoryBytes: 1 << 34, lastLevelCacheBytes: 32 << 20)
}

extension Workload {
  /// A workload that does nothing.
  static func sample(
    _ quantity: Quantity, operations: Double = 0, bytes: Double = 0, roof: Roof? = nil
  ) -> Workload {
    Workload(
      name: "n", title: "t", quantity: quantity, operations: operations, bytes: bytes, roof: roof
    ) { _ in { _ in } }
  }
}

extension Report {
  /// Possible results of two devices, some of whose points are close together or coincide.
  static let sample: Report = {
    var report = Report(results: [], machine: .sample, rounds: 9)
    let labels = [
      "256²", "512²", "1024²", "2048²", "tall", "wide", "batched", "vector", "MLP 784",
      "MLP 784 gradient", "MLP 1024", "add", "multiply-add", "exp", "sigmoid(a·b + c)", "sum",
      "sum rows", "sum columns", "max", "softmax",
    ]
    for (place, device) in ["cpu", "opencl:0:0"].enumerated() {
      report.devices.append(
        DeviceRecord(
          name: device, title: "\(device) <&> \"title\"", lastLevelCacheBytes: 1 << 25,
          arrayBytes: 1 << 27,
          roofs: [
            RoofHeight(roof: .float32, value: 230, unit: "GFLOP/s", source: "fma_float_all"),
            RoofHeight(roof: .float64, value: 115, unit: "GFLOP/s", source: "fma_double_all"),
            RoofHeight(roof: .memory, value: 45, unit: "GB/s", source: "read_all"),
          ]))
      for (index, label) in labels.enumerated() {
        for (dtype, share) in [("float32", 1.0), ("float64", 0.5)] {
          // Products are close below arithmetic's roof, the others below memory's.
          let isProduct = index < 11
          let bytes = isProduct ? 2 + Double(index % 5) : 20 + Double(index % 3)
          let rate = isProduct ? 150 + Double(index * (7 + place) % 60) : 2 + Double(index % 4)
          report.results.append(
            Result(
              device: device, name: "\(label) \(dtype)", section: "matmul", title: label,
              label: label, dtype: dtype, value: rate * share, unit: "GFLOP/s",
              gigaflopsPerSecond: rate * share, gigabytesPerSecond: bytes, percentOfPeak: 60,
              peak: "fma_float_all"))
        }
      }
      for (name, section, value, unit) in [
        ("copy_float32", "copy", 30.0, "GB/s"), ("upload", "transfer", 12, "GB/s"),
        ("lecture_step", "lecture", 3.25, "us"),
        ("mnist_mlp_784_256_128_10_b128_adam", "steps", 1250, "us"),
      ] {
        report.results.append(
          Result(
            device: device, name: name, section: section, title: "title of \(name)",
            dtype: "float32", value: value, unit: unit,
            gigabytesPerSecond: unit == "GB/s" ? value : nil,
            launches: place == 0 ? nil : 32, waits: place == 0 ? nil : 1))
      }
    }
    return report
  }()
}
