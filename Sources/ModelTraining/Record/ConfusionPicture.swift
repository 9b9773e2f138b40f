import DialogueDomain
import EvaluationStatistics
import Presentation

/// A confusion matrix as one self-contained SVG: each row's shares as shades, counts written in.
public struct ConfusionPicture: Sendable {
  private let emotions: EmotionSet
  private let counts: ConfusionCounts

  public init(_ evaluation: Evaluation) {
    emotions = evaluation.emotions
    counts = evaluation.confusion
  }

  public var svg: String {
    let shares = counts.rowShares
    return HeatMap(
      title: "Confusion", rowName: "truth", columnName: "prediction", rowLabels: emotions.names,
      columnLabels: emotions.names,
      cells: emotions.names.indices.map { truth in
        emotions.names.indices.map { predicted in
          HeatMap.Cell(
            "\(counts[truth: truth, predicted: predicted])", shade: shares[truth * emotions.count + predicted])
        }
      }
    ).svg
  }
}
