import DialogueDomain

/// Whom an utterance listened to and whom it cancelled, over all modalities and both graphs: what a page draws.
struct AttentionLinks: Equatable {
  /// One neighbour and how much is meant, as a share.
  struct Link: Equatable {
    var turn: Int
    var share: Double
  }

  /// Others of whom most is left, the most first.
  var heard: [Link]
  /// Others of whom more than their part was taken, the most first.
  var cancelled: [Link]

  static let mostHeard = 3
  static let mostCancelled = 2

  init(_ utterance: UtteranceExplanation) {
    let others = utterance.neighbours.filter { $0.relation != .itself }
    let modalities = Double(max(utterance.branchLogits.count, 1))
    // The mean over the modalities; an utterance is in one graph only, unless it is the same.
    let merged = Dictionary(grouping: others, by: \.turn).map { _, of -> NeighbourAttention in
      var one = of[0]
      let scale = Double(of.count) / modalities
      let mean = AttentionWeights.mean(of.map(\.mean))
      one.mean = AttentionWeights(
        attended: mean.attended * scale, cancelled: mean.cancelled * scale, left: mean.left * scale)
      return one
    }.sorted { $0.turn < $1.turn }
    let choice = NeighbourChoice(merged, listened: Self.mostHeard, cancelled: Self.mostCancelled)
    heard = choice.listened.map { Link(turn: $0.turn, share: $0.mean.left) }
    cancelled = choice.cancelled.map { Link(turn: $0.turn, share: $0.mean.cancelled) }
  }
}
