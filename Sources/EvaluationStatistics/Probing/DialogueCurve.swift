/// One dialogue's noise curves: labels kept and labels right per pattern and level, summed over seeds.
///
/// Enough to resample whole dialogues for bands around flip rate and accuracy, and to name the least stable ones.
public struct DialogueCurve: AdditiveStatistic, Hashable {
  /// Utterances with a label.
  public var utterances: Int
  /// Of them, those whose truth is known.
  public var known: Int
  /// Of those, clean labels that are right.
  public var cleanCorrect: Int
  /// [patterns, levels above 0] labels equal to the clean one, over all seeds.
  public var kept: [Int]
  /// [patterns, levels above 0] labels equal to the truth, over all seeds.
  public var correct: [Int]

  /// The counts of one dialogue, level by level.
  public init(utterances: Int = 0, known: Int = 0, cleanCorrect: Int = 0, kept: [Int] = [], correct: [Int] = []) {
    precondition(kept.count == correct.count, "as many counts of kept labels as of right ones")
    self.utterances = utterances
    self.known = known
    self.cleanCorrect = cleanCorrect
    self.kept = kept
    self.correct = correct
  }

  /// The counts of nothing.
  public static let zero = DialogueCurve()

  public static func += (left: inout DialogueCurve, right: DialogueCurve) {
    left.utterances += right.utterances
    left.known += right.known
    left.cleanCorrect += right.cleanCorrect
    if right.kept.isEmpty { return }
    if left.kept.isEmpty {
      (left.kept, left.correct) = (right.kept, right.correct)
      return
    }
    precondition(left.kept.count == right.kept.count, "curves over different levels do not add up")
    for index in left.kept.indices {
      left.kept[index] += right.kept[index]
      left.correct[index] += right.correct[index]
    }
  }
}

extension DialogueCurve {
  func write(to writer: inout CountWriter) {
    writer.append([utterances, known, cleanCorrect])
    writer.appendDifferences(kept)
    writer.appendDifferences(correct)
  }

  static func read(from reader: inout CountReader, shape: ProbeShape) throws(ProbeStatisticsError) -> Self {
    let points = shape.curvePoints
    return DialogueCurve(
      utterances: try reader.count(), known: try reader.count(), cleanCorrect: try reader.count(),
      kept: try reader.differences(points), correct: try reader.differences(points))
  }
}

/// The curves of every dialogue, by the digest of its bundle and its name.
public struct DialogueCurves: AdditiveStatistic, Hashable {
  /// By bundle digest, then by dialogue.
  public private(set) var bundles: [String: [String: DialogueCurve]]

  /// Curves by bundle digest and dialogue id.
  public init(_ bundles: [String: [String: DialogueCurve]] = [:]) {
    self.bundles = bundles
  }

  /// No curves.
  public static let zero = DialogueCurves()

  public static func += (left: inout DialogueCurves, right: DialogueCurves) {
    for (digest, dialogues) in right.bundles {
      left.bundles[digest, default: [:]].merge(dialogues) { $0 + $1 }
    }
  }

  /// In the order of bundle digest and dialogue name, which depends on nothing else: the units of a bootstrap.
  public var ordered: [(bundle: String, dialogue: String, curve: DialogueCurve)] {
    bundles.sorted { $0.key < $1.key }.flatMap { digest, dialogues in
      dialogues.sorted { $0.key < $1.key }.map { (bundle: digest, dialogue: $0.key, curve: $0.value) }
    }
  }

  func write(to writer: inout CountWriter) {
    writer.append(bundles.count)
    for (digest, dialogues) in bundles.sorted(by: { $0.key < $1.key }) {
      writer.append(digest)
      writer.append(dialogues.count)
      for (name, curve) in dialogues.sorted(by: { $0.key < $1.key }) {
        writer.append(name)
        curve.write(to: &writer)
      }
    }
  }

  mutating func add(from reader: inout CountReader, shape: ProbeShape) throws(ProbeStatisticsError) {
    for _ in 0..<(try reader.count()) {
      let digest = try reader.text()
      var dialogues: [String: DialogueCurve] = [:]
      for _ in 0..<(try reader.count()) {
        let name = try reader.text()
        dialogues[name] = try DialogueCurve.read(from: &reader, shape: shape)
      }
      self += DialogueCurves([digest: dialogues])
    }
  }

  /// Passes over what `add` would read.
  static func skip(in reader: inout CountReader, shape: ProbeShape) throws(ProbeStatisticsError) {
    let numbers = 3 + 2 * shape.curvePoints
    for _ in 0..<(try reader.count()) {
      _ = try reader.text()
      for _ in 0..<(try reader.count()) {
        _ = try reader.text()
        try reader.skip(numbers)
      }
    }
  }
}
