import DialogueDomain
import Foundation
import OperatingSystem

/// Dialogues that lie in two parts of the data at once: what chooses or judges must not have been trained on.
///
/// Dialogues are compared by their features and labels, not by files or names: a copy under another name is found. Single
/// utterances are passed over, since two people may well say the same one thing.
enum DialogueLeakage {
  /// Refuses parts that share a dialogue.
  ///
  /// - Parameter parts: what each is called in the message, and its dialogues.
  /// - Throws: `TrainingError.sharedDialogues` for the first two parts that do.
  static func refuse(_ parts: [(name: String, data: TrainingData)]) throws {
    let found = parts.map { fingerprints(of: $0.data.bundle) }
    for later in parts.indices.dropFirst() {
      for earlier in 0..<later {
        let shared = found[later].filter { found[earlier][$0.key] != nil }.map(\.value).sorted()
        guard let first = shared.first else { continue }
        throw TrainingError.sharedDialogues(
          parts: (parts[earlier].name, parts[later].name), count: shared.count,
          of: parts[later].data.bundle.dialogues.count,
          example: first)
      }
    }
  }

  /// How many of the speakers of one part speak in another, too.
  static func sharedSpeakers(_ part: TrainingData, _ other: TrainingData) -> (shared: Int, of: Int) {
    let known = Set(other.bundle.utterances.map(\.speaker))
    let speakers = Set(part.bundle.utterances.map(\.speaker))
    return (speakers.intersection(known).count, speakers.count)
  }

  /// Each dialogue's id by the SHA-256 of its features and labels.
  private static func fingerprints(of bundle: FeatureBundle) -> [String: String] {
    Dictionary(
      bundle.dialogues.filter { $0.rows.count > 1 }.map { dialogue in
        var content = Data(
          dialogue.rows.map { row in bundle.utterances[row].label.flatMap { bundle.emotions?[$0] } ?? "" }
            .joined(separator: "\n").utf8)
        for (_, table) in bundle.features.sorted(by: { $0.key < $1.key }) {
          let values = table.values[(dialogue.rows.lowerBound * table.width)..<(dialogue.rows.upperBound * table.width)]
          values.withUnsafeBytes { content.append(contentsOf: $0) }
        }
        return (FileDigest.sha256(content), dialogue.id)
      }, uniquingKeysWith: { first, _ in first })
  }
}
