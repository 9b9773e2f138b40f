import DialogueBundles
import DialogueDomain
import Foundation
import Testing

@testable import TextEncoder

/// The bundle of MELD's development split from its transcripts, which belong to others and lie outside of the project:
/// `AMBQ_MELD` names the folder that holds `dev_sent_emo.csv`.
@Suite struct MELDFeatureTests {
  private static let folder = ProcessInfo.processInfo.environment["AMBQ_MELD"]

  @Test(
    .enabled(if: folder != nil && InstalledEncoder.isPresent, "only where AMBQ_MELD is set and an encoder is there"))
  func featuresOfMELDAreThoseOfItsBundle() throws {
    let folder = URL(fileURLWithPath: try #require(Self.folder))
    let expected = try BundleReader().read(Self.project.appendingPathComponent("etc/data/meld/dev.h5")).bundle
    let rows = try Self.rows(String(contentsOf: folder.appendingPathComponent("dev_sent_emo.csv"), encoding: .utf8))
    try #require(rows.count == expected.utterances.count)
    let utterances = zip(expected.utterances, rows).map { utterance, row in
      Utterance(
        id: utterance.id, speaker: row["Speaker"] ?? "", start: Self.seconds(row["StartTime"]),
        end: Self.seconds(row["EndTime"]), text: row["Utterance"])
    }
    let found = try FeatureExtraction(InstalledEncoder.encoder.get()).features(
      of: FeatureBundle(dialogues: expected.dialogues, utterances: utterances, features: [:])
    ).bundle
    #expect(found.extractors == expected.extractors)
    let (text, storedText) = try tables(.text, found, expected)
    // Stored in half precision.
    for row in rows.indices {
      let elements = (row * text.width)..<((row + 1) * text.width)
      let deviation = zip(text.values[elements], storedText.values[elements]).map { abs($0 - $1) }.max() ?? 0
      #expect(deviation < 1e-3, "row \(row)")
    }
    let (timing, storedTiming) = try tables(.audio, found, expected)
    for (column, description) in TurnTiming.columns.enumerated() {
      let stored = stride(from: column, to: storedTiming.values.count, by: storedTiming.width)
        .map { storedTiming.values[$0] }
      let (low, high) = (try #require(stored.min()), try #require(stored.max()))
      for (row, value) in stored.enumerated() {
        // The bundle's columns were clipped at six deviations of the training split.
        let formula = min(max(timing.values[row * timing.width + column], low), high)
        #expect(abs(formula - value) < 1e-5, "\(description.name) of row \(row)")
      }
    }
  }

  private func tables(
    _ modality: Modality, _ found: FeatureBundle, _ expected: FeatureBundle
  ) throws -> (FeatureTable, FeatureTable) {
    let (left, right) = (try #require(found.features[modality]), try #require(expected.features[modality]))
    try #require(left.width == right.width && left.rows == right.rows)
    return (left, right)
  }

  private static let project = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// `00:20:57,256` in seconds.
  private static func seconds(_ text: String?) -> Double? {
    let parts = (text ?? "").replacing(",", with: ".").split(separator: ":").compactMap { Double($0) }
    return parts.count == 3 ? parts[0] * 3600 + parts[1] * 60 + parts[2] : nil
  }

  /// A comma-separated table with quoted fields, by the names in its first row.
  private static func rows(_ text: String) throws -> [[String: String]] {
    var (rows, row, field, isQuoted) = ([[String]](), [String](), "", false)
    var last: Character = "\n"
    for character in text {
      defer { last = character }
      switch character {
      case "\"":
        // A doubled quote within quotes is one of the field's own.
        if last == "\"", !isQuoted { field.append("\"") }
        isQuoted.toggle()
      case "," where !isQuoted:
        row.append(field)
        field = ""
      case _ where character.isNewline && !isQuoted:
        rows.append(row + [field])
        (row, field) = ([], "")
      default: field.append(character)
      }
    }
    if !row.isEmpty { rows.append(row + [field]) }
    let names = try #require(rows.first)
    return rows.dropFirst().map { Dictionary(zip(names, $0)) { first, _ in first } }
  }
}
