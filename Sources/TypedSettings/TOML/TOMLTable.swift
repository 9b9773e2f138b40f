/// A table of TOML text: its keys in the order of the file, each with the line on which it was first written.
final class TOMLTable {
  /// How a table came to be, which decides what may still be added to it.
  enum Origin {
    /// On the way to another table's header: a header of its own may still follow.
    case implied
    /// By its own `[header]`.
    case header
    /// By a dotted key: more dotted keys may add to it, no header may.
    case dottedKey
    /// Written in braces: closed.
    case inline
  }

  /// One key's value and line.
  struct Entry {
    let value: TOMLValue
    let line: Int
  }

  var origin: Origin
  /// In the order of the file.
  private(set) var entries: [(name: String, entry: Entry)] = []
  private var places: [String: Int] = [:]

  init(_ origin: Origin) {
    self.origin = origin
  }

  subscript(name: String) -> Entry? { places[name].map { entries[$0].entry } }

  func set(_ name: String, to value: TOMLValue, line: Int) {
    if let place = places[name] {
      entries[place].entry = Entry(value: value, line: entries[place].entry.line)
    } else {
      places[name] = entries.count
      entries.append((name, Entry(value: value, line: line)))
    }
  }
}

/// What a key of TOML text holds.
enum TOMLValue {
  /// Anything but a table; a date or time is `.other`.
  case plain(SettingValue)
  case table(TOMLTable)
  /// Tables under `[[header]]`.
  case tables([TOMLTable])
}

/// TOML text that cannot be read, and where.
struct TOMLSyntaxError: Error, Equatable {
  let what: String
  /// From 1.
  let line: Int
  /// From 1, in characters.
  let column: Int
}
