import DialogueDomain
import Tensors

/// Runs a model's branches over whole bundles, spread over the processor's cores.
///
/// The bundle is cut into pieces of whole dialogues; each piece and branch is one task on one thread. The cut depends
/// on the bundle alone, so the result does not depend on the number of threads.
public struct BranchInference: Sendable {
  private let model: Model
  private let threads: Int

  /// Scores with a model on so many threads.
  public init(_ model: Model, threads: Int = Processor.cores) {
    self.model = model
    self.threads = threads
  }

  /// Rows at which a piece is closed: enough for products to run at full speed, few enough to stay within the caches.
  static let rowsPerPiece = 256

  /// Every branch's logits for every utterance of the bundle.
  ///
  /// The bundle's widths must be the model's, which `ModelConfiguration.check(_:named:)` sees to; branches of modalities
  /// that the bundle lacks do not run.
  ///
  /// - Throws: nothing of its own; sharing out the work passes errors on.
  public func logits(_ bundle: FeatureBundle) throws -> BranchLogits {
    let pieces = Self.pieces(bundle.dialogues)
    let modalities = model.configuration.modalityOrder.filter { bundle.features[$0] != nil }
    let pool = BufferPool()
    let batches = try Parallel.map(count: pieces.count, threads: threads) { model.batch(bundle, dialogues: pieces[$0]) }
    // Where there are fewer pieces than threads, one long dialogue's attention takes the threads left over.
    let spare = max(1, threads / max(1, pieces.count))
    let results = try Parallel.map(count: pieces.count * modalities.count, threads: threads) { task in
      let (batch, modality) = (batches[task / modalities.count], modalities[task % modalities.count])
      return model.meanOverMembers(modality) { branch in
        let run = Computation(pool: pool, precision: model.precision, threads: spare)
        return Self.logits(branch, batch, run).values
      }
    }
    var logits: [Modality: [Float]] = [:]
    for (index, modality) in modalities.enumerated() {
      logits[modality] = pieces.indices.flatMap { results[$0 * modalities.count + index] }
    }
    return BranchLogits(
      classes: model.configuration.emotions.count, rows: bundle.utterances.count, logits: logits,
      missing: bundle.features.mapValues(\.missing).filter { $0.value.contains(true) })
  }

  /// The same for several bundles, whose dialogues share pieces: short ones run as fast together as one long one.
  ///
  /// A dialogue's logits do not depend on its neighbours, so each bundle's are those that it has alone.
  ///
  /// - Throws: as above.
  public func logits(_ bundles: [FeatureBundle]) throws -> [BranchLogits] {
    guard bundles.count > 1 else { return try bundles.map(logits) }
    // Only what has the same branches can run as one.
    let kinds = Dictionary(grouping: bundles.indices) { Set(bundles[$0].features.keys) }
    var results = [BranchLogits?](repeating: nil, count: bundles.count)
    for members in kinds.values {
      let chosen = members.map { bundles[$0] }
      let joint = try logits(FeatureBundle(joining: chosen))
      var first = 0
      for (index, bundle) in zip(members, chosen) {
        results[index] = joint.rows(first..<first + bundle.utterances.count)
        first += bundle.utterances.count
      }
    }
    return results.compactMap(\.self)
  }

  /// Rows of each piece that a bundle is cut into.
  public func pieceRows(_ bundle: FeatureBundle) -> [Int] {
    Self.pieces(bundle.dialogues).map { bundle.dialogues[$0].reduce(0) { $0 + $1.rows.count } }
  }

  /// One branch on a batch: its one way forward, whoever asks.
  static func logits(_ branch: ModalityBranch, _ batch: DialogueBatch, _ run: Computation) -> Matrix {
    guard let features = batch.features[branch.modality] else { return Matrix(rows: 0, columns: 0) }
    return branch.logits(branch.encoded(branch.projection(run.input(features), run), batch, run), run).value
  }

  /// Consecutive dialogues, closed when they hold `rowsPerPiece` rows or more.
  public static func pieces(_ dialogues: [Dialogue]) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var (first, rows) = (0, 0)
    for (index, dialogue) in dialogues.enumerated() {
      rows += dialogue.rows.count
      if rows >= rowsPerPiece || index == dialogues.count - 1 {
        pieces.append(first..<index + 1)
        (first, rows) = (index + 1, 0)
      }
    }
    return pieces
  }
}

extension Model {
  /// The mean over the members of what a modality's branch gives, element by element, added in the members' order.
  func meanOverMembers(_ modality: Modality, _ logits: (ModalityBranch) throws -> [Float]) rethrows -> [Float] {
    try members.compactMap { $0.branch(modality) }.map(logits).elementwiseMean
  }
}

extension [[Float]] {
  /// (1/K) Σ_k of K tables of one size, added in their order; the table itself where there is one, empty where there is none.
  fileprivate var elementwiseMean: [Float] {
    guard var mean = first else { return [] }
    guard count > 1 else { return mean }
    for table in dropFirst() {
      for index in mean.indices { mean[index] += table[index] }
    }
    let share = 1 / Float(count)
    for index in mean.indices { mean[index] *= share }
    return mean
  }
}

/// Each branch's logits for the utterances of a bundle, before fusion.
public struct BranchLogits: Sendable {
  /// Classes, C.
  public let classes: Int
  /// Utterances, T.
  public let rows: Int
  private let logits: [Modality: [Float]]
  private let missing: [Modality: [Bool]]

  /// - Parameters:
  ///   - classes: C.
  ///   - rows: T.
  ///   - logits: [T · C] of each branch that ran, row-major.
  ///   - missing: rows that lack a modality; their logits count for nothing.
  public init(classes: Int, rows: Int, logits: [Modality: [Float]], missing: [Modality: [Bool]] = [:]) {
    self.classes = classes
    self.rows = rows
    self.logits = logits
    self.missing = missing
  }

  /// Those of consecutive utterances.
  func rows(_ range: Range<Int>) -> BranchLogits {
    BranchLogits(
      classes: classes, rows: range.count,
      logits: logits.mapValues { Array($0[range.lowerBound * classes..<range.upperBound * classes]) },
      missing: missing.mapValues { Array($0[range]) }.filter { $0.value.contains(true) })
  }

  /// Branches that ran, in the order t, v, a.
  public var modalities: [Modality] { logits.keys.sorted() }

  /// One utterance's logits of one branch [C]; nil where the branch did not run or the utterance lacks the modality.
  public func callAsFunction(_ modality: Modality, row: Int) -> ArraySlice<Float>? {
    if missing[modality]?[row] == true { return nil }
    return logits[modality]?[(row * classes)..<((row + 1) * classes)]
  }

  /// Every branch's logits for one utterance, of those that it has.
  public func branches(row: Int) -> [Modality: [Float]] {
    Dictionary(
      uniqueKeysWithValues: modalities.compactMap { modality in
        self(modality, row: row).map { (modality, Array($0)) }
      })
  }

  /// The branches' sum (Eqn 29) for one utterance [C]; zeros where it lacks every modality.
  public func fused(row: Int) -> [Float] {
    ScoredUtterance.fused(branches(row: row), classes: classes)
  }
}

extension BranchLogits {
  /// The branches' sum (Eqn 29) of every utterance, before the softmax.
  public var fused: FusedLogits {
    FusedLogits(
      classes: classes, values: (0..<rows).flatMap { fused(row: $0) },
      isAnswered: (0..<rows).map { row in modalities.contains { self($0, row: row) != nil } })
  }
}

/// The branches' sum of every utterance (Eqn 29).
public struct FusedLogits: Sendable, Hashable {
  /// Classes, C.
  public let classes: Int
  /// [T · C], row-major.
  public let values: [Float]
  /// Whether an utterance has any modality; of others nothing can be said.
  public let isAnswered: [Bool]

  /// Utterances, T.
  public var rows: Int { isAnswered.count }

  /// One utterance's logits [C]; nil where it lacks every modality.
  public subscript(row: Int) -> ArraySlice<Float>? {
    isAnswered[row] ? values[row * classes..<(row + 1) * classes] : nil
  }

  /// The mean of several networks' logits for the same utterances; nil where there is none.
  public static func mean(_ networks: [FusedLogits]) -> FusedLogits? {
    guard let first = networks.first else { return nil }
    return FusedLogits(
      classes: first.classes, values: networks.map(\.values).elementwiseMean, isAnswered: first.isAnswered)
  }

  /// These utterances' and then those utterances' logits.
  public static func + (left: FusedLogits, right: FusedLogits) -> FusedLogits {
    FusedLogits(
      classes: left.classes, values: left.values + right.values, isAnswered: left.isAnswered + right.isAnswered)
  }
}

extension FeatureBundle {
  /// The dialogues of bundles of the same modalities and widths, one after the other: as much of them as a network takes.
  fileprivate init(joining bundles: [FeatureBundle]) {
    var dialogues: [Dialogue] = []
    var first = 0
    for bundle in bundles {
      dialogues += bundle.dialogues.map {
        Dialogue(id: $0.id, rows: first + $0.rows.lowerBound..<first + $0.rows.upperBound)
      }
      first += bundle.utterances.count
    }
    var features: [Modality: FeatureTable] = [:]
    for (modality, table) in bundles.first?.features ?? [:] {
      let tables = bundles.compactMap { $0.features[modality] }
      features[modality] = FeatureTable(
        width: table.width, values: tables.flatMap(\.values), missing: tables.flatMap(\.missing))
    }
    self.init(dialogues: dialogues, utterances: bundles.flatMap(\.utterances), features: features)
  }
}
