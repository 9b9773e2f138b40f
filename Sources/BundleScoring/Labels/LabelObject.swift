import DialogueDomain
import Presentation

/// One utterance's label as a JSON object on one line, its keys in a fixed order.
///
/// Absent values are `null`, so that every object has every key.
public enum LabelObject {
  public static func render(_ utterance: ScoredUtterance, _ emotions: EmotionSet) -> String {
    let probabilities = emotions.names.indices.map { index in
      "\(quoted(emotions[index])): \(number(utterance.probability(index)))"
    }
    var members = [
      ("dialogue", quoted(utterance.dialogue)), ("utterance", quoted(utterance.utterance)),
      ("turn", String(utterance.turn)), ("speaker", quoted(utterance.speaker)), ("start", number(utterance.start)),
      ("end", number(utterance.end)), ("emotion", quoted(utterance.emotion)),
      ("confidence", number(utterance.confidence)),
    ]
    members += Modality.allCases.map { ("\($0.rawValue)_share", number(utterance.shares[$0])) }
    members += [
      ("margin", number(utterance.margin)), ("stability", number(utterance.stability)),
      ("probabilities", "{\(probabilities.joined(separator: ", "))}"),
    ]
    return "{" + members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
  }

  private static func number(_ value: Double?) -> String {
    LabelNumber.text(value) ?? "null"
  }

  private static func quoted(_ text: String) -> String { JSONText.quoted(text) }
}
