// swift-tools-version: 6.2
import PackageDescription

// A program of its own that scores bundles with this library. Elsewhere, depend on it by URL and version:
//   .package(url: "https://…/ambq", from: "0.1.0")

let package = Package(
  name: "ScoreABundle",
  dependencies: [
    .package(name: "ambq", path: "../..")
  ],
  targets: [
    .executableTarget(
      name: "ScoreABundle",
      dependencies: [
        .product(name: "AMBDSGDN", package: "ambq"), .product(name: "DialogueBundles", package: "ambq"),
      ])
  ]
)
