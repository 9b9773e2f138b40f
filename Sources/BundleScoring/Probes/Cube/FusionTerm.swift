import DialogueDomain

/// One branch's part of a fused run: which of its runs, and its weight.
public struct FusionTerm: Sendable, Hashable {
  public var modality: Modality
  public var level: Int
  public var seed: Int
  public var factor: Float

  public init(_ modality: Modality, level: Int = 0, seed: Int = 0, factor: Float = 1) {
    self.modality = modality
    self.level = level
    self.seed = seed
    self.factor = factor
  }
}
