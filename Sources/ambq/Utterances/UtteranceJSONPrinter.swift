import DialogueDomain
import Presentation
import ResultIndex

/// Utterances as one JSON array with an object on each line, or as JSON Lines.
struct UtteranceJSONPrinter: UtterancePrinter {
  static let detail = IndexedUtterance.Detail.logits

  private let console: Console
  private let isArray: Bool
  private var json = JSONText()
  private var isEmpty = true
  private var bundle: IndexedBundle?
  /// The members that all rows of `bundle` have in common.
  private var origin: [UInt8] = []

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
      origin = Self.origin(row.bundle)
    }
    let origin = origin
    json.object { Self.encode(row, origin, into: &$0) }
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

  /// The members of an utterance, whose keys ambq(1) lists.
  private static func encode(_ row: IndexedUtterance, _ origin: [UInt8], into json: inout JSONText) {
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
    json.members(origin)
  }

  private static func origin(_ bundle: IndexedBundle) -> [UInt8] {
    var json = JSONText()
    json.member("bundle", bundle.name)
    json.member("bundle_title", bundle.title)
    json.member("bundle_digest", bundle.digest)
    json.member("model", bundle.modelName)
    json.member("model_digest", bundle.modelDigest)
    json.member("current", bundle.isCurrent)
    json.member("scored", TimeText.iso(bundle.scored))
    return json.bytes
  }
}
