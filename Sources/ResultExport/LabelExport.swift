import DialogueDomain
import Foundation
import Glibc
import Presentation
import ResultIndex

/// Writes the labels that a query finds in another program's format.
public struct LabelExport {
  private let reader: IndexReader
  private let query: UtteranceQuery
  private let format: ExportFormat
  private let isSafe: Bool
  private let secondsPerTurn: Double?

  /// - Parameters:
  ///   - query: which utterances; they come out in the order of bundles, whatever order it asks for.
  ///   - isSafe: whether no text of a CSV may begin a formula.
  ///   - secondsPerTurn: how long turns of dialogues without times are, 0.1 to 3600, in formats that need times; nil where
  ///     such dialogues are refused.
  /// - Throws: `ExportError` for a length of turns that is none.
  public init(
    _ reader: IndexReader, _ query: UtteranceQuery, format: ExportFormat, isSafe: Bool = false,
    secondsPerTurn: Double? = nil
  ) throws {
    if let secondsPerTurn, !(0.1...3600).contains(secondsPerTurn) {
      throw ExportError.secondsPerTurn(secondsPerTurn)
    }
    self.reader = reader
    var plain = query
    plain.order = []
    self.query = plain
    self.format = format
    self.isSafe = isSafe
    self.secondsPerTurn = secondsPerTurn
  }

  /// Writes the export; nothing where nothing is found, and no file that is not whole.
  ///
  /// - Parameters:
  ///   - out: a file or a folder as typed; nil for the output.
  ///   - replacing: whether files that are there may be replaced.
  /// - Throws: `ExportError`, `IndexError`, `StorageError`, `OutputError`.
  public func write(to out: String?, replacing: Bool, descriptor: Int32 = 1) throws -> ExportSummary {
    let place = ExportPlace(out, format)
    if case .output = place, format == .parquet, isatty(descriptor) != 0 { throw ExportError.terminal(format) }
    if !replacing, case .file(let url) = place, StagedFiles.isTaken(url) {
      throw ExportError.exists([url.path], count: 1)
    }
    var summary = ExportSummary(place: place.path)
    if format.isPerDialogue {
      try writeDocuments(to: place, replacing, descriptor, &summary)
    } else {
      try writeTable(to: place, replacing, descriptor, &summary)
    }
    return summary
  }

  // MARK: one document for all dialogues

  private func writeTable(
    to place: ExportPlace, _ replacing: Bool, _ descriptor: Int32, _ summary: inout ExportSummary
  ) throws {
    let empty = Self.table(format, emotions: try reader.emotions(query), isSafe: isSafe)
    guard case .file(let url) = place else {
      // Where some dialogue has to be refused, nothing is to be read by the next program.
      if format.needsTimes, secondsPerTurn == nil {
        var unused = ExportSummary(place: nil)
        try forEachDialogue(&unused) { _, _ in }
      }
      return try stream(empty, to: descriptor, &summary)
    }
    guard try reader.hasUtterances(query) else { return }
    var files = try StagedFiles(in: url.deletingLastPathComponent())
    defer { files.discard() }
    let file = try files.addOpen()
    defer { close(file) }
    try stream(empty, to: file, &summary)
    try files.commit(as: [url.lastPathComponent], replacing: replacing)
  }

  private func stream(_ empty: any ExportTable, to descriptor: Int32, _ summary: inout ExportSummary) throws {
    var writer = OutputWriter(descriptor: descriptor)
    var table = empty
    try forEachDialogue(&summary) { dialogue, _ in
      table.append(dialogue)
      try writer.drain(&table.bytes)
    }
    guard summary.utterances > 0 else { return }
    table.finish()
    try writer.drain(&table.bytes)
    try writer.flush()
  }

  // MARK: a document for each dialogue

  private func writeDocuments(
    to place: ExportPlace, _ replacing: Bool, _ descriptor: Int32, _ summary: inout ExportSummary
  ) throws {
    guard try reader.hasUtterances(query) else { return }
    switch place {
    case .folder(let folder):
      var files = try StagedFiles(in: folder)
      defer { files.discard() }
      var names = DocumentNames()
      try forEachDialogue(&summary) { dialogue, format in
        try files.add(Self.document(dialogue, format, isSafe: isSafe))
        names.add(dialogue, ending: format.fileExtension)
      }
      try files.commit(as: names.all, replacing: replacing)
    case .output, .file:
      let document = try onlyDocument(place, &summary)
      if case .file(let url) = place {
        var files = try StagedFiles(in: url.deletingLastPathComponent())
        defer { files.discard() }
        try files.add(document)
        try files.commit(as: [url.lastPathComponent], replacing: replacing)
      } else {
        var bytes = document
        var writer = OutputWriter(descriptor: descriptor)
        try writer.drain(&bytes)
        try writer.flush()
      }
    }
  }

  private func onlyDocument(_ place: ExportPlace, _ summary: inout ExportSummary) throws -> [UInt8] {
    var document: [UInt8] = []
    var names: [String] = []
    try forEachDialogue(&summary) { dialogue, format in
      if names.isEmpty { document = Self.document(dialogue, format, isSafe: isSafe) }
      if names.count < 3 { names.append(dialogue.name) }
    }
    guard summary.dialogues <= 1 else {
      throw ExportError.severalDocuments(summary.dialogues, format, names, file: place.path)
    }
    return document
  }

  private static func document(_ dialogue: ExportedDialogue, _ format: ExportFormat, isSafe: Bool) -> [UInt8] {
    switch format {
    case .textgrid: return Array(TextGridDocument.render(dialogue).utf8)
    case .elan: return Array(ELANDocument.render(dialogue).utf8)
    case .webvtt: return Array(WebVTTDocument.render(dialogue).utf8)
    case .srt: return Array(SubRipDocument.render(dialogue).utf8)
    case .emotionml: return Array(EmotionMLDocument.render(dialogue).utf8)
    case .csv, .jsonl, .parquet, .rttm, .labelStudio, .labelStudioConfig, .original:
      var table = table(format, emotions: dialogue.bundle.emotions.names, isSafe: isSafe)
      table.append(dialogue)
      table.finish()
      return table.bytes
    }
  }

  /// The empty table of a format; JSON Lines for what is no table.
  private static func table(_ format: ExportFormat, emotions: [String], isSafe: Bool) -> any ExportTable {
    switch format {
    case .csv: CSVTable(emotions: emotions, isSafe: isSafe)
    case .parquet: ParquetTable(emotions: emotions)
    case .rttm: RTTMTable()
    case .labelStudio: LabelStudioTasks()
    case .labelStudioConfig: LabelStudioConfiguration(emotions: emotions)
    case .jsonl, .textgrid, .elan, .webvtt, .srt, .emotionml, .original: JSONLinesTable()
    }
  }

  // MARK: reading

  /// Hands over dialogue after dialogue with the format that it gets; only one is in memory.
  ///
  /// - Throws: `ExportError` at the end where dialogues lack times that their format needs; those were not handed over.
  private func forEachDialogue(
    _ summary: inout ExportSummary, _ body: (ExportedDialogue, ExportFormat) throws -> Void
  ) throws {
    var rows: [IndexedUtterance] = []
    var timeless: (names: [String], count: Int, format: ExportFormat) = ([], 0, format)
    func finish(_ summary: inout ExportSummary) throws {
      guard let first = rows.first else { return }
      var dialogue = ExportedDialogue(rows, of: first.bundle, name: first.dialogue)
      rows.removeAll(keepingCapacity: true)
      let format = chosen(for: first.bundle, &summary)
      if format.needsTimes, dialogue.lacksTimes {
        guard let secondsPerTurn else {
          timeless.count += 1
          timeless.format = format
          if timeless.names.count < 3 { timeless.names.append(dialogue.name) }
          return
        }
        dialogue.layOut(secondsPerTurn: secondsPerTurn)
        summary.laidOut += 1
      }
      summary.count(dialogue)
      try body(dialogue, format)
    }
    try reader.forEachUtterance(query, detail: detail) { row in
      if let last = rows.last, last.bundle.id != row.bundle.id || last.dialogue != row.dialogue { try finish(&summary) }
      rows.append(row)
    }
    try finish(&summary)
    guard timeless.count == 0 else {
      throw ExportError.withoutTimes(timeless.format, timeless.names, count: timeless.count)
    }
  }

  private func chosen(for bundle: IndexedBundle, _ summary: inout ExportSummary) -> ExportFormat {
    guard format == .original else { return format }
    if let own = ExportFormat.original(ofBundle: bundle.name) { return own }
    summary.strangers.insert(bundle.name)
    return .jsonl
  }

  private var detail: IndexedUtterance.Detail {
    switch format {
    case .jsonl, .original: .logits
    case .csv, .parquet, .emotionml: .probabilities
    case .textgrid, .elan, .webvtt, .srt, .rttm, .labelStudio, .labelStudioConfig: .labels
    }
  }
}
