import DialogueDomain
import Foundation
import TestFolders
import Testing

@testable import DialogueBundles

/// Damaged files, some of which crash the HDF5 library: the parent always gets a bundle or an error.
struct MutationTests {
  /// A bundle as other programs write it, and one of our own.
  private static func bases() throws -> [Data] {
    let bundle = try BundleFixture().read()
    return [try BundleFixture().content(), try BundleWriter().content(of: bundle)]
  }

  @Test(arguments: [0, 1])
  func mutatedFilesGiveABundleOrAnError(_ base: Int) throws {
    let folder = try TemporaryFolder()
    var limits = IsolatedBundleReader.Limits()
    // A zero in the wrong place sends the library round in circles.
    limits.processorSeconds = 1
    let reader = IsolatedBundleReader(executable: try ChildProgram.locate(), limits: limits)
    let sound = try Self.bases()[base]
    var random = RepeatableRandom(UInt64(base))
    for round in 0..<120 {
      var content = sound
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        content[Int.random(in: 0..<content.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let file = try folder.write(content, to: "\(round).h5")
      do {
        let reading = try reader.read(file)
        #expect(reading.bundle.dialogues.last?.rows.upperBound == reading.bundle.utterances.count)
        #expect(reading.bundle.features.values.allSatisfy { $0.values.allSatisfy(\.isFinite) })
      } catch let error as BundleError {
        #expect(error.explanation.location?.hasPrefix("\(round).h5") ?? false)
        #expect(error.fault != .readerUnavailable && error.fault != .readerGarbled, "\(error)")
      }
    }
  }
}
