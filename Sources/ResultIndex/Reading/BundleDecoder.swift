import DialogueDomain
import Foundation
import GRDB

/// Turns rows of the bundle and model tables into values.
struct BundleDecoder {
  /// The classes and the training labels of each model met so far, by its digest.
  private var models: [String: (emotions: EmotionSet, trainingLabels: [Int]?)] = [:]

  static let columns = """
    b.id, b.name, b.title, b.digest, m.name, m.digest, m.emotions, b.current, b.arrived, b.scored, b.seconds, \
    b.byte_count, b.label_file, b.dialogues, b.utterances, b.labelled, \
    m.training_labels
    """

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

  mutating func decode(_ row: Row) -> IndexedBundle {
    let modelDigest: String = row[5]
    let model = models[modelDigest] ?? Self.model(emotions: row[6], trainingLabels: row[16])
    models[modelDigest] = model
    return IndexedBundle(
      id: row[0], name: row[1], title: row[2], digest: row[3], modelName: row[4], modelDigest: modelDigest,
      emotions: model.emotions, isCurrent: row[7], arrived: Date(milliseconds: row[8]),
      scored: Date(milliseconds: row[9]), seconds: row[10], byteCount: row[11], labelFile: row[12],
      dialogues: row[13], utterances: row[14], labelled: row[15],
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
