import Tensors

/// Several token sequences one below the other: no padding, a row a token.
public struct TokenBatch: Sendable {
  /// Token ids of all sequences, T.
  public let ids: [Int]
  /// Each token's place in its sequence, from 0.
  public let positions: [Int]
  /// Each token's segment type.
  public let types: [Int]
  /// A segment a sequence.
  public let segments: Segments
  /// For each sequence the rows of the batch whose mean is its embedding.
  public let pooled: [Range<Int>]

  /// One sequence below the other, in the order given.
  public init(_ sequences: some Collection<TokenSequence>) {
    ids = sequences.flatMap(\.ids)
    positions = sequences.flatMap { 0..<$0.ids.count }
    types = sequences.flatMap(\.types)
    let segments = Segments(lengths: sequences.map { $0.ids.count })
    self.segments = segments
    pooled = zip(segments.indices, sequences).map { index, sequence in
      let first = segments[index].lowerBound
      return (first + sequence.pooled.lowerBound)..<(first + sequence.pooled.upperBound)
    }
  }
}
