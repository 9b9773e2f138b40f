import EvaluationStatistics
import Foundation
import Presentation

extension Evaluation {
  /// The layout of the paper's Tables 2 and 3: a row of classes, and for each its precision and F1, then the averages.
  ///
  /// The paper heads its precision columns "ACC"; here every figure has its own name.
  public var table: String {
    let width = max(10, (emotions.names.map(\.count).max() ?? 0) + 2)
    func line(_ name: String, _ cells: [String]) -> String {
      name.padded(to: 12) + cells.map { $0.padded(to: width, right: true) }.joined()
    }
    let figures = confusion.perClass
    func percent(_ value: Double) -> String { NumberText.percentage(value, places: 2) }
    let lines = [
      line("", emotions.names + ["weighted", "macro"]),
      line("precision", figures.map { percent($0.precision) } + [percent(weightedPrecision), ""]),
      line("recall", figures.map { percent($0.recall) } + [percent(accuracy), ""]),
      line("F1", figures.map { percent($0.f1) } + [percent(weightedF1), percent(macroF1)]),
      line("utterances", figures.map { "\($0.support)" } + ["\(confusion.total)", ""]),
      "",
      "accuracy \(percent(accuracy))  weighted F1 \(percent(weightedF1))  macro F1 \(percent(macroF1))  "
        + "weighted precision \(percent(weightedPrecision))",
      "expected calibration error \(String(format: "%.4f", expectedCalibrationError))  "
        + "Brier score \(String(format: "%.4f", brier))",
    ]
    let note = unjudged == 0 ? [] : ["\(unjudged) labelled utterances lack every modality and are not counted"]
    return (lines + note).map(\.withoutTrailingSpace).joined(separator: "\n") + "\n"
  }

  /// Truth in rows, prediction in columns.
  public var confusionText: String {
    let width = max(8, (emotions.names.map(\.count).max() ?? 0) + 2)
    let head = "".padded(to: width) + emotions.names.map { $0.padded(to: width, right: true) }.joined()
    let rows = emotions.names.indices.map { truth in
      emotions[truth].padded(to: width)
        + emotions.names.indices.map {
          "\(confusion[truth: truth, predicted: $0])".padded(to: width, right: true)
        }.joined()
    }
    return ([head] + rows).joined(separator: "\n") + "\n"
  }
}

extension String {
  func padded(to width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - count))
    return right ? space + self : self + space
  }

  fileprivate var withoutTrailingSpace: String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
