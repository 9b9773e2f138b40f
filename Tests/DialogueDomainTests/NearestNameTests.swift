import Testing

@testable import DialogueDomain

@Suite struct NearestNameTests {
  private let emotions = ["neutral", "surprise", "sadness", "anger"]

  @Test func aSlipOfTheFingerIsRecognised() {
    #expect(nearestName(to: "angr", among: emotions) == "anger")
    #expect(nearestName(to: "Anger", among: emotions) == "anger")
    #expect(nearestName(to: "suprise", among: emotions) == "surprise")
    #expect(nearestName(to: "agner", among: emotions) == "anger")
    #expect(nearestName(to: "modle", among: ["spool", "model"]) == "model")
  }

  @Test func anotherWordIsNot() {
    #expect(nearestName(to: "contempt", among: emotions) == nil)
    #expect(nearestName(to: "anger", among: []) == nil)
    #expect(nearestName(to: "", among: emotions) == nil)
  }
}
