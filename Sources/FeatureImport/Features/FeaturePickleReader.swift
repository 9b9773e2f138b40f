import DialogueDomain

/// Takes the dictionaries of a feature pickle apart, dialogue by dialogue.
struct FeaturePickleReader {
  let layout: FeaturePickleLayout
  let location: String
  /// Things found on the way that a user should know.
  private(set) var remarks: [String] = []
  private let emotions: EmotionSet
  private var unlabelled = 0
  private let elements: [FeaturePickleLayout.Role: (number: Int, value: PickleValue)]

  /// - Parameter emotions: the classes; where nil, those of the layout's data set.
  init(
    layout: FeaturePickleLayout, roles: [FeaturePickleLayout.Role], elements: [PickleValue], location: String,
    emotions: EmotionSet? = nil
  ) {
    self.layout = layout
    self.emotions = emotions ?? layout.emotions
    self.location = location
    let numbered = zip(roles, elements).enumerated().map {
      ($0.element.0, (number: $0.offset + 1, value: $0.element.1))
    }
    self.elements = Dictionary(numbered, uniquingKeysWith: { first, _ in first })
  }

  /// How the second element writes speakers; nil where it does not look like speakers.
  static func speakerStyle(_ element: PickleValue) -> FeaturePickleLayout.SpeakerStyle? {
    guard case .dictionary(let dictionary) = element, let value = dictionary.entries.first?.value else { return nil }
    if let names = texts(value), !names.isEmpty { return .letters }
    if let rows = rows(value), rows.width == 9 { return .oneHot }
    return nil
  }

  /// Refuses a file that has the shape of IEMOCAP's and is of other data: its labels would become other emotions.
  ///
  /// - Throws: `FeatureImportError` where speakers are neither M nor F, or no label is above 1.
  func requireDataSet() throws {
    guard layout.dataset == "IEMOCAP" else { return }
    let remedy = "If the labels count other classes, name those in their order: --emotions negative,positive."
    let (number, speakers) = try element(.speakers)
    let (labelNumber, labels) = try element(.labels)
    guard case .dictionary(let speakers) = speakers, case .dictionary(let labels) = labels else { return }
    let names = Set(speakers.entries.flatMap { Self.texts($0.value) ?? [] })
    if let other = names.subtracting(["M", "F"]).min() {
      throw FeatureImportError(
        "the speakers are not those of IEMOCAP, though the file is laid out like it", at: place(number, .speakers),
        found: printable(other), expected: "M and F", remedy: remedy)
    }
    let highest = labels.entries.flatMap { Self.integers($0.value) ?? [] }.max() ?? 0
    guard highest > 1 else {
      throw FeatureImportError(
        "the labels are not those of IEMOCAP, though the file is laid out like it", at: place(labelNumber, .labels),
        found: "no label above \(highest), as of sentiment", expected: "the six emotions 0 to 5", remedy: remedy)
    }
  }

  /// The keys of a split's dialogues, in the file's order.
  func dialogues(_ role: FeaturePickleLayout.Role) throws -> [PickleValue] {
    let (number, value) = try element(role)
    let keys: [PickleValue]
    switch value {
    case .list(let items), .tuple(let items), .set(let items): keys = items
    case .array(let array): keys = (array.integers() ?? []).map(PickleValue.integer)
    default: keys = []
    }
    guard !keys.isEmpty, keys.allSatisfy({ Self.name($0) != nil }), Set(keys).count == keys.count else {
      throw FeatureImportError(
        "the element does not list dialogues", at: place(number, role), found: value.summary,
        expected: "their identifiers, each once")
    }
    return keys
  }

  /// The bundle of the dialogues named by `keys`.
  mutating func bundle(_ keys: [PickleValue]) throws -> FeatureBundle {
    var dialogues: [Dialogue] = []
    var utterances: [Utterance] = []
    var features: [Modality: FeatureRows] = [:]
    for key in keys {
      let id = Self.name(key) ?? ""
      let labels = try labels(key)
      guard !labels.isEmpty else {
        remarks.append("Dialogue \(printable(id)) has no utterances and was left out.")
        continue
      }
      unlabelled += labels.count { $0 == nil }
      let speakers = try speakers(key, count: labels.count)
      let names = try utteranceIDs(key, dialogue: id, count: labels.count)
      for (role, modality) in [(.text, .text), (.visual, .visual), (.audio, .audio)]
        as [(FeaturePickleLayout.Role, Modality)] where elements[role] != nil
      {
        try append(role, key, count: labels.count, to: &features[modality])
      }
      let start = utterances.count
      for turn in labels.indices {
        utterances.append(Utterance(id: names[turn], speaker: speakers[turn], label: labels[turn]))
      }
      dialogues.append(Dialogue(id: id, rows: start..<utterances.count))
    }
    var tables: [Modality: FeatureTable] = [:]
    for (modality, rows) in features {
      let table = try rows.table(order: Array(0..<utterances.count), partlyMissing: .drop)
      let missing = table.missing.count(where: \.self)
      if missing > 0 {
        remarks.append("\(missing) \(modality.rawValue) rows hold NaN or infinity and count as missing.")
      }
      tables[modality] = table
    }
    if unlabelled > 0 { remarks.append("\(unlabelled) utterances have the label -1, none.") }
    unlabelled = 0
    return FeatureBundle(
      dataset: emotions == layout.emotions ? layout.dataset : nil,
      extractors: Dictionary(
        uniqueKeysWithValues: tables.map { ($0.key, "\(layout.rawValue)/\($0.key.rawValue)/\($0.value.width)") }),
      emotions: emotions, dialogues: dialogues, utterances: utterances, features: tables)
  }

  // MARK: One dialogue

  /// Class numbers; nil for −1, as public loaders write an utterance without a label.
  private func labels(_ key: PickleValue) throws -> [Int?] {
    let (number, value) = try entry(.labels, key)
    let classes = emotions.count
    let labels = Self.integers(value)
    guard let labels, let found = labels.first(where: { !(-1..<classes).contains($0) }) else {
      if let labels { return labels.map { $0 == -1 ? nil : $0 } }
      throw FeatureImportError(
        "the labels are not class numbers", at: place(number, .labels, key), found: value.summary,
        expected: "numbers from 0 to \(classes - 1), or -1 for none")
    }
    throw FeatureImportError(
      "the labels are not class numbers", at: place(number, .labels, key), found: "\(found)",
      expected: "numbers from 0 to \(classes - 1), or -1 for none",
      remedy: "If they count other classes, name those in their order with --emotions.")
  }

  private func speakers(_ key: PickleValue, count: Int) throws -> [String] {
    let (number, value) = try entry(.speakers, key)
    let speakers = Self.texts(value) ?? Self.rows(value).flatMap(Self.oneHotNames)
    guard let speakers else {
      throw FeatureImportError(
        "the speakers cannot be read", at: place(number, .speakers, key), found: value.summary,
        expected: "a letter, or a row with a single 1, per utterance")
    }
    try check(speakers.count, count, number, .speakers, key)
    return speakers
  }

  private func utteranceIDs(_ key: PickleValue, dialogue: String, count: Int) throws -> [String] {
    let (_, value) = try entry(.utteranceIDs, key)
    let names: [String]? =
      switch value {
      case .list(let items), .tuple(let items): items.compactMap(Self.name)
      default: Self.integers(value)?.map(String.init)
      }
    // Some pickles number utterances anew or not at all: then they are numbered as bundles do.
    if let names, names.count == count, Set(names).count == count { return names }
    return (0..<count).map { "\(dialogue)#\($0)" }
  }

  private func append(
    _ role: FeaturePickleLayout.Role, _ key: PickleValue, count: Int, to rows: inout FeatureRows?
  ) throws {
    let (number, value) = try entry(role, key)
    guard let found = Self.rows(value) else {
      throw FeatureImportError(
        "the features cannot be read", at: place(number, role, key), found: value.summary,
        expected: "a vector of numbers per utterance, all of one width")
    }
    try check(found.count, count, number, role, key)
    if rows == nil { rows = FeatureRows(width: found.width) }
    guard let width = rows?.width, width == found.width else {
      throw FeatureImportError(
        "the features have another width than those before", at: place(number, role, key), found: "\(found.width)",
        expected: "\(rows?.width ?? 0)")
    }
    rows?.values.append(contentsOf: found.values)
  }

  private func check(
    _ found: Int, _ expected: Int, _ number: Int, _ role: FeaturePickleLayout.Role, _ key: PickleValue
  ) throws {
    guard found == expected else {
      throw FeatureImportError(
        "the dialogue has another number of rows than labels", at: place(number, role, key), found: "\(found)",
        expected: "\(expected)")
    }
  }

  // MARK: Elements and entries

  private func element(_ role: FeaturePickleLayout.Role) throws -> (number: Int, value: PickleValue) {
    guard let element = elements[role] else {
      throw FeatureImportError("the pickle lacks \(role.rawValue)", at: location)
    }
    return element
  }

  private func entry(
    _ role: FeaturePickleLayout.Role, _ key: PickleValue
  ) throws -> (number: Int, value: PickleValue) {
    let (number, value) = try element(role)
    guard case .dictionary(let dictionary) = value else {
      throw FeatureImportError(
        "the element is not what the layout says", at: place(number, role), found: value.summary,
        expected: "a dictionary keyed by dialogue")
    }
    guard let entry = dictionary[key] else {
      throw FeatureImportError("the element lacks a dialogue", at: place(number, role), expected: key.summary)
    }
    return (number, entry)
  }

  private func place(_ number: Int, _ role: FeaturePickleLayout.Role, _ key: PickleValue? = nil) -> String {
    let dialogue = key.flatMap(Self.name).map { ", dialogue \(printable($0))" } ?? ""
    return "\(location): element \(number), \(role.rawValue)\(dialogue)"
  }

  // MARK: Values

  private static func name(_ value: PickleValue) -> String? {
    switch value {
    case .text(let text): text.isEmpty ? nil : text
    case .integer(let number): String(number)
    default: nil
    }
  }

  private static func texts(_ value: PickleValue) -> [String]? {
    let items: [PickleValue]
    switch value {
    case .list(let list), .tuple(let list): items = list
    default: return nil
    }
    let texts = items.compactMap { item in
      if case .text(let text) = item, !text.isEmpty { text } else { String?.none }
    }
    return texts.count == items.count ? texts : nil
  }

  private static func integers(_ value: PickleValue) -> [Int]? {
    switch value {
    case .array(let array): return array.shape.count == 1 ? array.integers() : nil
    case .list(let items), .tuple(let items):
      let numbers = items.compactMap { item -> Int? in
        switch item {
        case .integer(let number): number
        case .real(let number): Int(exactly: number)
        case .array(let array): array.count == 1 ? array.integers()?.first : nil
        default: nil
        }
      }
      return numbers.count == items.count ? numbers : nil
    default: return nil
    }
  }

  /// A matrix given as an array of two axes, or as a list of vectors of one width.
  private static func rows(_ value: PickleValue) -> FeatureRows? {
    switch value {
    case .array(let array):
      guard array.shape.count == 2, array.shape[1] > 0 else { return nil }
      return FeatureRows(width: array.shape[1], values: array.floats())
    case .list(let items), .tuple(let items):
      var result: FeatureRows?
      for item in items {
        guard let vector = vector(item), !vector.isEmpty else { return nil }
        if result == nil { result = FeatureRows(width: vector.count) }
        guard result?.width == vector.count else { return nil }
        result?.values.append(contentsOf: vector)
      }
      return result
    default: return nil
    }
  }

  private static func vector(_ value: PickleValue) -> [Float]? {
    switch value {
    // Some files keep each vector as a matrix of one row.
    case .array(let array): return array.count == array.shape.last ? array.floats() : nil
    case .list(let items), .tuple(let items):
      let numbers = items.compactMap { item -> Float? in
        switch item {
        case .real(let number): Float(number)
        case .integer(let number): Float(number)
        default: nil
        }
      }
      return numbers.count == items.count ? numbers : nil
    default: return nil
    }
  }

  /// The place of the largest number of each row, as a speaker's name; nil where a row has no single largest one.
  private static func oneHotNames(_ rows: FeatureRows) -> [String]? {
    var names: [String] = []
    for start in stride(from: 0, to: rows.values.count, by: rows.width) {
      let row = rows.values[start..<start + rows.width]
      guard let largest = row.max(), row.count(where: { $0 == largest }) == 1,
        let place = row.firstIndex(of: largest)
      else { return nil }
      names.append(String(place - start))
    }
    return names
  }
}
