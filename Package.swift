// swift-tools-version: 6.2
import PackageDescription

// A target that imports only the umbrella is not rebuilt when a module behind it changes its layout:
// every executable and test lists them all.
let allModules: [Target.Dependency] = [
  "Slope", "SlopeCore", "SlopeNN", "SlopeOptimizers", "SlopeData", "SlopeTraining", "SlopeTabular",
  "SlopePlot", "SlopeReport",
]

// Tests call, and wait for, what is optimised; to optimise them too takes minutes of every build.
let testSettings: [SwiftSetting] = [.unsafeFlags(["-Onone"])]

/// Programs of one file each.
let examples = [
  "Lecture", "Overflow", "Iris", "Digits", "Convolution", "OwnOptimizer", "OwnFunction", "Saving",
]
let exampleTargets = examples.map { name in
  Target.executableTarget(
    name: name, dependencies: allModules, path: "Examples",
    exclude: examples.filter { $0 != name }.map { $0 + ".swift" } + ["c-library"],
    sources: [name + ".swift"])
}

// Only `make docs` sets SLOPE_DOCS: a package that depends on this one does not fetch the plugin.
let documentationPlugin: [Package.Dependency] =
  Context.environment["SLOPE_DOCS"] == nil
  ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")]

// The commit that a build is of, for `mltrain --version`.
let commit: [CSetting] =
  Context.gitInformation.map { git in
    [
      .define("SLOPE_COMMIT", to: "\"\(git.currentCommit)\""),
      .define("SLOPE_HAS_CHANGES", to: git.hasUncommittedChanges ? "1" : "0"),
    ]
  } ?? []

// Only tools/fuzz sets SLOPE_FUZZ, to the folder of the compiler's libFuzzer.
let fuzzTargets: [Target] =
  Context.environment["SLOPE_FUZZ"].map { folder in
    [
      .target(name: "CFuzzer", path: "tools/programs/CFuzzer"),
      .executableTarget(
        name: "fuzz", dependencies: allModules + ["CFuzzer", "CommandSupport"],
        path: "tools/programs/fuzz", exclude: ["config.dict", "model.dict", "table.dict"],
        linkerSettings: [
          .unsafeFlags(["\(folder)/libclang_rt.fuzzer_no_main-x86_64.a"]),
          .linkedLibrary("stdc++"),
        ]),
    ]
  } ?? []

let package = Package(
  name: "Slope",
  products: [
    .library(name: "Slope", targets: ["Slope"]),
    .library(name: "slope_predict", type: .dynamic, targets: ["SlopePredict"]),
    .executable(name: "mltrain", targets: ["mltrain"]),
    .executable(name: "conformance", targets: ["conformance"]),
    .executable(name: "torchstream", targets: ["torchstream"]),
    .executable(name: "flops", targets: ["flops"]),
    .executable(name: "devicecheck", targets: ["devicecheck"]),
  ],
  traits: [
    .trait(name: "OpenCL", description: "The backend for OpenCL devices."),
    .trait(
      name: "KernelsFromDisk",
      description: "Reads kernels/ when a program starts, for work on the kernels."),
    .default(enabledTraits: ["OpenCL"]),
  ],
  dependencies: [
    // The commands' arguments and help: about 40 s of a clean build, 1 MB of the commands' text.
    .package(
      url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.0")),
    // The commands' configuration files.
    .package(url: "https://github.com/LebJe/TOMLKit", .upToNextMinor(from: "0.6.0")),
  ] + documentationPlugin,
  targets: [
    // MARK: C
    .target(
      name: "CKernels", path: "kernels",
      exclude: ["primitives.def", "prelude.h", "special.h", "philox.h", "opencl"],
      sources: ["cpu"], publicHeadersPath: "cpu/include", cSettings: [.headerSearchPath(".")],
      linkerSettings: [.linkedLibrary("m")]),
    // Matrix products of Float and Double at the processor's speed. Its header is read, and the library
    // found when a program computes its first product: nothing is linked.
    .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CNumberParsing"),
    .target(name: "CSlopeVersion", cSettings: commit),
    // Finds the loader at run time, and holds the text of kernels/opencl: nothing is linked.
    .target(name: "COpenCL", linkerSettings: [.linkedLibrary("dl")]),

    // MARK: The library
    .target(
      name: "SlopeCore",
      dependencies: [
        "CKernels", "COpenBLAS",
        .target(name: "COpenCL", condition: .when(traits: ["OpenCL"])),
      ]),
    .target(name: "SlopeNN", dependencies: ["SlopeCore"]),
    .target(name: "SlopeOptimizers", dependencies: ["SlopeCore"]),
    .target(
      name: "SlopeData",
      dependencies: ["SlopeCore", "CKernels", "CNumberParsing", "CSlopeVersion"]),
    .target(
      name: "SlopeTraining",
      dependencies: ["SlopeCore", "SlopeNN", "SlopeOptimizers", "SlopeData"]),
    .target(
      name: "SlopeTabular",
      dependencies: ["SlopeCore", "SlopeNN", "SlopeOptimizers", "SlopeData", "SlopeTraining"]),
    .target(name: "SlopePlot", dependencies: ["SlopeCore", "SlopeData", "SlopeTraining"]),
    .target(
      name: "SlopeReport",
      dependencies: ["SlopeCore", "SlopeData", "SlopeTraining", "SlopeTabular", "SlopePlot"]),
    .target(
      name: "Slope",
      dependencies: [
        "SlopeCore", "SlopeNN", "SlopeOptimizers", "SlopeData", "SlopeTraining", "SlopeTabular",
        "SlopePlot", "SlopeReport",
      ]),

    // Predictions for programs in C, and what can call C: libslope_predict.so.
    .target(name: "CSlopePredict"),
    .target(
      name: "SlopePredict",
      dependencies: ["CSlopePredict", "SlopeCore", "SlopeData", "SlopeTabular"]),

    // MARK: Commands
    // What every command does alike: its streams, its errors and its end.
    .target(
      name: "CommandSupport",
      dependencies: [
        "SlopeData", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ]),
    // Finds the fastest matrix products of an OpenCL device, by trials in a process of their own.
    .target(name: "SlopeTuning", dependencies: ["SlopeCore", "SlopeData"]),
    .executableTarget(
      name: "mltrain",
      dependencies: allModules + [
        "CommandSupport", "SlopeTuning",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "ConformanceKit", dependencies: allModules, path: "tools/programs/ConformanceKit"),
    .executableTarget(
      name: "conformance",
      dependencies: allModules + [
        "CommandSupport", "ConformanceKit",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "tools/programs/conformance"),
    // Compares the random stream, and trainings that draw from it, with PyTorch's.
    .target(
      name: "TorchStreamKit",
      dependencies: ["SlopeCore", "SlopeNN", "SlopeOptimizers", "SlopeData"],
      path: "tools/programs/TorchStreamKit"),
    .executableTarget(
      name: "torchstream",
      dependencies: allModules + [
        "CommandSupport", "TorchStreamKit",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "tools/programs/torchstream"),
    // Every kind of kernel on small operands: what tools/sanitize has a simulator run.
    .executableTarget(
      name: "devicecheck",
      dependencies: allModules + [
        "CommandSupport", "ConformanceKit",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "tools/programs/devicecheck"),
    // A check of each part in half a minute, for every edit: `make smoke`.
    .executableTarget(name: "smoke", dependencies: allModules, path: "tools/programs/smoke"),
    // Every public entry point with arguments that nobody should give.
    .executableTarget(
      name: "hostile",
      dependencies: allModules + [
        "CSlopePredict", "SlopePredict",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "tools/programs/hostile"),
    // A training that is killed and goes on: what tools/kill-check and a test run.
    .executableTarget(
      name: "trainerrun", dependencies: allModules, path: "tools/programs/trainerrun"),
    // Layers as files of ONNX, with inputs and outputs: what tools/check-onnx compares.
    .executableTarget(
      name: "layerexport", dependencies: allModules + ["TestSupport"],
      path: "tools/programs/layerexport"),
    // What happens where memory ends: run by a test under limits of the address space.
    .executableTarget(
      name: "memorycheck", dependencies: allModules, path: "tools/programs/memorycheck"),
    // What the machine can do, by loops that are none of the library's.
    .target(name: "CProbes", path: "Benchmarks/CProbes"),
    .executableTarget(
      name: "flops",
      dependencies: allModules + [
        "CommandSupport", "CProbes", "CKernels", "COpenBLAS",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/flops"),
    // Seconds from a CSV file to a tensor: what bench-csv calls.
    .executableTarget(
      name: "tableread", dependencies: allModules, path: "Benchmarks/tables/tableread"),

    // MARK: Tests
    .target(
      name: "TestSupport", dependencies: allModules, path: "Tests/TestSupport"),
    .testTarget(
      name: "SlopeCoreTests",
      dependencies: allModules + [
        "CKernels", "COpenBLAS", "TestSupport", "ConformanceKit", "memorycheck",
      ], swiftSettings: testSettings),
    .testTarget(
      name: "SlopeDataTests", dependencies: allModules + ["CNumberParsing", "TestSupport"],
      swiftSettings: testSettings),
    .testTarget(
      name: "SlopeTrainingTests", dependencies: allModules + ["TestSupport", "trainerrun"],
      exclude: ["make-metric-cases.py"], swiftSettings: testSettings),
    .testTarget(
      name: "SlopeTabularTests", dependencies: allModules + ["TestSupport"],
      swiftSettings: testSettings),
    // The C interface, called as C calls it.
    .testTarget(
      name: "SlopePredictTests",
      dependencies: allModules + ["CSlopePredict", "SlopePredict", "TestSupport"],
      swiftSettings: testSettings),
    // The command as a process: the dependency has it built.
    .testTarget(
      name: "mltrainTests", dependencies: allModules + ["TestSupport", "mltrain"],
      swiftSettings: testSettings),
    // What the command draws, by its own functions. A target of its own: what mltrain imports gives
    // texts other members of the same names.
    .testTarget(
      name: "TrainingDisplayTests", dependencies: allModules + ["mltrain"],
      swiftSettings: testSettings),
    // The tool as a process, and its list beside the compiler's.
    .testTarget(
      name: "HostileTests", dependencies: allModules + ["TestSupport", "hostile"],
      swiftSettings: testSettings),
    .testTarget(
      name: "SlopePlotTests", dependencies: allModules + ["TestSupport"],
      swiftSettings: testSettings),
    .testTarget(
      name: "SlopeReportTests", dependencies: allModules + ["TestSupport"],
      swiftSettings: testSettings),
    .testTarget(name: "SlopeNNTests", dependencies: allModules, swiftSettings: testSettings),
    .testTarget(
      name: "SlopeOptimizersTests", dependencies: allModules + ["TestSupport"],
      swiftSettings: testSettings),
    .testTarget(
      name: "TorchStreamTests",
      dependencies: allModules + ["TorchStreamKit", "TestSupport", "torchstream"],
      swiftSettings: testSettings),
    .testTarget(
      name: "ConformanceTests", dependencies: allModules + ["ConformanceKit", "conformance"],
      swiftSettings: testSettings),
    // The examples as processes: the dependency has them built.
    .testTarget(
      name: "ExamplesTests",
      dependencies: allModules + ["mltrain"]
        + examples.map { Target.Dependency(stringLiteral: $0) },
      swiftSettings: testSettings),
    .testTarget(
      name: "FlopsTests", dependencies: allModules + ["flops", "CProbes", "TestSupport"],
      swiftSettings: testSettings),
  ] + exampleTargets + fuzzTargets,
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x,
  cxxLanguageStandard: .cxx17
)
