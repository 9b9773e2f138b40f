/// One conversation: an identifier and the rows of its utterances within a bundle.
public struct Dialogue: Sendable, Hashable {
  /// Unique within the bundle.
  public var id: String
  /// Rows `offset[i] ..< offset[i + 1]` of every per-utterance table.
  public var rows: Range<Int>

  public init(id: String, rows: Range<Int>) {
    self.id = id
    self.rows = rows
  }
}
