import AMBDSGDN
import BundleScoring
import DialogueBundles
import DialogueDomain
import Foundation
import Presentation
import TestSpools
import Testing

@testable import ScoringDaemon

/// Bundles whose features come part by part, and features that no training data looked like.
extension BundlePipelineTests {
  /// Gives what `FakeIntake` reads one utterance, a dialogue of its own, after the other, and fails at one of them.
  private struct PartedIntake: BundleSource {
    var failure: (part: Int, error: any Error & Sendable)?

    func read(_ url: URL) throws -> BundleReading { try FakeIntake().read(url) }

    func open(_ url: URL) throws -> OpenedBundle {
      let reading = try read(url)
      let outline = BundleOutline(Self.spread(reading.bundle))
      return OpenedBundle(
        outline, digest: reading.digest, byteCount: reading.byteCount,
        parts: outline.dialogues.indices.map { $0..<$0 + 1 }
      ) { [failure] dialogues in
        if let failure, dialogues.contains(failure.part) { throw failure.error }
        return OpenedBundle.Part(
          outline.part(dialogues, features: reading.bundle.features.mapValues { $0.rows(dialogues) }))
      }
    }

    static func spread(_ bundle: FeatureBundle) -> FeatureBundle {
      var bundle = bundle
      bundle.dialogues = bundle.utterances.indices.map { Dialogue(id: "d\($0)", rows: $0..<$0 + 1) }
      return bundle
    }
  }

  @Test func aBundleThatComesInPartsGetsTheLabelsThatItGetsWhole() throws {
    guard case .scored(let recorded, _, _) = try run("seven", with: pipeline(intake: PartedIntake())) else {
      Issue.record("not scored")
      return
    }
    #expect(recorded.utterances == 5 && recorded.dialogues == 5)
    let bundle = PartedIntake.spread(FakeIntake.bundle(Data("seven".utf8)))
    let expected = try BundleScorer(TinyModel.model(), threads: 1).score(bundle, name: "friday.h5")
    #expect(try place.text("friday.tsv", in: \.labels) == LabelTable.render(expected))
  }

  @Test func aBundleThatFailsInTheMidstLeavesNothing() throws {
    let intake = PartedIntake(failure: (3, FakeError.notHDF5))
    guard case .failed(_, let explanation) = try run("seven", with: pipeline(intake: intake)) else {
      Issue.record("not failed")
      return
    }
    #expect(explanation == FakeError.notHDF5.explanation)
    #expect(try place.names(\.labels).isEmpty && index.rows().isEmpty && index.failures().count == 1)
    #expect(try place.names(\.failed) == ["friday.h5", "friday.h5.error.json"])
    // Trouble that passes is tried again, and nothing is there before that.
    let busy = PartedIntake(failure: (1, FakeError.busy))
    guard case .deferred = try run("eight", with: pipeline(intake: busy)) else {
      Issue.record("not deferred")
      return
    }
    #expect(try place.names(\.labels).isEmpty && index.rows().isEmpty)
  }

  /// A model whose training data hardly varied: everything lies far beyond it.
  @Test func featuresFarBeyondTheTrainingDataFailTheBundleAndLeaveNoLabels() throws {
    let plain = TinyModel.model()
    let narrow = Model(
      network: Network(plain.configuration, ParameterSet(plain.configuration, seed: 1)),
      standardisation: [
        .text: Standardisation(
          mean: [Float](repeating: 0, count: TinyModel.width),
          deviation: [Float](repeating: 1e-6, count: TinyModel.width))
      ], digest: "narrow")
    guard case .failed(_, let explanation) = try run("four", with: pipeline(model: narrow)) else {
      Issue.record("not failed")
      return
    }
    #expect(explanation.location?.hasPrefix("friday.h5: /text row 0 column ") == true)
    #expect(explanation.location?.contains("dialogue \"d\", utterance \"d#0\"") == true)
    #expect(explanation.found?.contains("deviations from the mean") == true && explanation.remedy != nil)
    #expect(explanation.expected?.contains("training mean 0, the deviation being 1e-06") == true)
    #expect(try place.names(\.labels).isEmpty && index.rows().isEmpty && index.failures().count == 1)
  }
}
