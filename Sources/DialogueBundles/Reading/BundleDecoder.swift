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

  /// - Throws: `BundleError` for the first fault found, in features as in all else.
  func decode() throws -> DecodedBundle {
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

    var tables: [Modality: FeatureColumns] = [:]
    var traces: [FeatureTrace] = []
    for (modality, dataset) in features {
      let columns = try FeatureColumns(dataset, utterances: speakers.count)
      traces.append(try reading(dataset.path) { try columns.check() })
      tables[modality] = columns
    }
    try zeroTail.refuseIncomplete(traces)

    let outline = BundleOutline(
      dataset: try name(BundleFormat.Attribute.dataset),
      extractors: try extractors(),
      emotions: emotions,
      dialogues: dialogues,
      utterances: try utterances(speakers: speakers, dialogues: dialogues, emotions: emotions),
      features: tables.mapValues(\.outline))
    return DecodedBundle(outline: outline, tables: tables, file: file)
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
