import DialogueDomain

/// Decodes and checks the content of one bundle, in an order that names the cause rather than what follows from it.
struct BundleDecoder {
  let file: HDF5File
  let zeroTail: ZeroTail
  let budget: DecodingBudget

  init(_ image: FileImage, zeroTail: ZeroTail, sizeLimit: Int) throws {
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
    try reading(path) { try file.dataset(path) }
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
