import Foundation
import Presentation

/// The values of one column in one row group, gathered row by row, and their pages.
struct ParquetColumn {
  let name: String
  let kind: TableColumn.Kind
  /// 1 for a value, 0 for none.
  private var levels: [UInt32] = []
  /// Values in Parquet's PLAIN encoding; of texts each different one once.
  private var plain: [UInt8] = []
  private var flags: [UInt32] = []
  /// For texts: the place of each value among the different ones.
  private var places: [UInt32] = []
  /// By their bytes: texts that differ in how letters are composed are equal as strings.
  private var dictionary: [[UInt8]: UInt32] = [:]

  init(_ column: TableColumn) {
    name = column.name
    kind = column.kind
  }

  var count: Int { levels.count }

  mutating func append(_ value: RecordValue) {
    switch value {
    case .text(let text): note(text) { $0.appendText($1) }
    case .counts(let counts): note(counts.inOneField) { $0.appendText($1) }
    case .integer(let number): note(number) { $0.appendBytes(UInt64(bitPattern: Int64($1))) }
    case .number(let number):
      note(number.flatMap { $0.isNaN ? nil : $0 }) { $0.appendBytes($1.bitPattern) }
    case .flag(let flag): note(flag) { $0.flags.append($1 ? 1 : 0) }
    case .time(let time):
      note(time) { $0.appendBytes(UInt64(bitPattern: Int64(($1.timeIntervalSince1970 * 1000).rounded()))) }
    }
  }

  private mutating func note<Value>(_ value: Value?, _ add: (inout ParquetColumn, Value) -> Void) {
    levels.append(value == nil ? 0 : 1)
    if let value { add(&self, value) }
  }

  private mutating func appendBytes(_ word: UInt64) {
    for byte in 0..<8 { plain.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * byte))) }
  }

  private mutating func appendText(_ text: String) {
    let letters = Array(text.utf8)
    if let place = dictionary[letters] { return places.append(place) }
    let place = UInt32(dictionary.count)
    dictionary[letters] = place
    places.append(place)
    Self.little(UInt32(letters.count), to: &plain)
    plain += letters
  }

  /// What the file's footer says of the pages of one column in one row group.
  struct Chunk {
    var size: Int
    /// Where the data page begins; the dictionary lies before it.
    var dataOffset: Int
    var hasDictionary: Bool
    var values: Int
    var encodings: [Int]
  }

  /// The column's pages, uncompressed: a dictionary of its texts where it holds texts, and one page of data.
  func chunk() -> (Chunk, pages: [UInt8]) {
    var bytes: [UInt8] = []
    if kind == .text { bytes += page(plain, count: dictionary.count, isDictionary: true) }
    let offset = bytes.count
    let runs = HybridRuns.encode(levels, width: 1)
    var data: [UInt8] = []
    Self.little(UInt32(runs.count), to: &data)
    data += runs
    switch kind {
    case .text:
      let width = max(1, UInt32.bitWidth - UInt32(max(0, dictionary.count - 1)).leadingZeroBitCount)
      data.append(UInt8(width))
      data += HybridRuns.encode(places, width: width)
    case .flag:
      for start in stride(from: 0, to: flags.count, by: 8) {
        let group = flags[start..<min(start + 8, flags.count)]
        data.append(group.enumerated().reduce(0) { $0 | UInt8($1.element) << UInt8($1.offset) })
      }
    case .integer, .number, .time: data += plain
    }
    bytes += page(data, count: count, isDictionary: false)
    let encodings = [ParquetCode.plain, ParquetCode.runs] + (kind == .text ? [ParquetCode.dictionary] : [])
    let chunk = Chunk(
      size: bytes.count, dataOffset: offset, hasDictionary: kind == .text, values: count, encodings: encodings)
    return (chunk, bytes)
  }

  private func page(_ content: [UInt8], count: Int, isDictionary: Bool) -> [UInt8] {
    var header = CompactProtocol()
    header.int32(1, isDictionary ? ParquetCode.dictionaryPage : ParquetCode.dataPage)
    header.int32(2, content.count)
    header.int32(3, content.count)
    if isDictionary {
      header.structure(7) { header in
        header.int32(1, count)
        header.int32(2, ParquetCode.plain)
      }
    } else {
      header.structure(5) { header in
        header.int32(1, count)
        header.int32(2, kind == .text ? ParquetCode.dictionary : ParquetCode.plain)
        header.int32(3, ParquetCode.runs)
        header.int32(4, ParquetCode.runs)
      }
    }
    header.end()
    return header.bytes + content
  }

  static func little(_ value: UInt32, to bytes: inout [UInt8]) {
    for byte in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * byte))) }
  }
}

/// Numbers of the Parquet format's enumerations.
enum ParquetCode {
  static let plain = 0
  static let runs = 3
  static let dictionary = 8
  static let dataPage = 0
  static let dictionaryPage = 2

  /// The physical type of a kind of column.
  static func type(_ kind: TableColumn.Kind) -> Int {
    switch kind {
    case .flag: 0
    case .integer, .time: 2
    case .number: 5
    case .text: 6
    }
  }
}
