import Foundation

/// One setting of a record: its name, what it takes, and where it goes.
///
/// ```swift
/// struct Lamp: Sendable {
///   var brightness = 0.5
///   var isOn = false
///   static let keys = SettingTable<Lamp>(
///     of: "lamp", listedIn: "lamp(5)", namedBy: "--config",
///     keys: [.number("lamp.brightness", \.brightness, in: 0...1), .flag("lamp.on", \.isOn)])
/// }
/// ```
public struct SettingKey<Record: Sendable>: Sendable {
  /// Table and key, as in `watch.settle_seconds`; a key of the top level has no dot.
  public let path: String
  /// What the key takes, in words: `a number from 0 to 3600`.
  public let expected: String
  /// The words a key takes, where there are only a few.
  public let choices: [String]
  /// The value that a record has.
  public let value: @Sendable (Record) -> SettingValue
  /// Puts a value in its place; false where it is not what the key takes.
  ///
  /// Relative paths start at the folder given.
  let accept: @Sendable (inout Record, SettingValue, URL) -> Bool

  /// A property of a record.
  public typealias Field<Value> = WritableKeyPath<Record, Value> & Sendable

  /// A key whose values are of a kind of their own.
  ///
  /// - Parameters:
  ///   - expected: what it takes, in words.
  ///   - choices: the words it takes, where there are only a few; a mistyped one is told the nearest.
  ///   - value: the value that a record has.
  ///   - accept: puts a value in its place, relative paths starting at the folder given; false where it is not what the
  ///     key takes.
  public init(
    _ path: String, expected: String, choices: [String] = [], value: @escaping @Sendable (Record) -> SettingValue,
    accept: @escaping @Sendable (inout Record, SettingValue, _ folder: URL) -> Bool
  ) {
    self.path = path
    self.expected = expected
    self.choices = choices
    self.value = value
    self.accept = accept
  }

  /// A key of one property.
  ///
  /// - Parameters:
  ///   - wrapped: the property's value as a source would give it.
  ///   - unwrapped: the property's value for a source's; nil where that is not what the key takes.
  public static func field<Value>(
    _ path: String, _ field: Field<Value>, expected: String, choices: [String] = [],
    wrapped: @escaping @Sendable (Value) -> SettingValue,
    unwrapped: @escaping @Sendable (SettingValue, _ folder: URL) -> Value?
  ) -> Self {
    Self(path, expected: expected, choices: choices) {
      wrapped($0[keyPath: field])
    } accept: { record, value, folder in
      guard let unwrapped = unwrapped(value, folder) else { return false }
      record[keyPath: field] = unwrapped
      return true
    }
  }

  /// A number within a range.
  public static func number(_ path: String, _ field: Field<Double>, in range: ClosedRange<Double>) -> Self {
    .field(path, field, expected: "a number from \(bounds(range))", wrapped: { .number($0) }) { value, _ in
      value.asNumber.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A whole number within a range.
  public static func count(_ path: String, _ field: Field<Int>, in range: ClosedRange<Int>) -> Self {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return .field(path, field, expected: expected, wrapped: { .integer($0) }) { value, _ in
      value.asInteger.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// True or false.
  public static func flag(_ path: String, _ field: Field<Bool>) -> Self {
    .field(path, field, expected: "true or false", choices: ["true", "false"], wrapped: { .flag($0) }) { value, _ in
      value.asFlag
    }
  }

  /// One of a few words.
  public static func choice<Choice>(_ path: String, _ field: Field<Choice>) -> Self
  where Choice: RawRepresentable & CaseIterable & Sendable, Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue)
    return .field(
      path, field, expected: "one of " + names.joined(separator: ", "), choices: names, wrapped: { .text($0.rawValue) }
    ) { value, _ in
      value.asText.flatMap(Choice.init(rawValue:))
    }
  }

  /// Numbers within a range.
  public static func numbers(_ path: String, _ field: Field<[Double]>, in range: ClosedRange<Double>) -> Self {
    list(path, field, expected: "an array of numbers from \(bounds(range))", wrapped: { .number($0) }) { value in
      value.asNumber.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// Whole numbers from 0.
  public static func counts(_ path: String, _ field: Field<[UInt64]>) -> Self {
    list(
      path, field, expected: "an array of whole numbers from 0",
      wrapped: { Int(exactly: $0).map(SettingValue.integer) ?? .number(Double($0)) }
    ) { value in
      value.asInteger.flatMap { UInt64(exactly: $0) }
    }
  }

  /// Texts, none of them empty.
  public static func texts(_ path: String, _ field: Field<[String]>, expected: String) -> Self {
    list(path, field, expected: expected, wrapped: { .text($0) }) { value in
      value.asText.flatMap { $0.isEmpty ? nil : $0 }
    }
  }

  /// Some of a few words.
  public static func choices<Choice>(_ path: String, _ field: Field<[Choice]>) -> Self
  where Choice: RawRepresentable & CaseIterable & Sendable, Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue)
    return list(
      path, field, expected: "an array of some of " + names.joined(separator: ", "), wrapped: { .text($0.rawValue) }
    ) { value in
      value.asText.flatMap(Choice.init(rawValue:))
    }
  }

  private static func list<Element>(
    _ path: String, _ field: Field<[Element]>, expected: String,
    wrapped: @escaping @Sendable (Element) -> SettingValue,
    unwrapped: @escaping @Sendable (SettingValue) -> Element?
  ) -> Self {
    .field(path, field, expected: expected, wrapped: { .list($0.map(wrapped)) }) { value, _ in
      guard let values = value.asList else { return nil }
      let elements = values.compactMap(unwrapped)
      return elements.count == values.count ? elements : nil
    }
  }

  private static func bounds(_ range: ClosedRange<Double>) -> String {
    "\(SettingValue.plain(range.lowerBound)) to \(SettingValue.plain(range.upperBound))"
  }
}
