/// Probabilities with which training zeroes elements.
public struct DropoutRates: Sendable, Hashable {
  /// In the encoder and before the heads' last layer.
  public var encoder: Float
  /// In the graph layers.
  public var graph: Float

  public init(encoder: Float, graph: Float) {
    self.encoder = encoder
    self.graph = graph
  }

  /// Evaluation.
  public static let none = DropoutRates(encoder: 0, graph: 0)
}
