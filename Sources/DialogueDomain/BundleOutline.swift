/// A bundle without its features' values: all that is held of a large one while its features come part by part.
public struct BundleOutline: Sendable {
  /// Name of the data set the bundle was cut from, where it says so.
  public var dataset: String?
  /// The program and settings that made each modality's features.
  public var extractors: [Modality: String]
  /// The classes that `Utterance.label` refers to; nil where the bundle carries no labels.
  public var emotions: EmotionSet?
  /// In row order, covering all utterances.
  public var dialogues: [Dialogue]
  /// One per row, in row order.
  public var utterances: [Utterance]
  /// A modality that the bundle lacks has no entry.
  public var features: [Modality: FeatureOutline]

  /// An outline of its parts; offsets and rows must agree.
  public init(
    dataset: String? = nil, extractors: [Modality: String] = [:], emotions: EmotionSet? = nil,
    dialogues: [Dialogue], utterances: [Utterance], features: [Modality: FeatureOutline] = [:]
  ) {
    self.dataset = dataset
    self.extractors = extractors
    self.emotions = emotions
    self.dialogues = dialogues
    self.utterances = utterances
    self.features = features
  }

  /// What remains of a bundle without its features' values.
  public init(_ bundle: FeatureBundle) {
    self.init(
      dataset: bundle.dataset, extractors: bundle.extractors, emotions: bundle.emotions, dialogues: bundle.dialogues,
      utterances: bundle.utterances,
      features: bundle.features.mapValues { FeatureOutline(width: $0.width, missing: $0.missing) })
  }
}

/// What is known of one modality's features before their values.
public struct FeatureOutline: Sendable, Hashable {
  /// Elements per row.
  public var width: Int
  /// True for an utterance that lacks this modality.
  public var missing: [Bool]

  /// A table of this width with these rows.
  public init(width: Int, missing: [Bool]) {
    self.width = width
    self.missing = missing
  }
}

/// Parts: some whole dialogues each, so that what is held of features does not grow with the bundle.
extension BundleOutline {
  /// Rows at which a part is closed: several pieces of the network's for each thread.
  public static let rowsPerPart = 4096
  /// Bytes of features at which a part is closed that has not so many rows.
  public static let bytesPerPart = 16 << 20

  /// The dialogues of each part: consecutive ones, closed when they hold `rowsPerPart` rows or `bytesPerPart` bytes.
  ///
  /// A dialogue is never cut, so a long one is a part of its own size.
  public var parts: [Range<Int>] {
    let rowBytes = features.values.reduce(0) { $0 + $1.width * MemoryLayout<Float>.stride }
    let most = max(1, min(Self.rowsPerPart, Self.bytesPerPart / max(1, rowBytes)))
    var parts: [Range<Int>] = []
    var (first, rows) = (0, 0)
    for (index, dialogue) in dialogues.enumerated() {
      rows += dialogue.rows.count
      if rows >= most || index == dialogues.count - 1 {
        parts.append(first..<index + 1)
        (first, rows) = (index + 1, 0)
      }
    }
    return parts
  }

  /// The rows of some consecutive dialogues.
  public func rows(of dialogues: Range<Int>) -> Range<Int> {
    guard let first = self.dialogues[dialogues].first, let last = self.dialogues[dialogues].last else { return 0..<0 }
    return first.rows.lowerBound..<last.rows.upperBound
  }

  /// Some consecutive dialogues as a bundle with these features of theirs.
  public func part(_ dialogues: Range<Int>, features: [Modality: FeatureTable]) -> FeatureBundle {
    let rows = rows(of: dialogues)
    var part = FeatureBundle(
      dataset: dataset, extractors: extractors, emotions: emotions,
      dialogues: self.dialogues[dialogues].map {
        Dialogue(id: $0.id, rows: $0.rows.lowerBound - rows.lowerBound..<$0.rows.upperBound - rows.lowerBound)
      },
      utterances: rows.count == utterances.count ? utterances : Array(utterances[rows]), features: features)
    part.firstRow = rows.lowerBound
    return part
  }
}

extension FeatureTable {
  /// Some consecutive rows of the table.
  public func rows(_ range: Range<Int>) -> FeatureTable {
    guard range != 0..<rows else { return self }
    return FeatureTable(
      width: width, values: Array(values[range.lowerBound * width..<range.upperBound * width]),
      missing: Array(missing[range]))
  }
}
