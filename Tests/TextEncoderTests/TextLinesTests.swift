import Foundation
import Testing

@testable import TextEncoder

/// JSON strings out of bytes that arrive cut anywhere.
@Suite struct TextLinesTests {
  /// The texts of some pieces and the end of the input behind them.
  private func texts(_ pieces: [String]) throws -> [String] {
    var lines = TextLines()
    var texts: [String] = []
    for piece in pieces + [""] { texts += try lines.next(Data(piece.utf8)) ?? [] }
    #expect(try lines.next(Data()) == nil)
    return texts
  }

  @Test func linesAreReadWhereverTheirBytesAreCut() throws {
    let whole = "\"a\"\n\"b \\\"c\\\"\\u00e9\"\r\n\n\"\"\n\"last\""
    let expected = ["a", "b \"c\"é", "", "last"]
    #expect(try texts([whole]) == expected)
    #expect(try texts(whole.unicodeScalars.map { String($0) }) == expected)
  }

  @Test func aLineIsAnsweredAsSoonAsItIsComplete() throws {
    var lines = TextLines()
    #expect(try lines.next(Data("\"a\"\n\"b".utf8)) == ["a"])
    #expect(try lines.next(Data("\"\n".utf8)) == ["b"])
  }

  @Test(arguments: ["{\"a\": 1}", "3", "bare words", "\"open"])
  func anythingElseIsRefusedWithItsLine(_ line: String) {
    let error = #expect(throws: EncoderError.self) { try texts(["\"fine\"\n\n\(line)\n"]) }
    #expect(error?.description.hasPrefix("line 3: not a JSON string") == true)
  }
}
