import Testing

@testable import NightReports

struct ConversationChoiceTests {
  /// A dialogue whose labels are all as sure.
  private func dialogue(
    _ name: String, _ counts: [String: Int], confidence: Double = 0.8, unsure: Int = 0
  ) -> ConversationCandidate {
    var candidate = ConversationCandidate(scoring: 0, dialogue: name)
    for (emotion, count) in counts {
      candidate.labels[emotion] = .init(count: count, confidence: Double(count) * confidence)
      candidate.utterances += count
    }
    candidate.unsure = unsure
    return candidate
  }

  private func chosen(_ candidates: [ConversationCandidate]) -> [String] {
    ConversationChoice(candidates).chosen.map { "\($0.candidate.dialogue) \($0.reason.rawValue)" }
  }

  @Test func theFourOfMostFeelingComeFirstThenTheOneOfMostDoubt() {
    let dialogues = [
      dialogue("calm", ["neutral": 20]), dialogue("anger", ["neutral": 5, "anger": 15]),
      dialogue("joy", ["neutral": 10, "joy": 10]), dialogue("fear", ["neutral": 14, "fear": 6]),
      dialogue("sadness", ["neutral": 17, "sadness": 3]), dialogue("odd", ["neutral": 19, "joy": 1], unsure: 9),
    ]
    #expect(
      chosen(dialogues) == ["anger feeling", "joy feeling", "fear feeling", "sadness feeling", "odd doubt"])
    #expect(chosen(dialogues.reversed()) == chosen(dialogues))
  }

  @Test func noEmotionLeadsMoreThanTwoWhileAnotherIsLeft() {
    let dialogues =
      (0..<5).map { dialogue("joy-\($0)", ["joy": 20 - $0, "neutral": $0]) }
      + [dialogue("fear", ["neutral": 19, "fear": 1])]
    #expect(chosen(dialogues) == ["joy-0", "joy-1", "joy-2", "fear", "joy-3"].map { "\($0) feeling" })
  }

  @Test func rareEmotionsAndSureLabelsCountMore() {
    let rest = dialogue("rest", ["neutral": 200, "joy": 100])
    let rare = ConversationChoice([rest, dialogue("joy", ["joy": 5]), dialogue("fear", ["fear": 5])])
    #expect(rare.chosen.first?.candidate.dialogue == "fear")
    let sure = ConversationChoice([
      rest, dialogue("a", ["fear": 5], confidence: 0.4), dialogue("b", ["fear": 5], confidence: 0.9),
    ])
    #expect(sure.chosen.first?.candidate.dialogue == "b")
  }

  @Test func aFewWordsDoNotWinByChance() {
    let rest = dialogue("rest", ["neutral": 100])
    // Two utterances come last, whatever they say.
    #expect(
      chosen([dialogue("two", ["anger": 2]), rest, dialogue("many", ["anger": 4, "neutral": 20])]).first
        == "many feeling")
    // Of equal shares the longer one has more feeling.
    let short = dialogue("short", ["anger": 3, "neutral": 1])
    #expect(chosen([short, rest, dialogue("long", ["anger": 15, "neutral": 5])]).first == "long feeling")
  }

  @Test func amongEqualsTheEarlierOneIsChosen() {
    let equals = (0..<7).map { dialogue("d\($0)", ["joy": 3, "neutral": 3]) }
    #expect(chosen(equals) == (0..<5).map { "d\($0) feeling" })
  }

  @Test func whereNothingWasFeltDoubtFillsThePlaces() {
    let dialogues = (0..<7).map { dialogue("d\($0)", ["neutral": 9], unsure: $0) }
    #expect(chosen(dialogues) == ["d6", "d5", "d4", "d3", "d2"].map { "\($0) doubt" })
    #expect(chosen([dialogue("calm", ["neutral": 9])]).isEmpty && chosen([]).isEmpty)
  }

  @Test func theLeadingEmotionIsTheOneThatBringsMost() {
    let candidate = dialogue("d", ["neutral": 20, "joy": 5, "anger": 4])
    let choice = ConversationChoice([candidate, dialogue("rest", ["joy": 100])])
    #expect(choice.leading(candidate) == "anger")
    #expect(choice.leading(dialogue("calm", ["neutral": 3])) == nil)
  }
}
