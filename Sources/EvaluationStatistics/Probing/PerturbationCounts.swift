/// What one perturbation did to the labels: against the clean labels always, against the truth where it is known.
public struct PerturbationCounts: AdditiveStatistic, Hashable {
  /// Clean label in rows, perturbed label in columns.
  public var clean: ConfusionCounts
  /// True label in rows, perturbed label in columns; only utterances whose truth is known.
  public var truth: ConfusionCounts

  public init(clean: ConfusionCounts, truth: ConfusionCounts) {
    self.clean = clean
    self.truth = truth
  }

  /// Nothing counted yet.
  public init(classes: Int) {
    self.init(clean: ConfusionCounts(classes: classes), truth: ConfusionCounts(classes: classes))
  }

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

  static func read(from reader: inout CountReader, shape: ProbeShape) throws(ProbeStatisticsError) -> Self {
    PerturbationCounts(
      clean: try reader.confusion(classes: shape.classes), truth: try reader.confusion(classes: shape.classes))
  }
}
