import DialogueDomain
import Foundation
import GRDB

/// One labelled utterance, as the index holds it.
public struct IndexedUtterance: Sendable {
  /// How much of a row to read: the vectors cost most of the time.
  public enum Detail: Int, Sendable, Comparable {
    /// Everything but the vectors, which are empty then.
    case labels
    /// The probabilities too.
    case probabilities
    /// The probabilities and each branch's logits.
    case logits

    public static func < (left: Detail, right: Detail) -> Bool { left.rawValue < right.rawValue }
  }

  /// The bundle it is in.
  public let bundle: IndexedBundle
  /// The dialogue's id.
  public let dialogue: String
  /// The utterance's id.
  public let utterance: String
  /// Position in its dialogue, from 0.
  public let turn: Int
  /// As in the bundle.
  public let speaker: String
  /// Seconds from the start of the recording.
  public let start: Double?
  /// Seconds from the start of the recording.
  public let end: Double?
  /// The label's name.
  public let emotion: String
  /// Probability of `emotion`.
  public let confidence: Double
  /// The text branch's share of the label, 0 to 1; nil without that branch.
  public let textShare: Double?
  /// The visual branch's share of the label, 0 to 1; nil without that branch.
  public let visualShare: Double?
  /// The audio branch's share of the label, 0 to 1; nil without that branch.
  public let audioShare: Double?
  /// The smallest shift of fusion weight that changes the label.
  public let margin: Double?
  /// Share of perturbed runs that keep the label.
  public let stability: Double?
  /// Whether the label is less sure than its model's limit; nil where the model has none.
  public let isUncertain: Bool?
  /// The classes of the label's conformal set among `bundle.emotions`; nil where there is none.
  public let labelSet: [Int]?
  /// The true emotion, where it is known: the last correction, else the bundle's own label.
  public let truth: String?
  /// Who corrected it to `truth`, and when; nil where the bundle says so itself, or nobody.
  public let correction: (by: String, at: Date)?
  /// The words, where the bundle tells them and they are kept.
  public let text: String?
  /// In the class order of `bundle.emotions`.
  public let probabilities: [Float]
  /// Each branch's logits, in class order; a modality that the utterance lacks has no entry.
  public let branchLogits: [Modality: [Float]]
  /// The place behind it in the order of recording; nil where it was not read in that order.
  public internal(set) var cursor: IndexCursor?

  /// The names of the label's set; nil where there is none.
  public var labelSetNames: [String]? {
    labelSet?.filter { $0 < bundle.emotions.count }.map { bundle.emotions[$0] }
  }

  /// How much of the label one modality brought; nil where the utterance lacks it.
  public func share(of modality: Modality) -> Double? {
    switch modality {
    case .text: textShare
    case .visual: visualShare
    case .audio: audioShare
    }
  }
}

/// Turns rows of the utterance query into values.
struct UtteranceDecoder {
  private let detail: IndexedUtterance.Detail
  private let emotions: [Int64: String]
  private var bundleDecoder = BundleDecoder()
  private var bundles: [Int64: IndexedBundle] = [:]
  private var lastBundle: IndexedBundle?
  /// How many bundles to fetch at once, and the number that follows those fetched last.
  private var ahead: Int64 = 1
  private var expected: Int64 = -1
  private var speakers: [Int64: String] = [:]
  /// A listing visits bundles one after the other: forgetting them all now and then costs little, and bounds memory.
  private static let remembered = 10_000

  /// - Parameter database: read here for the emotions' names.
  init(_ database: Database, detail: IndexedUtterance.Detail) throws {
    self.detail = detail
    var emotions: [Int64: String] = [:]
    for row in try Row.fetchAll(database, sql: "SELECT id, name FROM emotion") { emotions[row[0]] = row[1] }
    self.emotions = emotions
  }

  /// The columns that `decode` expects, in its order.
  ///
  /// `words_content` is where FTS5 keeps the texts of `words`: by number they are there without a search's machinery.
  static func columns(_ detail: IndexedUtterance.Detail) -> String {
    let labels = """
      u.bundle, d.name, u.name, u.turn, u.speaker, u.emotion, u.confidence, u.truth, u.starts, u.ends, u.text_share, \
      u.visual_share, u.audio_share, u.margin, u.stability, u.uncertain, u.label_set, \
      CASE WHEN b.worded THEN (SELECT c0 FROM words_content WHERE id = u.id) END, u.correction
      """
    switch detail {
    case .labels: return labels
    case .probabilities: return labels + ", u.probabilities"
    case .logits: return labels + ", u.probabilities, u.text_logits, u.visual_logits, u.audio_logits"
    }
  }

  mutating func decode(_ row: Row, _ database: Database) throws -> IndexedUtterance {
    let (truth, labelSet): (Int64?, Int64?) = (row[7], row[16])
    return IndexedUtterance(
      bundle: try bundle(row[0], database), dialogue: row[1], utterance: row[2], turn: row[3],
      speaker: try speaker(row[4], database),
      start: row[8], end: row[9], emotion: emotions[row[5]] ?? "", confidence: row[6], textShare: row[10],
      visualShare: row[11], audioShare: row[12], margin: row[13], stability: row[14],
      isUncertain: row[15], labelSet: labelSet.map(ClassBits.decode), truth: truth.flatMap { emotions[$0] },
      correction: try correction(row[18], database), text: row[17],
      probabilities: detail < .probabilities ? [] : vector(row, 19) ?? [],
      branchLogits: detail < .logits ? [:] : logits(row))
  }

  private func logits(_ row: Row) -> [Modality: [Float]] {
    var logits: [Modality: [Float]] = [:]
    logits[.text] = vector(row, 20)
    logits[.visual] = vector(row, 21)
    logits[.audio] = vector(row, 22)
    return logits
  }

  private func correction(_ id: Int64?, _ database: Database) throws -> (by: String, at: Date)? {
    guard let id else { return nil }
    let statement = try database.cachedStatement(sql: "SELECT person, time FROM correction WHERE id = ?")
    return try Row.fetchOne(statement, arguments: [id]).map { ($0[0], Date(milliseconds: $0[1])) }
  }

  private func vector(_ row: Row, _ index: Int) -> [Float]? {
    (row[index] as Data?).map(FloatBlob.decode)
  }

  /// Few names serve many rows: looking them up here is faster than a join.
  private mutating func speaker(_ id: Int64, _ database: Database) throws -> String {
    if let known = speakers[id] { return known }
    let statement = try database.cachedStatement(sql: "SELECT name FROM speaker WHERE id = ?")
    let name = try String.fetchOne(statement, arguments: [id]) ?? ""
    if speakers.count >= Self.remembered { speakers.removeAll(keepingCapacity: true) }
    speakers[id] = name
    return name
  }

  private mutating func bundle(_ id: Int64, _ database: Database) throws -> IndexedBundle {
    if let lastBundle, lastBundle.id == id { return lastBundle }
    if bundles[id] == nil { try readAhead(from: id, database) }
    guard let bundle = bundles[id] else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "no bundle has the number \(id)")
    }
    lastBundle = bundle
    return bundle
  }

  /// Fetches a bundle, and the more of those after it the longer rows have come from one bundle after the other.
  private mutating func readAhead(from id: Int64, _ database: Database) throws {
    ahead = id == expected ? min(ahead * 2, 256) : 1
    expected = id + ahead
    if bundles.count >= Self.remembered { bundles.removeAll(keepingCapacity: true) }
    for bundle in try bundleDecoder.bundles(id..<expected, database) { bundles[bundle.id] = bundle }
  }
}

extension IndexedUtterance {
  /// Why there is no label; nil where there is one.
  public var reasonForNoLabel: String? {
    let isScored = textShare != nil || visualShare != nil || audioShare != nil
    return emotion == ScoredUtterance.unknownEmotion && !isScored ? Self.lacksEverything : nil
  }

  /// The label's probability; nil where there is no label.
  public var labelConfidence: Double? { reasonForNoLabel == nil ? confidence : nil }

  /// The only reason why a scored bundle has an utterance without a label.
  private static let lacksEverything = "it lacks every modality that the model reads"
}
