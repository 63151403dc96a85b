// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Slope",
  products: [
    .library(name: "Slope", targets: ["Slope"]),
    .executable(name: "mltrain", targets: ["mltrain"]),
    .executable(name: "conformance", targets: ["conformance"]),
    .executable(name: "flops", targets: ["flops"]),
  ],
  dependencies: [
    // The commands' arguments and help: about 40 s of a clean build, 1 MB of the commands' text.
    .package(
      url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.0"))
  ],
  targets: [
    // MARK: C
    .target(
      name: "CKernels", path: "kernels", exclude: ["opencl", "primitives.def", "prelude.h"],
      sources: ["cpu"], publicHeadersPath: "cpu/include", cSettings: [.headerSearchPath(".")],
      linkerSettings: [.linkedLibrary("m")]),
    .systemLibrary(
      name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CNumberParsing"),

    // MARK: The library
    .target(name: "SlopeCore", dependencies: ["CKernels", "COpenBLAS"]),
    .target(name: "SlopeNN", dependencies: ["SlopeCore"]),
    .target(name: "SlopeOptimizers", dependencies: ["SlopeCore"]),
    .target(name: "SlopeData", dependencies: ["SlopeCore", "CNumberParsing"]),
    .target(
      name: "SlopeTabular",
      dependencies: ["SlopeCore", "SlopeNN", "SlopeOptimizers", "SlopeData"]),
    .target(
      name: "Slope",
      dependencies: ["SlopeCore", "SlopeNN", "SlopeOptimizers", "SlopeData", "SlopeTabular"]),

    // MARK: Tests
    .testTarget(
      name: "SlopeDataTests", dependencies: ["SlopeCore", "SlopeData", "CNumberParsing"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x,
  cxxLanguageStandard: .cxx17
)
