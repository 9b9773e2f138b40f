import Foundation

/// The tiers of a Praat or ELAN file as they are, whatever they hold: for what is not a transcript of words.
public struct AnnotationTiers: Sendable {
  /// One tier.
  public struct Tier: Sendable {
    /// Its name.
    public let name: String
    /// What stands on it, in the order of the file.
    public let entries: [Entry]
  }

  /// One interval or annotation.
  public struct Entry: Sendable {
    /// Seconds from the start of the recording; of an annotation that refers to another one, that one's.
    public let start: Double?
    /// Likewise.
    public let end: Double?
    /// As written.
    public let text: String
    /// The line of the file.
    public let line: Int
  }

  /// In the order of the file.
  public let tiers: [Tier]
  /// The properties of an ELAN file's header, by name.
  public let properties: [String: String]

  /// Reads a TextGrid, long or short, or an ELAN annotation file.
  ///
  /// - Parameter name: the file's name, for messages.
  /// - Throws: `TranscriptError` for a file that is too large, neither of the two, or damaged.
  public init(_ data: Data, name: String, limits: TranscriptLimits = TranscriptLimits()) throws {
    try limits.check(bytes: data.count, of: name)
    let source = try TextDecoding.decode(data, name: name)
    if TextGrid.begins(source.text) {
      properties = [:]
      tiers = try TextGrid.tiers(source).map { tier in
        Tier(
          name: tier.name,
          entries: tier.entries.map { Entry(start: $0.start, end: $0.end, text: $0.text, line: $0.line) })
      }
    } else {
      let document = try XMLReader.read(source, limits: limits)
      let named = document.children("HEADER").flatMap { $0.children("PROPERTY") }
        .compactMap { property in property["NAME"].map { ($0, property.text) } }
      properties = Dictionary(named) { first, _ in first }
      let found = try ELAN.tiers(document, of: source)
      tiers = found.map { tier in
        let parent = tier.parent.flatMap { name in found.first { $0.name == name } }
        let timed = parent.map(tier.withTimes) ?? tier
        return Tier(
          name: tier.name,
          entries: timed.annotations.map { Entry(start: $0.start, end: $0.end, text: $0.text, line: $0.line) })
      }
    }
  }
}

/// A table of text with a header: records of fields between separators, quoted as RFC 4180 says.
public struct TextTable: Sendable {
  /// One record.
  public struct Record: Sendable {
    /// The line that it begins in.
    public let line: Int
    /// In the order of the columns; a record may have fewer than there are columns, or more.
    public let fields: [String]
  }

  /// The names of the columns, as the first line has them.
  public let columns: [String]
  /// What follows.
  public let records: [Record]

  /// Reads a table whose separator is a comma, a semicolon or a tab: the one that parts the column asked for from others.
  ///
  /// - Returns: nil where no first line has such a column.
  /// - Throws: `TranscriptError` for a file that is too large or no text.
  public init?(_ data: Data, name: String, withColumn column: String, limits: TranscriptLimits = TranscriptLimits())
    throws
  {
    try limits.check(bytes: data.count, of: name)
    let source = try TextDecoding.decode(data, name: name)
    guard let first = source.lines().first(where: { !$0.isBlank }) else { return nil }
    let separator = TranscriptTable.separators.first { TranscriptTable.header(first, $0).contains(column) }
    guard let separator else { return nil }
    let all = DelimitedRows.read(source, separator: separator)
    columns = all.first?.fields ?? []
    records = all.dropFirst().map { Record(line: $0.line, fields: $0.fields) }
  }
}
