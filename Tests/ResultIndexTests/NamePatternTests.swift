import DialogueDomain
import EvaluationStatistics
import Foundation
import TestFolders
import Testing

@testable import ResultIndex

/// Names as a user types them against names as bundles hold them.
struct NamePatternTests {
  private let folder: TemporaryFolder
  private let reader: IndexReader

  /// One utterance of each speaker, in dialogues of the same names.
  init() throws {
    folder = try TemporaryFolder()
    let index = folder.url.appendingPathComponent("index.sqlite")
    let writer = try IndexWriter(index)
    let names = ["A*", "Abc", "J\u{F6}rg", "Jo\u{308}rg", "a\\b", "x[1]", "x1"]
    let emotions = EmotionSet(["calm", "angry"])
    let utterances = names.enumerated().map { number, name in
      ScoredUtterance(
        dialogue: "\(name) \(number)", utterance: "u", turn: 0, speaker: name, emotion: "calm", confidence: 0.5,
        probabilities: [0.5, 0.5], branchLogits: [.text: [0, 0]], shares: [.text: 1])
    }
    let bundle = ScoredBundle(
      name: "b.h5", digest: String(repeating: "a", count: 64), modelName: "m",
      modelDigest: String(repeating: "b", count: 64), emotions: emotions, utterances: utterances)
    try writer.record(
      bundle, ScoringRecord(arrived: Date(), scored: Date(), seconds: 0, labelFile: "labels/b.tsv", byteCount: 1))
    try writer.close()
    reader = try IndexReader(index)
  }

  private func count(speakers: [String] = [], dialogues: [String] = []) throws -> Int {
    var query = UtteranceQuery()
    (query.speakers, query.dialogues) = (speakers, dialogues)
    return try reader.count(query)
  }

  @Test(arguments: [
    ("A*", 1), ("A\\*", 1), ("A?c", 1), ("J\u{F6}rg", 2), ("Jo\u{308}rg", 2), ("J\u{F6}*", 2), ("a\\b", 1),
    ("a\\\\b", 1),
    ("x[1]", 1), ("x?", 1), ("x*", 2), ("\\*", 0), ("*", 7),
  ])
  func theSpeakersMeantAreFound(typed: String, number: Int) throws {
    #expect(try count(speakers: [typed]) == number)
    #expect(try reader.hasName(typed, .speaker) == (number > 0))
  }

  @Test func dialoguesAreFoundInEitherComposition() throws {
    #expect(try count(dialogues: ["J\u{F6}rg 3"]) == 1)
    #expect(try count(dialogues: ["Jo\u{308}rg 2"]) == 1)
    #expect(try reader.nearest(to: "Jo\u{308}rg 22", .dialogue) != nil)
  }
}
