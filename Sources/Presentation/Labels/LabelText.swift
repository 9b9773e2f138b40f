import DialogueDomain

/// Labels as tab-separated text: a header line, then one row per utterance.
///
/// Absent values are empty; the classes of a set have commas between them. Tabs, line breaks and backslashes within a value are written `\t`, `\n`, `\r` and `\\`.
public enum LabelTable {
  /// The columns before the probabilities.
  public static let columns = [
    "dialogue", "utterance", "speaker", "start", "end", "emotion", "confidence", "text_share", "visual_share",
    "audio_share", "margin", "stability", "certain", "set",
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
    fields += [
      utterance.isUncertain.map { $0 ? "no" : "yes" } ?? "",
      escaped(utterance.setNames(emotions)?.joined(separator: ",") ?? ""),
    ]
    fields += emotions.names.indices.map { number(utterance.probability($0)) }
    return fields.joined(separator: "\t")
  }

  /// The whole table.
  public static func render(_ scored: ScoredBundle) -> String {
    header(scored.emotions) + "\n" + rows(scored.utterances[...], scored.emotions)
  }

  /// Some rows, each with its end.
  public static func rows(_ utterances: ArraySlice<ScoredUtterance>, _ emotions: EmotionSet) -> String {
    var text = ""
    for utterance in utterances {
      text += row(utterance, emotions)
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
  /// The names of the label's set; nil where there is none.
  func setNames(_ emotions: EmotionSet) -> [String]? { labelSet.map { $0.map { emotions[$0] } } }

  /// The probability of a class; nil where nothing was scored.
  func probability(_ index: Int) -> Double? {
    probabilities.indices.contains(index) ? Double(probabilities[index]) : nil
  }
}

/// One utterance's label as a JSON object on one line, its keys in a fixed order.
///
/// Absent values are `null`, so that every object has every key.
public enum LabelObject {
  /// The objects of some utterances, each with its line's end.
  public static func rows(_ utterances: ArraySlice<ScoredUtterance>, _ emotions: EmotionSet) -> String {
    var text = ""
    for utterance in utterances {
      text += render(utterance, emotions)
      text += "\n"
    }
    return text
  }

  /// The JSON object of one utterance.
  public static func render(_ utterance: ScoredUtterance, _ emotions: EmotionSet) -> String {
    let probabilities = emotions.names.indices.map { index in
      "\(JSONText.quoted(emotions[index])): \(number(utterance.probability(index)))"
    }
    var members = [
      ("dialogue", JSONText.quoted(utterance.dialogue)), ("utterance", JSONText.quoted(utterance.utterance)),
      ("turn", String(utterance.turn)), ("speaker", JSONText.quoted(utterance.speaker)),
      ("start", number(utterance.start)),
      ("end", number(utterance.end)), ("emotion", JSONText.quoted(utterance.emotion)),
      ("confidence", number(utterance.confidence)),
    ]
    members += Modality.allCases.map { ("\($0.rawValue)_share", number(utterance.shares[$0])) }
    members += [
      ("margin", number(utterance.margin)), ("stability", number(utterance.stability)),
      ("certain", utterance.isUncertain.map { $0 ? "false" : "true" } ?? "null"),
      ("set", utterance.setNames(emotions).map { "[\($0.map(JSONText.quoted).joined(separator: ", "))]" } ?? "null"),
      ("probabilities", "{\(probabilities.joined(separator: ", "))}"),
    ]
    return "{" + members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
  }

  private static func number(_ value: Double?) -> String {
    LabelNumber.text(value) ?? "null"
  }
}

/// Numbers in label files: six decimals, a point, no locale: the same bytes on every machine.
enum LabelNumber {
  /// The number as text; nil where there is none to write (absent, infinite, not a number).
  static func text(_ value: Double?) -> String? {
    guard let value, value.isFinite else { return nil }
    let scaled = (value * 1e6).rounded(.toNearestOrEven)
    // Beyond the whole numbers a Double holds exactly, six decimals would be invented.
    guard abs(scaled) < 9_007_199_254_740_992 else { return value.description }
    let units = Int64(scaled)
    let (whole, rest) = units.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    let decimals = String(rest)
    let padding = String(repeating: "0", count: 6 - decimals.count)
    return (units < 0 ? "-" : "") + "\(whole).\(padding)\(decimals)"
  }
}
