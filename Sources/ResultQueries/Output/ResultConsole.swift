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

/// An output as one run of a command sees it: format, width, colours and the buffered writer.
public final class ResultConsole {
  /// The form that results are written in.
  public let format: OutputFormat
  /// Columns to lay tables out for.
  let width: Int
  private let isColoured: Bool
  private var writer: OutputWriter
  private var line: [UInt8] = []

  /// - Parameters:
  ///   - width: columns to lay tables out for.
  ///   - descriptor: where the output goes.
  public init(_ format: OutputFormat, isColoured: Bool = false, width: Int = 80, descriptor: Int32) {
    self.format = format
    self.isColoured = isColoured
    self.width = width
    writer = OutputWriter(descriptor: descriptor)
  }

  /// The console of a descriptor that may be a terminal.
  ///
  /// - Parameters:
  ///   - format: what is asked for; nil for a table on a terminal and `elsewhere` otherwise.
  ///   - elsewhere: the format where output is not a terminal and none is asked for.
  public convenience init(
    _ format: OutputFormat?, elsewhere: OutputFormat, colour: ColourChoice, environment: [String: String],
    descriptor: Int32 = 1
  ) {
    let isTerminal = TerminalSize.isTerminal(descriptor)
    self.init(
      format ?? (isTerminal ? .table : elsewhere),
      isColoured: colour.colours(isTerminal: isTerminal, environment: environment),
      width: TerminalSize.columns(of: descriptor, environment: environment), descriptor: descriptor)
  }

  /// - Throws: `OutputError`, like every writing method.
  public func line(_ text: String = "") throws {
    try writer.line(text)
  }

  /// Takes over what a streaming encoder has collected.
  func drain(_ bytes: inout [UInt8]) throws {
    try writer.drain(&bytes)
  }

  /// Must be called last: nothing is written without.
  ///
  /// - Throws: `OutputError`.
  public func flush() throws {
    try writer.flush()
  }

  /// The text in a style, where colours are on.
  func styled(_ text: String, _ style: Style) -> String {
    isColoured ? style.apply(to: TextWidth.visible(text)) : TextWidth.visible(text)
  }

  /// A label with what it says of something, in two columns.
  ///
  /// - Parameter width: of the label's column.
  func fact(_ label: String, _ style: Style, width: Int, indent: Int = 0, _ text: String) throws {
    let margin = String(repeating: " ", count: indent)
    let padding = String(repeating: " ", count: max(0, width - label.count))
    try line("\(margin)\(styled(label, style))\(padding)\(text)")
  }

  /// - Parameter slack: how much wider than in the sample texts may become in later rows.
  func table(_ columns: [Table.Column], sample: [[Table.Cell]], slack: Int = 0) -> Table {
    Table(columns, sample: sample, width: width, isColoured: isColoured, slack: slack)
  }

  func line(_ row: [Table.Cell], of table: Table) throws {
    table.append(row, to: &line)
    line.append(UInt8(ascii: "\n"))
    try writer.drain(&line)
  }

  /// Prints a whole table with its header.
  func print(_ columns: [Table.Column], _ rows: [[Table.Cell]]) throws {
    let table = table(columns, sample: rows)
    try line(table.header)
    for row in rows { try line(row, of: table) }
  }
}
