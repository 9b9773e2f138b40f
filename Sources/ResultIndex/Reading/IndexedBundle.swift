import DialogueDomain
import Foundation
import GRDB

/// One scoring of one bundle, as the index holds it.
public final class IndexedBundle: Sendable {
  /// The row's number in this index; it means nothing elsewhere.
  public let id: Int64
  /// The bundle's file name.
  public let name: String
  /// The file name, with the digest's beginning where bundles of other bytes share it: `friday.h5 (1a2b3c4d)`.
  public let title: String
  /// SHA-256 of the bundle file.
  public let digest: String
  /// The model's name, as its configuration says.
  public let modelName: String
  /// SHA-256 of the model's weights and configuration.
  public let modelDigest: String
  /// The model's classes, in the order of every probabilities and logits row.
  public let emotions: EmotionSet
  /// False where another model's scoring of the same bytes has superseded this one.
  public let isCurrent: Bool
  /// When the file came into the spool.
  public let arrived: Date
  /// When it was scored.
  public let scored: Date
  /// Time spent on reading and scoring.
  public let seconds: Double
  /// The file's size.
  public let byteCount: Int
  /// Where the labels lie, relative to the spool.
  public let labelFile: String
  /// How many dialogues it has.
  public let dialogues: Int
  /// How many utterances it has.
  public let utterances: Int
  /// Utterances whose true emotion is known.
  public let labelled: Int
  /// Share of the words' pieces that the text encoder does not know; nil where it has read none.
  public let unknownWords: Double?
  /// How often each class was the truth in the model's training data, where the model says so.
  public let trainingLabels: [Int]?

  init(
    id: Int64, name: String, title: String, digest: String, modelName: String, modelDigest: String,
    emotions: EmotionSet, isCurrent: Bool, arrived: Date, scored: Date, seconds: Double, byteCount: Int,
    labelFile: String, dialogues: Int, utterances: Int, labelled: Int, unknownWords: Double?, trainingLabels: [Int]?
  ) {
    self.id = id
    self.name = name
    self.title = title
    self.digest = digest
    self.modelName = modelName
    self.modelDigest = modelDigest
    self.emotions = emotions
    self.isCurrent = isCurrent
    self.arrived = arrived
    self.scored = scored
    self.seconds = seconds
    self.byteCount = byteCount
    self.labelFile = labelFile
    self.dialogues = dialogues
    self.utterances = utterances
    self.labelled = labelled
    self.unknownWords = unknownWords
    self.trainingLabels = trainingLabels
  }
}

/// Turns rows of the bundle and model tables into values.
struct BundleDecoder {
  /// The classes and the training labels of each model met so far, by its digest.
  private var models: [String: (emotions: EmotionSet, trainingLabels: [Int]?)] = [:]

  static let columns = """
    b.id, b.name, b.title, b.digest, m.name, m.digest, m.emotions, b.current, b.arrived, b.scored, b.seconds, \
    b.byte_count, b.label_file, b.dialogues, b.utterances, b.labelled, \
    m.training_labels, b.unknown_words
    """
  static let columnCount = 18

  /// The bundles with the numbers of a range, as far as they exist.
  mutating func bundles(_ numbers: Range<Int64>, _ database: Database) throws -> [IndexedBundle] {
    let statement = try database.cachedStatement(
      sql: "SELECT \(Self.columns) FROM bundle b JOIN model m ON m.id = b.model WHERE b.id >= ? AND b.id < ?")
    // A cursor's row is read where it lies; `fetchAll` would copy each with its column names.
    let rows = try Row.fetchCursor(statement, arguments: [numbers.lowerBound, numbers.upperBound])
    var bundles: [IndexedBundle] = []
    while let row = try rows.next() { bundles.append(decode(row)) }
    return bundles
  }

  /// The scoring of some bytes by some model; nil where there is none.
  mutating func bundle(_ digest: String, model: String, _ database: Database) throws -> IndexedBundle? {
    let sql = "SELECT \(Self.columns) FROM bundle b JOIN model m ON m.id = b.model WHERE b.digest = ? AND m.digest = ?"
    return try Row.fetchOne(try database.cachedStatement(sql: sql), arguments: [digest, model]).map { decode($0) }
  }

  mutating func decode(_ row: Row) -> IndexedBundle {
    let modelDigest: String = row[5]
    let model = models[modelDigest] ?? Self.model(emotions: row[6], trainingLabels: row[16])
    models[modelDigest] = model
    return IndexedBundle(
      id: row[0], name: row[1], title: row[2], digest: row[3], modelName: row[4], modelDigest: modelDigest,
      emotions: model.emotions, isCurrent: row[7], arrived: Date(milliseconds: row[8]),
      scored: Date(milliseconds: row[9]), seconds: row[10], byteCount: row[11], labelFile: row[12],
      dialogues: row[13], utterances: row[14], labelled: row[15], unknownWords: row[17],
      trainingLabels: model.trainingLabels)
  }

  private static func model(emotions json: String, trainingLabels: String?) -> (EmotionSet, [Int]?) {
    let emotions = emotions(json)
    let counts = trainingLabels.flatMap { try? JSONDecoder().decode([Int].self, from: Data($0.utf8)) }
    return (emotions, counts?.count == emotions.count ? counts : nil)
  }

  /// The classes out of their JSON array; none where it is damaged.
  static func emotions(_ json: String) -> EmotionSet {
    (try? JSONDecoder().decode(EmotionSet.self, from: Data(json.utf8))) ?? EmotionSet([])
  }
}
