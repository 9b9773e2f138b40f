import Foundation
import Testing

/// The recorded figures of the published code's `_get_performance`, and scikit-learn's beside them.
struct GoldenWeightedF1: Decodable {
  struct Case: Decodable, CustomTestStringConvertible {
    var name: String
    var classes: Int
    var labels: [Int]
    var predictions: [Int]
    var weightedF1: Double
    var paperEquation19: Double
    var accuracy: Double
    var macroF1: Double

    enum CodingKeys: String, CodingKey {
      case name, labels, accuracy
      case classes = "n_classes"
      case predictions = "preds"
      case weightedF1 = "weighted_f1"
      case paperEquation19 = "paper_eqn19"
      case macroF1 = "macro_f1_over_union"
    }

    var testDescription: String { name }
  }

  var cases: [Case]

  static func load() throws -> [Case] {
    let folder = Bundle.module.bundleURL.appendingPathComponent("Goldens")
    let data = try Data(contentsOf: folder.appendingPathComponent("weighted_f1.json"))
    return try JSONDecoder().decode(GoldenWeightedF1.self, from: data).cases
  }
}
