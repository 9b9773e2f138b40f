import Foundation

/// A text as the encoder takes it: token ids, segment types, and which rows stand for the text itself.
public struct TokenSequence: Sendable, Hashable {
  /// Token ids, `[CLS]` first and `[SEP]` last.
  public let ids: [Int]
  /// 0 for a single text and for the first of a pair, 1 for the second; one a token.
  public let types: [Int]
  /// The rows whose mean is the embedding: all of a single text; the second text's, its `[SEP]` included, of a pair.
  public let pooled: Range<Int>

  /// A sequence of tokens; `types` has as many elements as `ids`.
  public init(ids: [Int], types: [Int], pooled: Range<Int>) {
    self.ids = ids
    self.types = types
    self.pooled = pooled
  }
}

/// BERT's tokenizer: words by `BasicTokenizer`, each cut greedily into the longest pieces of the vocabulary.
///
///     let tokenizer = try WordPieceTokenizer(directory: minilm)
///     tokenizer.sequence("Stop it!").ids     // [101, 2644, 2009, 999, 102]: [CLS] stop it ! [SEP]
///
/// A word that the vocabulary cannot spell, or of more than 100 scalars, is one `[UNK]`. Special pieces in the text, such
/// as `[SEP]`, are those pieces, as in the published tokenizers.
public struct WordPieceTokenizer: Sendable {
  let vocabulary: Vocabulary
  private let basic: BasicTokenizer
  /// Tokens that a sequence may have, special ones included.
  public let longest: Int

  init(_ vocabulary: Vocabulary, isUncased: Bool, longest: Int) {
    self.vocabulary = vocabulary
    basic = BasicTokenizer(isUncased: isUncased)
    self.longest = longest
  }

  /// `[CLS] text [SEP]`; a longer text loses its end.
  public func sequence(_ text: String) -> TokenSequence {
    sequence(pieces(text))
  }

  /// The same for a text that is already in pieces.
  func sequence(_ pieces: [Int]) -> TokenSequence {
    let ids = [vocabulary.classification] + pieces.prefix(max(longest - 2, 0)) + [vocabulary.separator]
    return TokenSequence(ids: ids, types: [Int](repeating: 0, count: ids.count), pooled: 0..<ids.count)
  }

  /// `[CLS] context [SEP] text [SEP]` of at most `limit` tokens: the context loses its end first, then the text.
  ///
  /// - Parameter limit: tokens in all, special ones included; at most the model's own limit counts.
  public func sequence(context: String, text: String, limit: Int? = nil) -> TokenSequence {
    let room = min(limit ?? longest, longest) - 3
    let text = pieces(text).prefix(max(room, 0))
    let context = pieces(context).prefix(max(room - text.count, 0))
    let first = [vocabulary.classification] + context + [vocabulary.separator]
    let second = text + [vocabulary.separator]
    return TokenSequence(
      ids: first + second,
      types: [Int](repeating: 0, count: first.count) + [Int](repeating: 1, count: second.count),
      pooled: first.count..<(first.count + second.count))
  }

  /// A text's pieces, without `[CLS]` and `[SEP]`.
  public func pieces(_ text: String) -> [Int] {
    var result: [Int] = []
    for part in parts(text) {
      switch part {
      case .special(let id): result.append(id)
      case .text(let text):
        for word in basic.words(text) { append(piecesOf: word, to: &result) }
      }
    }
    return result
  }

  /// The id of `[CLS]`.
  var classificationID: Int { vocabulary.classification }
  /// The id of `[SEP]`.
  var separatorID: Int { vocabulary.separator }

  /// The id of `[UNK]`, which stands for a word that the vocabulary cannot spell.
  public var unknownID: Int { vocabulary.unknown }

  private static let longestWord = 100

  private func append(piecesOf word: ArraySlice<Unicode.Scalar>, to result: inout [Int]) {
    guard word.count <= Self.longestWord else {
      result.append(vocabulary.unknown)
      return
    }
    let before = result.count
    var rest = word
    while !rest.isEmpty {
      guard let piece = vocabulary.longestPiece(opening: rest, isWithin: rest.startIndex > word.startIndex) else {
        result.removeSubrange(before...)
        result.append(vocabulary.unknown)
        return
      }
      result.append(piece.id)
      rest = rest.dropFirst(piece.length)
    }
  }

  private enum Part {
    case text(Substring.UnicodeScalarView)
    case special(Int)
  }

  /// The text cut at special pieces written out in it.
  private func parts(_ text: String) -> [Part] {
    let scalars = text.unicodeScalars
    var parts: [Part] = []
    var start = scalars.startIndex
    var place = start
    while let bracket = scalars[place...].firstIndex(of: "[") {
      if let (piece, id) = vocabulary.special.first(where: { scalars[bracket...].starts(with: $0.key.unicodeScalars) })
      {
        if start < bracket { parts.append(.text(scalars[start..<bracket])) }
        parts.append(.special(id))
        start = scalars.index(bracket, offsetBy: piece.unicodeScalars.count)
        place = start
      } else {
        place = scalars.index(after: bracket)
      }
    }
    if start < scalars.endIndex { parts.append(.text(scalars[start...])) }
    return parts
  }
}
