import OperatingSystem
import Presentation

/// How results are written: the value of `--format`.
public enum OutputFormat: String, CaseIterable, Sendable {
  /// For people, in columns that fit the terminal.
  case table
  /// One JSON document.
  case json
  /// A JSON object a line.
  case jsonl
  /// Comma-separated values.
  case csv
  /// Tab-separated values.
  case tsv
}

/// The user has left the pager before the output's end.
public struct PagerClosed: Error {}

/// An output as one run of a command sees it: format, width, colours and the buffered writer.
public final class ResultConsole {
  /// The form that results are written in.
  public let format: OutputFormat
  /// A template that each row is written by, in no format; nil: none.
  let template: String?
  /// Which fields lists tell.
  public let fields: FieldSelection
  /// Whether lists print nothing but names, each ended by a zero byte.
  let printsNames: Bool
  /// Columns to lay tables out for.
  let width: Int
  /// Columns after which sentences go on below.
  private let lineWidth: Int
  /// Where the output goes.
  let descriptor: Int32
  private let isColoured: Bool
  private let isSilent: Bool
  private var writer: OutputWriter
  private var line: [UInt8] = []
  private let paging: Paging?
  private var pager: OutputPager?
  /// Bytes handed to the writer before there is a pager.
  private var waiting = 0

  /// What shows long output on a terminal.
  public struct Paging: Sendable {
    let command: String
    let environment: [String: String]

    /// Nil where nothing does.
    ///
    /// - Parameter isWanted: whether the user has nothing against it.
    public init?(isWanted: Bool, environment: [String: String]) {
      guard isWanted, TerminalSize.isTerminal(1), let command = OutputPager.command(in: environment) else { return nil }
      (self.command, self.environment) = (command, environment)
    }

    func start() -> OutputPager? { OutputPager(command, environment: environment) }
  }

  /// - Parameters:
  ///   - template: what each row is written by, in no format; nil: none.
  ///   - fields: which fields lists tell.
  ///   - width: columns to lay tables out for.
  ///   - breaksLines: whether sentences that are wider go on below.
  ///   - printsNames: whether lists print nothing but names, each ended by a zero byte.
  ///   - isSilent: whether nothing is written at all.
  ///   - isASCII: whether what is for people is in ASCII.
  ///   - paging: what shows it on a terminal; nil: nothing.
  ///   - descriptor: where the output goes.
  public init(
    _ format: OutputFormat, template: String? = nil, fields: FieldSelection = FieldSelection(),
    isColoured: Bool = false, width: Int = 80, breaksLines: Bool = true, printsNames: Bool = false,
    isSilent: Bool = false, isASCII: Bool = false, paging: Paging? = nil, descriptor: Int32
  ) {
    self.paging = isSilent || printsNames ? nil : paging
    self.format = format
    self.template = template
    self.fields = fields
    self.isColoured = isColoured
    self.width = width
    lineWidth = breaksLines ? width : .max
    self.printsNames = printsNames
    self.isSilent = isSilent
    self.descriptor = descriptor
    writer = OutputWriter(descriptor: descriptor, isASCII: isASCII && format == .table && template == nil)
  }

  /// The console of a descriptor that may be a terminal.
  ///
  /// - Parameters:
  ///   - style: what is asked for; nil for a table on a terminal and `elsewhere` otherwise.
  ///   - elsewhere: the format where output is not a terminal and none is asked for.
  ///   - fields: which fields lists tell.
  ///   - printsNames: whether lists print nothing but names, each ended by a zero byte.
  ///   - isSilent: whether nothing is written at all.
  public convenience init(
    _ style: OutputStyle?, elsewhere: OutputFormat, fields: FieldSelection = FieldSelection(), colour: ColourChoice,
    environment: [String: String], printsNames: Bool = false, isSilent: Bool = false, paging: Paging? = nil,
    descriptor: Int32 = 1
  ) {
    let isTerminal = TerminalSize.isTerminal(descriptor)
    var (format, template): (OutputFormat, String?) = (isTerminal ? .table : elsewhere, nil)
    switch style {
    case .format(let asked): format = asked
    case .template(let text): template = text
    case nil: break
    }
    self.init(
      format, template: template, fields: fields,
      isColoured: colour.colours(isTerminal: isTerminal, environment: environment),
      width: TerminalSize.columns(of: descriptor, environment: environment),
      // Through a pipe a sentence stays whole: somebody may look for it.
      breaksLines: isTerminal || environment["COLUMNS"] != nil, printsNames: printsNames,
      isSilent: isSilent, isASCII: PlainCharacters.areWanted(environment), paging: paging, descriptor: descriptor)
  }

  /// Whether lists are drawn as their usual table, for people.
  public var drawsTable: Bool { format == .table && template == nil && fields.isUsual && !printsNames }

  /// - Throws: `OutputError`, like every writing method.
  public func line(_ text: String = "") throws {
    if isSilent { return }
    page(text.utf8.count)
    try paged { try writer.line(text) }
  }

  /// Takes over what a streaming encoder has collected.
  func drain(_ bytes: inout [UInt8]) throws {
    if isSilent { return bytes.removeAll(keepingCapacity: true) }
    page(bytes.count)
    try paged { try writer.drain(&bytes) }
  }

  /// A name as it is, ended by a zero byte: no name holds one.
  func name(_ name: String) throws {
    line.append(contentsOf: name.utf8)
    line.append(0)
    try drain(&line)
  }

  /// Must be called last: nothing is written without.
  ///
  /// - Throws: `OutputError`.
  public func flush() throws {
    if waiting > 0 { startPager() }
    try paged { try writer.flush() }
  }

  /// Writes; somebody who leaves the pager has seen enough, which is no error.
  private func paged(_ write: () throws -> Void) throws {
    do {
      try write()
    } catch let error as OutputError where error.isClosedPipe && pager != nil {
      throw PagerClosed()
    }
  }

  /// Starts the pager before the writer writes: until then, an interrupt ends this program.
  private func page(_ count: Int) {
    guard paging != nil, pager == nil else { return }
    waiting += count
    if waiting > Self.pagesFrom { startPager() }
  }

  private func startPager() {
    if pager == nil { pager = paging?.start() }
  }

  /// Less than the writer collects.
  private static let pagesFrom = 1 << 14

  /// The text in a style, where colours are on.
  func styled(_ text: String, _ style: Style) -> String {
    isColoured ? style.apply(to: TextWidth.visible(text)) : TextWidth.visible(text)
  }

  /// A label with what it says of something, in two columns; what is too long goes on below.
  ///
  /// - Parameters:
  ///   - width: of the label's column.
  ///   - isCommand: whether the text is to be copied into a shell, and stays on one line.
  func fact(
    _ label: String, _ style: Style, width: Int, indent: Int = 0, isCommand: Bool = false, _ text: String
  ) throws {
    let margin = String(repeating: " ", count: indent)
    let room = max(lineWidth - indent - width, 20)
    let fits = isCommand || TextWidth.columns(of: text) <= room
    for (number, words) in (fits ? [text] : WrappedText.brokenLines(text, room)).enumerated() {
      let shown = number == 0 ? label : ""
      let padding = String(repeating: " ", count: max(0, width - shown.count))
      try line("\(margin)\(styled(shown, style))\(padding)\(words)")
    }
  }

  /// Running text in lines of the console's width.
  func wrapped(_ text: String) throws {
    for words in WrappedText.brokenLines(TextWidth.visible(text), lineWidth) { try line(words) }
  }

  /// - Parameter slack: how much wider than in the sample texts may become in later rows.
  func table(_ columns: [Table.Column], sample: [[Table.Cell]], slack: Int = 0) -> Table {
    Table(columns, sample: sample, width: width, isColoured: isColoured, slack: slack)
  }

  func line(_ row: [Table.Cell], of table: Table) throws {
    table.append(row, to: &line)
    line.append(UInt8(ascii: "\n"))
    try drain(&line)
  }

  /// Prints a whole table with its header.
  func print(_ columns: [Table.Column], _ rows: [[Table.Cell]]) throws {
    let table = table(columns, sample: rows)
    try line(table.header)
    for row in rows { try line(row, of: table) }
  }
}
