import DialogueDomain

extension WordPieceTokenizer {
  /// Tokens of an utterance with its context, in all.
  static let longestWithContext = 96

  /// The token sequence of every utterance of a bundle's dialogues; nil for one without words.
  ///
  /// - Parameter contextTurns: so many preceding turns come first, each as `Name: words`; only the utterance's own tokens
  ///   are pooled. Where there is not room for all, the earliest turns are left out whole.
  public func sequences(of bundle: FeatureBundle, contextTurns: Int = 0) -> [TokenSequence?] {
    let cleaned = bundle.utterances.map { $0.text.map(TextCleaning.cleaned) ?? "" }
    guard contextTurns > 0 else { return cleaned.map { $0.isEmpty ? nil : sequence($0) } }
    var sequences = [TokenSequence?](repeating: nil, count: cleaned.count)
    for dialogue in bundle.dialogues {
      for row in dialogue.rows where !cleaned[row].isEmpty {
        var room = Self.longestWithContext - 3 - pieces(cleaned[row]).count
        var context: [String] = []
        for earlier in stride(from: row - 1, through: max(dialogue.rows.lowerBound, row - contextTurns), by: -1)
        where !cleaned[earlier].isEmpty {
          let turn = "\(bundle.utterances[earlier].speaker): \(cleaned[earlier])"
          room -= pieces(turn).count
          guard room >= 0 else { break }
          context.insert(turn, at: 0)
        }
        sequences[row] = sequence(
          context: context.joined(separator: " "), text: cleaned[row], limit: Self.longestWithContext)
      }
    }
    return sequences
  }
}
