import DialogueDomain
import Foundation
import GoldenData
import Tensors
import Testing

@testable import AMBDSGDN

/// The network against the published code's float64 run: every stored intermediate, branch logits and fused logits.
@Suite struct ForwardParityTests {
  /// Deviations are judged against the largest magnitude of the tensor; single precision's own noise is about 2e-6.
  static let tolerance = 1e-4

  static let cases = GoldenModel.names.flatMap { name in
    (name.hasPrefix("tiny") ? [0, 1, 5, 20, 100] : [1, 5, 20]).map { (name, $0) }
  }

  @Test(arguments: cases) func everyIntermediateAndTheLogitsAgree(name: String, window: Int) throws {
    for (tensor, deviation) in try Self.deviations(GoldenModel(name, window: window)) {
      #expect(deviation < Self.tolerance, "\(name) window \(window): \(tensor)")
    }
  }

  @Test(arguments: [
    "gatV.out_att.lambda_left1", "speaker_embeddings.weight", "a_a.transformer_inter.0.self_attn.linear_k.weight",
    "gatTer.attention_1.relation_embedding.weight", "agate.gate.0.bias",
  ]) func aDisturbedWeightIsSeen(tensor: String) throws {
    let model = try GoldenModel("tiny", window: 5) { name, values in
      name == tensor ? values.map { $0 + 0.01 } : values
    }
    let worst = try Self.deviations(model).map(\.deviation).max() ?? 0
    #expect(worst > Self.tolerance)
  }

  /// The greatest deviation of each tensor that the golden file holds for the model's window, relative to the tensor's
  /// greatest magnitude; infinite where we computed nothing to set against it.
  static func deviations(_ model: GoldenModel) throws -> [(tensor: String, deviation: Double)] {
    let found = computed(model)
    let prefix = "w\(model.configuration.window)/"
    let stored = model.forward.entries.keys.filter {
      ($0.hasPrefix(prefix) || !$0.hasPrefix("w")) && !$0.hasSuffix("_ref_f32") && !$0.contains("/adj_")
    }
    return stored.sorted().map { name in
      let expected = model.forward.doubles(name) ?? []
      if let values = found[name] { return (name, deviation(values.map(Double.init), expected)) }
      // Some are stored with every sixteenth column only.
      let whole = found[name.replacing("_cols", with: "")] ?? []
      let kept = whole.indices.filter { $0 % model.configuration.hidden % 16 == 0 }.map { Double(whole[$0]) }
      return (name, deviation(kept, expected))
    }
  }

  /// Our values by the golden files' names, every dialogue scored alone and the results joined.
  private static func computed(_ model: GoldenModel) -> [String: [Float]] {
    let window = model.configuration.window
    var found: [String: [Float]] = [:]
    for dialogue in model.lengths.indices {
      let result = model.run(model.batch([dialogue]))
      let logits = result.logits.mapValues(\.values)
      let fused = (logits[.text] ?? []).indices.map { index in logits.values.reduce(0) { $0 + $1[index] } }
      let classes = model.configuration.emotions.count
      found["w\(window)/logits", default: []] += fused
      found["w\(window)/logp", default: []] += logProbabilities(fused, classes)
      for (modality, values) in logits {
        found["w\(window)/logits_\(modality.letter)", default: []] += values
        found["w\(window)/logp_\(modality.letter)", default: []] += logProbabilities(values, classes)
      }
      for (name, value) in result.trace {
        let dependsOnWindow = name.contains("int") || name.contains("gate")
        found[dependsOnWindow ? "w\(window)/\(name)" : name, default: []] +=
          name.hasPrefix("att_int") ? dense(value) : value.values
      }
    }
    return found
  }

  private static func logProbabilities(_ logits: [Float], _ classes: Int) -> [Float] {
    stride(from: 0, to: logits.count, by: classes).flatMap { first in
      let row = logits[first..<first + classes]
      let total = log(row.reduce(0) { $0 + exp(Double($1)) })
      return row.map { Float(Double($0) - total) }
    }
  }

  /// A band [n, 2w + 1] as the n × n matrix that the golden files hold.
  private static func dense(_ band: Matrix) -> [Float] {
    let (rows, window) = (band.rows, band.columns / 2)
    return (0..<rows).flatMap { i in
      (0..<rows).map { j in abs(i - j) <= window ? band[i, j + window - i] : 0 }
    }
  }

  private static func deviation(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    let scale = expected.map(abs).max() ?? 1
    return zip(found, expected).map { abs($0 - $1) }.reduce(0, max) / max(scale, 1e-30)
  }
}
