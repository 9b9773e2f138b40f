import Foundation

/// The temperature that makes softmax(logits / T) fit the labels best, and what it gains.
public struct TemperatureFit: Sendable, Hashable, Codable {
  /// T; above 1 where the model was too sure.
  public let temperature: Double
  /// Mean negative log-likelihood at T = 1, in nats.
  public let before: Double
  /// Mean negative log-likelihood at `temperature`, in nats.
  public let after: Double

  /// How many rows it rests on.
  public let rows: Int

  /// T is searched for between 1/4 and 4; a set that is all right or all wrong has its optimum at an end.
  public static let range = 0.25...4.0
  /// A temperature that rests on fewer rows says more of their chance than of the model.
  public static let leastRows = 50

  /// Fits the temperature.
  ///
  /// The negative log-likelihood is convex in 1/T, so its slope Σ_i (E_p[z] − z_i(y_i)) changes sign once: bisection on
  /// log T finds it to the last bits, and always the same.
  ///
  /// - Parameters:
  ///   - logits: fused logits, row-major, `labels.count` rows of `classes`.
  ///   - labels: the true class of each row; −1 or any other index outside the classes leaves the row out, as does a
  ///     logit that is not finite.
  ///
  /// Nil where no row is left.
  public init?(logits: [Float], classes: Int, labels: [Int]) {
    precondition(classes > 0 && logits.count == labels.count * classes, "one row of logits per label")
    var rows: [Row] = []
    for (index, label) in labels.enumerated() where (0..<classes).contains(label) {
      let logits = logits[index * classes..<(index + 1) * classes]
      guard logits.allSatisfy(\.isFinite) else { continue }
      let own = Double(logits[index * classes + label])
      rows.append(Row(logits: logits, label: label, differences: logits.map { Double($0) - own }))
    }
    guard !rows.isEmpty else { return nil }

    var lower = log(Self.range.lowerBound)
    var upper = log(Self.range.upperBound)
    // A slope that is zero everywhere says nothing about T: keep 1.
    if Self.slope(rows, temperature: 1) == 0 {
      lower = 0
      upper = 0
    }
    for _ in 0..<60 where lower < upper {
      let middle = (lower + upper) / 2
      // The slope in 1/T is negative while the model should be surer, that is, T smaller.
      if Self.slope(rows, temperature: exp(middle)) <= 0 { upper = middle } else { lower = middle }
    }
    temperature = exp((lower + upper) / 2)
    self.rows = rows.count
    before = Self.meanLoss(rows, temperature: 1)
    after = Self.meanLoss(rows, temperature: temperature)
  }

  private struct Row {
    var logits: ArraySlice<Float>
    var label: Int
    /// z_c − z_y, [C].
    var differences: [Double]
  }

  /// d NLL / d(1/T) = Σ_i Σ_c p_c (z_c − z_y).
  private static func slope(_ rows: [Row], temperature: Double) -> Double {
    rows.reduce(0) { $0 + Softmax($1.logits, temperature: temperature).expectation(of: $1.differences) }
  }

  private static func meanLoss(_ rows: [Row], temperature: Double) -> Double {
    let sum = rows.reduce(0) { $0 - Softmax($1.logits, temperature: temperature).logProbability(of: $1.label) }
    return sum / Double(rows.count)
  }
}
