import DialogueDomain
import Presentation
import ResultIndex

/// The members of an utterance's JSON object, wherever one is written: `ambq list`, `ambq export`.
public struct UtteranceMembers {
  private var bundle: IndexedBundle?
  /// The members that all rows of `bundle` have in common.
  private var origin: [UInt8] = []

  /// Nothing is encoded yet.
  public init() {}

  /// Appends the members, whose keys ambq(1) lists.
  public mutating func encode(_ row: IndexedUtterance, into json: inout JSONText) {
    if row.bundle !== bundle {
      bundle = row.bundle
      origin = Self.origin(row.bundle)
    }
    json.member("dialogue", row.dialogue)
    json.member("utterance", row.utterance)
    json.member("turn", row.turn)
    json.member("speaker", row.speaker)
    json.member("start", row.start)
    json.member("end", row.end)
    json.member("emotion", row.emotion)
    json.member("confidence", row.labelConfidence)
    json.member("reason", row.reasonForNoLabel)
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
