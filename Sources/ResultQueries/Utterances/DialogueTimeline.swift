import DialogueDomain
import EvaluationStatistics
import Presentation
import ResultIndex

/// One dialogue drawn as a timeline: a header, then a line per turn.
struct DialogueTimeline {
  private let turns: [IndexedUtterance]
  private let matching: EmotionMatching
  /// Speakers by first appearance.
  private let speakers: [String: Int]

  /// Whether other turns may have been left out.
  private let isFiltered: Bool

  /// - Parameters:
  ///   - turns: the utterances of one dialogue of one bundle, in order.
  ///   - isFiltered: whether other turns may have been left out.
  init(_ turns: [IndexedUtterance], _ matching: EmotionMatching, isFiltered: Bool = false) {
    self.turns = turns
    self.isFiltered = isFiltered
    self.matching = matching
    var speakers: [String: Int] = [:]
    for turn in turns where speakers[turn.speaker] == nil { speakers[turn.speaker] = speakers.count }
    self.speakers = speakers
  }

  func draw(on console: ResultConsole) throws {
    guard let first = turns.first else { return }
    try title(first, console)
    for line in facts(first) { try console.wrapped(line) }
    try console.line()
    let barWidth = console.width >= 110 ? 20 : console.width >= 90 ? 12 : hasStability ? 6 : 8
    try console.print(columns, turns.map { cells($0, barWidth: barWidth) })
  }

  /// The dialogue's name and where it comes from, below each other where a line does not hold both.
  private func title(_ first: IndexedUtterance, _ console: ResultConsole) throws {
    let bundle = first.bundle
    let name = TextWidth.visible(first.dialogue)
    let origin = TextWidth.visible(
      "\(bundle.title), scored \(TimeText.local(bundle.scored)) by \(bundle.modelName)"
        + (bundle.isCurrent ? "" : " (superseded)"))
    if TextWidth.columns(of: name) + 2 + TextWidth.columns(of: origin) <= console.width {
      return try console.line("\(console.styled(name, .bold))  \(console.styled(origin, .faint))")
    }
    for line in WrappedText.brokenLines(name, console.width) { try console.line(console.styled(line, .bold)) }
    for line in WrappedText.brokenLines(origin, console.width) { try console.line(console.styled(line, .faint)) }
  }

  private func facts(_ first: IndexedUtterance) -> [String] {
    let bundle = first.bundle
    let count = NumberText.count(turns.count, "utterance")
    var facts = [
      isFiltered ? "\(count) that pass\(turns.count == 1 ? "es" : "") the filters" : count,
      NumberText.count(speakers.count, "speaker"),
    ]
    if let end = turns.compactMap(\.end).max() { facts.append(TimeText.clock(end)) }
    let counts = EmotionTally(turns.map(\.emotion)).leading.prefix(3).map { "\($0.name) \($0.count)" }
    facts.append("mostly " + counts.joined(separator: ", "))
    let stabilities = turns.compactMap(\.stability)
    if !stabilities.isEmpty {
      let mean = stabilities.reduce(0, +) / Double(stabilities.count)
      facts.append("mean stability \(NumberText.decimal(mean))")
    }
    var lines = [facts.joined(separator: " · ")]
    var truth = TruthComparison(bundle.emotions)
    for turn in turns {
      if let name = turn.truth { truth.add(truth: name, label: turn.emotion, matching: matching) }
    }
    if truth.hasTruth { lines.append(truth.inWords) }
    let uncertain = turns.count { $0.isUncertain == true }
    if uncertain > 0 { lines.append("\(uncertain) of \(turns.count) labels are uncertain, marked ?") }
    return lines
  }

  private var hasTimes: Bool { turns.contains { $0.start != nil } }
  private var hasSets: Bool { turns.contains { $0.labelSet != nil } }
  private var hasStability: Bool { turns.contains { $0.stability != nil } }
  private var hasWords: Bool { turns.contains { $0.text != nil } }
  private var hasTruth: Bool { turns.contains { $0.truth != nil } }

  private var columns: [Table.Column] {
    var columns = [Table.Column("TURN", .right)]
    if hasTimes { columns.append(Table.Column("TIME", .right, droppable: 2)) }
    columns += [
      Table.Column("SPEAKER", shrinksTo: 5), Table.Column("EMOTION", shrinksTo: 5), Table.Column("CONFIDENCE"),
      Table.Column("TEXT/VISUAL/AUDIO", droppable: 1),
    ]
    if hasStability { columns.append(Table.Column("STABLE", .right)) }
    if hasSets { columns.append(Table.Column("SET", shrinksTo: 8, droppable: 3)) }
    if hasTruth { columns.append(Table.Column("TRUTH", shrinksTo: 5)) }
    if hasWords { columns.append(Table.Column("WORDS", shrinksTo: 16)) }
    return columns
  }

  private func cells(_ row: IndexedUtterance, barWidth: Int) -> [Table.Cell] {
    let style = Palette.style(ofEmotion: row.emotion)
    var cells = [Table.Cell(String(row.turn), .faint)]
    if hasTimes { cells.append(Table.Cell(row.start.map(TimeText.clock) ?? "–", .faint)) }
    cells += [
      Table.Cell(row.speaker, Palette.style(ofSpeaker: speakers[row.speaker] ?? 0)),
      Table.Cell(row.emotion + (row.isUncertain == true ? "?" : ""), style),
      row.labelConfidence.map {
        Table.Cell(NumberText.decimal($0) + " ") + Table.Cell(Bar.padded($0, width: barWidth), style)
      } ?? .unknown,
      shares(row, barWidth: barWidth),
    ]
    if hasStability { cells.append(.stability(row.stability)) }
    if hasSets { cells.append(.labelSet(row)) }
    if hasTruth { cells.append(.truth(row, matching)) }
    if hasWords { cells.append(Table.Cell(row.text ?? "")) }
    return cells
  }

  /// A bar whose letters say the modality, so that it reads without colours, and the per cent.
  private func shares(_ row: IndexedUtterance, barWidth: Int) -> Table.Cell {
    let values = Modality.allCases.map { row.share(of: $0) }
    let columns = Bar.divided(values.map { $0 ?? 0 }, width: barWidth)
    var cell = Table.Cell("")
    for (modality, count) in zip(Modality.allCases, columns) {
      let letters = String(repeating: String(modality.rawValue.prefix(1)), count: count)
      cell = cell + Table.Cell(letters, Palette.style(of: modality))
    }
    cell = cell + Table.Cell(String(repeating: " ", count: barWidth - columns.reduce(0, +)))
    let numbers = values.map { value in
      let text = value.map { NumberText.percentage($0, places: 0) } ?? "–"
      return String(repeating: " ", count: max(0, 3 - text.count)) + text
    }
    return cell + Table.Cell(" " + numbers.joined(separator: " "), .faint)
  }
}

/// Draws dialogues as timelines, each when its last turn is there, so that only one is in memory.
public struct DialogueTimelines {
  private let reader: IndexReader
  private let console: ResultConsole

  /// Prints the dialogues of an index in the console's form.
  public init(_ reader: IndexReader, _ console: ResultConsole) {
    self.reader = reader
    self.console = console
  }

  /// - Returns: how many utterances there were; and what to tell the user where several bundles hold a dialogue of that
  ///   name.
  /// - Throws: `IndexError`, `OutputError`.
  public func draw(_ query: UtteranceQuery) throws -> (utterances: Int, remark: String?) {
    var turns: [IndexedUtterance] = []
    var drawn: [IndexedBundle] = []
    var whole = query
    whole.dialogues = []
    let isFiltered = !whole.isOfWholeBundles
    func finish() throws {
      guard let first = turns.first else { return }
      if !drawn.isEmpty { try console.line() }
      try DialogueTimeline(turns, reader.matching, isFiltered: isFiltered).draw(on: console)
      drawn.append(first.bundle)
      turns = []
    }
    let found = try reader.forEachUtterance(query) { row in
      if let last = turns.last, last.bundle.id != row.bundle.id || last.dialogue != row.dialogue { try finish() }
      turns.append(row)
    }
    try finish()
    let bundles = Set(drawn.map(\.title))
    // Several dialogues of one bundle are what a pattern asked for.
    guard bundles.count > 1, drawn.count == bundles.count else { return (found, nil) }
    return (
      found,
      "\(bundles.count) bundles hold a dialogue '\(query.dialogues.joined(separator: ", "))': "
        + "\(bundles.sorted().joined(separator: ", ")). Choose one with --bundle."
    )
  }
}
