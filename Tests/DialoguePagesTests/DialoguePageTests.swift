import DialogueDomain
import Foundation
import Presentation
import ResultIndex
import TestFolders
import Testing

@testable import DialoguePages

/// Pages of dialogues that an index holds.
struct DialoguePageTests {
  private static let emotions = EmotionSet(["neutral", "joy", "anger"])
  private static let hostile = "<script>alert(1)</script>\"'&\u{202E}"
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func utterance(
    _ turn: Int, _ speaker: String, _ emotion: String = "joy", _ confidence: Double = 0.8, text: String? = "Hello.",
    isTimed: Bool = true
  ) -> ScoredUtterance {
    ScoredUtterance(
      dialogue: "tea", utterance: "tea#\(turn)", turn: turn, speaker: speaker, start: isTimed ? Double(turn) * 4 : nil,
      end: isTimed ? Double(turn) * 4 + 3.5 : nil, emotion: emotion, confidence: confidence,
      probabilities: [0.1, 0.8, 0.1], branchLogits: [.text: [0, 1, 0], .audio: [0, 1, 0]],
      shares: [.text: 0.75, .audio: 0.25], truth: "anger", text: text)
  }

  /// As the index gives them back.
  private func turns(_ utterances: [ScoredUtterance]) throws -> [IndexedUtterance] {
    let index = folder.url.appendingPathComponent("\(UUID().uuidString).sqlite")
    let writer = try IndexWriter(index)
    let time = Date(timeIntervalSince1970: 1_795_376_400)
    try writer.record(
      ScoredBundle(
        name: "friday.h5", digest: "1a", modelName: "m", modelDigest: "5e", emotions: Self.emotions,
        utterances: utterances),
      ScoringRecord(arrived: time, scored: time, seconds: 1, labelFile: "labels/friday.tsv", byteCount: 1))
    try writer.close()
    let reader = try IndexReader(index)
    let bundle = try #require(try reader.bundles().first)
    return try reader.turns(of: utterances[0].dialogue, in: bundle.id, detail: .logits)
  }

  private func talk(_ count: Int, text: String? = "Hello.", isTimed: Bool = true) throws -> [IndexedUtterance] {
    try turns((0..<count).map { utterance($0, ["Ann", "Ben"][$0 % 2], text: text, isTimed: isTimed) })
  }

  private func neighbour(_ turn: Int, _ attended: Double, _ cancelled: Double, _ modality: Modality = .text)
    -> NeighbourAttention
  {
    NeighbourAttention(
      modality: modality, graph: turn % 2 == 0 ? .ownSpeaker : .otherSpeakers, turn: turn,
      relation: turn % 2 == 0 ? .sameSpeaker : .otherSpeaker,
      mean: AttentionWeights(attended: attended, cancelled: cancelled, left: attended - cancelled))
  }

  private func explanation(_ turns: [IndexedUtterance], _ neighbours: [NeighbourAttention]) -> DialogueExplanation {
    DialogueExplanation(
      model: "m", modelDigest: "5e", members: 1, bundleDigest: "1a", dialogue: "tea", emotions: Self.emotions,
      window: 3, lambdas: [],
      utterances: turns.map { turn in
        UtteranceExplanation(
          utterance(turn.turn, turn.speaker), without: [:], neighbours: turn.turn == 0 ? neighbours : [])
      })
  }

  @Test func everyUtteranceHasItsLabelAndWhatItRestsOn() throws {
    let html = DialoguePage(try talk(3), attention: .missing("No model.")).html
    for turn in 0..<3 { #expect(html.contains("<li id=\"t\(turn)\"") && html.contains("href=\"#t\(turn)\"")) }
    #expect(html.contains("<span class=\"chip e3\"><bdi>joy</bdi></span> 80&nbsp;%, sure"))
    #expect(html.contains("Brought by words 75&nbsp;%, sound 25&nbsp;%") && html.contains("≠ truly <bdi>anger</bdi>"))
    #expect(html.contains("<p class=\"said\" dir=\"auto\">Hello.</p>"))
    #expect(html.contains("<p class=\"warning\">No model.</p>") && !html.contains("data-heard"))
  }

  @Test func unsureAndMissingLabelsAreShownAsSuch() throws {
    var unknown = utterance(1, "Ben", ScoredUtterance.unknownEmotion, 0)
    (unknown.branchLogits, unknown.shares) = ([:], [:])
    let html = DialoguePage(
      try turns([utterance(0, "Ann", "anger", 0.3), unknown]), attention: .missing("")
    ).html
    #expect(html.contains("chip hollow e1") && html.contains("<span class=\"unsure\">unsure</span>"))
    #expect(html.contains("chip none\">no label</span> it lacks every modality"))
    #expect(html.contains("stroke-dasharray=\"3 2\""))
  }

  @Test func whomAnUtteranceListenedToIsSaidAndLinked() throws {
    let turns = try talk(6)
    let told = explanation(turns, [neighbour(1, 0.6, 0.1), neighbour(1, 0.4, 0.1, .audio), neighbour(3, 0.1, 0.4)])
    let html = DialoguePage(turns, attention: .told(told)).html
    // (0.5 + 0.3) / 2 of turn 1; of turn 3 half of 0.4, since the sound did not see it.
    #expect(html.contains("data-heard=\"1:40\" data-cancelled=\"3:20\""))
    #expect(html.contains("Listened to <a href=\"#t1\">1 <bdi>Ben</bdi></a> (40&nbsp;%); cancelled <a href=\"#t3\">"))
    #expect(html.contains("Listened to nobody but itself"))
  }

  @Test func nothingOfABundleBecomesMarkupOrCode() throws {
    var hostile = utterance(0, Self.hostile, text: Self.hostile)
    (hostile.dialogue, hostile.truth) = (Self.hostile, Self.hostile)
    let html = DialoguePage(try turns([hostile]), attention: .missing("")).html
    #expect(html.components(separatedBy: "<script").count == 2 && !html.contains("alert(1)</script>"))
    #expect(html.contains("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;&quot;"))
    // A mark that turns the direction of writing round is none of the page's.
    #expect(!html.unicodeScalars.contains("\u{202E}"))
  }

  @Test func onlyThePagesOwnScriptMayRunAndNothingIsFetched() throws {
    let html = DialoguePage(try talk(2), attention: .missing("")).html
    let policy = try #require(html.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)).1
    #expect(policy.hasPrefix("default-src 'none'") && policy.contains("script-src 'sha256-"))
    #expect(html.contains("<script>\(PageScript.text)</script>"))
    #expect(!html.contains("http://") || !html.replacing("http://www.w3.org/2000/svg", with: "").contains("http://"))
    #expect(!html.contains("https://") && !html.contains("onclick") && !html.contains(" src="))
  }

  @Test func aLongDialogueIsCutWhereItWasAskedAndSaysSo() throws {
    let turns = try talk(30)
    #expect(DialoguePage.window(around: 10...14, of: 30, most: 9) == 8..<17)
    #expect(DialoguePage.window(around: 0...4, of: 30, most: 9) == 0..<9)
    #expect(DialoguePage.window(around: 27...29, of: 30, most: 9) == 21..<30)
    #expect(DialoguePage.window(around: 0...29, of: 30, most: 400) == 0..<30)
    let html = DialoguePage(turns, shown: 8..<17, attention: .missing("")).html
    #expect(html.contains("Shown are utterances 8 to 16 of 0 to 29") && !html.contains("id=\"t7\""))
    #expect(DialoguePage([], attention: .missing("")).html.contains("</html>"))
  }

  @Test func wordsAreCutOnlyWhereThatIsAsked() throws {
    let turns = try talk(1, text: String(repeating: "a", count: 600))
    #expect(DialoguePage(turns, attention: .missing("")).html.contains(String(repeating: "a", count: 600)))
    let short = DialoguePage(turns, attention: .missing(""), mostCharacters: 500).html
    #expect(
      short.contains(String(repeating: "a", count: 500) + "…</p>")
        && !short.contains(String(repeating: "a", count: 501)))
    #expect(DialoguePage(try talk(1, text: nil), attention: .missing("")).html.contains("There are no words to show"))
  }

  @Test func equalDialoguesGiveEqualPages() throws {
    let told = explanation(try talk(6), (1..<6).map { neighbour($0, 0.2, 0.05) })
    let pages = try (0..<3).map { _ in DialoguePage(try talk(6), attention: .told(told)).html }
    #expect(Set(pages).count == 1)
  }
}
