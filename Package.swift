// swift-tools-version: 6.2
import PackageDescription

// Rooms from the ground floor up; a room depends only on rooms above it in this list.
// docs/ARCHITECTURE.md says what each holds and why.

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "ambq",
  products: [
    .executable(name: "ambd", targets: ["ambd"]),
    .executable(name: "ambq", targets: ["ambq"]),
    .executable(name: "ambtrain", targets: ["ambtrain"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
  ],
  targets: [
    // System libraries and C
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"])]),
    // libcrypto, which libhdf5 brings along anyway.
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CInotifyTools", providers: [.apt(["libinotifytools0-dev"])]),
    // Optimised in debug builds too: tests run the elementwise loops.
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O2"])]),

    // The domain
    .target(name: "Dialogue", swiftSettings: strict),
    .target(name: "Metrics", dependencies: ["Dialogue"], swiftSettings: strict),
    .target(name: "Robustness", dependencies: ["Dialogue", "Metrics"], swiftSettings: strict),
    .target(
      name: "Configuration", dependencies: ["Dialogue", "Robustness", .product(name: "TOMLKit", package: "TOMLKit")],
      swiftSettings: strict),
    .target(name: "Storage", dependencies: ["Dialogue", "CKernels", "COpenSSL"], swiftSettings: strict),
    .target(name: "Terminal", dependencies: ["Dialogue"], swiftSettings: strict),
    .target(name: "Pictures", swiftSettings: strict),

    // Numbers and files
    .target(name: "Numerics", dependencies: ["COpenBLAS", "CKernels"], swiftSettings: strict),
    .target(name: "Bundles", dependencies: ["Dialogue", "Storage", "CHDF5"], swiftSettings: strict),
    .target(name: "Interchange", dependencies: ["Dialogue", "Storage", "CZlib"], swiftSettings: strict),
    .target(name: "DSGDN", dependencies: ["Dialogue", "Storage", "Numerics"], swiftSettings: strict),
    .target(
      name: "Probes", dependencies: ["DSGDN", "Metrics", "Numerics", "Robustness"], swiftSettings: strict),
    .target(
      name: "Training",
      dependencies: ["DSGDN", "Metrics", "Numerics", "Pictures", .product(name: "TOMLKit", package: "TOMLKit")],
      swiftSettings: strict),

    // The spine
    .target(
      name: "Index", dependencies: ["Dialogue", "Metrics", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),
    .target(
      name: "Reports",
      dependencies: ["Configuration", "Dialogue", "Index", "Metrics", "Pictures", "Robustness", "Terminal"],
      swiftSettings: strict),
    .target(
      name: "Spool", dependencies: ["Configuration", "Dialogue", "Storage", "CInotifyTools", "CKernels"],
      swiftSettings: strict),
    .target(name: "Scoring", dependencies: ["Bundles", "Probes", "Robustness"], swiftSettings: strict),
    .target(
      name: "Daemon",
      dependencies: [
        "Bundles", "Configuration", "Robustness", "Spool", "Scoring", .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),

    // Measuring
    .target(
      name: "Benchmarks", dependencies: ["Bundles", "DSGDN", "Index", "Probes", "Robustness", "Training"],
      swiftSettings: strict),

    // The paper's experiments
    .target(
      name: "Experiments",
      dependencies: ["Benchmarks", "DSGDN", "Metrics", "Numerics", "Pictures", "Terminal", "Training"],
      swiftSettings: strict),

    // The commands
    .executableTarget(
      name: "ambd",
      dependencies: [
        "Bundles", "Configuration", "DSGDN", "Daemon", "Index", "Numerics", "Reports", "Robustness", "Scoring", "Spool",
        "Storage",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "ambq",
      dependencies: [
        "Configuration", "Index", "Metrics", "Reports", "Terminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "ambtrain",
      dependencies: [
        "Benchmarks", "Bundles", "DSGDN", "Experiments", "Interchange", "Metrics", "Pictures", "Probes", "Reports",
        "Robustness",
        "Scoring", "Spool", "Storage", "Terminal", "Training",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // Tests mirror Sources; TestFolders holds the folders and spools that several of them work in.
    .target(
      name: "TestFolders", dependencies: ["Configuration", "Spool"], path: "Tests/TestFolders", swiftSettings: strict),
    .testTarget(name: "DialogueTests", dependencies: ["Dialogue"], swiftSettings: strict),
    .testTarget(
      name: "MetricsTests", dependencies: ["Metrics"], resources: [.copy("Goldens")], swiftSettings: strict),
    .testTarget(name: "RobustnessTests", dependencies: ["Robustness"], swiftSettings: strict),
    .testTarget(name: "ConfigurationTests", dependencies: ["Configuration", "TestFolders"], swiftSettings: strict),
    .testTarget(name: "StorageTests", dependencies: ["Storage"], swiftSettings: strict),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal"], swiftSettings: strict),
    .testTarget(name: "PicturesTests", dependencies: ["Pictures"], swiftSettings: strict),
    .testTarget(name: "NumericsTests", dependencies: ["Numerics"], swiftSettings: strict),
    // A damaged file may crash the reader: the tests need a program to crash.
    .executableTarget(
      name: "bundle-reader", dependencies: ["Bundles"], path: "Tests/BundleReaderProgram", swiftSettings: strict),
    .testTarget(name: "BundlesTests", dependencies: ["Bundles", "bundle-reader"], swiftSettings: strict),
    .testTarget(
      name: "InterchangeTests", dependencies: ["Interchange"], resources: [.copy("Fixtures")], swiftSettings: strict),
    // What the published code made of generated weights and inputs; optimised, since it generates 13 million weights.
    .target(
      name: "GoldenData", dependencies: ["DSGDN"], path: "Tests/GoldenData", resources: [.copy("Goldens")],
      swiftSettings: strict + [.unsafeFlags(["-O"])]),
    .testTarget(name: "DSGDNTests", dependencies: ["DSGDN", "GoldenData"], swiftSettings: strict),
    .testTarget(name: "ProbesTests", dependencies: ["Probes"], swiftSettings: strict),
    .testTarget(name: "TrainingTests", dependencies: ["GoldenData", "Training"], swiftSettings: strict),
    .testTarget(
      name: "ExperimentsTests", dependencies: ["Experiments", "DSGDN", "Numerics", "Training"], swiftSettings: strict),
    .testTarget(name: "BenchmarksTests", dependencies: ["Benchmarks"], swiftSettings: strict),
    .testTarget(name: "IndexTests", dependencies: ["Index"], swiftSettings: strict),
    .testTarget(
      name: "ReportsTests", dependencies: ["Configuration", "Dialogue", "Index", "Metrics", "Reports", "Robustness"],
      swiftSettings: strict),
    .testTarget(name: "SpoolTests", dependencies: ["Spool", "TestFolders"], swiftSettings: strict),
    .testTarget(
      name: "ScoringTests",
      dependencies: ["Bundles", "DSGDN", "Numerics", "Probes", "Robustness", "Scoring", "TestFolders"],
      swiftSettings: strict),
    .testTarget(name: "DaemonTests", dependencies: ["Daemon", "TestFolders"], swiftSettings: strict),
    // Runs the three programs as a user would.
    .testTarget(
      name: "CommandTests",
      dependencies: ["ambd", "ambq", "ambtrain", "Bundles", "CHDF5", "DSGDN", "Index", "Interchange", "Robustness"],
      swiftSettings: strict),
  ]
)
