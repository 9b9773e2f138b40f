/// What one perturbation did to the labels: against the clean labels always, against the truth where it is known.
public struct PerturbationCounts: AdditiveStatistic, Hashable {
  /// Clean label in rows, perturbed label in columns.
  public var clean: ConfusionCounts
  /// True label in rows, perturbed label in columns; only utterances whose truth is known.
  public var truth: ConfusionCounts

  /// Counts against the clean labels and against the truth.
  public init(clean: ConfusionCounts, truth: ConfusionCounts) {
    self.clean = clean
    self.truth = truth
  }

  /// Nothing counted yet.
  public init(classes: Int) {
    self.init(clean: ConfusionCounts(classes: classes), truth: ConfusionCounts(classes: classes))
  }

  /// The counts of nothing.
  public static let zero = PerturbationCounts(clean: .zero, truth: .zero)

  public static func += (left: inout PerturbationCounts, right: PerturbationCounts) {
    left.clean += right.clean
    left.truth += right.truth
  }

  /// Counts one utterance; `truth` is nil where nobody said.
  public mutating func add(clean: Int, perturbed: Int, truth: Int?) {
    self.clean.add(truth: clean, predicted: perturbed)
    if let truth { self.truth.add(truth: truth, predicted: perturbed) }
  }
}

extension PerturbationCounts: CountCodable {
  func write(to writer: inout CountWriter) {
    writer.append(clean.cells)
    writer.append(truth.cells)
  }

  mutating func add(from reader: inout CountReader, shape: ProbeShape) throws(ProbeStatisticsError) {
    try clean.add(from: &reader)
    try truth.add(from: &reader)
  }
}

/// One statistic for each of several conditions, in a fixed order; tables add up condition by condition.
public struct ConditionTable<Cell: AdditiveStatistic>: AdditiveStatistic {
  /// Empty for `zero`.
  public private(set) var cells: [Cell]

  /// A table of conditions, in their order.
  public init(_ cells: [Cell]) {
    self.cells = cells
  }

  /// A table without conditions.
  public static var zero: ConditionTable { ConditionTable([]) }

  /// Adds cell by cell; both sides must have as many cells, or one of them be `zero`.
  public static func += (left: inout ConditionTable, right: ConditionTable) {
    if right.cells.isEmpty { return }
    if left.cells.isEmpty {
      left = right
      return
    }
    precondition(left.cells.count == right.cells.count, "tables of different conditions do not add up")
    for index in left.cells.indices { left.cells[index] += right.cells[index] }
  }

  /// Whether there is no condition.
  public var isEmpty: Bool { cells.isEmpty }

  /// One condition's counts, by its place.
  public subscript(index: Int) -> Cell { cells[index] }

  /// The sum over some of the conditions.
  public func total(_ indices: Range<Int>) -> Cell {
    cells[indices].total()
  }
}

extension ConditionTable: Hashable where Cell: Hashable {}

extension ConditionTable where Cell: CountCodable {
  func write(to writer: inout CountWriter) {
    for cell in cells { cell.write(to: &writer) }
  }

  mutating func add(from reader: inout CountReader, shape: ProbeShape) throws(ProbeStatisticsError) {
    for index in cells.indices { try cells[index].add(from: &reader, shape: shape) }
  }
}

/// For many conditions, what suffices for flip rate, accuracy and weighted F1: C+1 numbers of each sort instead of C².
public struct LabelTallies: AdditiveStatistic, Hashable {
  /// C; 0 only for `zero`.
  public private(set) var classes: Int
  /// Conditions; 0 only for `zero`.
  public private(set) var conditions: Int
  /// [conditions] labels compared with their clean labels.
  public private(set) var compared: [Int]
  /// [conditions] of them equal to the clean label.
  public private(set) var kept: [Int]
  /// [C, conditions] utterances whose truth is the class.
  public private(set) var support: [Int]
  /// [C, conditions] of those with a known truth, labels that are the class.
  public private(set) var predictions: [Int]
  /// [C, conditions] of them right.
  public private(set) var correct: [Int]

  /// Tallies of so many conditions, all zero.
  public init(classes: Int, conditions: Int) {
    precondition(classes >= 0 && conditions >= 0, "numbers of classes and conditions are not negative")
    self.classes = classes
    self.conditions = conditions
    compared = [Int](repeating: 0, count: conditions)
    kept = compared
    support = [Int](repeating: 0, count: classes * conditions)
    predictions = support
    correct = support
  }

  /// The tallies of nothing.
  public static let zero = LabelTallies(classes: 0, conditions: 0)

  /// Adds condition by condition; both sides must have the same ones, or one of them be `zero`.
  public static func += (left: inout LabelTallies, right: LabelTallies) {
    if right.conditions == 0 { return }
    if left.conditions == 0 {
      left = right
      return
    }
    precondition(
      left.classes == right.classes && left.conditions == right.conditions,
      "tallies of different conditions do not add up")
    for index in left.compared.indices {
      left.compared[index] += right.compared[index]
      left.kept[index] += right.kept[index]
    }
    for index in left.support.indices {
      left.support[index] += right.support[index]
      left.predictions[index] += right.predictions[index]
      left.correct[index] += right.correct[index]
    }
  }

  /// Counts a run of one condition.
  ///
  /// - Parameters:
  ///   - labels: one per utterance; −1 leaves the utterance out.
  ///   - clean: the clean labels, −1 for none.
  ///   - truth: the true labels, −1 where unknown.
  public mutating func add(condition: Int, labels: [Int32], clean: [Int32], truth: [Int32]) {
    precondition(labels.count == clean.count && labels.count == truth.count, "one clean and one true label per label")
    var (compared, kept) = (0, 0)
    for row in labels.indices where labels[row] >= 0 && clean[row] >= 0 {
      compared += 1
      kept += labels[row] == clean[row] ? 1 : 0
      guard truth[row] >= 0 else { continue }
      support[Int(truth[row]) * conditions + condition] += 1
      predictions[Int(labels[row]) * conditions + condition] += 1
      correct[Int(truth[row]) * conditions + condition] += labels[row] == truth[row] ? 1 : 0
    }
    self.compared[condition] += compared
    self.kept[condition] += kept
  }

  /// The figures of one class under one condition.
  public func figures(condition: Int, class index: Int) -> ClassFigures {
    let place = index * conditions + condition
    return ClassFigures(support: support[place], predictions: predictions[place], correct: correct[place])
  }

  /// Share of labels that the condition changed; 0 where nothing was compared.
  public func flipRate(condition: Int) -> Double {
    compared[condition] == 0 ? 0 : Double(compared[condition] - kept[condition]) / Double(compared[condition])
  }

  /// Share of labels with a known truth that are right; nil where no truth is known.
  public func accuracy(condition: Int) -> Double? {
    weighted(condition) { $0.recall }
  }

  /// F1 averaged over classes by support; nil where no truth is known.
  public func weightedF1(condition: Int) -> Double? {
    weighted(condition) { $0.f1 }
  }

  private func weighted(_ condition: Int, _ figure: (ClassFigures) -> Double) -> Double? {
    let all = (0..<classes).map { figures(condition: condition, class: $0) }
    let total = all.reduce(0) { $0 + $1.support }
    guard total > 0 else { return nil }
    return all.reduce(0) { $0 + Double($1.support) * figure($1) } / Double(total)
  }
}

extension LabelTallies {
  /// Neighbouring conditions hold nearly equal counts, so differences are written.
  func write(to writer: inout CountWriter) {
    for column in [compared, kept, support, predictions, correct] { writer.appendDifferences(column) }
  }

  /// Adds tallies of the same conditions as they are read.
  mutating func add(from reader: inout CountReader) throws(ProbeStatisticsError) {
    try reader.addDifferences(to: &compared)
    try reader.addDifferences(to: &kept)
    try reader.addDifferences(to: &support)
    try reader.addDifferences(to: &predictions)
    try reader.addDifferences(to: &correct)
  }
}
