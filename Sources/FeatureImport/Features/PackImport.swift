import DialogueDomain
import Foundation

/// A user's own features made into a bundle: a table of utterances and one `.npy` array per modality.
///
/// Row i of every array belongs to row i of the table. Dialogues need not be contiguous in the table; they are in the
/// bundle. A row of nothing but NaN says that the utterance lacks that modality.
public struct PackImport: Sendable {
  /// CSV or TSV; see `UtteranceTable` for its columns.
  public var table: URL
  /// Arrays of utterances × width; an `.npz` serves as well, if it has one array or one named after the modality.
  public var features: [Modality: URL]
  /// Class names in class order; where nil, the names that occur in the table, in alphabetical order.
  public var emotions: EmotionSet?
  /// The name of the data set.
  public var dataset: String?
  /// The program and settings that made each modality's features.
  public var extractors: [Modality: String]
  /// Columns of the table to leave out.
  public var ignoredColumns: Set<String>

  /// An import of these files; nothing is read yet.
  public init(
    table: URL, features: [Modality: URL], emotions: EmotionSet? = nil, dataset: String? = nil,
    extractors: [Modality: String] = [:], ignoredColumns: Set<String> = []
  ) {
    self.table = table
    self.features = features
    self.emotions = emotions
    self.dataset = dataset
    self.extractors = extractors
    self.ignoredColumns = ignoredColumns
  }

  /// Reads the files and puts the bundle together.
  ///
  /// - Returns: the bundle, and what was taken otherwise than it was written, one sentence each.
  /// - Throws: `StorageError` when a file cannot be read, `FeatureImportError` when one is not what it should be or they do
  ///   not fit together.
  public func read() throws -> (bundle: FeatureBundle, notes: [String]) {
    let utterances = try UtteranceTable(DelimitedTable(table), emotions: emotions, ignoring: ignoredColumns)
    guard !features.isEmpty else {
      throw FeatureImportError(
        "no features are given", at: table.path, expected: "an .npy file of at least one modality")
    }
    var tables: [Modality: FeatureTable] = [:]
    for modality in features.keys.sorted() {
      guard let url = features[modality] else { continue }
      tables[modality] = try featureTable(modality, url, utterances)
    }
    let bundle = FeatureBundle(
      dataset: dataset, extractors: extractors.filter { tables[$0.key] != nil }, emotions: utterances.emotions,
      dialogues: utterances.dialogues, utterances: utterances.utterances, features: tables)
    return (bundle, utterances.notes)
  }

  private func featureTable(_ modality: Modality, _ url: URL, _ utterances: UtteranceTable) throws -> FeatureTable {
    let array = try array(modality, url)
    guard array.shape.count == 2, array.shape[1] > 0 else {
      throw FeatureImportError(
        "the features are not one vector per utterance", at: url.path, found: "shape \(describe(array.shape))",
        expected: "utterances × width")
    }
    guard array.shape[0] == utterances.order.count else {
      throw FeatureImportError(
        "the features have another number of rows than the table", at: url.path, found: "\(array.shape[0])",
        expected: "\(utterances.order.count), as in \(table.path)")
    }
    do {
      return try FeatureRows(width: array.shape[1], values: array.floats())
        .table(order: utterances.order, partlyMissing: .refuse)
    } catch let bad as FeatureRows.BadRow {
      throw FeatureImportError(
        "the features hold a number that is not finite", at: "\(url.path): row \(bad.row), column \(bad.column)",
        found: "\(bad.value)", expected: "a finite single-precision number, or NaN in the whole row where it is missing"
      )
    }
  }

  private func array(_ modality: Modality, _ url: URL) throws -> NumericArray {
    let bytes = try InputFile.bytes(of: url)
    guard ZipArchive.isArchive(bytes) else { return try NumpyFile.read(bytes[...], location: url.path) }
    let archive = try NumpyArchive(bytes, location: url.path)
    let name = archive.names.count == 1 ? archive.names[0] : modality.rawValue
    guard let array = try archive.array(named: name) else {
      throw FeatureImportError(
        "the archive has no array of that modality", at: url.path,
        found: archive.names.prefix(12).map(printable).joined(separator: ", "), expected: name)
    }
    return array
  }
}

/// Feature vectors as they come from a file, on their way into a feature table.
struct FeatureRows {
  var width: Int
  /// Row-major.
  var values: [Float] = []

  /// What to do with a row of which some numbers, but not all, are not finite.
  enum PartlyMissing {
    /// Tell the caller, who says where.
    case refuse
    /// Treat the whole row as missing.
    case drop
  }

  /// A row that was not let in.
  struct BadRow: Error {
    var row: Int
    var column: Int
    var value: Float
  }

  var count: Int { width == 0 ? 0 : values.count / width }

  /// The rows in another order as a feature table; a row of nothing but NaN is missing.
  ///
  /// - Throws: `BadRow`, with the row's number in the file, for one that holds some NaN or infinite numbers.
  func table(order: [Int], partlyMissing: PartlyMissing) throws -> FeatureTable {
    var sorted: [Float] = []
    sorted.reserveCapacity(order.count * width)
    var missing: [Bool] = []
    missing.reserveCapacity(order.count)
    for row in order {
      let vector = values[row * width..<(row + 1) * width]
      let firstBad = vector.firstIndex { !$0.isFinite }
      if let firstBad, partlyMissing == .refuse, !vector.allSatisfy(\.isNaN) {
        throw BadRow(row: row, column: firstBad - vector.startIndex, value: vector[firstBad])
      }
      missing.append(firstBad != nil)
      if firstBad == nil {
        sorted.append(contentsOf: vector)
      } else {
        sorted.append(contentsOf: repeatElement(0, count: width))
      }
    }
    return FeatureTable(width: width, values: sorted, missing: missing)
  }
}
