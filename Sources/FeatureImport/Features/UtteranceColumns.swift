import DialogueDomain
import Foundation

/// Where each column of an utterance table lies, and how its fields are read.
struct UtteranceColumns {
  let dialogue: Int
  let speaker: Int
  let utterance: Int?
  let start: Int?
  let end: Int?
  /// `emotion` or `label`.
  let label: Int?
  /// What was passed over, one sentence each.
  private(set) var notes: [String] = []

  init(_ table: DelimitedTable, known: [String], ignoring: Set<String>) throws {
    let ignored = Set(ignoring.map { $0.lowercased() })
    var positions: [String: Int] = [:]
    for (index, column) in table.columns.enumerated() {
      let name = column.lowercased()
      if ignored.contains(name) { continue }
      if name.isEmpty {
        guard index == 0, Self.numbersRows(table) else {
          throw FeatureImportError(
            "a column has no name", at: "\(table.location): line 1, column \(index + 1)",
            found: table.rows.first.map { "\"\(printable($0.fields[index]))\" below it" },
            remedy: "Name the column, or leave it out with --ignore ''.")
        }
        notes.append("The first column, which has no name and numbers the rows, was left out.")
        continue
      }
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

  /// Whether the first column counts the rows, from 0 or 1, as R and pandas write them.
  private static func numbersRows(_ table: DelimitedTable) -> Bool {
    let first = table.rows.first.flatMap { Int($0.fields[0]) }
    guard let first, (0...1).contains(first) else { return false }
    return table.rows.enumerated().allSatisfy { Int($0.element.fields[0]) == first + $0.offset }
  }

  func place(_ table: DelimitedTable, _ row: DelimitedTable.Row, _ column: String) -> String {
    "\(table.location): line \(row.line), column \(column)"
  }

  /// The class names that occur, sorted; nil without a label column.
  func emotionNames(_ table: DelimitedTable) throws -> [String]? {
    guard let label else { return nil }
    let fields = table.rows.compactMap { row in known(row.fields[label]).map { (row, $0) } }
    if let (row, field) = fields.first(where: { Double($0.1) != nil }) {
      throw FeatureImportError(
        "the labels are numbers and nothing names their classes", at: place(table, row, table.columns[label]),
        found: field, remedy: "Give the class names in class order, as in --emotions neutral,joy,anger.")
    }
    var names: [String: (name: String, line: Int)] = [:]
    for (row, field) in fields {
      let earlier = names[EmotionMatching.folded(field)]
      guard earlier == nil || earlier?.name == field else {
        throw FeatureImportError(
          "two classes differ in nothing but case", at: place(table, row, table.columns[label]),
          found: "\(printable(field)), and \(printable(earlier?.name ?? "")) in line \(earlier?.line ?? 0)",
          remedy: "Write them alike, or name the classes with --emotions: case counts for nothing then.")
      }
      if earlier == nil { names[EmotionMatching.folded(field)] = (field, row.line) }
    }
    return names.values.map(\.name).sorted()
  }

  /// How R, pandas and Python write that there is nothing.
  private static let absent: Set<String> = [
    "", "-1", "-1.0", "NA", "N/A", "<NA>", "NaN", "nan", "None", "NULL", "null",
  ]

  /// A label as it is meant; nil where there is none.
  private func known(_ field: String) -> String? {
    let name = field.trimmingCharacters(in: .whitespaces).composed
    return Self.absent.contains(name) ? nil : name
  }

  /// A sentence on labels that are written and mean that there is none; nil where all are empty.
  func absentLabels(_ table: DelimitedTable, among emotions: EmotionSet?) -> String? {
    guard let label else { return nil }
    var counts: [String: Int] = [:]
    for row in table.rows {
      let field = row.fields[label].trimmingCharacters(in: .whitespaces)
      if !field.isEmpty, known(field) == nil, emotions?.index(of: field) == nil { counts[field, default: 0] += 1 }
    }
    guard !counts.isEmpty else { return nil }
    let written = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return "Labels taken as unknown: \(written.joined(separator: ", "))."
  }

  /// A dialogue's rows by start time, those of one time as they are; nil where not every row says when it starts.
  func orderOfTime(_ table: DelimitedTable, _ rows: [Int]) throws -> [Int]? {
    guard start != nil else { return nil }
    let times = try rows.compactMap { index in
      try seconds(table, table.rows[index], start, "start").map { (index: index, time: $0) }
    }
    guard times.count == rows.count else { return nil }
    return times.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(
      \.element.index)
  }

  func utterance(
    _ table: DelimitedTable, _ row: DelimitedTable.Row, defaultID: String, emotions: EmotionSet?
  ) throws -> Utterance {
    func name(_ column: Int) -> String { row.fields[column].trimmingCharacters(in: .whitespaces).composed }
    let id = utterance.map(name) ?? ""
    let result = Utterance(
      id: id.isEmpty ? defaultID : id, speaker: name(speaker),
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
    // A class of the name goes before what such a name mostly means.
    if let index = EmotionMatching().index(of: field, in: emotions) { return index }
    guard let field = known(field) else { return nil }
    if let number = Double(field), let index = Int(exactly: number), (0..<emotions.count).contains(index) {
      return index
    }
    throw FeatureImportError(
      "unknown class", at: place(table, row, table.columns[label]), found: printable(field),
      expected: nearestName(to: field, among: emotions.names) ?? emotions.names.joined(separator: ", "))
  }
}
