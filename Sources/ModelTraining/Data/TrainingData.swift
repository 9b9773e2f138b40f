import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import OperatingSystem
import Tensors

/// Labelled dialogues to train or validate on: one or more bundles, joined and checked against each other.
public struct TrainingData: Sendable {
  /// A bundle and what to call it in messages.
  public struct Source: Sendable {
    /// For messages: the file, as the user gave it.
    public let name: String
    /// The bundle.
    public let bundle: FeatureBundle
    /// SHA-256 of the bundle's file; nil where it comes from none.
    public let digest: String?

    /// - Parameters:
    ///   - name: for messages: the file, as the user gave it.
    ///   - digest: SHA-256 of the bundle's file; where given, a bundle named twice is refused.
    public init(name: String, bundle: FeatureBundle, digest: String? = nil) {
      self.name = name
      self.bundle = bundle
      self.digest = digest
    }
  }

  /// All dialogues; the classes are those of the first source.
  public let bundle: FeatureBundle
  /// The classes, in class order.
  public let emotions: EmotionSet

  /// Joins bundles: rows in the order given, a modality that one lacks missing in all its rows.
  ///
  /// - Throws: `TrainingError` where there is none, one has no labels, or widths, extractors or classes differ.
  public init(_ sources: [Source]) throws {
    guard let first = sources.first else { throw TrainingError.noData }
    guard let emotions = first.bundle.emotions else { throw TrainingError.noLabels(source: first.name) }
    self.emotions = emotions
    if sources.count == 1 {
      bundle = first.bundle
      return
    }
    var joined = FeatureBundle(
      dataset: first.bundle.dataset, emotions: emotions, dialogues: [], utterances: [], features: [:])
    let widths = try Self.widths(sources)
    for (modality, entry) in widths {
      joined.features[modality] = FeatureTable(width: entry.width, values: [], missing: [])
      joined.extractors[modality] = entry.extractor
    }
    for source in sources { try joined.append(source, emotions: emotions, first: first.name) }
    bundle = joined
  }

  init(bundle: FeatureBundle, emotions: EmotionSet) {
    self.bundle = bundle
    self.emotions = emotions
  }

  /// Each row's class.
  public var labels: [Int?] { bundle.utterances.map(\.label) }

  /// Each row's class among others, by name; nil where it is unknown or not among them.
  public func labels(among classes: EmotionSet) -> [Int?] {
    let matching = EmotionMatching()
    let places = emotions.names.map { matching.index(of: $0, in: classes) }
    return labels.map { $0.flatMap { places[$0] } }
  }

  /// How many rows each class labels.
  public var classCounts: [Int] {
    labels.reduce(into: [Int](repeating: 0, count: emotions.count)) { counts, label in
      if let label { counts[label] += 1 }
    }
  }

  /// Bundles with one list of classes: all that any of them names, in the order of their first appearance.
  ///
  /// For sources that declare no classes of their own, such as transcripts.
  public static func sharingClasses(_ sources: [Source]) -> [Source] {
    let matching = EmotionMatching()
    let names = sources.compactMap(\.bundle.emotions).flatMap(\.names).reduce(into: [String]()) { names, name in
      if matching.index(of: name, in: EmotionSet(names)) == nil { names.append(name) }
    }
    let all = EmotionSet(names)
    return sources.map { source in
      guard let own = source.bundle.emotions else { return source }
      var bundle = source.bundle
      bundle.emotions = all
      for row in bundle.utterances.indices {
        bundle.utterances[row].label = bundle.utterances[row].label.flatMap { matching.index(of: own[$0], in: all) }
      }
      return Source(name: source.name, bundle: bundle, digest: source.digest)
    }
  }

  /// The same data without the classes that label nothing, and their names.
  public var withoutUnusedClasses: (data: TrainingData, unused: [String]) {
    let counts = classCounts
    let kept = counts.indices.filter { counts[$0] > 0 }
    guard kept.count < counts.count, kept.count > 1 else { return (self, []) }
    let places = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
    let names = EmotionSet(kept.map { emotions[$0] })
    var changed = bundle
    changed.emotions = names
    for row in changed.utterances.indices {
      changed.utterances[row].label = changed.utterances[row].label.flatMap { places[$0] }
    }
    return (
      TrainingData(bundle: changed, emotions: names), counts.indices.filter { counts[$0] == 0 }.map { emotions[$0] }
    )
  }

  /// - Throws: `TrainingError.missingClasses` where a class labels no row.
  public func requireEveryClass(part: String) throws {
    let missing = classCounts.enumerated().filter { $0.element == 0 }.map { emotions[$0.offset] }
    guard missing.isEmpty else { throw TrainingError.missingClasses(missing, part: part) }
  }

  /// Only some of the dialogues.
  public func selecting(_ dialogues: [Int]) -> TrainingData {
    TrainingData(bundle: bundle.selecting(dialogues), emotions: emotions)
  }

  /// SHA-256 over dialogues, speakers, labels and features: equal for equal content, whatever file it came in.
  public var digest: String {
    var parts: [String] = emotions.names
    for dialogue in bundle.dialogues {
      parts.append("\(dialogue.id) \(dialogue.rows.count)")
      parts += bundle.utterances[dialogue.rows].map { "\($0.speaker) \($0.label ?? -1)" }
    }
    for (modality, table) in bundle.features.sorted(by: { $0.key < $1.key }) {
      parts.append("\(modality.rawValue) \(table.width)")
      parts.append(table.values.withUnsafeBytes { FileDigest.sha256($0) })
      parts.append(table.missing.map { $0 ? "1" : "0" }.joined())
    }
    return FileDigest.sha256(Data(parts.joined(separator: "\n").utf8))
  }

  private static func widths(_ sources: [Source]) throws -> [Modality: (width: Int, extractor: String?)] {
    var known: [Modality: (width: Int, extractor: String?, source: String)] = [:]
    for source in sources {
      for (modality, table) in source.bundle.features.sorted(by: { $0.key < $1.key }) {
        let extractor = source.bundle.extractors[modality]
        guard let earlier = known[modality] else {
          known[modality] = (table.width, extractor, source.name)
          continue
        }
        guard earlier.width == table.width else {
          throw TrainingError.widths(
            source: source.name, modality: modality, found: table.width, expected: earlier.width,
            first: earlier.source)
        }
        if let extractor, let expected = earlier.extractor, extractor != expected {
          throw TrainingError.extractors(
            source: source.name, modality: modality, found: extractor, expected: expected, first: earlier.source)
        }
        known[modality]?.extractor = earlier.extractor ?? extractor
      }
    }
    return known.mapValues { ($0.width, $0.extractor) }
  }
}

/// Orders of dialogues.
enum DialogueOrder {
  /// 0 ..< count in a random order: a function of the key alone.
  static func shuffled(_ count: Int, key: UInt64) -> [Int] {
    var order = Array(0..<count)
    for index in order.indices.dropFirst().reversed() {
      order.swapAt(index, Int(CounterBasedRandom.uniform(key, UInt64(index)) * Double(index + 1)))
    }
    return order
  }
}

extension FeatureBundle {
  /// Only some of the dialogues, their rows moved together.
  func selecting(_ chosen: [Int]) -> FeatureBundle {
    var selected = self
    selected.dialogues = []
    selected.utterances = []
    var rows: [Range<Int>] = []
    for index in chosen {
      let dialogue = dialogues[index]
      let first = selected.utterances.count
      selected.dialogues.append(Dialogue(id: dialogue.id, rows: first..<first + dialogue.rows.count))
      selected.utterances += utterances[dialogue.rows]
      rows.append(dialogue.rows)
    }
    selected.features = features.mapValues { table in
      FeatureTable(
        width: table.width,
        values: rows.flatMap { table.values[($0.lowerBound * table.width)..<($0.upperBound * table.width)] },
        missing: rows.flatMap { table.missing[$0] })
    }
    return selected
  }

  /// Adds another bundle's dialogues, its labels counted among the given classes.
  fileprivate mutating func append(_ source: TrainingData.Source, emotions: EmotionSet, first: String) throws {
    let other = source.bundle
    guard let names = other.emotions else { throw TrainingError.noLabels(source: source.name) }
    let matching = EmotionMatching()
    let classes = names.names.map { matching.index(of: $0, in: emotions) }
    // A class that labels nothing may be missing on either side.
    let used = Set(other.utterances.compactMap(\.label))
    let known = classes.compactMap(\.self)
    guard used.allSatisfy({ classes[$0] != nil }), !known.isEmpty, Set(known).count == known.count else {
      throw TrainingError.otherClasses(
        source: source.name, found: names.names, expected: emotions.names, first: first)
    }
    let start = utterances.count
    dialogues += other.dialogues.map {
      Dialogue(id: $0.id, rows: $0.rows.lowerBound + start..<$0.rows.upperBound + start)
    }
    utterances += other.utterances.map { utterance in
      var mapped = utterance
      mapped.label = utterance.label.flatMap { classes[$0] }
      return mapped
    }
    for (modality, table) in features {
      let added = other.features[modality]
      let count = other.utterances.count
      features[modality] = FeatureTable(
        width: table.width,
        values: table.values + (added?.values ?? [Float](repeating: 0, count: count * table.width)),
        missing: table.missing + (added?.missing ?? [Bool](repeating: true, count: count)))
    }
  }
}

extension TrainingData {
  /// Joins bundles of different files, whose dialogues may share names.
  ///
  /// A dialogue whose name occurs in more than one file is called `<file>/<name>` in each of them, by the file's name
  /// without its extension; files that share even that keep the name that they were given.
  ///
  /// - Throws: `TrainingError` where there is none, two are the same, one has no labels, or widths, extractors or classes
  ///   differ.
  public init(joining sources: [Source]) throws {
    try Self.refuseRepeated(sources)
    let shared = Self.repeated(sources.flatMap { Set($0.bundle.dialogues.map(\.id)) })
    guard !shared.isEmpty else {
      try self.init(sources)
      return
    }
    let files = sources.map { URL(fileURLWithPath: $0.name).deletingPathExtension().lastPathComponent }
    let ambiguous = Self.repeated(files)
    try self.init(
      zip(sources, files).map { source, file in
        var bundle = source.bundle
        let prefix = ambiguous.contains(file) ? source.name : file
        bundle.dialogues = bundle.dialogues.map {
          shared.contains($0.id) ? Dialogue(id: "\(prefix)/\($0.id)", rows: $0.rows) : $0
        }
        return Source(name: source.name, bundle: bundle, digest: source.digest)
      })
  }

  /// Refuses a bundle that is named twice: its dialogues would count twice, and be held out and trained on at once.
  static func refuseRepeated(_ sources: [Source]) throws {
    var known: [String: String] = [:]
    for source in sources {
      guard let digest = source.digest, let earlier = known.updateValue(source.name, forKey: digest) else { continue }
      throw TrainingError.sameBundle(source: source.name, earlier: earlier)
    }
  }

  /// The names that occur more than once.
  private static func repeated(_ names: [String]) -> Set<String> {
    var seen: Set<String> = []
    return Set(names.filter { !seen.insert($0).inserted })
  }
}
