import Presentation
import ResultIndex

/// The members of an utterance's JSON object, wherever one is written: `ambq list`, `ambq export`.
public struct UtteranceMembers {
  private let own: [UtteranceField]
  /// Those at the end that all rows of a bundle have in common.
  private let common: [UtteranceField]
  private var bundle: IndexedBundle?
  /// The members of `common`, encoded for `bundle`.
  private var origin: [UInt8] = []

  /// - Parameter fields: what to write, in this order; ambq(1) lists them.
  public init(_ fields: [UtteranceField] = UtteranceField.inJSON) {
    let common = fields.reversed().prefix { $0.isOfBundle }
    self.common = common.reversed()
    own = fields.dropLast(common.count)
  }

  /// Appends the members.
  public mutating func encode(_ row: IndexedUtterance, into json: inout JSONText) {
    for field in own { field.encode(row, into: &json) }
    guard !common.isEmpty else { return }
    if row.bundle !== bundle {
      bundle = row.bundle
      var members = JSONText()
      for field in common { field.encode(row, into: &members) }
      origin = members.bytes
    }
    json.members(origin)
  }
}
