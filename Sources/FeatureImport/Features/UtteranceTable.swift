import DialogueDomain
import Foundation

/// The utterances of a user's own data, as a table lists them: one row each, in the order of the feature rows.
///
/// Columns, by name, in any order and case: `dialogue` and `speaker`; optionally `utterance` (an identifier), `start` and
/// `end` (seconds), and `emotion` (a class name) or `label` (a class name or number), where an empty field is unknown, as
/// are the ways in which R and Python write that there is nothing. Blanks around names count for nothing. Where every
/// utterance of a dialogue says when it starts, that is their order.
public struct UtteranceTable: Sendable {
  /// Dialogues by first appearance; their rows refer to `utterances`.
  public let dialogues: [Dialogue]
  /// Sorted by dialogue, otherwise in the order of the table.
  public let utterances: [Utterance]
  /// The classes that labels refer to; nil where the table has none.
  public let emotions: EmotionSet?
  /// For each utterance, its row of the table, from 0.
  let order: [Int]
  /// What was taken otherwise than it was written, one sentence each.
  public let notes: [String]

  private static let known = ["dialogue", "utterance", "speaker", "start", "end", "label", "emotion"]

  /// Reads the utterances of a table.
  ///
  /// - Parameters:
  ///   - emotions: class names in class order; where nil, the names that occur, in alphabetical order.
  ///   - ignoring: further columns to leave out.
  /// - Throws: `FeatureImportError` for a missing, repeated or unknown column, an empty table, or a field that is not what
  ///   its column holds; it names the line.
  public init(_ table: DelimitedTable, emotions: EmotionSet? = nil, ignoring: Set<String> = []) throws {
    let columns = try UtteranceColumns(table, known: Self.known, ignoring: ignoring)
    var notes = columns.notes
    guard !table.rows.isEmpty else {
      throw FeatureImportError("the table lists no utterance", at: table.location)
    }
    let classes = try emotions ?? columns.emotionNames(table).map { EmotionSet($0) }
    let hasLabels = columns.label != nil

    var positions: [String: Int] = [:]
    var groups: [(id: String, rows: [Int])] = []
    for (index, row) in table.rows.enumerated() {
      let id = row.fields[columns.dialogue].trimmingCharacters(in: .whitespaces).composed
      guard !id.isEmpty else {
        throw FeatureImportError("the dialogue has no name", at: columns.place(table, row, "dialogue"))
      }
      if let position = positions[id] {
        groups[position].rows.append(index)
      } else {
        positions[id] = groups.count
        groups.append((id, [index]))
      }
    }

    var dialogues: [Dialogue] = []
    var utterances: [Utterance] = []
    var sorted: [String] = []
    for place in groups.indices {
      let group = groups[place]
      if let order = try columns.orderOfTime(table, group.rows), order != group.rows {
        groups[place].rows = order
        sorted.append(group.id)
      }
      var names: Set<String> = []
      let start = utterances.count
      for (turn, index) in groups[place].rows.enumerated() {
        let utterance = try columns.utterance(
          table, table.rows[index], defaultID: "\(group.id)#\(turn)", emotions: classes)
        guard names.insert(utterance.id).inserted else {
          throw FeatureImportError(
            "the dialogue has two utterances of one name", at: columns.place(table, table.rows[index], "utterance"),
            found: utterance.id)
        }
        utterances.append(utterance)
      }
      dialogues.append(Dialogue(id: group.id, rows: start..<utterances.count))
    }
    if let first = sorted.first {
      notes.append(
        "\(sorted.count) of \(groups.count) dialogues (\(printable(first))\(sorted.count > 1 ? ", …" : "")) were put into "
          + "the order of their start times.")
    }
    if let absent = columns.absentLabels(table, among: classes) { notes.append(absent) }
    self.notes = notes
    self.dialogues = dialogues
    self.utterances = utterances
    self.emotions = hasLabels ? classes : nil
    order = groups.flatMap(\.rows)
  }
}
