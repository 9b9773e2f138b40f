import DialogueDomain
import Foundation
import TestFolders
import Testing

@testable import ResultIndex

/// The words of utterances, kept and searched.
struct WordTests {
  private let folder: TemporaryFolder
  private let reader: IndexReader

  init() throws {
    folder = try TemporaryFolder()
    let index = folder.url.appendingPathComponent("index.sqlite")
    let writer = try IndexWriter(index)
    let texts = ["I want my money back!", "Refunds take time, René.", nil, "My back hurts."]
    for (number, name) in ["talk.vtt", "silent.h5"].enumerated() {
      let utterances = texts.enumerated().map { turn, text in
        ScoredUtterance(
          dialogue: "d", utterance: "\(turn)", turn: turn, speaker: "A", emotion: turn == 3 ? "sad" : "angry",
          confidence: 0.5, probabilities: [0.5, 0.5], branchLogits: [.text: [0, 0]], shares: [.text: 1],
          text: number == 0 ? text : nil)
      }
      let bundle = ScoredBundle(
        name: name, digest: String(repeating: "\(number)", count: 64), modelName: "m",
        modelDigest: String(repeating: "b", count: 64), emotions: EmotionSet(["angry", "sad"]), utterances: utterances)
      try writer.record(
        bundle, ScoringRecord(arrived: Date(), scored: Date(), seconds: 0, labelFile: name + ".tsv", byteCount: 1))
    }
    try writer.close()
    reader = try IndexReader(index)
  }

  @Test func wordsComeBackWithTheirUtterances() throws {
    let found = try reader.utterances(UtteranceQuery()).map(\.text)
    #expect(found == ["I want my money back!", "Refunds take time, René.", nil, "My back hurts.", nil, nil, nil, nil])
  }

  @Test(arguments: [
    ("money", [0]), ("MY back", [0, 3]), ("\"my back\"", [3]), ("refund*", [1]), ("refund", []), ("rene", [1]),
    ("time, rené.", [1]), ("back* OR", []), ("\"\"", nil), ("…", nil),
  ])
  func whatIsAskedForIsFound(typed: String, turns: [Int]?) throws {
    guard let pattern = WordPattern(typed) else {
      #expect(turns == nil)
      return
    }
    var query = UtteranceQuery()
    query.words = pattern
    #expect(try reader.utterances(query).map(\.turn) == turns)
    #expect(try reader.count(query) == turns?.count)
    query.emotions = ["sad"]
    #expect(try reader.utterances(query).map(\.turn) == turns?.filter { $0 == 3 })
    #expect(try reader.emotionTotals(query).reduce(0) { $0 + $1.count } == turns?.filter { $0 == 3 }.count)
    var said = 0
    try reader.forEachShare(of: .speaker, query) { said += $0.emotions.values.reduce(0, +) }
    #expect(said == turns?.filter { $0 == 3 }.count)
  }
}
