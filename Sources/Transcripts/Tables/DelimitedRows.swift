/// A table as text: records of fields between separators.
///
/// Fields are quoted as RFC 4180 says: a field that begins with `"` ends at the next `"` before a separator or a line's
/// end, may hold separators and line breaks, and `""` in it is one `"`. A quotation mark that opens no such field, or one
/// that is not closed within fifty lines, is a letter like any other: one odd line never swallows the rest of a table.
struct DelimitedRows {
  struct Record: Equatable {
    /// The line that the record begins in.
    var line: Int
    var fields: [String]
  }

  private static let longestQuotation = 50

  /// The records of a text; empty lines are none.
  static func read(_ source: SourceText, separator: UInt8) -> [Record] {
    let bytes = Array(source.text.utf8)
    var records: [Record] = []
    var index = 0
    var line = 1
    var record = Record(line: 1, fields: [])
    while index < bytes.count {
      let field = Self.field(bytes, at: index, separator: separator)
      record.fields.append(String(decoding: field.bytes, as: UTF8.self))
      line += field.breaks
      index = field.end
      if index < bytes.count, bytes[index] == separator {
        index += 1
        if index == bytes.count { record.fields.append("") }
        continue
      }
      if record.fields != [""] { records.append(record) }
      if index < bytes.count {
        let isPair = bytes[index] == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A
        index += isPair ? 2 : 1
        line += 1
      }
      record = Record(line: line, fields: [])
    }
    if !record.fields.isEmpty { records.append(record) }
    return records
  }

  /// One field, the place of the separator or line end behind it, and the line breaks in it.
  private static func field(
    _ bytes: [UInt8], at start: Int, separator: UInt8
  ) -> (bytes: [UInt8], end: Int, breaks: Int) {
    if bytes[start] == UInt8(ascii: "\""), let quoted = quotation(bytes, at: start, separator: separator) {
      return quoted
    }
    let rest = bytes[start...].prefix { $0 != separator && $0 != 0x0A && $0 != 0x0D }
    return (Array(rest), rest.endIndex, 0)
  }

  private static func quotation(
    _ bytes: [UInt8], at start: Int, separator: UInt8
  ) -> (bytes: [UInt8], end: Int, breaks: Int)? {
    var content: [UInt8] = []
    var breaks = 0
    var index = start + 1
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "\"") {
        guard index < bytes.count else { return (content, index, breaks) }
        let next = bytes[index]
        if next == separator || next == 0x0A || next == 0x0D { return (content, index, breaks) }
        guard next == UInt8(ascii: "\"") else { return nil }
        index += 1
      } else if byte == 0x0A || byte == 0x0D && !(index < bytes.count && bytes[index] == 0x0A) {
        breaks += 1
        guard breaks <= longestQuotation else { return nil }
      }
      content.append(byte)
    }
    return nil
  }
}
