import DialogueDomain
import EvaluationStatistics
import Foundation
import ModelTraining
import Testing

@testable import PaperExperiments

/// Tables on figures made up by hand.
@Suite struct ComparisonTests {
  private func result(_ arm: String, _ seed: UInt64, _ weightedF1: Double) -> SeedResult {
    // Two classes of one size, labelled alike well: then accuracy and every F1 are the share of right labels.
    let right = Int((weightedF1 * 100).rounded())
    let counts = ConfusionCounts(classes: 2, cells: [right, 100 - right, 100 - right, right])
    return SeedResult(
      arm: arm, seed: seed, fingerprint: "", bestEpoch: 1,
      figures: [.init(condition: EvaluationCondition(), confusion: counts ?? ConfusionCounts(classes: 2))])
  }

  private func comparison(seeds: [UInt64]) throws -> Comparison {
    let plan = try #require(
      try ExperimentPlan.of(
        .modalities, recipe: LearnableDialogues.recipe, split: LearnableDialogues.split(), isQuick: true))
    let all: [String: [Double]] = [
      "text": [0.40, 0.52, 0.47], "audio": [0.30, 0.30, 0.30], "text + audio": [0.50, 0.60, 0.55],
    ]
    return Comparison(
      plan, seeds: seeds,
      results: all.mapValues { _ in [] }.merging(
        all.map { arm, values in (arm, zip(seeds, values).map { result(arm, $0, $1) }) }, uniquingKeysWith: { $1 }))
  }

  @Test func differencesAreTakenSeedBySeed() throws {
    let rows = try comparison(seeds: [1, 2, 3]).rows
    let difference = try #require(rows[0].weightedF1Difference)
    // −0.10, −0.08, −0.08: mean −0.0867, deviation 0.0115, though each arm scatters by 0.05 and more.
    #expect(abs(difference.mean - -0.26 / 3) < 1e-12)
    #expect(abs((difference.standardDeviation ?? 0) - 0.0115470) < 1e-6)
    #expect((rows[0].weightedF1.standardDeviation ?? 0) > 0.05)
    #expect(rows[2].cell.isBase && rows[2].weightedF1Difference == nil)
  }

  private func document(seeds: [UInt64]) throws -> ExperimentDocument {
    try ComparisonReport(
      comparison(seeds: seeds), split: LearnableDialogues.split(), command: "ambtrain reproduce", isQuick: true,
      published: PublishedFigures()
    ).document
  }

  @Test func theTableHasMeansDeviationsIntervalsAndDifferences() throws {
    let text = try document(seeds: [1, 2, 3]).markdown
    let lines = text.split(separator: "\n").map {
      $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(
      lines.contains([
        "text", "46.33 ± 6.03", "[31.36, 61.31]", "46.33 ± 6.03", "[31.36, 61.31]", "-8.67 ± 1.15", "[-11.54, -5.80]",
      ]))
    #expect(
      lines.contains([
        "text + audio (base)", "55.00 ± 5.00", "[42.58, 67.42]", "55.00 ± 5.00", "[42.58, 67.42]", "", "",
      ]))
    #expect(text.contains("evaluated on the test data"))
    // The paper's row is there though the data lacks a modality.
    #expect(
      lines.contains([
        "text + visual + audio", "not run", "", "75.64 (paper)", "76.09 (paper)", "66.18 (paper)", "66.07 (paper)",
      ]))
    #expect(
      lines.contains([
        "text", "46.33", "46.33", "68.63 (paper)", "69.02 (paper)", "65.78 (paper)", "65.61 (paper)",
      ]))
  }

  @Test func oneSeedHasNoInterval() throws {
    let text = try document(seeds: [1]).markdown
    #expect(text.contains("| 40.00 |") || text.contains(" 40.00 |"))
    #expect(!text.contains("±") && text.contains("One seed has no interval"))
  }

  @Test func theFileHoldsEverySeedAndTheDifference() throws {
    let document = try document(seeds: [1, 2, 3])
    let json = try #require(
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(document.json)) as? [String: Any])
    #expect(json["format"] as? String == "amb-dsgdn-experiment" && json["version"] as? Int == 1)
    let cells = try #require(json["cells"] as? [[String: Any]])
    #expect(cells.map { $0["name"] as? String } == ["text", "audio", "text + audio"])
    #expect((cells[0]["seeds"] as? [[String: Any]])?.count == 3)
    let difference = try #require(cells[0]["weighted_f1_less_base"] as? [String: Double])
    #expect(Set(difference.keys) == ["mean", "standard_deviation", "half_width_95"])
    #expect(cells[2]["weighted_f1_less_base"] == nil)
    #expect(document.svg.hasPrefix("<svg") && document.svg.contains("text + audio"))
  }
}
