import AMBDSGDN
import DialogueDomain

/// The dialogues of one optimiser step, cut into pieces that are worked on side by side.
///
/// The cut depends on the dialogues alone, so the result does not depend on the number of threads.
public struct TrainingBatch: Sendable {
  /// Some whole dialogues of the batch.
  struct Piece: Sendable {
    let batch: DialogueBatch
    /// The piece's first row and first dialogue, counted in the whole batch.
    let firstRow: Int
    let firstDialogue: Int
  }

  let pieces: [Piece]
  /// Each row's class; nil where unknown.
  let labels: [Int?]
  /// Probabilities to learn from beside the labels, [T · C]; nil where there are none.
  let teaching: [Float]?
  /// Each row's dialogue, counted in the batch.
  let dialogueOfRow: [Int]
  /// Rows that lack a modality; a modality that no row lacks has no entry.
  let missing: [Modality: [Bool]]
  /// The modalities that any piece has.
  let modalities: [Modality]

  /// - Parameters:
  ///   - batches: consecutive dialogues, piece by piece.
  ///   - labels: of all rows, in the same order.
  ///   - teaching: probabilities of all rows, [T · C].
  init(_ batches: [DialogueBatch], labels: [Int?], teaching: [Float]? = nil) {
    var pieces: [Piece] = []
    var dialogueOfRow: [Int] = []
    var (row, dialogue) = (0, 0)
    for batch in batches {
      pieces.append(Piece(batch: batch, firstRow: row, firstDialogue: dialogue))
      for segment in batch.segments.indices {
        dialogueOfRow += [Int](repeating: dialogue + segment, count: batch.segments[segment].count)
      }
      row += batch.rows
      dialogue += batch.segments.count
    }
    precondition(labels.count == row, "one label a row")
    self.pieces = pieces
    self.labels = labels
    self.teaching = teaching
    self.dialogueOfRow = dialogueOfRow
    let modalities = Set(batches.flatMap(\.features.keys)).sorted()
    self.modalities = modalities
    var missing: [Modality: [Bool]] = [:]
    for modality in modalities {
      let marks = batches.flatMap { batch in
        batch.missing[modality] ?? [Bool](repeating: batch.features[modality] == nil, count: batch.rows)
      }
      if marks.contains(true) { missing[modality] = marks }
    }
    self.missing = missing
  }

  var rows: Int { labels.count }
  var dialogues: Int { (dialogueOfRow.last ?? -1) + 1 }

  /// Cuts dialogues of the given lengths into pieces of nearly equal size, around 256 rows each.
  static func pieces(lengths: [Int]) -> [Range<Int>] {
    let rows = lengths.reduce(0, +)
    let count = max(1, Int((Double(rows) / rowsPerPiece).rounded()))
    var pieces: [Range<Int>] = []
    var (first, taken) = (0, 0)
    for (index, length) in lengths.enumerated() {
      taken += length
      // A piece ends where the batch's rows so far reach its share.
      if taken * count >= rows * (pieces.count + 1) || index == lengths.count - 1 {
        pieces.append(first..<index + 1)
        first = index + 1
      }
    }
    return pieces
  }

  private static let rowsPerPiece = 256.0
}
