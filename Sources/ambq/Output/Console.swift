import Foundation
import Presentation

/// Standard output as this run of the command sees it: format, width, colours and the buffered writer.
final class Console {
  let format: OutputFormat
  let isColoured: Bool
  /// Columns to lay tables out for.
  let width: Int
  private var writer: OutputWriter
  private var line: [UInt8] = []

  private static let standardOutput: Int32 = 1
  private static let standardError: Int32 = 2

  /// - Parameter elsewhere: the format where output is not a terminal and none is asked for.
  init(format: OutputFormat?, elsewhere: OutputFormat, colour: ColourChoice) {
    let environment = ProcessInfo.processInfo.environment
    let isTerminal = TerminalSize.isTerminal(Self.standardOutput)
    self.format = format ?? (isTerminal ? .table : elsewhere)
    isColoured = colour.colours(isTerminal: isTerminal, environment: environment)
    width = TerminalSize.columns(of: Self.standardOutput, environment: environment)
    writer = OutputWriter(descriptor: Self.standardOutput)
  }

  func line(_ text: String = "") throws {
    try writer.line(text)
  }

  /// Takes over what a streaming encoder has collected.
  func drain(_ bytes: inout [UInt8]) throws {
    try writer.drain(&bytes)
  }

  /// Must be called last: nothing is written without.
  func flush() throws {
    try writer.flush()
  }

  /// The text in a style, where colours are on.
  func styled(_ text: String, _ style: Style) -> String {
    isColoured ? style.apply(to: TextWidth.visible(text)) : TextWidth.visible(text)
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

  /// Writes a message for people to standard error, after the program's name.
  static func complain(_ message: String) {
    var writer = OutputWriter(descriptor: standardError)
    // Where standard error is closed, there is nobody left to tell.
    try? writer.line("ambq: \(message)")
    try? writer.flush()
  }
}
