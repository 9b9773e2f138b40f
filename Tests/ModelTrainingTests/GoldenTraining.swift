import AMBDSGDN
import DialogueDomain
import GoldenData
import Tensors
import Testing

@testable import ModelTraining

/// A golden configuration made ready to train: its seven dialogues as one batch, window 5, no dropout.
struct GoldenTraining {
  let model: GoldenModel
  let manifest: Manifest
  let batch: TrainingBatch

  /// - Parameter cut: dialogues of each piece.
  init(_ name: String, cut: [Range<Int>] = [0..<5, 5..<7]) throws {
    Processor.useOneThreadPerProduct()
    let golden = try GoldenModel(name, window: 5)
    model = golden
    manifest = try Manifest.golden()
    batch = TrainingBatch(cut.map { golden.batch(Array($0)) }, labels: golden.labels.map { $0 })
  }

  func loss(_ weighting: String) -> TrainingLoss {
    TrainingLoss(classWeights: weighting == "weighted" ? model.classWeights : nil)
  }

  func step(_ weighting: String, threads: Int = 2) -> TrainingStep {
    TrainingStep(model.network, loss: loss(weighting), rates: .none, threads: threads)
  }

  func file(_ kind: String) throws -> SafetensorsFile {
    try SafetensorsFile(GoldenModel.file("\(model.name).\(kind).safetensors"))
  }

  /// Every parameter's gradient in file order; nil where the loss does not depend on it.
  func gradients(_ result: TrainingStep.Result) -> [String: [Double]] {
    var found: [String: [Double]] = [:]
    for (index, layout) in model.network.parameters.layouts.enumerated() {
      found[layout.name] = result.gradient(index).map { layout.filed($0).map(Double.init) }
    }
    return found
  }
}

extension GoldenTraining {
  /// Tests the losses of a step against the published code's, whose own single-precision run strays by 3e-7.
  func expectLosses(_ result: TrainingStep.Result, _ weighting: String) throws {
    let expected = try #require(manifest.configs[model.name]?.loss[weighting])
    #expect(abs(result.loss.total - expected.total) < 5e-7)
    #expect(abs(result.loss.fusion - expected.fusion) < 5e-7)
    for (modality, loss) in [(Modality.text, expected.t), (.audio, expected.a), (.visual, expected.v)] {
      #expect(abs(try #require(result.loss.branches[modality]) - loss) < 5e-7, "\(modality)")
    }
  }
}

/// What a gradient's deviation from the published code's float64 run is compared with.
enum GradientNoise {
  /// A bias of the keys shifts a softmax's every score alike: its gradient is zero but for rounding.
  static func isZeroInTheory(_ tensor: String) -> Bool { tensor.hasSuffix("linear_k.bias") }

  /// What scores edges (a, relation embedding, λ): its gradient is a sum over all edges in which softmax's gradients cancel,
  /// so that rounding shows ten times as much as elsewhere.
  static func isScore(_ tensor: String) -> Bool {
    [".a_left_", ".a_right_", ".a_rel_", ".relation_embedding.", ".lambda_"].contains { tensor.contains($0) }
  }

  /// The greatest relative deviation at full size.
  ///
  /// - Parameter reference: how far the published code's own single-precision run strays.
  static func tolerance(_ tensor: String, reference: Double) -> Double {
    if isZeroInTheory(tensor) { return 10 * reference }
    return isScore(tensor) ? max(5e-5, 20 * reference) : max(1e-5, 4 * reference)
  }
}

/// Euclidean length.
func norm(_ values: [Double]) -> Double {
  values.reduce(0) { $0 + $1 * $1 }.squareRoot()
}

/// Length of the difference; infinite where the counts differ.
func distance(_ left: [Double], _ right: [Double]) -> Double {
  left.count == right.count ? norm(zip(left, right).map { $0 - $1 }) : .infinity
}
