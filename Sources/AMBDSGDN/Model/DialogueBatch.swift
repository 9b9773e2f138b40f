import DialogueDomain
import Tensors

/// Some dialogues as the network takes them: the rows of all their utterances, never padded.
public struct DialogueBatch: Sendable {
  /// One segment per dialogue.
  public let segments: Segments
  /// Each row's speaker slot.
  public let speakers: [Int]
  /// Each row's position in its dialogue, from 0.
  public let positions: [Int]
  /// Feature rows [T, D_m] in the units that enter the projection; zero where an utterance lacks the modality.
  public let features: [Modality: Matrix]
  /// Which rows lack a modality; a modality that no row lacks has no entry.
  public let missing: [Modality: [Bool]]
  let interSpeaker: BandedGraph
  let intraSpeaker: BandedGraph

  /// A batch of whole dialogues: features are [T, d] per modality, T the rows of all of them.
  public init(
    segments: Segments, speakers: [Int], features: [Modality: Matrix], missing: [Modality: [Bool]] = [:], window: Int
  ) {
    self.segments = segments
    self.speakers = speakers
    positions = segments.indices.flatMap { Array(0..<segments[$0].count) }
    self.features = features
    self.missing = missing
    interSpeaker = RelationGraph.interSpeaker(segments, speakers: speakers, window: window)
    intraSpeaker = RelationGraph.intraSpeaker(segments, speakers: speakers, window: window)
  }

  /// Utterances, T.
  public var rows: Int { segments.rows }
}

/// Features brought to mean 0 and deviation 1 per column by the training data's statistics: (x − mean) / deviation.
///
/// A column that hardly varied in training tells nothing, and divided by its deviation the least disturbance of it would
/// drown all others: where a column's deviation is below `leastShare` of the modality's median, it is left out and
/// enters as zero. What remains is clipped to ±`bound`.
public struct Standardisation: Sendable {
  /// [1, D_m].
  public let mean: Matrix
  /// [1, D_m], as the training data has it; 0 for a column that never changed.
  public let deviation: Matrix
  /// Columns that are left out, rising.
  public let constantColumns: [Int]
  private let factor: Matrix

  /// Share of the median deviation below which a column counts as constant.
  public static let leastShare: Float = 1e-3
  /// Deviations from the mean beyond which a value is taken for this many.
  public static let bound: Float = 20

  /// - Parameters:
  ///   - mean: one a column.
  ///   - deviation: one a column, not negative; those of models made before count likewise.
  public init(mean: [Float], deviation: [Float]) {
    precondition(mean.count == deviation.count, "one mean and one deviation a column")
    self.mean = Matrix(rows: 1, columns: mean.count, mean)
    self.deviation = Matrix(rows: 1, columns: deviation.count, deviation)
    let varying = deviation.filter { $0 > 0 }.sorted()
    let least = varying.isEmpty ? 0 : varying[varying.count / 2] * Self.leastShare
    constantColumns = deviation.indices.filter { deviation[$0] <= 0 || deviation[$0] < least }
    var factor = deviation.map { 1 / $0 }
    for column in constantColumns { factor[column] = 0 }
    self.factor = Matrix(rows: 1, columns: factor.count, factor)
  }

  /// Feature rows [T, D_m] in the units that enter the projection.
  public func callAsFunction(_ features: Matrix) -> Matrix {
    features.standardised(mean: mean, factor: factor, bound: Self.bound)
  }
}

extension Model {
  /// Some dialogues of a bundle as the network takes them: standardised features, speaker slots, missing rows cleared.
  ///
  /// A modality that the bundle lacks is absent from the batch; widths must have been checked before.
  public func batch(_ bundle: FeatureBundle, dialogues: some Sequence<Int>) -> DialogueBatch {
    let chosen = dialogues.map { bundle.dialogues[$0] }
    let segments = Segments(lengths: chosen.map(\.rows.count))
    let runs = Self.runs(chosen.map(\.rows))
    var features: [Modality: Matrix] = [:]
    var missing: [Modality: [Bool]] = [:]
    for modality in configuration.modalityOrder {
      guard let table = bundle.features[modality] else { continue }
      let raw = Matrix(
        rows: segments.rows, columns: table.width,
        runs.flatMap { table.values[($0.lowerBound * table.width)..<($0.upperBound * table.width)] })
      let scaled = standardisation[modality]?(raw) ?? raw
      let absent = runs.flatMap { table.missing[$0] }
      if absent.contains(true) { missing[modality] = absent }
      // A missing row enters as the training mean: zero after standardisation.
      features[modality] = absent.contains(true) ? scaled.clearingRows(absent) : scaled
    }
    return DialogueBatch(
      segments: segments,
      speakers: chosen.flatMap { configuration.speakerSlots(of: bundle.utterances[$0.rows].map(\.speaker)) },
      features: features, missing: missing, window: configuration.window)
  }

  /// Row ranges joined where one ends as the next begins, so that neighbouring dialogues are copied at once.
  private static func runs(_ ranges: [Range<Int>]) -> [Range<Int>] {
    ranges.reduce(into: []) { runs, range in
      if let last = runs.last, last.upperBound == range.lowerBound {
        runs[runs.count - 1] = last.lowerBound..<range.upperBound
      } else {
        runs.append(range)
      }
    }
  }
}

extension ModelConfiguration {
  /// Each utterance's slot in the speaker embedding, for one dialogue.
  ///
  /// The k-th new speaker gets slot min(k, speakers − 1); a speaker whom the model fixes by name gets that slot.
  public func speakerSlots(of names: [String]) -> [Int] {
    var slots: [String: Int] = [:]
    var newcomers = 0
    return names.map { name in
      if let fixed = speakerSlots?[name] { return fixed }
      if let known = slots[name] { return known }
      let slot = min(newcomers, speakers - 1)
      newcomers += 1
      slots[name] = slot
      return slot
    }
  }
}
