import Transcripts

/// The last tier of a TextGrid that `ambq export` makes: one interval that says what the file is of.
///
/// TextGrids have no other place for that. By it a corrected file finds its way back, whatever it is called.
struct TextGridMark {
  /// The tier's name, which no speaker's tier has.
  static let title = "ambq"

  /// By the names that ELAN's properties have.
  let properties: [String: String]

  init(_ dialogue: ExportedDialogue) {
    properties = [
      ExportMark.digest: dialogue.bundle.digest, ExportMark.model: dialogue.bundle.modelDigest,
      ExportMark.dialogue: dialogue.name,
    ]
  }

  /// Nil where no interval of the tier holds what the mark says.
  init?(_ entries: [AnnotationTiers.Entry]) {
    let pattern = /ambq:bundle-sha256 ([0-9a-f]{64}) ambq:model-sha256 ([0-9a-f]{64}) ambq:dialogue (.+)/
    guard let found = entries.lazy.compactMap({ try? pattern.wholeMatch(in: $0.text)?.output }).first else {
      return nil
    }
    properties = [
      ExportMark.digest: String(found.1), ExportMark.model: String(found.2), ExportMark.dialogue: String(found.3),
    ]
  }

  /// What stands in the interval; the dialogue's name, which may hold anything, comes last.
  var text: String {
    [ExportMark.digest, ExportMark.model, ExportMark.dialogue].map { "\($0) \(properties[$0] ?? "")" }
      .joined(separator: " ")
  }
}
