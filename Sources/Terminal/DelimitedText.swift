/// A streaming encoder of comma-separated or tab-separated values, one record a line.
public struct DelimitedText: Sendable {
  public enum Flavour: Sendable {
    /// RFC 4180, with lines ended by a line feed: a field with a comma, a quote or a line break stands in quotes.
    case csv
    /// Tabs between fields; a tab, line feed, carriage return or backslash within one is written `\t`, `\n`, `\r`, `\\`.
    case tsv
  }

  /// What has been encoded so far; whoever writes it out empties it.
  public var bytes: [UInt8] = []
  private let flavour: Flavour
  private var isFirst = true

  public init(_ flavour: Flavour) {
    self.flavour = flavour
  }

  /// Encodes a whole record.
  public mutating func record(_ fields: [String]) {
    for text in fields { field(text) }
    endRecord()
  }

  public mutating func endRecord() {
    bytes.append(UInt8(ascii: "\n"))
    isFirst = true
  }

  /// Encodes one field; nil is an empty one.
  public mutating func field(_ text: String?) {
    separate()
    guard let text else { return }
    switch flavour {
    case .csv: quoted(text)
    case .tsv: escaped(text)
    }
  }

  public mutating func field(_ number: Int?) {
    separate()
    if let number { bytes.append(contentsOf: number.description.utf8) }
  }

  /// Encodes a number as the shortest text that reads back as the same value; nil and NaN as an empty field.
  public mutating func field(_ number: Double?) {
    separate()
    if let number, !number.isNaN { bytes.append(contentsOf: number.description.utf8) }
  }

  public mutating func field(_ number: Float) {
    separate()
    if !number.isNaN { bytes.append(contentsOf: number.description.utf8) }
  }

  private mutating func separate() {
    if !isFirst { bytes.append(flavour == .csv ? UInt8(ascii: ",") : UInt8(ascii: "\t")) }
    isFirst = false
  }

  private mutating func quoted(_ text: String) {
    let special = text.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
    }
    guard special else {
      bytes.append(contentsOf: text.utf8)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escaped(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case 0x09: bytes.append(contentsOf: "\\t".utf8)
      case 0x0A: bytes.append(contentsOf: "\\n".utf8)
      case 0x0D: bytes.append(contentsOf: "\\r".utf8)
      case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
      default: bytes.append(byte)
      }
    }
  }
}
