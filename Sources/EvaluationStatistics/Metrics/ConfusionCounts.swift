/// How often each true class was given each predicted class: C×C counts, truth in rows, predictions in columns.
///
/// The same counts serve clean→perturbed pairs: the clean label takes the place of the truth. A ratio whose denominator
/// is zero is 0, as in scikit-learn.
public struct ConfusionCounts: AdditiveStatistic, Hashable {
  /// C, the number of classes; 0 only for `zero`.
  public private(set) var classes: Int
  /// `classes * classes` counts, row-major.
  public private(set) var cells: [Int]

  /// Empty counts for `classes` classes.
  public init(classes: Int) {
    precondition(classes >= 0, "a number of classes is not negative")
    self.classes = classes
    cells = [Int](repeating: 0, count: classes * classes)
  }

  /// Counts read back from a store; nil where there are not `classes * classes` of them or one is negative.
  public init?(classes: Int, cells: [Int]) {
    let (size, overflow) = classes.multipliedReportingOverflow(by: classes)
    guard classes >= 0, !overflow, cells.count == size, cells.allSatisfy({ $0 >= 0 }) else { return nil }
    self.classes = classes
    self.cells = cells
  }

  /// Counts the pairs `(truth[i], predicted[i])`.
  ///
  /// - Parameters:
  ///   - truth: class indices below `classes`.
  ///   - predicted: as many class indices below `classes`.
  public init(truth: [Int], predicted: [Int], classes: Int) {
    precondition(truth.count == predicted.count, "one prediction per truth")
    self.init(classes: classes)
    for (row, column) in zip(truth, predicted) { add(truth: row, predicted: column) }
  }

  /// The counts of nothing; adding it to counts over any number of classes leaves them as they are.
  public static let zero = ConfusionCounts(classes: 0)

  /// Counts `count` observations of class `truth` predicted as class `predicted`.
  public mutating func add(truth: Int, predicted: Int, count: Int = 1) {
    precondition(
      (0..<classes).contains(truth) && (0..<classes).contains(predicted), "class indices lie below \(classes)")
    cells[truth * classes + predicted] += count
  }

  /// Adds cell by cell; both sides must be over the same classes, or one of them be `zero`.
  public static func += (left: inout ConfusionCounts, right: ConfusionCounts) {
    if right.classes == 0 { return }
    if left.classes == 0 {
      left = right
      return
    }
    precondition(left.classes == right.classes, "counts over different classes do not add up")
    // Wrapping additions, so that the loop, which is most of a bootstrap's time, can be vectorised; counts of
    // observations do not come near the limit.
    let count = left.cells.count
    let addends = right.cells.span
    var sums = left.cells.mutableSpan
    for index in 0..<count { sums[index] &+= addends[index] }
  }

  /// Adds counts over the same classes as they are read.
  mutating func add(from reader: inout CountReader) throws(ProbeStatisticsError) {
    try reader.add(to: &cells)
  }

  /// How many of one truth were labelled so.
  public subscript(truth truth: Int, predicted predicted: Int) -> Int {
    cells[truth * classes + predicted]
  }

  /// Number of observations.
  public var total: Int { cells.reduce(0, +) }

  /// Number of observations on the diagonal.
  public var correct: Int { (0..<classes).reduce(0) { $0 + self[truth: $1, predicted: $1] } }

  /// Number of observations whose truth is `index`.
  public func support(of index: Int) -> Int {
    (0..<classes).reduce(0) { $0 + self[truth: index, predicted: $1] }
  }

  /// Number of observations predicted as `index`.
  public func predictions(of index: Int) -> Int {
    (0..<classes).reduce(0) { $0 + self[truth: $1, predicted: index] }
  }
}

extension ConfusionCounts: Codable {
  private enum CodingKeys: String, CodingKey { case classes, cells }

  /// - Throws: `DecodingError` where what is decoded is no such value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let classes = try container.decode(Int.self, forKey: .classes)
    let cells = try container.decode([Int].self, forKey: .cells)
    guard let counts = ConfusionCounts(classes: classes, cells: cells) else {
      throw DecodingError.dataCorruptedError(
        forKey: .cells, in: container, debugDescription: "expected \(classes)×\(classes) counts, found \(cells.count)")
    }
    self = counts
  }
}
