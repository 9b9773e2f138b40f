import Foundation

/// A CSV or TSV table with a header row, after RFC 4180.
///
/// UTF-8 with or without a byte order mark; lines end with LF, CRLF or CR; quoted fields may hold separators, quotes
/// written twice and line breaks; blank lines are left out. The separator is a tab, a comma or a semicolon: the first of
/// them that the header row has.
public struct DelimitedTable: Sendable, Hashable {
  /// One record.
  public struct Row: Sendable, Hashable {
    /// The line of the file that the record starts on, from 1.
    public let line: Int
    /// As many as the table has columns.
    public let fields: [String]
  }

  /// What the table is called in messages.
  public let location: String
  /// The header row, without blanks around the names.
  public let columns: [String]
  /// The records below the header row, blank lines left out.
  public let rows: [Row]

  /// Reads a file.
  ///
  /// - Throws: `StorageError` when the file cannot be read, `FeatureImportError` that names the line when it is no table.
  public init(_ url: URL) throws {
    try self.init(InputFile.bytes(of: url), location: url.path)
  }

  /// Reads a table in memory.
  ///
  /// - Parameter location: what to call it in messages.
  /// - Throws: `FeatureImportError` that names the line when it is no table.
  public init(_ bytes: [UInt8], location: String) throws {
    self.location = location
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw FeatureImportError(
        "the table is not UTF-8", at: location, found: "UTF-16", remedy: "Save it as CSV in UTF-8.")
    }
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    var parser = DelimitedParser(content, separator: Self.separator(of: content), location: location)
    guard let header = try parser.record() else {
      throw FeatureImportError(
        "the table is empty", at: location, expected: "a header row with the names of the columns")
    }
    columns = header.fields.map { $0.trimmingCharacters(in: .whitespaces) }
    var rows: [Row] = []
    while let row = try parser.record() {
      guard row.fields.count == columns.count else {
        throw FeatureImportError(
          "the row has another number of fields than the header", at: "\(location): line \(row.line)",
          found: "\(row.fields.count)", expected: "\(columns.count)",
          remedy: "Put fields that hold a separator between double quotes.")
      }
      rows.append(row)
    }
    self.rows = rows
  }

  private static func separator(of content: ArraySlice<UInt8>) -> UInt8 {
    let header = content.prefix { $0 != 0x0A && $0 != 0x0D }
    let separators = [UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: ";")]
    return separators.first { header.contains($0) } ?? UInt8(ascii: ",")
  }
}

/// Splits the bytes of a table into records.
private struct DelimitedParser {
  private let bytes: ArraySlice<UInt8>
  private let separator: UInt8
  private let location: String
  private var position: Int
  private var line = 1

  private static let quote = UInt8(ascii: "\"")

  init(_ bytes: ArraySlice<UInt8>, separator: UInt8, location: String) {
    self.bytes = bytes
    self.separator = separator
    self.location = location
    position = bytes.startIndex
  }

  /// The next record that is not a blank line; nil at the end.
  mutating func record() throws -> DelimitedTable.Row? {
    while position < bytes.endIndex {
      let start = line
      var fields: [String] = []
      repeat {
        fields.append(try field(start))
      } while take(separator)
      endLine()
      if fields != [""] { return DelimitedTable.Row(line: start, fields: fields) }
    }
    return nil
  }

  private mutating func field(_ start: Int) throws -> String {
    guard position < bytes.endIndex, bytes[position] == Self.quote else {
      let end = bytes[position...].firstIndex { $0 == separator || $0 == 0x0A || $0 == 0x0D } ?? bytes.endIndex
      defer { position = end }
      return try text(bytes[position..<end])
    }
    position += 1
    var content: [UInt8] = []
    while position < bytes.endIndex {
      let byte = bytes[position]
      position += 1
      if byte == Self.quote {
        if take(Self.quote) {
          content.append(byte)
          continue
        }
        guard position == bytes.endIndex || [separator, 0x0A, 0x0D].contains(bytes[position]) else {
          throw FeatureImportError(
            "text follows a closing quote", at: "\(location): line \(line)",
            remedy: "Write a quote within a quoted field twice.")
        }
        return try text(content[...])
      }
      if byte == 0x0A || (byte == 0x0D && !(position < bytes.endIndex && bytes[position] == 0x0A)) { line += 1 }
      content.append(byte)
    }
    throw FeatureImportError("a quoted field never ends", at: "\(location): the record that starts on line \(start)")
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.endIndex, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func endLine() {
    let returned = take(0x0D)
    if take(0x0A) || returned { line += 1 }
  }

  private func text(_ bytes: ArraySlice<UInt8>) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FeatureImportError(
        "the table is not UTF-8", at: "\(location): line \(line)", remedy: "Save it as CSV in UTF-8.")
    }
    return text
  }
}
