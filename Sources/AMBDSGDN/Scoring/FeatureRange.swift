import DialogueDomain
import Foundation

/// Whether features can be what a model was trained on, by the mean and deviation of each column there.
///
/// Values a little beyond are clipped at `Standardisation.bound`, and those who score tell of them. Two things are refused,
/// for no label means anything then: one value beyond `farthest` deviations, and a modality of which more than `mostClipped`
/// is clipped. Columns that are left out (`Standardisation.constantColumns`) and models without such figures set no range.
public struct FeatureRange {
  /// Deviations beyond which one value is refused.
  ///
  /// The least column that is not left out has a thousandth of the modality's median deviation, so that even there ten
  /// median deviations, as far as the shipped model's training data ever go, are not refused.
  public static let farthest: Float = 10 / Standardisation.leastShare
  /// Share of a modality's values beyond which their being clipped is refused.
  ///
  /// Of the shipped model's training data none are; of the same in a unit a hundred times smaller four fifths.
  public static let mostClipped = 0.5

  /// What was seen of one modality.
  private struct Seen {
    let modality: Modality
    let mean: [Float]
    let factor: [Float]
    let columns: [Int]
    var values = 0
    var clipped = 0
    var farthest: (deviations: Float, value: FarValue)?
  }

  private let model: Model
  private let name: String?
  private var seen: [Seen]

  /// - Parameter name: what to call the bundle in messages.
  public init(_ model: Model, bundle name: String? = nil) {
    self.model = model
    self.name = name
    seen = model.configuration.modalityOrder.compactMap { modality in
      guard let standardisation = model.standardisation[modality] else { return nil }
      let unused = Set(standardisation.constantColumns)
      return Seen(
        modality: modality, mean: standardisation.mean.values,
        factor: standardisation.deviation.values.map { $0 > 0 ? 1 / $0 : 0 },
        columns: (0..<standardisation.mean.columns).filter { !unused.contains($0) })
    }
  }

  /// Looks at one part of the bundle, or at all of it; widths must be the model's.
  ///
  /// - Throws: `FeatureMismatch.outOfRange` for the first value that is too far.
  public mutating func add(_ part: FeatureBundle) throws(FeatureMismatch) {
    for index in seen.indices {
      guard let table = part.features[seen[index].modality] else { continue }
      for row in 0..<table.rows where !table.missing[row] {
        if let far = add(table, row: row, to: &seen[index]) {
          let value = value(far, row, table, part, seen[index])
          if far.deviations > Self.farthest { throw .outOfRange(value) }
          seen[index].farthest = (far.deviations, value)
        }
      }
    }
  }

  /// Judges the whole.
  ///
  /// - Throws: `FeatureMismatch.otherUnit`.
  public func finish() throws(FeatureMismatch) {
    for seen in seen {
      let share = Double(seen.clipped) / Double(max(1, seen.values))
      guard share > Self.mostClipped, let farthest = seen.farthest else { continue }
      throw .otherUnit(
        farthest.value, clippedShare: share, extractor: model.configuration.modalities[seen.modality]?.extractor)
    }
  }

  /// Counts one row.
  ///
  /// - Returns: its farthest value, where that lies farther than any before.
  private func add(_ table: FeatureTable, row: Int, to seen: inout Seen) -> (column: Int, deviations: Float)? {
    var farthest = (column: -1, deviations: max(seen.farthest?.deviations ?? 0, Standardisation.bound))
    let (mean, factor, columns) = (seen.mean, seen.factor, seen.columns)
    var clipped = 0
    table.values.withUnsafeBufferPointer { values in
      for column in columns {
        let deviations = ((values[row * table.width + column] - mean[column]) * factor[column]).magnitude
        if deviations > Standardisation.bound { clipped += 1 }
        if deviations > farthest.deviations { farthest = (column, deviations) }
      }
    }
    seen.values += columns.count
    seen.clipped += clipped
    return farthest.column < 0 ? nil : farthest
  }

  private func value(
    _ far: (column: Int, deviations: Float), _ row: Int, _ table: FeatureTable, _ part: FeatureBundle, _ seen: Seen
  ) -> FarValue {
    FarValue(
      bundle: name, modality: seen.modality, row: part.firstRow + row, column: far.column,
      dialogue: part.dialogues.first { $0.rows.contains(row) }?.id ?? "", utterance: part.utterances[row].id,
      value: table.values[row * table.width + far.column], deviations: far.deviations, mean: seen.mean[far.column],
      deviation: 1 / seen.factor[far.column])
  }
}

/// A feature's value that lies far from the training data, and where it stands.
public struct FarValue: Sendable, Equatable {
  /// What the bundle is called.
  public var bundle: String?
  /// The modality.
  public var modality: Modality
  /// Its row in the bundle, from 0.
  public var row: Int
  /// Its column, from 0.
  public var column: Int
  /// The dialogue's id.
  public var dialogue: String
  /// The utterance's id.
  public var utterance: String
  /// The value.
  public var value: Float
  /// How many deviations it lies from the mean.
  public var deviations: Float
  /// The column's mean in training.
  public var mean: Float
  /// The column's deviation in training.
  public var deviation: Float

  var place: String {
    "/\(modality.rawValue) row \(row) column \(column), dialogue \"\(dialogue)\", utterance \"\(utterance)\""
  }

  var found: String { "\(value), \(Self.rounded(deviations)) deviations from the mean" }

  var spread: String { "the training mean \(Self.rounded(mean)), the deviation being \(Self.rounded(deviation))" }

  /// Three digits are enough to compare by.
  private static func rounded(_ value: Float) -> String { String(format: "%.3g", Double(value)) }
}

extension Model {
  /// Refuses a bundle whose features are not what the model was trained on, by their names, widths and values.
  ///
  /// - Parameters:
  ///   - bundle: what is to be scored.
  ///   - name: what to call the bundle in the message.
  ///   - strict: whether features whose extractor nobody names are refused.
  /// - Throws: `FeatureMismatch`.
  public func check(
    _ bundle: FeatureBundle, named name: String? = nil, strict: Bool = false
  ) throws(FeatureMismatch) {
    try configuration.check(BundleOutline(bundle), named: name, strict: strict)
    var range = FeatureRange(self, bundle: name)
    try range.add(bundle)
    try range.finish()
  }
}
