/// The content of one dialogue feature bundle, checked: dialogues, their utterances and each modality's features.
public struct FeatureBundle: Sendable {
  /// Name of the data set the bundle was cut from, where it says so.
  public var dataset: String?
  /// The program and settings that made each modality's features, such as `all-MiniLM-L6-v2/384`.
  public var extractors: [Modality: String]
  /// The classes that `Utterance.label` refers to; nil where the bundle carries no labels.
  public var emotions: EmotionSet?
  /// In row order, covering all utterances.
  public var dialogues: [Dialogue]
  /// One per row, in row order.
  public var utterances: [Utterance]
  /// A modality that the bundle lacks has no entry.
  public var features: [Modality: FeatureTable]
  /// Which row of the whole bundle the first row is, where this is a part of a larger one: rows are counted from it here.
  public var firstRow = 0

  /// A bundle of its parts; offsets and rows must agree.
  public init(
    dataset: String? = nil, extractors: [Modality: String] = [:], emotions: EmotionSet? = nil,
    dialogues: [Dialogue], utterances: [Utterance], features: [Modality: FeatureTable]
  ) {
    self.dataset = dataset
    self.extractors = extractors
    self.emotions = emotions
    self.dialogues = dialogues
    self.utterances = utterances
    self.features = features
  }
}

/// One conversation: an identifier and the rows of its utterances within a bundle.
public struct Dialogue: Sendable, Hashable {
  /// Unique within the bundle.
  public var id: String
  /// Rows `offset[i] ..< offset[i + 1]` of every per-utterance table.
  public var rows: Range<Int>

  /// A dialogue of these rows.
  public init(id: String, rows: Range<Int>) {
    self.id = id
    self.rows = rows
  }
}

/// One turn of speech: who spoke, when, and, where a person has said so, what was felt.
public struct Utterance: Sendable, Hashable {
  /// Unique within the dialogue; `"<dialogue>#<n>"` where the bundle names none.
  public var id: String
  /// The speaker's name, scoped to the dialogue.
  public var speaker: String
  /// Seconds from the start of the recording.
  public var start: Double?
  /// Seconds from the start of the recording.
  public var end: Double?
  /// Ground truth as an index into the bundle's emotions; nil where unknown.
  public var label: Int?
  /// The words, for people: nil where the bundle does not tell them.
  ///
  /// Scoring needs features, not words.
  public var text: String?

  /// An utterance; what is not known is left out.
  public init(
    id: String, speaker: String, start: Double? = nil, end: Double? = nil, label: Int? = nil, text: String? = nil
  ) {
    self.id = id
    self.speaker = speaker
    self.start = start
    self.end = end
    self.label = label
    self.text = text
  }
}

/// The feature vectors of one modality: one row per utterance, row-major [utterances, width].
public struct FeatureTable: Sendable, Hashable {
  /// Elements per row, d_m in the paper.
  public let width: Int
  /// `missing.count * width` values; a missing row's values are zero.
  public var values: [Float]
  /// True for an utterance that lacks this modality (an all-NaN row in the bundle).
  public var missing: [Bool]

  /// A table of these values; they must be `width` for each row.
  public init(width: Int, values: [Float], missing: [Bool]) {
    precondition(values.count == missing.count * width, "a feature table holds width values per row")
    self.width = width
    self.values = values
    self.missing = missing
  }

  /// The number of utterances.
  public var rows: Int { missing.count }
}

/// One of the three streams an utterance is described by, in the order the paper's code uses: t, v, a.
public enum Modality: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable, Hashable, Comparable {
  /// What was said.
  case text
  /// What was seen.
  case visual
  /// How it sounded.
  case audio

  /// In the paper's order.
  public static func < (left: Modality, right: Modality) -> Bool {
    left.order < right.order
  }

  private var order: Int {
    switch self {
    case .text: 0
    case .visual: 1
    case .audio: 2
    }
  }
}

/// The emotion classes of a model or a labelled bundle, in class order: index `c` is column `c` of every logits row.
public struct EmotionSet: Sendable, Hashable {
  /// In class order.
  public let names: [String]

  /// - Parameter names: class names in class order; distinct and not empty, which the readers of files check.
  public init(_ names: [String]) {
    self.names = names
  }

  /// The number of classes.
  public var count: Int { names.count }

  /// The name of a class.
  public subscript(index: Int) -> String { names[index] }

  /// The class index of a name, or nil where no class is called that.
  public func index(of name: String) -> Int? {
    names.firstIndex(of: name)
  }
}

extension EmotionSet: Codable {
  /// Reads a list of names.
  ///
  /// - Throws: `DecodingError` for anything else.
  public init(from decoder: any Decoder) throws {
    names = try decoder.singleValueContainer().decode([String].self)
  }

  /// Writes a list of names.
  ///
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(names)
  }
}
