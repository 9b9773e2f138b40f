import DialogueDomain
import Foundation

/// The parts of the golden data's manifest that the tests read.
public struct Manifest: Decodable, Sendable {
  public struct Dimensions: Decodable, Sendable {
    let D_text: Int
    let D_visual: Int
    let D_audio: Int
    let hidden: Int
    let heads: Int
    let n_classes: Int
    let n_speakers: Int
    let graph_heads: Int
    let class_weights: [Float]

    /// Columns of each modality's features.
    var widths: [Modality: Int] { [.text: D_text, .visual: D_visual, .audio: D_audio] }
  }

  public struct ParameterRule: Decodable, Sendable {
    public let name: String
    public let shape: [Int]
    public let scale: Float
    public let offset: Float
  }

  public struct CheckValue: Decodable, Sendable {
    public let shape: [Int]
    public let first4: [Float]
    public let last: Float
    public let sum_f64: Double
  }

  /// The losses of one batch.
  public struct Losses: Decodable, Sendable {
    public let total: Double
    public let fusion: Double
    public let t: Double
    public let a: Double
    public let v: Double
  }

  public struct Gradient: Decodable, Sendable {
    /// The rows of `norm` and `samples`; absent where the gradients are stored whole.
    public let order: [String]?
  }

  /// How far the published code's own single-precision run strays from its double-precision run.
  public struct Trajectory: Decodable, Sendable {
    public let lr: Float
    public let weight_decay: Float
    public let param_ref_f32_vs_f64_worst5: [String: Double]
    public let loss_ref_f32_vs_f64_maxabs: Double
  }

  public struct Configuration: Decodable, Sendable {
    public let dims: Dimensions
    public let n_parameters: Int
    public let lengths: [Int]
    public let parameters: [ParameterRule]
    public let check_values: [String: CheckValue]
    public let lambda_full: [String: Double]
    public let loss: [String: Losses]
    public let grad: Gradient
    public let adam: [String: Trajectory]
  }

  /// A training step with a given modality mask.
  public struct MaskedStep: Decodable, Sendable {
    /// For each dialogue, whether text, visual and audio are kept.
    public let mask_bm_tva: [[Int]]
    public let losses: Losses
    public let perf: [Double]
    public let q: [Double]
  }

  public struct MaskCase: Decodable, Sendable {
    public let name: String
    public let q_tva: [Double]
    public let exe: Bool
  }

  public let configs: [String: Configuration]
  public let drop_cases: [MaskCase]
  public let drop_step: [String: MaskedStep]

  /// The manifest of the golden files, read once.
  public static func golden() throws -> Manifest { try stored.get() }

  private static let stored = Result {
    try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: GoldenModel.file("manifest.json")))
  }
}
