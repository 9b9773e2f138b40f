import DialogueDomain

/// A dialogue as WebVTT: a cue a turn, in the voice of its speaker, whose class is the emotion.
///
///     NOTE joy 0.9 certain
///
///     tea#0
///     00:00:04.000 --> 00:00:07.500
///     <v.joy Anna>[joy] Where is my parcel?</v>
///
/// The emotion stands in brackets before the words, as captions give a tone of voice, so that every player shows it;
/// `::cue(v.joy)` gives it a colour where the player takes style sheets. The note before a cue holds the label, its
/// probability and what the model says of its doubt, or the reason where there is no label.
enum WebVTTDocument {
  static func render(_ dialogue: ExportedDialogue) -> String {
    let bundle = dialogue.bundle
    var text = "WEBVTT\n\nNOTE\n\(plain("Dialogue \(dialogue.name) of \(bundle.name)"))\n"
    text += "\(plain("Emotions by \(bundle.modelName) \(bundle.modelDigest.prefix(8))\(ExportMark.note)"))\n"
    if dialogue.isLaidOut {
      text += "Turns without times were laid out one after the other: those times are not the recording's\n"
    }
    for turn in dialogue.inTime {
      guard let span = turn.span else { continue }
      text += "\nNOTE \(plain(note(turn)))\n\n"
      let id = plain(OneLine.of(turn.row.utterance))
      // A line that begins so is no identifier.
      if !id.isEmpty, !id.hasPrefix("NOTE"), !id.hasPrefix("STYLE"), !id.hasPrefix("REGION") { text += id + "\n" }
      text += "\(CaptionTime.text(span.lowerBound, ".")) --> \(CaptionTime.text(span.upperBound, "."))\n"
      text += "<v.\(className(turn.row.emotion)) \(escaped(turn.speaker))>"
      text += "\(escaped("[\(turn.doubtfulEmotion)] \(turn.spoken)"))</v>\n"
    }
    return text
  }

  private static func note(_ turn: ExportedTurn) -> String {
    if let reason = turn.row.reasonForNoLabel { return "no label: \(reason)" }
    let doubt = turn.row.isUncertain.map { $0 ? " uncertain" : " certain" } ?? ""
    return "\(turn.row.emotion) \(PlainNumber.share(turn.row.confidence))\(doubt)"
  }

  /// Notes and identifiers must not hold an arrow.
  private static func plain(_ text: String) -> String { OneLine.of(text).replacing("-->", with: "→") }

  private static func escaped(_ text: String) -> String {
    OneLine.of(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  /// An emotion's name as a class: letters, digits, `-` and `_`.
  static func className(_ emotion: String) -> String {
    let name = String(emotion.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" ? $0 : "-" })
    return name.isEmpty ? "none" : name
  }
}

/// A dialogue as SubRip subtitles: `Anna: [joy] Where is my parcel?`, with a question mark behind an uncertain label.
///
/// SubRip has no place for anything that is not shown, and no way to escape: an arrow becomes `→`, and a `<` or `{` that
/// players would take for a tag gets a blank behind it.
enum SubRipDocument {
  static func render(_ dialogue: ExportedDialogue) -> String {
    var text = ""
    for (number, turn) in zip(1..., dialogue.inTime.filter { $0.span != nil }) {
      guard let span = turn.span else { continue }
      text += "\(number)\n\(CaptionTime.text(span.lowerBound, ",")) --> \(CaptionTime.text(span.upperBound, ","))\n"
      text += plain("\(turn.speaker): [\(turn.doubtfulEmotion)] \(turn.spoken)") + "\n\n"
    }
    return text
  }

  private static func plain(_ text: String) -> String {
    var result = ""
    var before: Character?
    for character in OneLine.of(text).replacing("-->", with: "→") {
      let opensTag = before == "<" && (character.isLetter || character == "/") || before == "{" && character == "\\"
      if opensTag { result.append(" ") }
      result.append(character)
      before = character
    }
    return result
  }
}

/// Times of cues.
enum CaptionTime {
  /// `01:02:03.500`, with hours of any length.
  static func text(_ milliseconds: Int, _ separator: String) -> String {
    let seconds = milliseconds / 1000
    let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
    return clock + separator + padded(milliseconds % 1000, 3)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
