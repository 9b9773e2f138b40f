import Testing

@testable import DialogueDomain

@Suite struct ExplanationTests {
  @Test func theMessageNamesPlaceFindingExpectationAndRemedy() {
    let explanation = Explanation(
      .data, "the width is not the model's", at: "friday.h5: /text", found: "768", expected: "384",
      remedy: "Use the model's extractor.")
    #expect(
      explanation.message
        == "friday.h5: /text: the width is not the model's; found 768; expected 384. Use the model's extractor.")
    #expect(Explanation(.io, "the disk is full").message == "the disk is full")
    #expect(
      Explanation(.io, "paused: free some space.", remedy: "Start again.").message
        == "paused: free some space. Start again.")
  }

  @Test func kindsHaveTheExitCodesOfSysexits() {
    #expect([Explanation.Kind.usage, .data, .missingInput, .io].map(\.exitCode) == [64, 65, 66, 74])
  }
}
