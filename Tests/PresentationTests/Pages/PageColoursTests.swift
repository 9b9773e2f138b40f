import Testing

@testable import Presentation

struct PageColoursTests {
  @Test func everyTextStandsOutFromWhatItStandsOnInLightAndDark() {
    for (screen, colours) in [("light", PageColours.light), ("dark", PageColours.dark)] {
      for pair in colours.pairs {
        let contrast = pair.text.contrast(with: pair.ground)
        #expect(contrast >= 4.5, "\(pair.name) on a \(screen) screen: \(contrast)")
      }
    }
  }

  @Test func everyShapeStandsOutFromThePage() {
    for (screen, colours) in [("light", PageColours.light), ("dark", PageColours.dark)] {
      for pair in colours.shapes {
        #expect(pair.shape.contrast(with: pair.ground) >= 3, "\(pair.name) on a \(screen) screen")
      }
    }
  }

  @Test func contrastIsThatOfWCAG() {
    #expect((Colour.black.contrast(with: .white) - 21).magnitude < 1e-9)
    #expect(Colour.white.contrast(with: .white) == 1)
    // A known pair: #777777 on white.
    #expect((Colour(0x777777).contrast(with: .white) - 4.478).magnitude < 0.001)
  }

  @Test func theStylesheetHasNoColourButThese() {
    let known = Set(
      [PageColours.light, .dark].flatMap { colours in
        let named = [
          colours.page, colours.ink, colours.faint, colours.line, colours.good, colours.bad, colours.link, colours.note,
          colours.card, .black, .white,
        ]
        return [named, colours.lines, colours.bars, colours.shades, colours.emotions].flatMap(\.self)
      }.map(\.text))
    let used = DialogueStyle.text.matches(of: /#[0-9a-f]{3,8}\b/).map { String($0.0) }
    #expect(used.count > 40 && used.allSatisfy(known.contains))
    #expect(!DialogueStyle.text.contains("rgb(") && !DialogueStyle.text.contains("opacity"))
  }

  @Test func aDarkScreenHasARuleForEveryColourOfAPicture() {
    for (kind, count) in [("l", 4), ("f", 4), ("r", 4), ("s", PageColours.shadeCount), ("t", PageColours.shadeCount)] {
      for index in 0..<count { #expect(PageColours.dark.pictures.contains(".\(kind)\(index) {")) }
    }
  }
}
