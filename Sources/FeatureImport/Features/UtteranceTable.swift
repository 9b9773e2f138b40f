import DialogueDomain
import Foundation

/// The utterances of a user's own data, as a table lists them: one row each, in the order of the feature rows.
///
/// Columns, by name, in any order and case: `dialogue` and `speaker`; optionally `utterance` (an identifier), `start` and
/// `end` (seconds), and `emotion` (a class name) or `label` (a class name or number), where an empty field is unknown.
public struct UtteranceTable: Sendable {
  /// Dialogues by first appearance; their rows refer to `utterances`.
  public let dialogues: [Dialogue]
  /// Sorted by dialogue, otherwise in the order of the table.
  public let utterances: [Utterance]
  /// The classes that labels refer to; nil where the table has none.
  public let emotions: EmotionSet?
  /// For each utterance, its row of the table, from 0.
  let order: [Int]

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
    guard !table.rows.isEmpty else {
      throw FeatureImportError("the table lists no utterance", at: table.location)
    }
    let classes = try emotions ?? columns.emotionNames(table).map { EmotionSet($0) }
    let hasLabels = columns.label != nil

    var positions: [String: Int] = [:]
    var groups: [(id: String, rows: [Int])] = []
    for (index, row) in table.rows.enumerated() {
      let id = row.fields[columns.dialogue]
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
    for group in groups {
      var names: Set<String> = []
      let start = utterances.count
      for (turn, index) in group.rows.enumerated() {
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
    self.dialogues = dialogues
    self.utterances = utterances
    self.emotions = hasLabels ? classes : nil
    order = groups.flatMap(\.rows)
  }
}

/// Where each column of an utterance table lies, and how its fields are read.
private struct UtteranceColumns {
  let dialogue: Int
  let speaker: Int
  let utterance: Int?
  let start: Int?
  let end: Int?
  /// `emotion` or `label`.
  let label: Int?

  init(_ table: DelimitedTable, known: [String], ignoring: Set<String>) throws {
    let ignored = Set(ignoring.map { $0.lowercased() })
    var positions: [String: Int] = [:]
    for (index, column) in table.columns.enumerated() {
      let name = column.lowercased()
      if ignored.contains(name) { continue }
      guard known.contains(name) else {
        throw FeatureImportError(
          "unknown column", at: "\(table.location): line 1", found: printable(column),
          expected: nearestName(to: name, among: known) ?? known.joined(separator: ", "),
          remedy: "Rename the column, or say that it is to be ignored.")
      }
      guard positions.updateValue(index, forKey: name) == nil else {
        throw FeatureImportError("two columns of one name", at: "\(table.location): line 1", found: name)
      }
    }
    func required(_ name: String) throws -> Int {
      guard let index = positions[name] else {
        throw FeatureImportError(
          "the table lacks a column", at: "\(table.location): line 1",
          found: table.columns.map(printable).joined(separator: ", "), expected: name)
      }
      return index
    }
    dialogue = try required("dialogue")
    speaker = try required("speaker")
    utterance = positions["utterance"]
    start = positions["start"]
    end = positions["end"]
    guard positions["label"] == nil || positions["emotion"] == nil else {
      throw FeatureImportError(
        "the table has both a label and an emotion column", at: "\(table.location): line 1", expected: "one of them")
    }
    label = positions["label"] ?? positions["emotion"]
  }

  func place(_ table: DelimitedTable, _ row: DelimitedTable.Row, _ column: String) -> String {
    "\(table.location): line \(row.line), column \(column)"
  }

  /// The class names that occur, sorted; nil without a label column.
  func emotionNames(_ table: DelimitedTable) throws -> [String]? {
    guard let label else { return nil }
    let fields = table.rows.map { ($0, $0.fields[label].trimmingCharacters(in: .whitespaces)) }
      .filter { !$0.1.isEmpty && $0.1 != "-1" }
    if let (row, field) = fields.first(where: { Int($0.1) != nil }) {
      throw FeatureImportError(
        "the labels are numbers and nothing names their classes", at: place(table, row, table.columns[label]),
        found: field, remedy: "Give the class names in class order.")
    }
    return Set(fields.map(\.1)).sorted()
  }

  func utterance(
    _ table: DelimitedTable, _ row: DelimitedTable.Row, defaultID: String, emotions: EmotionSet?
  ) throws -> Utterance {
    let id = utterance.map { row.fields[$0] } ?? ""
    let result = Utterance(
      id: id.isEmpty ? defaultID : id, speaker: row.fields[speaker],
      start: try seconds(table, row, start, "start"), end: try seconds(table, row, end, "end"),
      label: try classIndex(table, row, emotions))
    guard !result.speaker.isEmpty else {
      throw FeatureImportError("the speaker has no name", at: place(table, row, "speaker"))
    }
    if let start = result.start, let end = result.end, end < start {
      throw FeatureImportError(
        "the utterance ends before it starts", at: place(table, row, "end"), found: "\(end)",
        expected: "at least \(start)")
    }
    return result
  }

  private func seconds(
    _ table: DelimitedTable, _ row: DelimitedTable.Row, _ column: Int?, _ name: String
  ) throws -> Double? {
    guard let column else { return nil }
    let field = row.fields[column].trimmingCharacters(in: .whitespaces)
    if field.isEmpty { return nil }
    guard let value = Double(field), value.isFinite else {
      throw FeatureImportError(
        "not a time", at: place(table, row, name), found: printable(field), expected: "seconds, such as 12.5")
    }
    return value
  }

  private func classIndex(
    _ table: DelimitedTable, _ row: DelimitedTable.Row, _ emotions: EmotionSet?
  ) throws -> Int? {
    guard let label, let emotions else { return nil }
    let field = row.fields[label].trimmingCharacters(in: .whitespaces)
    if field.isEmpty || field == "-1" { return nil }
    if let index = emotions.index(of: field) { return index }
    if let index = Int(field), (0..<emotions.count).contains(index) { return index }
    throw FeatureImportError(
      "unknown class", at: place(table, row, table.columns[label]), found: printable(field),
      expected: nearestName(to: field, among: emotions.names) ?? emotions.names.joined(separator: ", "))
  }
}
