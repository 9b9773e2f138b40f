import Foundation
import OperatingSystem

/// A WordPiece vocabulary: `vocab.txt`, one piece a line, the line's number its id; `##` opens pieces within a word.
///
/// Pieces are held as a tree of scalars, so that the longest piece that opens a word is found in one walk. Scalars, not
/// characters: to the model a letter and its decomposed form are different pieces.
struct Vocabulary: Sendable {
  /// Number of pieces, V.
  let count: Int
  /// Ids of the pieces with a meaning of their own, by how they are written: `[CLS]`, `[SEP]`, `[UNK]`, `[PAD]`, `[MASK]`.
  let special: [String: Int]
  let classification: Int
  let separator: Int
  let unknown: Int

  /// The node behind a node and the next scalar; node 0 opens words, node 1 goes on within them.
  private var children: [Step: Int32] = [:]
  /// The id of the piece that ends at a node; −1 where none does.
  private var ids: [Int32] = [-1, -1]

  private struct Step: Hashable {
    let node: Int32
    let scalar: Unicode.Scalar
  }

  private static let specialPieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

  /// - Throws: `EncoderError` where the file is not UTF-8 or lacks `[CLS]`, `[SEP]` or `[UNK]`; `StorageError` where it
  ///   cannot be read.
  init(_ url: URL) throws {
    let bytes = try MappedFile(url)
    guard let text = bytes.withBytes({ String(validating: $0, as: UTF8.self) }) else {
      throw EncoderError.vocabulary(file: url.path, found: "bytes that are not UTF-8")
    }
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    try self.init(pieces: lines.map { String($0.last == "\r" ? $0.dropLast() : $0) }, file: url.path)
  }

  /// - Parameter file: for the error's message.
  /// - Throws: `EncoderError` where `[CLS]`, `[SEP]` or `[UNK]` is missing.
  init(pieces: [String], file: String = "vocab.txt") throws {
    var special: [String: Int] = [:]
    for (id, piece) in pieces.enumerated() where piece.utf8.first == UInt8(ascii: "[") {
      if Self.specialPieces.contains(piece) { special[piece] = id }
    }
    guard let classification = special["[CLS]"], let separator = special["[SEP]"], let unknown = special["[UNK]"]
    else { throw EncoderError.vocabulary(file: file, found: "no [CLS], [SEP] or [UNK] among \(pieces.count) pieces") }
    self.special = special
    self.classification = classification
    self.separator = separator
    self.unknown = unknown
    count = pieces.count
    children.reserveCapacity(4 * pieces.count)
    for (id, piece) in pieces.enumerated() { insert(piece, id: id) }
  }

  private mutating func insert(_ piece: String, id: Int) {
    var scalars = Substring(piece).unicodeScalars
    var node: Int32 = 0
    if scalars.count > 2, scalars.starts(with: "##".unicodeScalars) {
      scalars = scalars.dropFirst(2)
      node = 1
    }
    for scalar in scalars {
      let step = Step(node: node, scalar: scalar)
      if let next = children[step] {
        node = next
      } else {
        node = Int32(ids.count)
        children[step] = node
        ids.append(-1)
      }
    }
    // Of a piece that is listed twice the last line counts, as in the published readers.
    ids[Int(node)] = Int32(id)
  }

  /// The longest piece that opens `rest`: its id and its number of scalars; nil where none does.
  ///
  /// - Parameter isWithin: whether `rest` goes on within a word, so that only `##` pieces fit.
  func longestPiece(opening rest: ArraySlice<Unicode.Scalar>, isWithin: Bool) -> (id: Int, length: Int)? {
    var node: Int32 = isWithin ? 1 : 0
    var longest: (id: Int, length: Int)?
    for (index, scalar) in rest.enumerated() {
      guard let next = children[Step(node: node, scalar: scalar)] else { break }
      node = next
      let id = ids[Int(node)]
      if id >= 0 { longest = (Int(id), index + 1) }
    }
    return longest
  }
}
