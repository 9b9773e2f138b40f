import DialogueDomain
import Dispatch
import GRDB
import Synchronization

/// Adds up utterances while they are carried over, so that no row need be read a second time; on a thread of its own, a stretch
/// behind the rows.
struct SummingCopy {
  private let columns: Columns
  private let background: BackgroundSums
  private var stretch = Stretch()
  /// Where the bundle in hand begins.
  private var start = 0
  /// The most utterances of a stretch, which is held in memory twice.
  private static let longest = 100_000
  /// The number of the label of an utterance that nothing can be said of, once there is one.
  var unknown: Int64?

  /// Where the columns stand that sums are made of.
  private struct Columns {
    let dialogue, speaker, emotion, truth, confidence, uncertain, labelSet: Int32
    let shares: [Int32]

    init(_ copy: TableCopy) throws {
      dialogue = try copy.place(of: "dialogue")
      speaker = try copy.place(of: "speaker")
      emotion = try copy.place(of: "emotion")
      truth = try copy.place(of: "truth")
      confidence = try copy.place(of: "confidence")
      uncertain = try copy.place(of: "uncertain")
      labelSet = try copy.place(of: "label_set")
      shares = try ["text_share", "visual_share", "audio_share"].map(copy.place)
    }
  }

  /// - Parameter copy: of the table of utterances.
  init(_ copy: TableCopy, _ database: Database) throws {
    columns = try Columns(copy)
    background = BackgroundSums(try IndexSums(database))
  }

  /// Takes a row that has just been copied.
  mutating func take(_ copy: TableCopy, _ row: RawStatement) {
    let emotion = copy.linked[Int(columns.emotion)]
    stretch.utterances.append(
      SummedUtterance(
        dialogue: copy.linked[Int(columns.dialogue)], speaker: copy.linked[Int(columns.speaker)], emotion: emotion,
        truth: copy.linked[Int(columns.truth)], confidence: row.real(columns.confidence),
        uncertain: row.isNull(columns.uncertain) ? IndexSums.noLimit : row.integer(columns.uncertain),
        labelSet: row.isNull(columns.labelSet) ? IndexSums.noSet : row.integer(columns.labelSet),
        isLabelled: emotion != unknown || columns.shares.contains { !row.isNull($0) }))
  }

  /// Ends a bundle's rows.
  mutating func finish(_ bundle: Int64, model: Int64, _ database: Database) throws {
    // Those of a dialogue together, as sums want them; nearly always they are.
    let own = stretch.utterances[start...]
    if zip(own, own.dropFirst()).contains(where: { $0.dialogue > $1.dialogue }) {
      stretch.utterances[start...].sort { $0.dialogue < $1.dialogue }
    }
    stretch.bundles.append((bundle, model, start..<stretch.utterances.count))
    start = stretch.utterances.count
    guard start >= Self.longest || stretch.bundles.count >= SumTables.chunk else { return }
    try background.write(database)
    background.add(stretch)
    stretch = Stretch()
    start = 0
  }

  /// Ends all rows.
  mutating func finish(_ database: Database) throws {
    background.add(stretch)
    try background.write(database, isLast: true)
  }
}

/// Bundles whose rows have been carried over.
private struct Stretch: Sendable {
  var utterances: [SummedUtterance] = []
  var bundles: [(number: Int64, model: Int64, utterances: Range<Int>)] = []
}

/// Sums that another thread makes.
///
/// When they are written depends on the rows alone, so that equal rows make equal files.
private final class BackgroundSums: Sendable {
  private let sums: Mutex<IndexSums>
  private let queue = DispatchQueue(label: "sums")

  init(_ sums: IndexSums) {
    self.sums = Mutex(sums)
  }

  /// Begins to add up a stretch.
  func add(_ stretch: Stretch) {
    queue.async { [self] in
      sums.withLock { sums in
        for bundle in stretch.bundles {
          for utterance in stretch.utterances[bundle.utterances] {
            sums.add(utterance, of: bundle.number, isCurrent: true, model: bundle.model)
          }
        }
      }
    }
  }

  /// Waits for what is being added up, and writes it: bundles' sums at once, the others' when they are many, or the last.
  func write(_ database: Database, isLast: Bool = false) throws {
    queue.sync {}
    try sums.withLock { sums in
      try sums.writeBundles(database)
      if isLast || sums.count > SumTables.mostRows { try sums.write(1, database) }
    }
  }
}
