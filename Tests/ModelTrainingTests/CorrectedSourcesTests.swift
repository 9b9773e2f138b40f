import DialogueDomain
import Foundation
import Testing

@testable import ModelTraining

/// Training on what people have corrected.
@Suite struct CorrectedSourcesTests {
  private let bundle = SmallDialogues.bundle(dialogues: 2, seed: 1)

  private func source(_ bundle: FeatureBundle, digest: String = "d") -> TrainingData.Source {
    TrainingData.Source(name: "a.h5", bundle: bundle, digest: digest)
  }

  private func corrections(_ emotions: [Int: String?], digest: String = "d") -> [Correction.Target: Correction] {
    let dialogue = bundle.dialogues[0]
    return emotions.reduce(into: [:]) { found, entry in
      let correction = Correction(
        bundleDigest: digest, dialogue: dialogue.id,
        utterance: entry.key < 0 ? "none" : bundle.utterances[dialogue.rows.lowerBound + entry.key].id,
        emotion: entry.value, by: "Anna", at: Date(timeIntervalSince1970: 0), account: "anna",
        taken: Date(timeIntervalSince1970: 0))
      found[correction.target] = correction
    }
  }

  @Test func aCorrectionTakesTheLabelsPlace() throws {
    let classes = try #require(bundle.emotions)
    let own = try #require(bundle.utterances[0].label)
    let other = (own + 1) % classes.count
    let (sources, use) = TrainingData.Source.corrected(
      [source(bundle)], by: corrections([0: classes[other].uppercased(), 1: nil]), transcripts: [false])
    #expect(sources[0].bundle.utterances[0].label == other)
    #expect(sources[0].bundle.utterances.dropFirst().map(\.label) == bundle.utterances.dropFirst().map(\.label))
    #expect(sources[0].bundle.emotions == classes && use == CorrectionUse(used: 1))
  }

  @Test func whatCannotBeUsedIsCounted() {
    let (sources, use) = TrainingData.Source.corrected(
      [source(bundle), source(bundle, digest: "e")],
      by: corrections([0: "awe", -1: "joy"]).merging(corrections([1: "joy"], digest: "x")) { $1 },
      transcripts: [false, false])
    #expect(sources[0].bundle.utterances.map(\.label) == bundle.utterances.map(\.label))
    #expect(use == CorrectionUse(used: 0, ofOtherBundles: 1, ofNoUtterance: 1, otherEmotions: ["awe": 1]))
    #expect(
      use.line == "0 labels are corrections; left out: 1 of other bundles, 1 of utterances that are not there, "
        + "1 of emotions that are no class (awe).")
  }

  @Test func aTranscriptWithoutLabelsGetsItsClassesFromTheCorrections() throws {
    var unlabelled = bundle
    unlabelled.emotions = nil
    for row in unlabelled.utterances.indices { unlabelled.utterances[row].label = nil }
    let (sources, use) = TrainingData.Source.corrected(
      [source(unlabelled)], by: corrections([0: "joy", 1: "fear", 2: "Joy"]), transcripts: [true])
    #expect(use.used == 3 && sources[0].bundle.emotions?.count == 2)
    let emotions = try #require(sources[0].bundle.emotions)
    let labels = sources[0].bundle.utterances.prefix(3).map { $0.label.map { emotions[$0].lowercased() } }
    #expect(labels == ["joy", "fear", "joy"])
  }

  /// The others' classes come first, so that the two can be joined.
  @Test func aBundleWithoutLabelsGetsTheClassesOfTheOthers() throws {
    var unlabelled = bundle
    unlabelled.emotions = nil
    for row in unlabelled.utterances.indices { unlabelled.utterances[row].label = nil }
    let classes = try #require(bundle.emotions)
    let (sources, _) = TrainingData.Source.corrected(
      [source(bundle, digest: "e"), source(unlabelled)], by: corrections([0: classes[1]]), transcripts: [false, false])
    #expect(sources[1].bundle.emotions == classes && sources[1].bundle.utterances[0].label == 1)
  }
}
