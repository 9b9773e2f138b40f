import DialogueDomain

/// Decodes and checks the content of one bundle, in an order that names the cause rather than what follows from it.
struct BundleDecoder {
  let file: HDF5File
  let zeroTail: ZeroTail
  let budget: DecodingBudget
  let limits: BundleLimits?

  init(_ image: FileImage, zeroTail: ZeroTail, sizeLimit: Int, limits: BundleLimits? = nil) throws {
    self.limits = limits
    budget = DecodingBudget(sizeLimit)
    self.zeroTail = zeroTail
    file = try HDF5File(image, budget: budget)
  }

  /// - Throws: `BundleError` for the first fault found.
  func decode() throws -> FeatureBundle {
    try checkFormat()
    let ids = try dialogueIDs()
    let features = try Modality.allCases.compactMap { modality in
      try dataset(BundleFormat.Path.features(modality)).map { (modality, $0) }
    }
    guard !features.isEmpty else { throw BundleError.noModality }
    let speakers = try speakers()
    let dialogues = try dialogues(ids, utterances: speakers.count)
    try limits?.check(dialogues, utterances: speakers.count)
    let emotions = try emotions()

    var tables: [Modality: FeatureTable] = [:]
    var traces: [FeatureTrace] = []
    for (modality, dataset) in features {
      let columns = try FeatureColumns(dataset, utterances: speakers.count)
      let (table, trace) = try reading(dataset.path) { try columns.read() }
      tables[modality] = table
      traces.append(trace)
    }
    try zeroTail.refuseIncomplete(traces)

    return FeatureBundle(
      dataset: try name(BundleFormat.Attribute.dataset),
      extractors: try extractors(),
      emotions: emotions,
      dialogues: dialogues,
      utterances: try utterances(speakers: speakers, dialogues: dialogues, emotions: emotions),
      features: tables)
  }

  private func checkFormat() throws {
    guard let format = try name(BundleFormat.Attribute.format) else { throw BundleError.notABundle }
    guard format == BundleFormat.name else { throw BundleError.unknownFormat(found: format) }
    let attribute = BundleFormat.Attribute.version
    let version = try reading("/ attribute `\(attribute)`") { try file.attribute(attribute)?.integer() }
    guard let version else { throw BundleError.missingVersion }
    guard version == BundleFormat.version else { throw BundleError.unknownVersion(found: version) }
  }

  private func extractors() throws -> [Modality: String] {
    var extractors: [Modality: String] = [:]
    for modality in Modality.allCases {
      extractors[modality] = try name(BundleFormat.Attribute.extractor(modality))
    }
    return extractors
  }

  private func emotions() throws -> EmotionSet? {
    let attribute = BundleFormat.Attribute.emotions
    let names = try reading("/ attribute `\(attribute)`") { try file.attribute(attribute)?.names() }
    guard let names else { return nil }
    guard !names.isEmpty else { throw BundleError.noEmotions }
    var first: [String: Int] = [:]
    for (index, name) in names.enumerated() {
      if let earlier = first.updateValue(index, forKey: name) {
        throw BundleError.duplicateEmotion(name, first: earlier, second: index)
      }
    }
    return EmotionSet(names)
  }

  private func name(_ attribute: String) throws -> String? {
    try reading("/ attribute `\(attribute)`") { try file.attribute(attribute)?.name() }
  }

  /// The dataset at `path`, or nil where there is none.
  func dataset(_ path: String) throws -> HDF5Dataset? {
    try reading(path) {
      let dataset = try file.dataset(path)
      dataset?.refusesUnwritten = !zeroTail.isVouchedFor
      return dataset
    }
  }

  /// A failure of the library becomes the error that names the place.
  func reading<Value>(_ place: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let failure as HDF5Failure {
      throw zeroTail.fault(of: failure, at: place)
    }
  }
}

/// How much memory the decoded content of one file may still take, so that a few bytes cannot ask for terabytes.
final class DecodingBudget {
  let limit: Int
  private(set) var remaining: Int

  init(_ limit: Int) {
    self.limit = limit
    remaining = limit
  }

  /// Takes `count` elements of `size` bytes from the budget.
  ///
  /// - Throws: `BundleError` naming `place` when that is more than is left.
  func charge(_ count: Int, of size: Int, at place: String) throws {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, bytes <= remaining else {
      throw BundleError.tooLarge(at: place, found: "\(count) elements of \(size) bytes", limit: limit)
    }
    remaining -= bytes
  }
}

/// The feature matrix of one modality in the file: shape and type checked before anything is read.
struct FeatureColumns {
  private let dataset: HDF5Dataset
  private let rows: Int
  private let width: Int

  init(_ dataset: HDF5Dataset, utterances: Int) throws {
    let expected = "two dimensions: [utterances, columns]"
    guard let shape = dataset.shape, shape.count == 2 else {
      throw BundleError.wrongShape(at: dataset.path, found: HDF5Shape.describe(dataset.shape), expected: expected)
    }
    guard shape[1] > 0 else {
      throw BundleError.wrongShape(
        at: dataset.path, found: HDF5Shape.describe(shape), expected: "\(expected), with at least one column")
    }
    guard [.float16, .float32, .float64].contains(dataset.element) else {
      throw BundleError.wrongType(
        at: dataset.path, found: dataset.element.name, expected: "float16, float32 or float64")
    }
    guard shape[0] == utterances || shape[1] != utterances else {
      throw BundleError.transposed(at: dataset.path, found: shape, expected: utterances)
    }
    guard shape[0] == utterances else {
      throw BundleError.lengthsDisagree(
        at: dataset.path, found: shape[0], expected: utterances, of: "the number of utterances in /speaker")
    }
    self.dataset = dataset
    (rows, width) = (utterances, shape[1])
  }

  /// Reads the matrix and applies the missing-row rule.
  ///
  /// - Returns: the table, and what its zero rows say about the copy.
  /// - Throws: `BundleError` naming row and column of a value that is neither finite nor part of an all-NaN row.
  func read() throws -> (FeatureTable, FeatureTrace) {
    var values = try dataset.floats()
    var missing = [Bool](repeating: false, count: rows)
    var zero = [Bool](repeating: false, count: rows)
    try values.withUnsafeMutableBufferPointer { values in
      for row in 0..<rows {
        let cells = UnsafeMutableBufferPointer(rebasing: values[(row * width)..<((row + 1) * width)])
        let largest = Self.largestMagnitude(cells)
        zero[row] = largest == 0
        guard largest >= Self.infinity else { continue }
        guard cells.allSatisfy(\.isNaN) else {
          let column = cells.firstIndex { !$0.isFinite } ?? 0
          throw BundleError.notFinite(at: dataset.path, row: row, column: column, found: cells[column])
        }
        missing[row] = true
        cells.update(repeating: 0)
      }
    }
    let trace = FeatureTrace(
      path: dataset.path, zeroRows: zero, contiguous: dataset.storage.contiguous,
      isChecksummed: dataset.storage.isChecksummed)
    return (FeatureTable(width: width, values: values, missing: missing), trace)
  }

  private static let infinity = Int32(bitPattern: Float.infinity.bitPattern)

  /// The bits of the largest magnitude: 0 for a row of zeros, at least those of infinity where a value is not finite.
  private static func largestMagnitude(_ cells: UnsafeMutableBufferPointer<Float>) -> Int32 {
    var largest: Int32 = 0
    for index in 0..<cells.count {
      largest = max(largest, Int32(bitPattern: cells[index].bitPattern & 0x7FFF_FFFF))
    }
    return largest
  }
}
