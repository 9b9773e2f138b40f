import Foundation
import ResultIndex
import Testing

@testable import ResultExport

struct ParquetTests {
  /// Takes runs apart as a reader does.
  private func decoded(_ bytes: [UInt8], width: Int, count: Int) -> [UInt32] {
    var values: [UInt32] = []
    var index = 0
    while index < bytes.count, values.count < count {
      var header = 0
      var shift = 0
      repeat {
        header |= Int(bytes[index] & 0x7F) << shift
        shift += 7
        index += 1
      } while bytes[index - 1] & 0x80 != 0
      if header & 1 == 0 {
        var value: UInt32 = 0
        for byte in 0..<(width + 7) / 8 { value |= UInt32(bytes[index + byte]) << UInt32(8 * byte) }
        index += (width + 7) / 8
        values += Array(repeating: value, count: header >> 1)
      } else {
        for place in 0..<(header >> 1) * 8 {
          var value: UInt32 = 0
          for bit in 0..<width {
            let position = place * width + bit
            value |= UInt32(bytes[index + position / 8] >> UInt8(position % 8) & 1) << UInt32(bit)
          }
          values.append(value)
        }
        index += (header >> 1) * width
      }
    }
    return Array(values.prefix(count))
  }

  @Test(arguments: [1, 2, 3, 7, 8, 9, 13, 20])
  func runsComeBackWhateverTheirWidth(_ width: Int) {
    let top = UInt32(1) << UInt32(width)
    for seed in 0..<20 as Range<UInt32> {
      var values: [UInt32] = []
      var state = seed &* 2_654_435_761 &+ 12345
      while values.count < 200 {
        state = state &* 1_664_525 &+ 1_013_904_223
        values += Array(repeating: (state >> 8) % top, count: state >> 28 > 11 ? Int(state >> 24 % 40) + 1 : 1)
      }
      values.removeLast(Int(seed))
      #expect(decoded(HybridRuns.encode(values, width: width), width: width, count: values.count) == values)
    }
    #expect(HybridRuns.encode([], width: width).isEmpty)
  }

  @Test func runsAndGroupsAreAsTheFormatWritesThem() {
    // The format's own example: 0 to 7 in three bits each.
    #expect(HybridRuns.encode(Array(0..<8), width: 3) == [0x03, 0x88, 0xC6, 0xFA])
    #expect(HybridRuns.encode(Array(repeating: 1, count: 100), width: 1) == [0xC8, 0x01, 0x01])
  }

  @Test func structuresAreWrittenInTheCompactProtocol() {
    var meta = CompactProtocol()
    meta.int32(1, 1)
    meta.string(4, "ab")
    meta.structure(5) { $0.flag(1, true) }
    meta.int64(30, -2)
    meta.int32s(31, [0, 300])
    meta.end()
    #expect(
      meta.bytes == [
        0x15, 0x02, 0x38, 0x02, 0x61, 0x62, 0x1C, 0x11, 0x00, 0x06, 0x3C, 0x03, 0x19, 0x25, 0x00, 0xD8, 0x04, 0x00,
      ])
  }

  @Test func aFileBeginsAndEndsWithItsMarkAndSaysWhereItsFooterBegins() throws {
    let sample = try SampleExport()
    try sample.record("call.h5", [("call", SampleExport.quarrel)])
    try sample.write(.parquet, to: "labels.parquet")
    let bytes = Array(try Data(contentsOf: sample.folder["labels.parquet"]))
    #expect(bytes.prefix(4) == Array("PAR1".utf8)[...] && bytes.suffix(4) == Array("PAR1".utf8)[...])
    let length = bytes.dropLast(4).suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    let footer = bytes.dropLast(8).suffix(length)
    // Version 1 in the first field, the end of the structure in the last byte, and every column's name between.
    #expect(footer.prefix(2) == [0x15, 0x02] && footer.last == 0)
    let text = String(decoding: footer, as: UTF8.self)
    for column in TableColumn.all(emotions: ["neutral", "joy", "anger"]) { #expect(text.contains(column.name)) }
  }

  @Test func textsThatOnlyDifferInHowLettersAreComposedStayApart() {
    let column = TableColumn.text("text") { $0.text }
    var values = ParquetColumn(column)
    values.append(.text("Jo\u{308}rg"))
    values.append(.text("J\u{F6}rg"))
    values.append(.text(nil))
    values.append(.text("J\u{F6}rg"))
    let pages = String(decoding: values.chunk().pages, as: UTF8.self).unicodeScalars
    #expect(pages.contains("\u{308}") && pages.contains("\u{F6}") && values.count == 4)
  }

  @Test func everyRowGroupHasEveryColumn() throws {
    let sample = try SampleExport()
    try sample.record("call.h5", [("call", SampleExport.quarrel), ("more", SampleExport.quarrel)])
    let rows = try IndexReader(sample.folder["index.sqlite"]).utterances(UtteranceQuery(), detail: .probabilities)
    var table = ParquetTable(emotions: ["joy"], rowsPerGroup: 3)
    table.append(ExportedDialogue(rows, of: try #require(rows.first).bundle, name: "call"))
    table.finish()
    let text = String(decoding: table.bytes, as: UTF8.self)
    // In the schema, and for each of the groups of 3, 3 and 2 rows.
    for column in ["bundle_digest", "visual_share", "scored", "p:joy"] {
      #expect(text.components(separatedBy: column).count - 1 == 4)
    }
  }
}
