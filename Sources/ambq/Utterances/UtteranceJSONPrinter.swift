import Dialogue
import Index
import Terminal

/// Utterances as one JSON array with an object on each line, or as JSON Lines.
struct UtteranceJSONPrinter: UtterancePrinter {
  static let detail = IndexedUtterance.Detail.logits

  private let console: Console
  private let isArray: Bool
  private var json = JSONText()
  private var isEmpty = true
  private var bundle: IndexedBundle?
  private var scored = ""

  init(_ console: Console, isArray: Bool) {
    self.console = console
    self.isArray = isArray
    if isArray { json.beginArray() }
  }

  mutating func print(_ row: IndexedUtterance) throws {
    if isArray { json.endLine(separated: !isEmpty) }
    isEmpty = false
    if row.bundle !== bundle {
      bundle = row.bundle
      scored = TimeText.iso(row.bundle.scored)
    }
    Self.encode(row, scored: scored, into: &json)
    if !isArray { json.endLine(separated: false) }
    try console.drain(&json.bytes)
  }

  mutating func finish() throws {
    if isArray {
      if !isEmpty { json.endLine(separated: false) }
      json.endArray()
      json.endLine(separated: false)
    }
    try console.drain(&json.bytes)
  }

  /// The object of an utterance, whose keys ambq(1) lists.
  ///
  /// - Parameter scored: the bundle's time as text, which many rows have in common.
  static func encode(_ row: IndexedUtterance, scored: String, into json: inout JSONText) {
    json.object { json in
      json.member("dialogue", row.dialogue)
      json.member("utterance", row.utterance)
      json.member("turn", row.turn)
      json.member("speaker", row.speaker)
      json.member("start", row.start)
      json.member("end", row.end)
      json.member("emotion", row.emotion)
      json.member("confidence", row.confidence)
      json.object("probabilities") { json in
        for (name, value) in zip(row.bundle.emotions.names, row.probabilities) {
          json.key(name)
          json.value(value)
        }
      }
      json.object("shares") { json in
        for modality in Modality.allCases { json.member(modality.rawValue, row.share(of: modality)) }
      }
      json.object("branch_logits") { json in
        for modality in Modality.allCases {
          guard let logits = row.branchLogits[modality] else { continue }
          json.array(modality.rawValue) { json in logits.forEach { json.value($0) } }
        }
      }
      json.member("margin", row.margin)
      json.member("stability", row.stability)
      json.member("truth", row.truth)
      json.member("bundle", row.bundle.name)
      json.member("bundle_title", row.bundle.title)
      json.member("bundle_digest", row.bundle.digest)
      json.member("model", row.bundle.modelName)
      json.member("model_digest", row.bundle.modelDigest)
      json.member("current", row.bundle.isCurrent)
      json.member("scored", scored)
    }
  }
}
