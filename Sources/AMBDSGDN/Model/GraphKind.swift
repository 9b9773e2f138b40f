/// What stands where the paper has its differential relational graph networks: for comparing a model without them.
public enum GraphKind: String, Codable, CaseIterable, Sendable {
  /// DiffRGCN as published: two attentions subtracted.
  case differential
  /// The same layers with one attention over the whole width and nothing subtracted.
  case plain
  /// No graph networks: the encoder's result, or the projection's, goes straight on.
  case none
}
