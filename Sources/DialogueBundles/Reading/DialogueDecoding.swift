import DialogueDomain

/// Who speaks when, in which dialogue, under which name.
extension BundleDecoder {
  func dialogueIDs() throws -> [String] {
    let path = BundleFormat.Path.dialogueID
    guard let dataset = try dataset(path) else {
      throw BundleError.missingDataset(path, holding: "strings [dialogues], the dialogues' ids")
    }
    try expectList(dataset, of: "strings [dialogues]")
    guard dataset.shape != [0] else { throw BundleError.noDialogues }
    let ids = try names(dataset)
    var first: [String: Int] = [:]
    for (row, id) in ids.enumerated() {
      if let earlier = first.updateValue(row, forKey: id) {
        throw BundleError.duplicateDialogue(id, row: row, first: earlier)
      }
    }
    return ids
  }

  func speakers() throws -> [String] {
    let path = BundleFormat.Path.speaker
    guard let dataset = try dataset(path) else {
      throw BundleError.missingDataset(path, holding: "strings or integers [utterances], who speaks")
    }
    try expectList(dataset, of: "strings or integers [utterances]")
    if let count = dataset.shape?.first { try limits?.check(utterances: count) }
    let speakers: [String]
    switch dataset.element {
    case .signedInteger: speakers = try reading(path) { try dataset.integers().map(String.init) }
    case .unsignedInteger: speakers = try reading(path) { try dataset.unsignedIntegers().map(String.init) }
    case .variableString, .fixedString: speakers = try names(dataset)
    default:
      throw BundleError.wrongType(at: path, found: dataset.element.name, expected: "strings or integers")
    }
    // One byte a row in the file becomes a whole utterance in memory.
    let size = MemoryLayout<Utterance>.stride + MemoryLayout<String>.stride
    try budget.charge(speakers.count, of: size, at: path)
    return speakers.map(\.composed)
  }

  func dialogues(_ ids: [String], utterances: Int) throws -> [Dialogue] {
    let path = BundleFormat.Path.offset
    guard let dataset = try dataset(path) else {
      throw BundleError.missingDataset(path, holding: "int64 [dialogues + 1], where each dialogue starts")
    }
    let count = ids.count + 1
    try expectList(dataset, of: "int64 [dialogues + 1]", length: count, "one more than /dialogue/id")
    try expectIntegers(dataset)
    try zeroTail.refuse(dataset, elementSize: MemoryLayout<Int64>.size)
    let offsets = try reading(path) { try dataset.integers() }
    guard offsets[0] == 0 else { throw BundleError.offsetsNotFromZero(found: offsets[0]) }
    var dialogues: [Dialogue] = []
    dialogues.reserveCapacity(ids.count)
    for (row, id) in ids.enumerated() {
      let (start, end) = (offsets[row], offsets[row + 1])
      guard end >= start else {
        throw BundleError.offsetsNotMonotone(row: row + 1, found: end, previous: start)
      }
      guard end > start else { throw BundleError.emptyDialogue(id, row: row) }
      guard end <= utterances else {
        throw BundleError.offsetsNotCovering(row: row + 1, found: end, utterances: utterances)
      }
      dialogues.append(Dialogue(id: id, rows: Int(start)..<Int(end)))
    }
    guard offsets[ids.count] == utterances else {
      throw BundleError.offsetsNotCovering(row: ids.count, found: offsets[ids.count], utterances: utterances)
    }
    return dialogues
  }

  func utterances(speakers: [String], dialogues: [Dialogue], emotions: EmotionSet?) throws -> [Utterance] {
    let ids = try utteranceIDs(dialogues, count: speakers.count)
    let times = try times(count: speakers.count)
    let labels = try labels(count: speakers.count, emotions: emotions)
    let texts = try texts(count: speakers.count)
    return speakers.indices.map { row in
      Utterance(
        id: ids[row], speaker: speakers[row], start: times?[row]?.lowerBound, end: times?[row]?.upperBound,
        label: labels?[row], text: texts?[row])
    }
  }

  /// The words of each utterance, nil where there are none.
  private func texts(count: Int) throws -> [String?]? {
    guard let dataset = try dataset(BundleFormat.Path.text) else { return nil }
    try expectUtterances(dataset, of: "strings [utterances]", count: count)
    try expectStrings(dataset)
    return try reading(dataset.path) { try dataset.strings(Words.checked) }
  }

  /// The ids in the bundle, checked to differ within each dialogue, or `"<dialogue>#<turn>"` with turns from 0.
  private func utteranceIDs(_ dialogues: [Dialogue], count: Int) throws -> [String] {
    guard let dataset = try dataset(BundleFormat.Path.utteranceID) else {
      for dialogue in dialogues {
        try budget.charge(dialogue.rows.count, of: dialogue.id.utf8.count, at: BundleFormat.Path.dialogueID)
      }
      return dialogues.flatMap { dialogue in
        dialogue.rows.indices.map { "\(dialogue.id)#\($0 - dialogue.rows.lowerBound)" }
      }
    }
    try expectUtterances(dataset, of: "strings [utterances]", count: count)
    let ids = try names(dataset)
    for dialogue in dialogues {
      var first: [String: Int] = [:]
      for row in dialogue.rows {
        if let earlier = first.updateValue(row, forKey: ids[row]) {
          throw BundleError.duplicateUtterance(ids[row], dialogue: dialogue.id, row: row, first: earlier)
        }
      }
    }
    return ids
  }

  /// Start and end of each utterance in seconds, nil where unknown.
  private func times(count: Int) throws -> [ClosedRange<Double>?]? {
    let (startPath, endPath) = (BundleFormat.Path.start, BundleFormat.Path.end)
    let starts = try seconds(startPath, count: count)
    let ends = try seconds(endPath, count: count)
    guard starts != nil || ends != nil else { return nil }
    guard let starts else { throw BundleError.missingDataset(startPath, holding: "the starts that belong to the ends") }
    guard let ends else { throw BundleError.missingDataset(endPath, holding: "the ends that belong to the starts") }
    return try starts.indices.map { row in
      let (start, end) = (starts[row], ends[row])
      if start.isNaN && end.isNaN { return nil }
      guard start.isFinite else {
        throw BundleError.wrongTime(at: startPath, row: row, found: "\(start)", expected: "seconds, or NaN in both")
      }
      guard end.isFinite else {
        throw BundleError.wrongTime(at: endPath, row: row, found: "\(end)", expected: "seconds, or NaN in both")
      }
      guard end >= start else {
        throw BundleError.wrongTime(at: endPath, row: row, found: "\(end)", expected: "at least the start, \(start)")
      }
      return start...end
    }
  }

  private func seconds(_ path: String, count: Int) throws -> [Double]? {
    guard let dataset = try dataset(path) else { return nil }
    try expectUtterances(dataset, of: "float64 [utterances]", count: count)
    guard [.float16, .float32, .float64].contains(dataset.element) else {
      throw BundleError.wrongType(at: path, found: dataset.element.name, expected: "float64")
    }
    return try reading(path) { try dataset.doubles() }
  }

  /// Class indices, nil where unknown.
  private func labels(count: Int, emotions: EmotionSet?) throws -> [Int?]? {
    let path = BundleFormat.Path.label
    guard let dataset = try dataset(path) else { return nil }
    guard let emotions else { throw BundleError.labelsWithoutEmotions }
    try expectUtterances(dataset, of: "int32 [utterances]", count: count)
    try expectIntegers(dataset)
    return try reading(path) { try dataset.integers() }.enumerated().map { row, label in
      guard (-1..<Int64(emotions.count)).contains(label) else {
        throw BundleError.labelOutsideClasses(row: row, found: label, classes: emotions.count)
      }
      return label < 0 ? nil : Int(label)
    }
  }
}

/// Shapes and types of the lists that describe dialogues and utterances.
extension BundleDecoder {
  private func expectUtterances(_ dataset: HDF5Dataset, of content: String, count: Int) throws {
    try expectList(dataset, of: content, length: count, "the number of utterances in /speaker")
  }

  private func expectList(
    _ dataset: HDF5Dataset, of content: String, length: Int? = nil, _ other: String = ""
  ) throws {
    guard let shape = dataset.shape, shape.count == 1 else {
      throw BundleError.wrongShape(
        at: dataset.path, found: HDF5Shape.describe(dataset.shape), expected: "one dimension: \(content)")
    }
    if let length, shape[0] != length {
      throw BundleError.lengthsDisagree(at: dataset.path, found: shape[0], expected: length, of: other)
    }
  }

  private func expectIntegers(_ dataset: HDF5Dataset) throws {
    guard dataset.element == .signedInteger || dataset.element == .unsignedInteger else {
      throw BundleError.wrongType(at: dataset.path, found: dataset.element.name, expected: "integers")
    }
  }

  private func names(_ dataset: HDF5Dataset) throws -> [String] {
    try expectStrings(dataset)
    return try reading(dataset.path) { try dataset.names() }
  }

  /// Refuses what is not strings, and strings that an incomplete copy has left zero.
  private func expectStrings(_ dataset: HDF5Dataset) throws {
    let size: Int
    switch dataset.element {
    // A length, an address and an index within a heap.
    case .variableString: size = 16
    case .fixedString(let bytes, _): size = bytes
    default: throw BundleError.wrongType(at: dataset.path, found: dataset.element.name, expected: "strings")
    }
    try zeroTail.refuse(dataset, elementSize: size)
  }
}
