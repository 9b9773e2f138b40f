import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Tensors

/// What a person should know before believing the labels that a model gives to a bundle.
///
/// ```swift
/// try model.check(bundle)                            // whether it can be scored at all
/// for note in ScoringFitness(model, bundle).notes { print(note) }
/// ```
public struct ScoringFitness {
  /// Share of utterances beyond which strange features are told.
  static let tellingShare = 0.1

  private let aboutOutline: [String]
  private var columns: [ColumnFitness]

  /// Looks at the outline of a bundle that the model can score; its features come by `add`.
  ///
  /// - Parameter matching: which class a true emotion's name means.
  public init(_ model: Model, _ bundle: BundleOutline, matching: EmotionMatching = EmotionMatching()) {
    let configuration = model.configuration
    aboutOutline =
      Self.modalities(configuration, bundle)
      + configuration.unnamedExtractors(of: bundle).map { modality in
        "The file does not say what made its \(modality.rawValue) features; the model was trained on "
          + "\(configuration.modalities[modality]?.extractor ?? "")."
      } + Self.labels(configuration, bundle, matching) + Self.speakers(configuration, bundle)
    columns = configuration.modalityOrder.compactMap { modality in
      bundle.features[modality].map { ColumnFitness(model, modality, width: $0.width) }
    }
  }

  /// Looks at a whole bundle.
  public init(_ model: Model, _ bundle: FeatureBundle, matching: EmotionMatching = EmotionMatching()) {
    self.init(model, BundleOutline(bundle), matching: matching)
    add(bundle)
  }

  /// Looks at the features of one part of the bundle.
  public mutating func add(_ part: FeatureBundle) {
    for index in columns.indices { columns[index].add(part) }
  }

  /// One sentence each; none where all is as in training.
  public var notes: [String] { aboutOutline + columns.flatMap(\.notes) }

  private static func modalities(_ configuration: ModelConfiguration, _ bundle: BundleOutline) -> [String] {
    let order = configuration.modalityOrder
    let absent = order.filter { bundle.features[$0] == nil }.map {
      "There are no \($0.rawValue) features: that branch of the model does not run."
    }
    let present = order.compactMap { bundle.features[$0]?.missing }
    let empty = bundle.utterances.indices.count { row in present.allSatisfy { $0[row] } }
    guard empty > 0 else { return absent }
    return absent + [
      "\(empty) of \(bundle.utterances.count) utterances lack every modality of the model: nothing can be said of them."
    ]
  }

  private static func labels(
    _ configuration: ModelConfiguration, _ bundle: BundleOutline, _ matching: EmotionMatching
  ) -> [String] {
    guard let emotions = bundle.emotions else { return [] }
    let used = Set(bundle.utterances.compactMap(\.label))
    let unknown = emotions.names.indices
      .filter { used.contains($0) && matching.index(of: emotions[$0], in: configuration.emotions) == nil }
      .map { emotions[$0] }
    guard !unknown.isEmpty else { return [] }
    return ["The model does not know the true emotions \(unknown.joined(separator: ", ")): no figure counts them."]
  }

  private static func speakers(_ configuration: ModelConfiguration, _ bundle: BundleOutline) -> [String] {
    let counts = bundle.dialogues.map { Set(bundle.utterances[$0.rows].map(\.speaker)).count }
    let crowded = counts.filter { $0 > configuration.speakers }
    guard let most = crowded.max() else { return [] }
    let dialogues = crowded.count == 1 ? "one dialogue" : "\(crowded.count) dialogues"
    return [
      "In \(dialogues) more people speak than the model tells apart (\(configuration.speakers)): up to "
        + "\(most - configuration.speakers + 1) of them count as one."
    ]
  }
}

/// Columns of one modality that are unlike the training data.
private struct ColumnFitness {
  /// Rows whose features are scaled at once.
  private static let rowsAtOnce = 256

  private let modality: Modality
  private let standardisation: Standardisation?
  private let limit: Float
  /// Rows that have the modality.
  private var count = 0
  private var far: [Int]
  private var living: [Bool]

  init(_ model: Model, _ modality: Modality, width: Int) {
    self.modality = modality
    standardisation = model.standardisation[modality]
    limit = Float(ProbePlan.standard.plausibleDeviations * model.configuration.noiseDeviation(modality))
    far = [Int](repeating: 0, count: width)
    living = [Bool](repeating: false, count: width)
  }

  mutating func add(_ part: FeatureBundle) {
    guard let table = part.features[modality], table.missing.contains(false) else { return }
    count += table.missing.count { !$0 }
    for first in stride(from: 0, to: table.rows, by: Self.rowsAtOnce) {
      let rows = first..<min(first + Self.rowsAtOnce, table.rows)
      let raw = table.values[(rows.lowerBound * table.width)..<(rows.upperBound * table.width)]
      let scaled = standardisation?(Matrix(rows: rows.count, columns: table.width, raw)).values ?? Array(raw)
      for row in rows where !table.missing[row] {
        for column in 0..<table.width {
          let place = (row - first) * table.width + column
          if scaled[place].magnitude > limit { far[column] += 1 }
          if raw[raw.startIndex + place] != 0 { living[column] = true }
        }
      }
    }
  }

  var notes: [String] {
    guard count > 0 else { return [] }
    let unused = Set(standardisation?.constantColumns ?? [])
    let strange = far.indices.filter { Double(far[$0]) > ScoringFitness.tellingShare * Double(count) }
    let dead = living.indices.filter { !living[$0] && !unused.contains($0) }
    var notes: [String] = []
    if !strange.isEmpty { notes.append("\(listed(strange)) unlike the training data: the labels mean little.") }
    if !dead.isEmpty && count > 1 { notes.append("\(listed(dead)) nothing but zeros, unlike in training.") }
    return notes
  }

  /// `The text columns 3, 17 and 12 more are`, counted from 0.
  private func listed(_ columns: [Int]) -> String {
    let shown = columns.prefix(8).map(String.init).joined(separator: ", ")
    let more = columns.count > 8 ? " and \(columns.count - 8) more" : ""
    let (noun, verb) = columns.count == 1 ? ("column", "is") : ("columns", "are")
    return "The \(modality.rawValue) \(noun) \(shown)\(more) \(verb)"
  }
}
