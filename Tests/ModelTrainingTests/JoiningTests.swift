import DialogueDomain
import Testing

@testable import ModelTraining

private func source(_ name: String, dialogues: [String], digest: String? = nil) -> TrainingData.Source {
  TrainingData.Source(
    name: name,
    bundle: FeatureBundle(
      emotions: EmotionSet(["joy", "fear"]),
      dialogues: dialogues.enumerated().map { Dialogue(id: $0.element, rows: $0.offset..<$0.offset + 1) },
      utterances: dialogues.map { _ in Utterance(id: "0", speaker: "Ann", label: 0) },
      features: [
        .text: FeatureTable(
          width: 1, values: dialogues.map { _ in 1 }, missing: dialogues.map { _ in false })
      ]), digest: digest)
}

@Test func dialoguesOfOneNameTakeTheirFilesName() throws {
  let data = try TrainingData(joining: [
    source("a/monday.h5", dialogues: ["1", "2"]), source("a/tuesday.h5", dialogues: ["2", "3"]),
  ])
  #expect(data.bundle.dialogues.map(\.id) == ["1", "monday/2", "tuesday/2", "3"])
  #expect(data.bundle.dialogues.map(\.rows) == [0..<1, 1..<2, 2..<3, 3..<4])
}

@Test func filesOfOneNameAreToldApartByTheirPath() throws {
  let data = try TrainingData(joining: [
    source("a/talk.h5", dialogues: ["1"]), source("b/talk.h5", dialogues: ["1"]),
  ])
  #expect(data.bundle.dialogues.map(\.id) == ["a/talk.h5/1", "b/talk.h5/1"])
}

@Test func dialoguesOfDifferentNamesKeepThem() throws {
  let data = try TrainingData(joining: [source("a.h5", dialogues: ["1"]), source("b.h5", dialogues: ["2"])])
  #expect(data.bundle.dialogues.map(\.id) == ["1", "2"])
}

@Test func aBundleNamedTwiceIsRefusedByItsContent() throws {
  let error = try #require(throws: TrainingError.self) {
    _ = try TrainingData(joining: [
      source("a.h5", dialogues: ["1"], digest: "aa"), source("b.h5", dialogues: ["2"], digest: "bb"),
      source("copy.h5", dialogues: ["1"], digest: "aa"),
    ])
  }
  #expect(
    error.description
      == "copy.h5: the bundle is named twice; found the same content as a.h5. Name each bundle once.")
}
