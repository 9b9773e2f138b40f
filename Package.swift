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
    // Probe plans and figures, which its interface speaks of, come along.
    .library(name: "AMBDSGDN", targets: ["AMBDSGDN", "EvaluationStatistics"]),
    .library(name: "DialogueBundles", targets: ["DialogueBundles"]),
    .library(name: "ModelTraining", targets: ["ModelTraining"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
  ],
  targets: [
    // System libraries and C
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"])]),
    // libcrypto, which libhdf5 brings along anyway.
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CInotifyTools", providers: [.apt(["libinotifytools0-dev"])]),
    .target(name: "CSystemCalls"),
    .target(name: "CStartup"),
    .target(name: "CKernels"),

    // The domain, and what needs neither network nor files
    .target(name: "DialogueDomain", swiftSettings: strict),
    .target(name: "EvaluationStatistics", dependencies: ["DialogueDomain"], swiftSettings: strict),
    .target(
      name: "OperatingSystem", dependencies: ["DialogueDomain", "CSystemCalls", "COpenSSL"], swiftSettings: strict),
    .target(name: "Presentation", dependencies: ["DialogueDomain"], swiftSettings: strict),
    .target(
      name: "LabelFiles", dependencies: ["DialogueDomain", "OperatingSystem", "Presentation"], swiftSettings: strict),
    .target(name: "Transcripts", dependencies: ["DialogueDomain"], swiftSettings: strict),
    .target(name: "TypedSettings", dependencies: ["DialogueDomain"], swiftSettings: strict),
    .target(
      name: "Corrections", dependencies: ["DialogueDomain", "OperatingSystem", "Presentation"], swiftSettings: strict),
    .target(
      name: "AmbqConfiguration", dependencies: ["DialogueDomain", "EvaluationStatistics", "TypedSettings"],
      swiftSettings: strict),

    // The network and its files
    .target(name: "Tensors", dependencies: ["DialogueDomain", "COpenBLAS", "CKernels"], swiftSettings: strict),
    .target(
      name: "AMBDSGDN", dependencies: ["DialogueDomain", "EvaluationStatistics", "OperatingSystem", "Tensors"],
      swiftSettings: strict),
    .target(
      name: "TextEncoder", dependencies: ["AMBDSGDN", "DialogueDomain", "OperatingSystem", "Tensors"],
      swiftSettings: strict),
    .target(
      name: "DialogueBundles",
      dependencies: ["DialogueDomain", "OperatingSystem", "Transcripts", "CHDF5", "CSystemCalls"],
      swiftSettings: strict),
    .target(
      name: "FeatureImport", dependencies: ["DialogueDomain", "OperatingSystem", "CZlib"], swiftSettings: strict),
    .target(
      name: "BundleScoring",
      dependencies: [
        "AMBDSGDN", "DialogueBundles", "DialogueDomain", "EvaluationStatistics", "OperatingSystem", "Tensors",
        "TextEncoder",
      ],
      swiftSettings: strict),
    .target(
      name: "ModelTraining",
      dependencies: [
        "AMBDSGDN", "DialogueDomain", "EvaluationStatistics", "OperatingSystem", "Presentation", "Tensors",
        "TextEncoder", "TypedSettings",
      ],
      swiftSettings: strict),

    // The spine
    .target(
      name: "ResultIndex",
      dependencies: [
        "DialogueDomain", "EvaluationStatistics", "OperatingSystem", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .target(
      name: "DialoguePages", dependencies: ["DialogueDomain", "OperatingSystem", "Presentation", "ResultIndex"],
      swiftSettings: strict),
    .target(
      name: "NightReports",
      dependencies: [
        "AmbqConfiguration", "DialogueDomain", "DialoguePages", "EvaluationStatistics", "OperatingSystem",
        "Presentation", "ResultIndex",
      ],
      swiftSettings: strict),
    // Labels in other programs' formats, and back
    .target(
      name: "ResultExport",
      dependencies: ["DialogueDomain", "OperatingSystem", "Presentation", "ResultIndex", "Transcripts"],
      swiftSettings: strict),
    .target(
      name: "BundleSpool",
      dependencies: ["AmbqConfiguration", "DialogueDomain", "OperatingSystem", "CInotifyTools", "CSystemCalls"],
      swiftSettings: strict),
    .target(
      name: "Shards", dependencies: ["BundleSpool", "DialogueDomain", "OperatingSystem"], swiftSettings: strict),
    .target(
      name: "ScoringDaemon",
      dependencies: [
        "AMBDSGDN", "AmbqConfiguration", "BundleScoring", "BundleSpool", "Corrections", "DialogueBundles",
        "DialogueDomain", "EvaluationStatistics", "LabelFiles", "NightReports", "OperatingSystem", "Presentation",
        "ResultExport", "ResultIndex", "Shards", "Tensors", .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),

    // What ambq asks of the index: the programs only parse and wire
    .target(
      name: "ResultQueries",
      dependencies: [
        "AmbqConfiguration", "BundleSpool", "Corrections", "DialogueDomain", "DialoguePages", "EvaluationStatistics",
        "LabelFiles", "NightReports", "OperatingSystem", "Presentation", "ResultExport", "ResultIndex", "Shards",
        "Transcripts",
      ],
      swiftSettings: strict),

    // The same answers over HTTP
    .target(
      name: "ResultServing",
      dependencies: [
        "AmbqConfiguration", "DialogueDomain", "DialoguePages", "NightReports", "OperatingSystem", "Presentation",
        "ResultIndex", "ResultQueries", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),

    // Measuring, and the paper's experiments
    .target(
      name: "Benchmarking",
      dependencies: [
        "AMBDSGDN", "BundleScoring", "DialogueBundles", "DialogueDomain", "EvaluationStatistics", "ModelTraining",
        "OperatingSystem", "Presentation", "ResultIndex", "Shards", "Tensors", "TextEncoder",
      ],
      swiftSettings: strict),
    .target(
      name: "PaperExperiments",
      dependencies: [
        "AMBDSGDN", "Benchmarking", "DialogueDomain", "EvaluationStatistics", "ModelTraining", "OperatingSystem",
        "Presentation", "Tensors",
      ],
      // The paper's tables, part of the program: an installed one needs no file beside it.
      resources: [.embedInCode("Paper/tables.json")],
      swiftSettings: strict),

    // The commands
    .executableTarget(
      name: "ambd",
      dependencies: [
        "AMBDSGDN", "AmbqConfiguration", "BundleScoring", "BundleSpool", "DialogueBundles", "DialogueDomain",
        "OperatingSystem", "Presentation", "ResultIndex", "ScoringDaemon", "Shards", "Tensors", "TextEncoder",
        "CStartup",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "ambq",
      dependencies: [
        "AmbqConfiguration", "BundleSpool", "Corrections", "DialogueDomain", "NightReports", "OperatingSystem",
        "Presentation", "ResultExport", "ResultIndex", "ResultQueries", "ResultServing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "ambtrain",
      dependencies: [
        "AMBDSGDN", "Benchmarking", "BundleScoring", "Corrections", "DialogueBundles", "DialogueDomain",
        "EvaluationStatistics", "FeatureImport", "ModelTraining", "NightReports", "OperatingSystem",
        "PaperExperiments", "Presentation", "Tensors", "TextEncoder", "TypedSettings", "CStartup",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // Tests mirror Sources; TestFolders and TestSpools hold the folders that several of them work in, and repeatable chance;
    // TestConnections sends what no client would.
    .target(name: "TestConnections", path: "Tests/TestConnections", swiftSettings: strict),
    .target(name: "TestFolders", dependencies: ["DialogueDomain"], path: "Tests/TestFolders", swiftSettings: strict),
    .target(
      name: "TestSpools", dependencies: ["AmbqConfiguration", "BundleSpool"], path: "Tests/TestSpools",
      swiftSettings: strict),
    .testTarget(name: "DialogueDomainTests", dependencies: ["DialogueDomain"], swiftSettings: strict),
    .testTarget(
      name: "EvaluationStatisticsTests", dependencies: ["DialogueDomain", "EvaluationStatistics"],
      resources: [.copy("Metrics/Goldens")], swiftSettings: strict),
    .testTarget(
      name: "TypedSettingsTests", dependencies: ["DialogueDomain", "TypedSettings", "TestFolders"],
      swiftSettings: strict),
    .testTarget(
      name: "CorrectionsTests", dependencies: ["Corrections", "DialogueDomain", "TestFolders"], swiftSettings: strict),
    .testTarget(
      name: "AmbqConfigurationTests",
      dependencies: ["AmbqConfiguration", "DialogueDomain", "EvaluationStatistics", "TestFolders", "TypedSettings"],
      swiftSettings: strict),
    .testTarget(
      name: "OperatingSystemTests", dependencies: ["DialogueDomain", "OperatingSystem", "TestFolders"],
      swiftSettings: strict),
    .testTarget(
      name: "LabelFilesTests", dependencies: ["DialogueDomain", "LabelFiles", "OperatingSystem", "TestFolders"],
      swiftSettings: strict),
    .testTarget(
      name: "ShardsTests", dependencies: ["DialogueDomain", "OperatingSystem", "Shards", "TestFolders"],
      swiftSettings: strict),
    .testTarget(name: "PresentationTests", dependencies: ["DialogueDomain", "Presentation"], swiftSettings: strict),
    .testTarget(
      name: "TranscriptsTests", dependencies: ["DialogueDomain", "TestFolders", "Transcripts"],
      resources: [.copy("Samples")],
      swiftSettings: strict),
    .testTarget(name: "TensorsTests", dependencies: ["CKernels", "Tensors"], swiftSettings: strict),
    // A damaged file may crash the reader: the tests need a program to crash.
    .executableTarget(
      name: "bundle-reader", dependencies: ["DialogueBundles", "HostileCode", "OperatingSystem"],
      path: "Tests/BundleReaderProgram", swiftSettings: strict
    ),
    .target(name: "HostileCode", path: "Tests/HostileCode"),
    .testTarget(
      name: "DialogueBundlesTests",
      dependencies: [
        "bundle-reader", "CHDF5", "DialogueBundles", "DialogueDomain", "HostileCode", "OperatingSystem", "TestFolders",
        "Transcripts",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "FeatureImportTests", dependencies: ["DialogueDomain", "FeatureImport", "OperatingSystem", "TestFolders"],
      resources: [.copy("Fixtures")],
      swiftSettings: strict),
    // What the published code made of generated weights and inputs; optimised, since it generates 13 million weights.
    .target(
      name: "GoldenData", dependencies: ["AMBDSGDN", "DialogueDomain", "Tensors"], path: "Tests/GoldenData",
      resources: [.copy("Goldens")], swiftSettings: strict + [.unsafeFlags(["-O"])]),
    // Small networks with random weights, and bundles for them.
    .target(
      name: "SampleModels", dependencies: ["AMBDSGDN", "DialogueDomain", "Tensors"], path: "Tests/SampleModels",
      swiftSettings: strict),
    .testTarget(
      name: "AMBDSGDNTests",
      dependencies: [
        "AMBDSGDN", "DialogueDomain", "EvaluationStatistics", "GoldenData", "OperatingSystem", "SampleModels",
        "Tensors", "TestFolders",
      ],
      swiftSettings: strict),
    .target(
      name: "TestDialogues", dependencies: ["DialogueDomain", "Tensors"], path: "Tests/TestDialogues",
      swiftSettings: strict),
    .testTarget(
      name: "TextEncoderTests",
      dependencies: [
        "AMBDSGDN", "DialogueBundles", "DialogueDomain", "OperatingSystem", "Tensors", "TestFolders", "TextEncoder",
      ],
      resources: [.copy("Goldens")], swiftSettings: strict),
    .testTarget(
      name: "ModelTrainingTests",
      dependencies: [
        "AMBDSGDN", "DialogueDomain", "EvaluationStatistics", "GoldenData", "ModelTraining", "OperatingSystem",
        "Presentation", "SampleModels", "Tensors", "TestDialogues", "TestFolders", "TextEncoder", "TypedSettings",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "PaperExperimentsTests",
      dependencies: [
        "AMBDSGDN", "DialogueDomain", "EvaluationStatistics", "ModelTraining", "PaperExperiments", "Tensors",
        "TestDialogues", "TestFolders",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "BenchmarkingTests",
      dependencies: [
        "AMBDSGDN", "Benchmarking", "DialogueDomain", "EvaluationStatistics", "ModelTraining", "OperatingSystem",
        "ResultIndex",
        "Tensors", "TestFolders", "TextEncoder",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ResultIndexTests", dependencies: ["DialogueDomain", "EvaluationStatistics", "ResultIndex", "TestFolders"],
      swiftSettings: strict),
    .testTarget(
      name: "DialoguePagesTests",
      dependencies: ["DialogueDomain", "DialoguePages", "Presentation", "ResultIndex", "TestFolders"],
      swiftSettings: strict),
    .testTarget(
      name: "NightReportsTests",
      dependencies: [
        "AmbqConfiguration", "DialogueDomain", "EvaluationStatistics", "NightReports", "Presentation", "ResultIndex",
        "TestFolders",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ResultExportTests",
      dependencies: ["DialogueDomain", "OperatingSystem", "ResultExport", "ResultIndex", "TestFolders", "Transcripts"],
      swiftSettings: strict),
    .testTarget(
      name: "ResultQueriesTests",
      dependencies: [
        "AmbqConfiguration", "Corrections", "DialogueDomain", "EvaluationStatistics", "NightReports", "OperatingSystem",
        "Presentation", "ResultExport", "ResultIndex", "ResultQueries", "TestFolders",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ResultServingTests",
      dependencies: [
        "AmbqConfiguration", "DialogueDomain", "EvaluationStatistics", "OperatingSystem", "Presentation", "ResultIndex",
        "ResultQueries", "ResultServing", "TestConnections", "TestFolders",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "BundleSpoolTests",
      dependencies: ["AmbqConfiguration", "BundleSpool", "DialogueDomain", "OperatingSystem", "TestSpools"],
      swiftSettings: strict),
    .testTarget(
      name: "BundleScoringTests",
      dependencies: [
        "AMBDSGDN", "BundleScoring", "DialogueBundles", "DialogueDomain", "EvaluationStatistics", "OperatingSystem",
        "SampleModels", "Tensors", "TestFolders", "TextEncoder",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ScoringDaemonTests",
      dependencies: [
        "AMBDSGDN", "AmbqConfiguration", "BundleScoring", "BundleSpool", "Corrections", "DialogueBundles",
        "DialogueDomain", "EvaluationStatistics", "LabelFiles", "NightReports", "OperatingSystem", "Presentation",
        "ResultExport", "ResultIndex", "ResultQueries", "ScoringDaemon", "Shards", "Tensors", "TestFolders",
        "TestSpools",
        .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    // Runs the three programs as a user would.
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "ambd", "ambq", "ambtrain", "AMBDSGDN", "CSystemCalls", "DialogueBundles", "DialogueDomain",
        "EvaluationStatistics", "FeatureImport", "Presentation", "ResultIndex", "TestConnections", "TextEncoder",
      ],
      exclude: ["HelpTexts"], swiftSettings: strict),
  ]
)

// Only for `make fuzz`: without libFuzzer the program has no main function.
if Context.environment["AMBQ_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "AMBDSGDN", "DialogueBundles", "FeatureImport", "ResultIndex", "TextEncoder", "Transcripts", "TypedSettings",
      ],
      path: "Tests/Fuzzing", swiftSettings: strict))
  package.products.append(.executable(name: "fuzz", targets: ["fuzz"]))
}

// Only for `make test-simulation`: it takes the C library's place for the calls that it watches.
if Context.environment["AMBQ_SIMULATION"] != nil {
  package.targets += [
    .target(name: "InterposedCalls", path: "Tests/InterposedCalls"),
    .executableTarget(
      name: "simulation",
      dependencies: [
        "AMBDSGDN", "AmbqConfiguration", "BundleScoring", "BundleSpool", "DialogueBundles", "DialogueDomain",
        "EvaluationStatistics", "InterposedCalls", "OperatingSystem", "Presentation", "SampleModels", "ScoringDaemon",
        "Tensors", "TestFolders", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Logging", package: "swift-log"),
      ],
      path: "Tests/Simulation", swiftSettings: strict),
  ]
  package.products.append(.executable(name: "simulation", targets: ["simulation"]))
}
