import Foundation
import Testing

/// The program that stands in for `ambd` and `ambtrain` as the isolated reader's child.
enum ChildProgram {
  /// Its place among the products of this build: tests are run by the test bundle itself, which lies there too, or by a
  /// helper of the toolchain that is given the test bundle's path.
  static func locate() throws -> URL {
    let running = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let candidates = ([running] + CommandLine.arguments).map {
      URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("bundle-reader")
    }
    return try #require(candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) })
  }
}
