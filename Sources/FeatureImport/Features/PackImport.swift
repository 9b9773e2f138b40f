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
  public var dataset: String?
  /// The program and settings that made each modality's features.
  public var extractors: [Modality: String]
  /// Columns of the table to leave out.
  public var ignoredColumns: Set<String>

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
  /// - Throws: `StorageError` when a file cannot be read, `InterchangeError` when one is not what it should be or they do
  ///   not fit together.
  public func bundle() throws -> FeatureBundle {
    let utterances = try UtteranceTable(DelimitedTable(table), emotions: emotions, ignoring: ignoredColumns)
    guard !features.isEmpty else {
      throw InterchangeError("no features are given", at: table.path, expected: "an .npy file of at least one modality")
    }
    var tables: [Modality: FeatureTable] = [:]
    for modality in features.keys.sorted() {
      guard let url = features[modality] else { continue }
      tables[modality] = try featureTable(modality, url, utterances)
    }
    return FeatureBundle(
      dataset: dataset, extractors: extractors.filter { tables[$0.key] != nil }, emotions: utterances.emotions,
      dialogues: utterances.dialogues, utterances: utterances.utterances, features: tables)
  }

  private func featureTable(_ modality: Modality, _ url: URL, _ utterances: UtteranceTable) throws -> FeatureTable {
    let array = try array(modality, url)
    guard array.shape.count == 2, array.shape[1] > 0 else {
      throw InterchangeError(
        "the features are not one vector per utterance", at: url.path, found: "shape \(describe(array.shape))",
        expected: "utterances × width")
    }
    guard array.shape[0] == utterances.order.count else {
      throw InterchangeError(
        "the features have another number of rows than the table", at: url.path, found: "\(array.shape[0])",
        expected: "\(utterances.order.count), as in \(table.path)")
    }
    do {
      return try FeatureRows(width: array.shape[1], values: array.floats())
        .table(order: utterances.order, partlyMissing: .refuse)
    } catch let bad as FeatureRows.BadRow {
      throw InterchangeError(
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
      throw InterchangeError(
        "the archive has no array of that modality", at: url.path,
        found: archive.names.prefix(12).map(printable).joined(separator: ", "), expected: name)
    }
    return array
  }
}
