import DialogueDomain
import Foundation
import Testing

@testable import DialogueBundles

/// The samples that come with the project are sound, and what their description says.
struct SampleBundleTests {
  @Test(arguments: [("monday", 128), ("tuesday", 122), ("wednesday", 138)])
  func sample(_ name: String, _ utterances: Int) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../etc/samples/\(name).h5").standardizedFileURL
    let bundle = try BundleReader().read(file).bundle
    #expect(bundle.dialogues.count == 10)
    #expect(bundle.utterances.count == utterances)
    #expect(bundle.features.mapValues(\.width) == [.text: 384, .audio: 8])
    #expect(bundle.extractors == [.text: "all-MiniLM-L6-v2/384", .audio: "turn-timing/8"])
    #expect(bundle.emotions?.names == ["neutral", "surprise", "fear", "sadness", "joy", "disgust", "anger"])
    #expect(bundle.utterances.allSatisfy { $0.label != nil })
  }
}
