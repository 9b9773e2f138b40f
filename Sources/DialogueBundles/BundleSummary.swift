import DialogueDomain
import Foundation
import OperatingSystem

/// The verdict on a sound bundle: what is in it.
public struct BundleSummary: Sendable, CustomStringConvertible {
  /// For people: one line per property, the file's name first; no newline at the end.
  public let description: String
  /// For programs, under the keys that ambtrain(1) lists.
  public let json: JSONValue

  /// - Parameter name: the file, as it should be called in the verdict.
  public init(_ reading: BundleReading, name: String) {
    let bundle = reading.bundle
    json = Self.json(reading, name)
    var lines = [("format", "\(BundleFormat.name), version \(BundleFormat.version)")]
    if let dataset = bundle.dataset { lines.append(("dataset", dataset)) }
    lines.append(("dialogues", Self.dialogues(bundle)))
    lines.append(("utterances", "\(bundle.utterances.count)"))
    for modality in Modality.allCases {
      lines.append((modality.rawValue, Self.features(bundle, modality)))
    }
    lines.append(("speakers", Self.speakers(bundle)))
    lines.append(("times", Self.times(bundle)))
    lines.append(("labels", Self.labels(bundle)))
    lines.append(("size", "\(reading.byteCount) bytes"))
    lines.append(("sha256", reading.digest))
    let width = lines.map(\.0.count).max() ?? 0
    description =
      (["\(name): sound"]
      + lines.map { key, value in
        "  \(key.padding(toLength: width + 2, withPad: " ", startingAt: 0))\(value)"
      }).joined(separator: "\n")
  }

  private static func json(_ reading: BundleReading, _ name: String) -> JSONValue {
    let bundle = reading.bundle
    let features = bundle.features.map { modality, table -> (String, JSONValue) in
      (
        modality.rawValue,
        .object([
          "width": .integer(table.width), "missing": .integer(table.missing.count { $0 }),
          "extractor": bundle.extractors[modality].map(JSONValue.string) ?? .null,
        ])
      )
    }
    let speakers = bundle.utterances.reduce(into: [String: Int]()) { $0[$1.speaker, default: 0] += 1 }
    let labels = bundle.utterances.reduce(into: [String: Int]()) { counts, utterance in
      if let emotion = utterance.label.flatMap({ bundle.emotions?[$0] }) { counts[emotion, default: 0] += 1 }
    }
    return .object([
      "file": .string(name), "format": .string(BundleFormat.name), "version": .integer(Int(BundleFormat.version)),
      "dataset": bundle.dataset.map(JSONValue.string) ?? .null, "dialogues": .integer(bundle.dialogues.count),
      "utterances": .integer(bundle.utterances.count),
      "features": .object(Dictionary(uniqueKeysWithValues: features)),
      "speakers": .object(speakers.mapValues(JSONValue.integer)),
      "labels": .object(labels.mapValues(JSONValue.integer)),
      "byte_count": .integer(Int(reading.byteCount)), "digest": .string(reading.digest),
    ])
  }

  private static func dialogues(_ bundle: FeatureBundle) -> String {
    let lengths = bundle.dialogues.map(\.rows.count)
    let (shortest, longest) = (lengths.min() ?? 0, lengths.max() ?? 0)
    let range = shortest == longest ? "\(shortest)" : "\(shortest) to \(longest)"
    return "\(lengths.count), of \(range) utterances"
  }

  private static func features(_ bundle: FeatureBundle, _ modality: Modality) -> String {
    guard let table = bundle.features[modality] else { return "none" }
    var parts = [table.width == 1 ? "1 column" : "\(table.width) columns"]
    if let extractor = bundle.extractors[modality] { parts.append("extractor \(extractor)") }
    let missing = table.missing.count { $0 }
    if missing > 0 { parts.append(missing == 1 ? "1 row missing" : "\(missing) rows missing") }
    return parts.joined(separator: ", ")
  }

  /// The number of names, and those with most to say.
  private static func speakers(_ bundle: FeatureBundle) -> String {
    let counts = bundle.utterances.reduce(into: [String: Int]()) { $0[$1.speaker, default: 0] += 1 }
    let ranked = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let named = ranked.prefix(6).map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return "\(counts.count): \(named)" + (counts.count > 6 ? " and others" : "")
  }

  private static func times(_ bundle: FeatureBundle) -> String {
    let timed = bundle.utterances.count { $0.start != nil }
    return timed == 0 ? "none" : timed == bundle.utterances.count ? "all utterances" : "\(timed) utterances"
  }

  private static func labels(_ bundle: FeatureBundle) -> String {
    guard let emotions = bundle.emotions, bundle.utterances.contains(where: { $0.label != nil }) else { return "none" }
    var parts = emotions.names.enumerated().map { index, name in
      "\(name) \(bundle.utterances.count { $0.label == index })"
    }
    let unknown = bundle.utterances.count { $0.label == nil }
    if unknown > 0 { parts.append("unknown \(unknown)") }
    return parts.joined(separator: ", ")
  }
}
