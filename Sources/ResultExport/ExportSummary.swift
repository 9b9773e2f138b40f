import Presentation

/// What an export has come to.
public struct ExportSummary: Sendable {
  /// Where it went; nil for the output.
  let place: String?
  /// Dialogues written.
  public private(set) var dialogues = 0
  /// Utterances written, those without a label included.
  public private(set) var utterances = 0
  /// Those of them without a label.
  public private(set) var unlabelled = 0
  /// Dialogues some of whose times are not the recording's.
  var laidOut = 0
  /// Bundles whose own format has no place for emotions.
  var strangers: Set<String> = []

  init(place: String?) {
    self.place = place
  }

  mutating func count(_ dialogue: ExportedDialogue) {
    dialogues += 1
    utterances += dialogue.turns.count
    unlabelled += dialogue.turns.count { $0.row.reasonForNoLabel != nil }
  }

  /// What to tell the user, a sentence each: what was written where, unless it went to the output, and what is not as one
  /// might expect.
  public var remarks: [String] {
    var lines: [String] = []
    if let place {
      let missing = unlabelled == 0 ? "" : ", \(NumberText.count(unlabelled)) of them without a label"
      let counts = "\(NumberText.count(dialogues, "dialogue")), \(NumberText.count(utterances, "utterance"))\(missing)"
      lines.append("\(place): \(counts)")
    }
    if laidOut > 0 {
      lines.append(
        "in \(NumberText.count(laidOut, "dialogue")) turns without times were laid out one after the other")
    }
    if !strangers.isEmpty {
      let names = strangers.sorted().prefix(3).joined(separator: ", ")
      let more = strangers.count > 3 ? " and \(NumberText.count(strangers.count - 3)) more" : ""
      lines.append("written as JSON Lines, since their own format has no place for emotions: \(names)\(more)")
    }
    return lines
  }
}
