import AMBDSGDN
import BundleScoring
import DialogueBundles
import DialogueDomain
import EvaluationStatistics
import Foundation
import GRDB
import OperatingSystem
import ResultIndex
import Synchronization
import Tensors

@testable import ScoringDaemon

/// An error as the rooms below throw them.
struct FakeError: ExplainedError {
  let explanation: Explanation
  var isTransient = false

  static let notHDF5 = FakeError(
    explanation: Explanation(
      .data, "not an HDF5 file", at: "friday.h5", found: "text", expected: "HDF5", remedy: "Write it anew."))
  static let busy = FakeError(explanation: Explanation(.io, "the file is busy"), isTransient: true)
}

/// Reads text files: `bad` is no bundle, `busy` is transient trouble, anything else holds as many utterances as bytes.
///
/// The text features of `said` come from an encoder of their own. Those of `two` have a width that no model takes, those of `huge` overflow in the network.
final class FakeIntake: BundleSource {
  /// Called before each reading.
  let before: @Sendable (URL) throws -> Void
  private let names = Mutex<[String]>([])

  init(before: @escaping @Sendable (URL) throws -> Void = { _ in }) {
    self.before = before
  }

  /// What was read, in order.
  var read: [String] { names.withLock { $0 } }

  func read(_ url: URL) throws -> BundleReading {
    names.withLock { $0.append(url.lastPathComponent) }
    try before(url)
    let data = try Data(contentsOf: url)
    switch String(decoding: data, as: UTF8.self) {
    case "bad": throw FakeError.notHDF5
    case "busy": throw FakeError.busy
    default: break
    }
    return BundleReading(
      bundle: Self.bundle(data), digest: FileDigest.sha256(data), byteCount: data.count)
  }

  static func bundle(_ data: Data) -> FeatureBundle {
    let text = String(decoding: data, as: UTF8.self)
    let width = text == "two" ? 3 : TinyModel.width
    let values: [Float] =
      text == "huge"
      ? [Float](repeating: .greatestFiniteMagnitude, count: data.count * width)
      : CounterBasedRandom.standardNormal(CounterBasedRandom.key(named: text), count: data.count * width)
    let table = FeatureTable(
      width: width, values: values, missing: [Bool](repeating: false, count: data.count))
    return FeatureBundle(
      extractors: text == "said" ? [.text: spokenExtractor] : [:],
      dialogues: [Dialogue(id: "d", rows: 0..<data.count)],
      utterances: data.indices.map { Utterance(id: "d#\($0)", speaker: "A") }, features: [.text: table])
  }

  static let spokenExtractor = "tiny+tuned/\(TinyModel.width)"
}

/// A network of a few weights, and what it makes of a text that `FakeIntake` reads.
enum TinyModel {
  static let width = 4

  /// - Parameter digest: what tells models apart; the weights follow from it.
  static func model(_ digest: String = "model-1", extractor: String? = nil) -> Model {
    let configuration = ModelConfiguration(
      name: "tiny", emotions: EmotionSet(["joy", "anger"]),
      modalities: [.text: ModalityConfiguration(width: width, extractor: extractor, noiseDeviation: 1)], hidden: 8,
      encoderHeads: 2,
      graphHeads: 2, window: 2, speakers: 1, temperature: 1)
    let seed = UInt64(digest.utf8.reduce(7) { ($0 &* 31) &+ Int($1) } & 0xFFFF)
    return Model(network: Network(configuration, ParameterSet(configuration, seed: seed)), digest: digest)
  }

  static func scored(_ text: String, _ name: String = "friday.h5", model: Model = model()) throws -> ScoredBundle {
    try BundleScorer(model, threads: 1).score(
      FakeIntake.bundle(Data(text.utf8)), name: name, digest: FileDigest.sha256(Data(text.utf8)))
  }

  static func probed(_ text: String, _ plan: ProbePlan, model: Model = model()) throws -> ProbedBundle {
    try BundleProber(model, threads: 1).probe(
      FakeIntake.bundle(Data(text.utf8)), name: "friday.h5", digest: FileDigest.sha256(Data(text.utf8)), plan: plan)
  }
}

/// Looks into the index of a spool, and puts obstacles in its way.
struct IndexProbe {
  let url: URL

  /// A scoring and its labels.
  struct Row: Hashable {
    var bundle: String
    var model: String
    var name: String
    var labels: String
    var utterances: Int
    /// `pending`, `done`, or why it was skipped; nil where none was asked for.
    var probe: String?
    var plan: String?
    var stability: [Double?]
    var statistics: Data?
  }

  private func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    let queue = try DatabaseQueue(path: url.path)
    defer { try? queue.close() }
    return try queue.read(body)
  }

  /// In the order of their recording.
  func rows() throws -> [Row] {
    try read { database in
      try GRDB.Row.fetchAll(
        database,
        sql: """
          SELECT b.id, b.digest, m.digest, b.name, b.label_file, b.utterances, p.state, p.reason, p.plan, p.statistics
          FROM bundle b JOIN model m ON m.id = b.model LEFT JOIN probe p ON p.bundle = b.id ORDER BY b.id
          """
      ).map { row in
        let number: Int64 = row[0]
        let reason: String? = row[7]
        return Row(
          bundle: row[1], model: row[2], name: row[3], labels: row[4], utterances: row[5], probe: reason ?? row[6],
          plan: row[8],
          stability: try Optional<Double>.fetchAll(
            database, sql: "SELECT stability FROM utterance WHERE bundle = ? ORDER BY id", arguments: [number]),
          statistics: row[9])
      }
    }
  }

  /// The probes' states in the order of the scorings: `pending`, `done`, or why it was skipped.
  func probes() throws -> [String] { try rows().compactMap(\.probe) }

  func failures() throws -> [FailureRecord] { try IndexReader(url).failures() }

  /// What every table holds, row by row, but for times that the file system or the clock of the machine says.
  func contents() throws -> [String: [[String: String]]] {
    try read { database in
      let tables = try String.fetchAll(
        database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
      var contents: [String: [[String: String]]] = [:]
      for table in tables {
        contents[table] = try GRDB.Row.fetchAll(database, sql: "SELECT * FROM \(table) ORDER BY 1").map { row in
          var values: [String: String] = [:]
          for (column, value) in row where !["arrived", "seconds"].contains(column) {
            values[column] = value.description
          }
          return values
        }
      }
      return contents
    }
  }

  /// Keeps every heartbeat from now on; the index itself keeps the last.
  func keepHeartbeats() throws {
    let queue = try DatabaseQueue(path: url.path)
    try queue.write { database in
      try database.execute(
        sql: """
          CREATE TABLE heard (activity TEXT, waiting INTEGER);
          CREATE TRIGGER hear AFTER INSERT ON daemon
          BEGIN INSERT INTO heard VALUES (NEW.activity, NEW.waiting); END;
          """)
    }
    try queue.close()
  }

  /// What each heartbeat since `keepHeartbeats` said that the daemon does.
  func heartbeats() throws -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT activity FROM heard ORDER BY rowid") }
  }

  /// While set, every recording of a scoring, a probe or a failure fails with these words.
  func setTrouble(_ words: String?) throws {
    let queue = try DatabaseQueue(path: url.path)
    try queue.write { database in
      for (table, event) in [("bundle", "INSERT"), ("probe", "UPDATE"), ("failure", "INSERT")] {
        try database.execute(sql: "DROP TRIGGER IF EXISTS trouble_\(table)")
        guard let words else { continue }
        try database.execute(
          sql: """
            CREATE TRIGGER trouble_\(table) BEFORE \(event) ON \(table)
            BEGIN SELECT RAISE(ABORT, '\(words)'); END
            """)
      }
    }
    try queue.close()
  }
}
