import DialogueDomain
import Foundation
import ResultIndex
import Testing

/// How `ambq` shows which labels are uncertain, and what they may be instead.
struct AmbqDoubtTests {
  private let spool: AmbqSpool
  private let ambq: AmbqProgram

  /// Six labels of one dialogue; the last three are uncertain, and those may all be anger.
  init() throws {
    spool = try AmbqSpool()
    let emotions = EmotionSet(["neutral", "joy", "anger"])
    let writer = try IndexWriter(spool.index)
    try writer.record(
      ScoredBundle(
        name: "doubt.h5", digest: String(repeating: "d", count: 64), modelName: "m",
        modelDigest: String(repeating: "e", count: 64), emotions: emotions,
        promise: DoubtPromise(risk: 0.2, coverage: 0.9),
        utterances: (0..<6).map { turn in
          ScoredUtterance(
            dialogue: "talk", utterance: "talk#\(turn)", turn: turn, speaker: "Ada", emotion: "joy",
            confidence: turn < 3 ? 0.9 : 0.4, probabilities: turn < 3 ? [0, 0.9, 0.1] : [0.3, 0.4, 0.3],
            branchLogits: [:], shares: [.text: 1], isUncertain: turn >= 3, labelSet: turn < 3 ? [1] : [1, 2],
            truth: turn == 5 ? "anger" : "joy")
        }),
      ScoringRecord(
        arrived: Date(), scored: Date(), seconds: 1, labelFile: "labels/doubt.tsv", byteCount: 1))
    try writer.close()
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.root.path])
  }

  @Test func certainAndUncertainLabelsAreFilters() throws {
    #expect(try ambq("list", "--certain", "--count").output == "3\n")
    #expect(try ambq("list", "--uncertain", "--count").output == "3\n")
    let both = try ambq("list", "--certain", "--uncertain")
    #expect(both.status == 64 && both.errors.contains("--certain and --uncertain leave nothing"))
  }

  @Test func whatMayBeAngerIsFoundWhateverTheLabel() throws {
    #expect(try ambq("list", "--in-set", "anger", "--count").output == "3\n")
    let unknown = try ambq("list", "--in-set", "angre")
    #expect(unknown.status == 64 && unknown.errors.contains("anger"))
    let none = try ambq("list", "--in-set", "neutral")
    #expect(none.status == 1 && none.errors.contains("without --in-set there would be some"))
  }

  @Test func tablesMarkUncertainLabelsAndShowSetsWhereAsked() throws {
    let table = try ambq("list", "--format", "table").output
    #expect(table.contains("joy?") && !table.contains("SET"))
    let sets = try ambq("list", "--set", "--format", "table").output
    #expect(sets.contains("SET") && sets.contains("joy,anger"))
    let shown = try ambq("show", "talk", "--format", "table").output
    #expect(shown.contains("3 of 6 labels are uncertain, marked ?") && shown.contains("SET"))
  }

  @Test func statisticsSayWhatWasPromisedAndKept() throws {
    let text = try ambq("stats", "--format", "table").output
    #expect(
      text.contains(
        "3 of 6 labels are certain, 0.0 % of them wrong (promised: at most 20.0 %); sets of 1.50 classes hold the truth "
          + "for 100.0 % (promised: 90.0 %)"))
    let json = try JSONSerialization.jsonObject(with: Data(try ambq("stats", "--format", "json").output.utf8))
    let doubt = try #require((json as? [String: Any])?["doubt"] as? [String: Any])
    #expect(doubt["certain"] as? Int == 3 && doubt["promised_risk"] as? Double == 0.2)
  }

  @Test func programsReadBothFromEveryFormat() throws {
    let rows = try ambq("list", "--format", "tsv", "--fields", "all").lines.map {
      $0.split(separator: "\t", omittingEmptySubsequences: false)
    }
    let place = try #require(rows[0].firstIndex(of: "certain"))
    #expect(rows.dropFirst().map { $0[place] } == ["yes", "yes", "yes", "no", "no", "no"])
    #expect(rows[6][place + 1] == "joy,anger")
    let line = try #require(try ambq("list", "--format", "jsonl", "--uncertain").lines.first)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(object["certain"] as? Bool == false && object["set"] as? [String] == ["joy", "anger"])
  }
}
