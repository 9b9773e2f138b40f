import Testing

@testable import Presentation

struct EmotionColoursTests {
  @Test func wellKnownEmotionsHaveTheirUsualColours() {
    let colours = EmotionColours(["neutral", "Anger", "happy", "sad"])
    #expect(["neutral", "Anger", "happy", "sad"].map(colours.name) == ["e0", "e1", "e3", "e5"])
  }

  @Test func othersGetWhatIsFreeAndNoneIsThatOfNothingFelt() {
    let names = ["anger"] + (0..<12).map { "feeling \($0)" }
    let colours = EmotionColours(names)
    let given = names.map(colours.name)
    #expect(!given.contains("e0") && Set(given.prefix(8)).count == 8)
    #expect(names.map(EmotionColours(names).name) == given)
  }
}
