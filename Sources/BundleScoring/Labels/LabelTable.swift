import DialogueDomain

/// Labels as tab-separated text: a header line, then one row per utterance.
///
/// Absent values are empty. Tabs, line breaks and backslashes within a value are written `\t`, `\n`, `\r` and `\\`.
public enum LabelTable {
  /// The columns before the probabilities.
  static let columns = [
    "dialogue", "utterance", "speaker", "start", "end", "emotion", "confidence", "text_share", "visual_share",
    "audio_share", "margin", "stability",
  ]

  /// The header line, without its end.
  public static func header(_ emotions: EmotionSet) -> String {
    (columns + emotions.names.map { "p:" + escaped($0) }).joined(separator: "\t")
  }

  /// One row, without its end.
  public static func row(_ utterance: ScoredUtterance, _ emotions: EmotionSet) -> String {
    var fields = [
      escaped(utterance.dialogue), escaped(utterance.utterance), escaped(utterance.speaker), number(utterance.start),
      number(utterance.end), escaped(utterance.emotion), number(utterance.confidence),
    ]
    fields += Modality.allCases.map { number(utterance.shares[$0]) }
    fields += [number(utterance.margin), number(utterance.stability)]
    fields += emotions.names.indices.map { number(utterance.probability($0)) }
    return fields.joined(separator: "\t")
  }

  /// The whole table.
  public static func render(_ scored: ScoredBundle) -> String {
    var text = header(scored.emotions) + "\n"
    for utterance in scored.utterances {
      text += row(utterance, scored.emotions)
      text += "\n"
    }
    return text
  }

  private static func number(_ value: Double?) -> String {
    LabelNumber.text(value) ?? ""
  }

  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x09 || $0 == 0x0A || $0 == 0x0D || $0 == 0x5C }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\t": result += "\\t"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\\": result += "\\\\"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension ScoredUtterance {
  /// The probability of a class; nil where nothing was scored.
  func probability(_ index: Int) -> Double? {
    probabilities.indices.contains(index) ? Double(probabilities[index]) : nil
  }
}
