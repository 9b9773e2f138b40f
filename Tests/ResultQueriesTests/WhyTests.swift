import DialogueDomain
import Foundation
import Presentation
import ResultIndex
import Testing

@testable import ResultQueries

/// `ambq why` over an index whose figures are written out, with an explanation made by hand.
struct WhyTests {
  private let sample: SampleIndex

  init() throws {
    sample = try SampleIndex()
  }

  private func neighbour(
    _ turn: Int, _ relation: NeighbourRelation, _ attended: Double, _ cancelled: Double,
    _ graph: SpeakerGraph = .otherSpeakers, _ modality: Modality = .text
  ) -> NeighbourAttention {
    let weights = AttentionWeights(attended: attended, cancelled: cancelled, left: attended - cancelled)
    return NeighbourAttention(
      modality: modality, graph: graph, turn: turn, relation: relation, mean: weights,
      layers: [.init(layer: .head(0), weights: weights), .init(layer: .joining, weights: weights)])
  }

  /// Turn 1 of "tea": Ross, whom the index calls angry at 0.6.
  private func explained(_ change: (inout UtteranceExplanation) -> Void = { _ in }) throws -> ExplainedDialogue {
    var query = UtteranceQuery()
    (query.dialogues, query.bundles) = (["tea"], ["friday.h5"])
    let turns = try #require(try DialogueSearch(sample.reader).turns(query))
    var utterance = UtteranceExplanation(
      sample.utterance("tea", 1, "Ross", "anger", 0.6),
      without: [
        .text: LabelWithout(emotion: "neutral", confidence: 0.5),
        .audio: LabelWithout(emotion: "anger", confidence: 0.4),
      ],
      neighbours: [
        neighbour(0, .otherSpeaker, 0.7, 0.1), neighbour(1, .itself, 0.2, 0.05), neighbour(2, .otherSpeaker, 0.1, 0.2),
        neighbour(1, .itself, 1, 0.35, .ownSpeaker),
      ])
    change(&utterance)
    return ExplainedDialogue(
      turns: turns,
      explanation: DialogueExplanation(
        model: "meld-minilm", modelDigest: turns[0].bundle.modelDigest, members: 5,
        bundleDigest: turns[0].bundle.digest, dialogue: "tea", emotions: SampleIndex.emotions, window: 6,
        lambdas: [LayerLambda(modality: .text, graph: .otherSpeakers, layer: .joining, lambda: 0.35)],
        utterances: [utterance]))
  }

  private func written(
    _ format: OutputFormat, width: Int = 80, _ change: (inout UtteranceExplanation) -> Void = { _ in }
  ) throws -> String {
    let explained = try explained(change)
    return try printed(format, width: width) {
      try WhyOutput.write(explained.turns[1], explained.explanation.utterances[0], explained, on: $0)
    }
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func plainWordsComeBeforeFigures() throws {
    let text = try written(.table)
    for line in [
      "tea:1", "anger, 60 % (fairly sure)", "The bundle's own label is joy.",
      "The words brought 75 % of what speaks for anger, the sound 25 %.",
      "Without the words it would be neutral, 50 %.", "Without the sound it would still be anger, 40 %.",
      "In the words, among what others said:", "In the words, among the speaker's own turns:", "nobody within reach",
    ] { #expect(text.contains(line), "\(line)") }
    let story = try #require(text.range(of: "WHOM IT LISTENED TO"))
    let figures = try #require(text.range(of: "FIGURES"))
    #expect(story.upperBound < figures.lowerBound && !text[..<figures.lowerBound].contains("softmax"))
    #expect(!text.contains("not what the index holds"))
  }

  @Test(arguments: [70, 80, 100]) func linesFitTheTerminal(width: Int) throws {
    for line in lines(try written(.table, width: width)) { #expect(TextWidth.columns(of: line) <= width, "\(line)") }
  }

  @Test func aRerunThatSaysSomethingElseIsToldFirst() throws {
    let other = try written(.table) { $0.emotion = "joy" }
    #expect(other.contains("! Run again, the model says joy") && other.contains("not what the index holds"))
    let logits = try written(.json) { $0.branchLogits[.text]?[0] += 0.5 }
    let rerun = try #require(try object(logits)["rerun"] as? [String: Any])
    // That logit is 4 · 0.4/3 − 2, and the difference is told in its size.
    let expected = 0.5 / (2 - 4 * 0.4 / 3)
    #expect(rerun["agrees"] as? Bool == false)
    #expect(abs((rerun["difference"] as? Double ?? 0) - expected) < 1e-5)
    #expect(try explained { $0.branchLogits[.audio] = nil }.agreement.difference == .infinity)
    #expect(try explained { $0.branchLogits[.text]?[0] += 1e-6 }.agreement.holds)
  }

  @Test func jsonHasTheUtteranceAndEveryNeighbour() throws {
    let object = try object(try written(.json))
    #expect(object["utterance"] as? String == "tea#1" && object["networks"] as? Int == 5)
    let without = try #require(object["without"] as? [String: [String: Any]])
    #expect(without["text"]?["emotion"] as? String == "neutral")
    let neighbours = try #require(object["neighbours"] as? [[String: Any]])
    #expect(neighbours.count == 4 && neighbours[0]["speaker"] as? String == "Rachel")
    #expect((neighbours[2]["left"] as? Double).map { abs($0 + 0.1) < 1e-9 } == true)
    let layers = try #require(neighbours[0]["layers"] as? [[String: Any]])
    #expect(layers.map { $0["layer"] as? String } == ["head_1", "joining"])
  }

  @Test func tablesForProgramsHaveARowForEachNeighbour() throws {
    let rows = lines(try written(.tsv))
    #expect(rows[0] == "modality\tgraph\tturn\tspeaker\trelation\tattended\tcancelled\tleft\ttext")
    #expect(rows.count == 5 && rows[1].hasPrefix("text\tother_speakers\t0\tRachel\tother_speaker\t0.7\t0.1\t"))
  }

  @Test func theCancelledAreThoseOfWhomMoreThanTheirPartWasTaken() throws {
    let neighbours = try explained().explanation.utterances[0].neighbours
    let choice = NeighbourChoice(neighbours.filter { $0.graph == .otherSpeakers })
    // In all 0.35 is taken; of turn 2, which was looked at with 0.1, the 0.2 are more than 0.035.
    #expect(choice.listened.map(\.turn) == [0, 1] && choice.cancelled.map(\.turn) == [2])
    // Where hardly anything is taken, nobody is cancelled.
    let near = NeighbourChoice((0..<5).map { neighbour($0, .otherSpeaker, 0.2, $0 == 4 ? 0.01 : 0.001) })
    #expect(near.listened.count == 3 && near.cancelled.isEmpty)
  }

  @Test func anAddressIsADialogueAndATurn() throws {
    let address = try UtteranceAddress("a:b:12")
    #expect(address.dialogue == "a:b" && address.turn == 12)
    for wrong in ["dev-12", ":3", "dev-12:", "dev-12:x", "dev-12:-1", "dev-12:3.5", ""] {
      #expect(throws: QueryError.self, "\(wrong)") { try UtteranceAddress(wrong) }
    }
  }

  @Test func severalDialoguesOfANameAreAQuestion() throws {
    var query = UtteranceQuery()
    query.dialogues = ["tea"]
    let error = #expect(throws: QueryError.self) { try DialogueSearch(sample.reader).turns(query) }
    #expect(error?.explanation.found == "tea in friday.h5, tea in saturday.h5")
    #expect(error?.explanation.remedy?.contains("--bundle") == true)
    query.dialogues = ["nobody"]
    #expect(try DialogueSearch(sample.reader).turns(query) == nil)
  }

  @Test func aBundleThatIsGoneOrOtherIsSaidWithWhatToDo() throws {
    let bundle = try #require(try sample.reader.bundles().first)
    let stored = StoredBundle(layout: sample.layout, reader: try sample.reader)
    let gone = #expect(throws: QueryError.self) { try stored.file(of: bundle) }
    #expect(gone?.explanation.kind == .missingInput && gone?.explanation.location == "done/friday.h5")
    #expect(gone?.explanation.remedy?.contains("incoming") == true)
    try sample.put("friday.h5", in: sample.layout.done)
    let other = #expect(throws: QueryError.self) { try stored.file(of: bundle) }
    #expect(other?.explanation.kind == .data && other?.explanation.what.contains("other bytes") == true)
  }

  @Test func whatTheProgramSaysIsTheAnswer() throws {
    let program = ExplainingProgram(executable: URL(fileURLWithPath: "/opt/ambd"), environment: [:])
    let told = try explained().explanation
    #expect(try program.explanation(in: ExplanationReply(told).json(), end: "exit code 0") == told)
    let refusal = Explanation(.data, "another model made these labels", at: "m", remedy: "Name it.")
    let refused = #expect(throws: QueryError.self) {
      try program.explanation(in: ExplanationReply(refusal).json(), end: "exit code 65")
    }
    #expect(refused?.explanation == refusal)
    // An older ambd, which knows no explain; and one that was killed.
    for end in ["exit code 64", "signal 9"] {
      let silent = #expect(throws: QueryError.self) { try program.explanation(in: Data(), end: end) }
      #expect(silent?.explanation.found == end && silent?.explanation.location == "/opt/ambd")
    }
    var later = told
    later.version += 1
    #expect(throws: QueryError.self) { try program.explanation(in: ExplanationReply(later).json(), end: "exit code 0") }
  }

  @Test func theProgramIsLookedForBesideThisOneThenInThePath() throws {
    let folder = sample.folder.url
    let (own, other) = (folder.appendingPathComponent("own"), folder.appendingPathComponent("other"))
    let environment = ["PATH": "/nowhere:\(other.path)"]
    #expect(throws: QueryError.self) { try ExplainingProgram(environment: environment, beside: own) }
    for place in [other, own] {
      let program = try sample.folder.write("", to: "\(place.lastPathComponent)/ambd")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
      #expect(try ExplainingProgram(environment: environment, beside: own).executable.path == program.path)
    }
  }
}
