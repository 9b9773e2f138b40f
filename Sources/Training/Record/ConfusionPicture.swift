import Dialogue
import Foundation
import Metrics
import Pictures

/// A confusion matrix as one self-contained SVG: each row's shares as shades, counts written in.
public struct ConfusionPicture: Sendable {
  private let emotions: EmotionSet
  private let counts: ConfusionCounts

  public init(_ evaluation: Evaluation) {
    emotions = evaluation.emotions
    counts = evaluation.confusion
  }

  private static let (cell, left, top) = (64, 110, 60)

  public var svg: String {
    let classes = emotions.count
    let (width, height) = (Self.left + classes * Self.cell + 10, Self.top + classes * Self.cell + 10)
    let shares = counts.rowShares
    var parts = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" role="img" \
      aria-label="Confusion matrix, truth in rows: \(SVGText.escaped(alternative))" font-family="sans-serif" \
      font-size="12" fill="currentColor">
      """,
      "<text x=\"\(Self.left)\" y=\"16\" font-weight=\"bold\">Truth in rows, prediction in columns</text>",
    ]
    for index in 0..<classes {
      let name = SVGText.escaped(emotions[index])
      let middle = index * Self.cell + Self.cell / 2
      parts.append("<text x=\"\(Self.left - 8)\" y=\"\(Self.top + middle + 4)\" text-anchor=\"end\">\(name)</text>")
      parts.append("<text x=\"\(Self.left + middle)\" y=\"\(Self.top - 10)\" text-anchor=\"middle\">\(name)</text>")
      for predicted in 0..<classes {
        let share = shares[index * classes + predicted]
        let (x, y) = (Self.left + predicted * Self.cell, Self.top + index * Self.cell)
        let ink = share > 0.55 ? " fill=\"#ffffff\"" : ""
        parts.append(
          "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(Self.cell - 2)\" height=\"\(Self.cell - 2)\" fill=\"#2f6fb2\" "
            + "fill-opacity=\"\(String(format: "%.3f", 0.05 + 0.95 * share))\"/>"
            + "<text x=\"\(x + Self.cell / 2)\" y=\"\(y + Self.cell / 2 + 4)\" text-anchor=\"middle\"\(ink)>"
            + "\(counts[truth: index, predicted: predicted])</text>")
      }
    }
    return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private var alternative: String {
    (0..<emotions.count).map { row in
      "\(emotions[row]) "
        + (0..<emotions.count).map { "\(counts[truth: row, predicted: $0])" }.joined(separator: " ")
    }.joined(separator: "; ")
  }
}
