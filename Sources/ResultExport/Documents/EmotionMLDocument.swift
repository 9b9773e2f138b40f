import DialogueDomain
import Foundation
import ResultIndex

/// A dialogue as W3C EmotionML 1.0.
///
/// The model's classes are the document's vocabulary. Each utterance is an `emotion` with one `category` for each class,
/// the label first, whose `confidence` is its probability. A `reference` points to the utterance's place in the dialogue by
/// a media fragment, where it has one; `info` holds the utterance itself. Without a label the category is `unknown`, and
/// `info` says why.
enum EmotionMLDocument {
  /// The namespace of what `info` holds.
  static let namespace = "urn:ambq:utterance"

  static func render(_ dialogue: ExportedDialogue) -> String {
    let bundle = dialogue.bundle
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <emotionml version="1.0" xmlns="http://www.w3.org/2009/10/emotionml" xmlns:ambq="\(namespace)" \
      category-set="#emotions">
        <info>
          <ambq:dialogue\(XMLText.attribute("name", dialogue.name))\(XMLText.attribute("bundle", bundle.name))\
      \(XMLText.attribute("bundle-sha256", bundle.digest))\(XMLText.attribute("model", bundle.modelName))\
      \(XMLText.attribute("model-sha256", bundle.modelDigest))/>
        </info>
        <vocabulary type="category" id="emotions">

      """
    for name in dialogue.vocabulary { text += "    <item\(XMLText.attribute("name", token(name)))/>\n" }
    text += "  </vocabulary>\n"
    for (number, turn) in dialogue.turns.enumerated() { append(turn, number, in: dialogue, to: &text) }
    return text + "</emotionml>\n"
  }

  private static func append(_ turn: ExportedTurn, _ number: Int, in dialogue: ExportedDialogue, to text: inout String)
  {
    let row = turn.row
    text += "  <emotion id=\"u\(number + 1)\">\n    <info>\n      <ambq:utterance"
    text += XMLText.attribute("id", row.utterance) + XMLText.attribute("speaker", turn.speaker)
    text += XMLText.attribute("turn", String(row.turn))
    if let isUncertain = row.isUncertain { text += XMLText.attribute("certain", isUncertain ? "false" : "true") }
    if let reason = row.reasonForNoLabel { text += XMLText.attribute("reason", reason) }
    text += turn.words.map { ">\(XMLText.escaped($0))</ambq:utterance>\n" } ?? "/>\n"
    text += "    </info>\n"
    for (name, value) in categories(row) {
      let confidence = value.map { XMLText.attribute("confidence", PlainNumber.share(min(1, max(0, $0)))) } ?? ""
      text += "    <category\(XMLText.attribute("name", token(name)))\(confidence)/>\n"
    }
    let address = dialogue.name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    if let span = turn.span {
      let fragment = "#t=\(PlainNumber.seconds(span.lowerBound)),\(PlainNumber.seconds(span.upperBound))"
      text += "    <reference role=\"expressedBy\"\(XMLText.attribute("uri", address + fragment))/>\n"
    }
    text += "  </emotion>\n"
  }

  /// An emotion's name as EmotionML takes names: letters, digits, `.`, `-`, `_` and `:`.
  static func token(_ emotion: String) -> String {
    let name = String(emotion.map { $0.isLetter || $0.isNumber || ".-_:".contains($0) ? $0 : "-" })
    return name.isEmpty ? "-" : name
  }

  /// The label, then the other classes in the model's order.
  private static func categories(_ row: IndexedUtterance) -> [(String, Double?)] {
    let isScored = row.reasonForNoLabel == nil
    var all: [(String, Double?)] = [(row.emotion, isScored ? row.confidence : nil)]
    for (name, value) in zip(row.bundle.emotions.names, row.probabilities) where name != row.emotion {
      all.append((name, Double(value)))
    }
    return all
  }
}
