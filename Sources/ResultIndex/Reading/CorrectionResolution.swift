import DialogueDomain
import GRDB

/// Which utterance and which emotion a correction means, by what the index holds.
public struct CorrectionResolution {
  /// An utterance of the index that is meant, and what is said of it.
  public struct Found: Sendable, Hashable {
    /// Which utterance.
    public let target: Correction.Target
    /// What was felt, as the models or the bundles write it; nil where corrections are withdrawn.
    public let emotion: String?
    /// The label that the current model gave.
    public let label: String
    /// Its position in the dialogue, from 0.
    public let turn: Int
    /// The bundle's title.
    public let bundle: String
  }

  let database: Database
  let matching: EmotionMatching
  /// Whether a number is a turn before it is an id.
  var turnsFirst = false

  private struct Place: Hashable {
    let digest: String?
    let dialogue: String
  }

  private struct Dialogue {
    let id: Int64
    let digest: String
    let title: String
    let emotions: EmotionSet
  }

  func found(_ requests: [CorrectionRequest]) throws -> [Found] {
    var dialogues: [Place: Dialogue] = [:]
    var names: EmotionSet?
    return try requests.map { request in
      let place = Place(digest: request.bundleDigest, dialogue: request.dialogue)
      let dialogue = try dialogues[place] ?? self.dialogue(request)
      dialogues[place] = dialogue
      let row = try utterance(request, in: dialogue)
      let emotion = try request.emotion.map { name in
        if let own = matching.index(of: name, in: dialogue.emotions) { return dialogue.emotions[own] }
        let known = try names ?? self.names()
        names = known
        guard let place = matching.index(of: name, in: known) else {
          throw CorrectionFault.unknownEmotion(request, among: dialogue.emotions)
        }
        return known[place]
      }
      return Found(
        target: Correction.Target(bundleDigest: dialogue.digest, dialogue: request.dialogue, utterance: row[0]),
        emotion: emotion, label: row[2], turn: row[1], bundle: dialogue.title)
    }
  }

  private func dialogue(_ request: CorrectionRequest) throws -> Dialogue {
    let digest = request.bundleDigest ?? ""
    let rows = try Row.fetchAll(
      try database.cachedStatement(
        sql: """
          SELECT d.id, b.digest, b.title, m.emotions FROM dialogue d JOIN bundle b ON b.id = d.bundle
            JOIN model m ON m.id = b.model
          WHERE d.name = ?1 AND b.current AND substr(b.digest, 1, length(?2)) = ?2 ORDER BY b.id LIMIT 6
          """), arguments: [request.dialogue, digest])
    guard let first = rows.first else { throw CorrectionFault.unknownDialogue(request) }
    guard rows.count == 1 else { throw CorrectionFault.severalDialogues(request, bundles: rows.map { $0[2] }) }
    return Dialogue(id: first[0], digest: first[1], title: first[2], emotions: BundleDecoder.emotions(first[3]))
  }

  /// By its id and, where none has that id, by its position; or the other way round.
  private func utterance(_ request: CorrectionRequest, in dialogue: Dialogue) throws -> Row {
    let sql = """
      SELECT u.name, u.turn, e.name FROM utterance u INDEXED BY utterance_turn JOIN emotion e ON e.id = u.emotion
      WHERE u.dialogue = ? AND
      """
    let byName = try Row.fetchOne(
      try database.cachedStatement(sql: sql + " u.name = ?"), arguments: [dialogue.id, request.utterance])
    let byTurn = try Int(request.utterance).flatMap { turn in
      try Row.fetchOne(try database.cachedStatement(sql: sql + " u.turn = ?"), arguments: [dialogue.id, turn])
    }
    if let row = turnsFirst ? byTurn ?? byName : byName ?? byTurn { return row }
    let last = try Int.fetchCached(
      database, sql: "SELECT max(turn) FROM utterance WHERE dialogue = ?", arguments: [dialogue.id])
    throw CorrectionFault.unknownUtterance(request, last: last ?? 0)
  }

  /// Every emotion that a model tells apart or a bundle has named.
  private func names() throws -> EmotionSet {
    EmotionSet(
      try String.fetchAll(
        database, sql: "SELECT name FROM emotion WHERE name <> ? ORDER BY id",
        arguments: [ScoredUtterance.unknownEmotion]))
  }
}

/// A correction that means nothing of the index.
public struct CorrectionFault: ExplainedError {
  public let explanation: Explanation
  /// Whether its dialogue is not there, and may yet come.
  public let isOfUnknownDialogue: Bool

  private init(
    _ request: CorrectionRequest, _ what: String, found: String, expected: String? = nil, remedy: String? = nil,
    isOfUnknownDialogue: Bool = false
  ) {
    explanation = Explanation(
      .data, what, at: request.line > 0 ? "line \(request.line)" : nil, found: found, expected: expected,
      remedy: remedy)
    self.isOfUnknownDialogue = isOfUnknownDialogue
  }

  static func unknownDialogue(_ request: CorrectionRequest) -> CorrectionFault {
    let bundle = request.bundleDigest.map { " of the bundle \($0.prefix(8))" } ?? ""
    return CorrectionFault(
      request, "no scored dialogue has this name", found: "\(request.dialogue)\(bundle)",
      remedy: "See 'ambq dialogues'; one that is not scored yet cannot be corrected.", isOfUnknownDialogue: true)
  }

  static func severalDialogues(_ request: CorrectionRequest, bundles: [String]) -> CorrectionFault {
    let names = bundles.prefix(5).joined(separator: ", ") + (bundles.count > 5 ? ", …" : "")
    return CorrectionFault(
      request, "several bundles have a dialogue of this name", found: "\(request.dialogue) in \(names)",
      remedy: "Say which one by the beginning of its digest: --bundle, or the member \"bundle_digest\".")
  }

  static func unknownUtterance(_ request: CorrectionRequest, last: Int) -> CorrectionFault {
    CorrectionFault(
      request, "the dialogue \(request.dialogue) has no such utterance", found: request.utterance,
      expected: "an utterance's id, or its turn, 0 to \(last)")
  }

  static func unknownEmotion(_ request: CorrectionRequest, among emotions: EmotionSet) -> CorrectionFault {
    let name = request.emotion ?? ""
    return CorrectionFault(
      request, "no model and no bundle here knows this emotion", found: name,
      expected: "one of \(emotions.names.joined(separator: ", "))",
      remedy: nearestName(to: name, among: emotions.names).map { "Did you mean '\($0)'?" })
  }
}
