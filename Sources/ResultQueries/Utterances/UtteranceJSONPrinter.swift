import DialogueDomain
import Presentation
import ResultIndex

/// Utterances as one JSON array with an object on each line, or as JSON Lines.
struct UtteranceJSONPrinter: UtterancePrinter {
  static let detail = IndexedUtterance.Detail.logits

  private let console: ResultConsole
  private var objects: JSONRecords
  private var bundle: IndexedBundle?
  /// The members that all rows of `bundle` have in common.
  private var origin: [UInt8] = []

  init(_ console: ResultConsole, isArray: Bool) {
    self.console = console
    objects = JSONRecords(isArray: isArray)
  }

  mutating func print(_ row: IndexedUtterance) throws {
    if row.bundle !== bundle {
      bundle = row.bundle
      origin = Self.origin(row.bundle)
    }
    let origin = origin
    objects.append { Self.encode(row, origin, into: &$0) }
    try console.drain(&objects.bytes)
  }

  mutating func finish() throws {
    objects.end()
    try console.drain(&objects.bytes)
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
    json.member("certain", row.isUncertain.map { !$0 })
    if let set = row.labelSetNames {
      json.array("set") { json in set.forEach { json.value($0) } }
    } else {
      json.member("set", nil as String?)
    }
    json.member("truth", row.truth)
    json.member("text", row.text)
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
