import DialogueDomain
import Testing

struct SurenessTests {
  @Test(arguments: [
    (0.9, nil, Sureness.sure), (0.75, nil, .sure), (0.7499, nil, .fairly), (0.5, nil, .fairly), (0.4999, nil, .unsure),
    (0.9, true, .unsure), (0.4, false, .fairly), (0.8, false, .sure), (0.6, false, .fairly),
  ])
  func theModelsOwnLimitGoesFirst(confidence: Double, isUncertain: Bool?, expected: Sureness) {
    #expect(Sureness(confidence: confidence, isUncertain: isUncertain) == expected)
  }

  @Test func wordsAreThoseOfPeople() {
    #expect(Sureness.allCases.map(\.words) == ["sure", "fairly sure", "unsure"])
  }

  @Test func neutralAndUnknownAreNotFelt() {
    #expect(Feeling.isFelt("anger") && Feeling.isFelt("surprise"))
    #expect(!Feeling.isFelt("neutral") && !Feeling.isFelt("Neutral") && !Feeling.isFelt("unknown"))
  }
}
