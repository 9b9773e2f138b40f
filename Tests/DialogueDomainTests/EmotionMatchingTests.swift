import DialogueDomain
import Testing

/// Names of true emotions and the classes that they mean.
struct EmotionMatchingTests {
  private let emotions = EmotionSet(["joy", "Ärger", "anger"])

  @Test(arguments: [("joy", 0), (" JOY\t", 0), ("a\u{308}rger", 1), ("ANGER", 2), ("happy", nil), ("", nil)])
  func caseBlanksAndCompositionDoNotMatter(name: String, place: Int?) {
    #expect(EmotionMatching().index(of: name, in: emotions) == place)
  }

  @Test func anAliasCountsOnlyWhereItIsAskedForAndAfterTheNamesThemselves() throws {
    let matching = try EmotionMatching(aliases: ["Happy = joy", "anger=joy"])
    #expect(matching.index(of: "happy", in: emotions) == 0)
    #expect(matching.index(of: "anger", in: emotions) == 2)
    #expect(matching.index(of: "happy", in: EmotionSet(["calm"])) == nil)
    #expect(try matching.adding(aliases: ["happy=anger"]).index(of: "happy", in: emotions) == 2)
  }

  @Test func anExactNameGoesBeforeOneOfAnotherCase() {
    #expect(EmotionMatching().index(of: "Joy", in: EmotionSet(["joy", "Joy"])) == 1)
  }

  @Test(arguments: [["happy"], ["=joy"], ["happy="], ["happy=joy", "Happy=anger"]])
  func anAliasThatSaysNothingOrTwoThingsIsRefused(aliases: [String]) {
    #expect(throws: AliasError.self) { try EmotionMatching(aliases: aliases) }
  }
}
