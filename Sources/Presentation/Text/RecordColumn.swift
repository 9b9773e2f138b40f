import Foundation

/// What one field of a record holds, for the tables and objects that programs read; nil where nothing is known.
public enum RecordValue: Equatable, Sendable {
  /// Words.
  case text(String?)
  /// A whole number.
  case integer(Int?)
  /// Any number.
  case number(Double?)
  /// Yes or no.
  case flag(Bool?)
  /// A moment.
  case time(Date?)
  /// How often each of several things occurs, in the order to tell them in.
  case counts([NamedCount])
}

/// How often something occurs.
public struct NamedCount: Equatable, Sendable {
  /// What occurs.
  public let name: String
  /// How often.
  public let count: Int

  /// - Parameter count: how often `name` occurs.
  public init(_ name: String, _ count: Int) {
    self.name = name
    self.count = count
  }
}

extension [NamedCount] {
  /// The counts in one field of a table: `joy=2,anger=1`.
  public var inOneField: String { map { "\($0.name)=\($0.count)" }.joined(separator: ",") }
}

/// One field of a kind of record, by its name: a column of tables and a member of objects.
///
/// ```swift
/// let columns: [RecordColumn<Talk>] = [.text("speaker") { $0.speaker }, .number("start") { $0.start }]
/// ```
public struct RecordColumn<Record> {
  /// What all values of a column are.
  public enum Kind: Sendable {
    /// As `RecordValue` has them.
    case text, integer, number, flag, time

    /// As manuals call it.
    public var name: String {
      switch self {
      case .text: "text"
      case .integer: "integer"
      case .number: "number"
      case .flag: "flag"
      case .time: "time"
      }
    }
  }

  /// What programs call it.
  public let name: String
  /// What its values are.
  public let kind: Kind
  /// A record's value.
  public let value: (Record) -> RecordValue
  /// Whether tables leave it out.
  public var isOnlyInJSON = false
  /// Whether JSON has an object of counts.
  public var isOfCounts = false

  /// A column of texts.
  public static func text(_ name: String, onlyJSON: Bool = false, _ value: @escaping (Record) -> String?) -> Self {
    Self(name: name, kind: .text, value: { .text(value($0)) }, isOnlyInJSON: onlyJSON)
  }

  /// A column of whole numbers.
  public static func integer(_ name: String, _ value: @escaping (Record) -> Int?) -> Self {
    Self(name: name, kind: .integer, value: { .integer(value($0)) })
  }

  /// A column of numbers.
  public static func number(_ name: String, _ value: @escaping (Record) -> Double?) -> Self {
    Self(name: name, kind: .number, value: { .number(value($0)) })
  }

  /// A column of yes and no.
  public static func flag(_ name: String, _ value: @escaping (Record) -> Bool?) -> Self {
    Self(name: name, kind: .flag, value: { .flag(value($0)) })
  }

  /// A column of counts: an object in JSON, a text in tables.
  public static func counts(_ name: String, _ value: @escaping (Record) -> [NamedCount]) -> Self {
    Self(name: name, kind: .text, value: { .counts(value($0)) }, isOfCounts: true)
  }

  /// A column whose values say themselves what they are.
  public static func varying(_ name: String, _ value: @escaping (Record) -> RecordValue) -> Self {
    Self(name: name, kind: .text, value: value)
  }

  /// A column of moments.
  public static func time(_ name: String, _ value: @escaping (Record) -> Date?) -> Self {
    Self(name: name, kind: .time, value: { .time(value($0)) })
  }
}

extension DelimitedText {
  /// Appends a field; times as ISO 8601 in UTC.
  ///
  /// - Parameter flags: the words for yes and no.
  public mutating func field(_ value: RecordValue, flags: (yes: String, no: String) = ("yes", "no")) {
    switch value {
    case .text(let text): field(text)
    case .integer(let number): field(number)
    case .number(let number): field(number)
    case .flag(let flag): field(flag.map { $0 ? flags.yes : flags.no })
    case .time(let time): field(time.map(TimeText.iso))
    case .counts(let counts): field(counts.inOneField)
    }
  }
}

extension JSONText {
  /// Appends a member; times as ISO 8601 in UTC.
  public mutating func member(_ name: String, _ value: RecordValue) {
    switch value {
    case .text(let text): member(name, text)
    case .integer(let number): member(name, number)
    case .number(let number): member(name, number)
    case .flag(let flag): member(name, flag)
    case .time(let time): member(name, time.map(TimeText.iso))
    case .counts(let counts): object(name) { json in for each in counts { json.member(each.name, each.count) } }
    }
  }
}
