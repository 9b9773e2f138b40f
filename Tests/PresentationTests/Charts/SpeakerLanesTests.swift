import Testing

@testable import Presentation

struct SpeakerLanesTests {
  private func bar(_ turn: Int, _ speaker: String = "Ann", _ start: Double? = nil, _ end: Double? = nil)
    -> SpeakerLanes.Bar
  {
    SpeakerLanes.Bar(
      turn: turn, speaker: speaker, start: start, end: end, emotion: "joy", confidence: 0.8, isUnsure: false,
      title: "\(turn)")
  }

  private func lanes(_ bars: [SpeakerLanes.Bar]) -> SpeakerLanes { SpeakerLanes(bars, EmotionColours(["joy"])) }

  @Test func aLongDialogueIsSeveralPicturesInOrder() {
    let pieces = lanes((0..<40).map { bar($0) }).pieces
    #expect(pieces.map(\.count) == [16, 16, 8] && pieces.joined().map(\.turn) == Array(0..<40))
    let silent = lanes([bar(0, "Ann", 0, 2), bar(1, "Ann", 63, 64), bar(2, "Ann", 65, 66)]).pieces
    #expect(silent.map(\.count) == [1, 2])
    #expect(lanes([]).pictures.isEmpty)
  }

  @Test func barsStandByTimeWhereAllTimesAreKnown() {
    let axis = LaneAxis([bar(0, "A", 10, 20), bar(1, "B", 20, 30)][...], from: 0, to: 200, least: 7)
    #expect(axis.span(of: 0) == (0, 100) && axis.span(of: 1) == (100, 100))
    #expect(axis.labels == ("0:10", "0:30"))
    // A short one is wide enough to be tapped, and stays within the picture.
    let short = LaneAxis([bar(0, "A", 0, 100), bar(1, "B", 100, 100.1)][...], from: 0, to: 200, least: 7)
    #expect(short.span(of: 1) == (193, 7))
  }

  @Test func withoutTimesOrWithTimesThatDoNotRiseTheyStandInOrder() {
    for bars in [[bar(4), bar(5)], [bar(4, "A", 9, 10), bar(5, "A", 1, 2)], [bar(4, "A", 0, 1), bar(5)]] {
      let axis = LaneAxis(bars[...], from: 0, to: 160, least: 7)
      #expect(axis.span(of: 4) == (0, 10) && axis.span(of: 5) == (10, 10) && axis.labels == ("4", "5"))
    }
  }

  @Test func everySpeakerHasALaneAndEveryBarALink() throws {
    let svg = try #require(lanes([bar(0, "Ann"), bar(1, "נועה"), bar(2, "<b>")]).pictures.first)
    #expect(svg.components(separatedBy: "class=\"lane\"").count == 4 && svg.contains("&lt;b&gt;"))
    for turn in 0..<3 { #expect(svg.contains("<a href=\"#t\(turn)\" tabindex=\"-1\" data-turn=\"\(turn)\">")) }
    #expect(svg.contains("role=\"img\"") && svg.contains("lanes of 3 speakers"))
  }
}
