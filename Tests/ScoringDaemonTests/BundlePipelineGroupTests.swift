import DialogueDomain
import Foundation
import Presentation
import TestSpools
import Testing

@testable import ScoringDaemon

/// Bundles that go through together.
extension BundlePipelineTests {
  /// Takes bundles through together.
  private func run(_ bundles: [(name: String, text: String)], with pipeline: BundlePipeline) throws -> [String: String]
  {
    let claimed = try bundles.map { try #require(try place.claimed($0.text, $0.name)) }
    let outcomes = try pipeline.process(claimed.map { ReadBundle($0, by: FakeIntake()) })
    return Dictionary(uniqueKeysWithValues: outcomes.map { ($0.claimed.name.text, Self.word($0.outcome)) })
  }

  private static func word(_ outcome: BundleOutcome) -> String {
    switch outcome {
    case .scored: "scored"
    case .unchanged: "unchanged"
    case .corrected: "corrected"
    case .failed: "failed"
    case .deferred: "deferred"
    case .interrupted: "interrupted"
    case .vanished: "vanished"
    case .stuck: "stuck"
    case .held: "held"
    }
  }

  @Test func aGroupGivesEachBundleWhatItGetsAlone() throws {
    let texts = ["four", "five and more", "s", "a long bundle of many letters"]
    let outcomes = try run(texts.enumerated().map { ("\($0).h5", $1) }, with: pipeline())
    #expect(outcomes.values.allSatisfy { $0 == "scored" })
    for (number, text) in texts.enumerated() {
      let expected = try LabelTable.render(TinyModel.scored(text, "\(number).h5"))
      #expect(try place.text("\(number).tsv", in: \.labels) == expected)
    }
    #expect(try index.rows().count == texts.count)
    #expect(try place.names(\.active).isEmpty && place.names(\.done).count == texts.count)
  }

  /// `huge` overflows in the network that its neighbours go through with it.
  @Test func oneBadBundleOfAGroupHarmsNoOther() throws {
    let outcomes = try run(
      [("a.h5", "four"), ("b.h5", "bad"), ("c.h5", "huge"), ("d.h5", "two"), ("e.h5", "busy"), ("f.h5", "six")],
      with: pipeline())
    #expect(
      outcomes == [
        "a.h5": "scored", "b.h5": "failed", "c.h5": "failed", "d.h5": "failed", "e.h5": "deferred", "f.h5": "scored",
      ])
    #expect(try place.names(\.labels) == ["a.tsv", "f.tsv"])
    #expect(try place.text("f.tsv", in: \.labels) == LabelTable.render(TinyModel.scored("six", "f.h5")))
  }

  @Test func twinsAndNamesakesOfAGroupAreToldApart() throws {
    let outcomes = try run(
      [("friday.h5", "one"), ("friday.csv", "two more"), ("twin.h5", "one"), ("friday.vtt", "two more")],
      with: pipeline())
    #expect(
      outcomes == [
        "friday.h5": "scored", "friday.csv": "scored", "twin.h5": "unchanged", "friday.vtt": "unchanged",
      ])
    #expect(try place.names(\.labels).count == 2 && index.rows().count == 2)
    #expect(try place.names(\.done).count == 4)
  }

  @Test func troubleOfTheMachineMeetsOneBundleOfAGroup() throws {
    try index.setTrouble("the database is locked")
    let outcomes = try run([("a.h5", "four"), ("b.h5", "five5"), ("c.h5", "six")], with: pipeline())
    #expect(outcomes == ["a.h5": "deferred", "b.h5": "held", "c.h5": "held"])
    #expect(try index.rows().isEmpty && place.names(\.active) == ["b.h5", "c.h5"])
  }
}
