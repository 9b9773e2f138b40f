import Foundation
import Testing

@testable import Transcripts

struct TextDecodingTests {
  private let text = "WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\n<v Zoë>Déjà vu – “naïve”.\r\n"

  private func decode(_ bytes: [UInt8]) throws -> SourceText { try TextDecoding.decode(Data(bytes), name: "x.vtt") }

  @Test func byteOrderMarksTell() throws {
    for (mark, encoding, name) in [
      ([0xEF, 0xBB, 0xBF], String.Encoding.utf8, TextEncoding.Name.utf8),
      ([0xFF, 0xFE], .utf16LittleEndian, .utf16LittleEndian), ([0xFE, 0xFF], .utf16BigEndian, .utf16BigEndian),
    ] as [([UInt8], String.Encoding, TextEncoding.Name)] {
      let data = try #require(text.data(using: encoding))
      let transcript = try TranscriptReader.read(Data(mark) + data, name: "x.vtt")
      #expect(transcript.encoding == TextEncoding(name: name, evidence: .byteOrderMark))
      #expect(transcript.turns == ["Zoë: Déjà vu – “naïve”."])
    }
  }

  @Test func utf16WithoutAMarkIsToldByItsZeros() throws {
    let data = try #require(text.data(using: .utf16LittleEndian))
    let source = try TextDecoding.decode(data, name: "x.vtt")
    #expect(source.text == text)
    #expect(source.encoding == TextEncoding(name: .utf16LittleEndian, evidence: .zeroBytes))
  }

  @Test func windows1252AndLatin1AreTold() throws {
    let windows = try #require(text.data(using: .windowsCP1252))
    let transcript = try TranscriptReader.read(windows, name: "x.vtt")
    #expect(transcript.encoding == TextEncoding(name: .windows1252, evidence: .invalidity))
    #expect(transcript.turns == ["Zoë: Déjà vu – “naïve”."])
    #expect(transcript.warns("read as windows-1252"))
    let latin = try decode(Array("caf".utf8) + [0xE9] + Array(" au lait".utf8))
    #expect(latin.text == "café au lait")
    #expect(latin.encoding.name == .latin1)
  }

  @Test func aFewStrayBytesDoNotSpoilUTF8() throws {
    let source = try decode(Array("Zoë, Chloë and Noël aren".utf8) + [0x92] + Array("t here".utf8))
    #expect(source.text == "Zoë, Chloë and Noël aren’t here")
    #expect(source.encoding == TextEncoding(name: .utf8, evidence: .mostlyValid))
    #expect(source.warnings == ["Bytes that are not UTF-8 were read as windows-1252: 1 of them."])
  }

  @Test(arguments: [
    ("isn\u{92}t", "isn’t"), ("itâ€™s", "it’s"), ("CafÃ©", "Café"), ("â€œHiâ€\u{9D}", "“Hi”"),
    ("naÃ¯ve â€“ yes", "naïve – yes"),
  ])
  func wrongDecodingsAreMended(_ written: String, _ meant: String) {
    #expect(TextDecoding.mended(written).text == meant)
    #expect(TextDecoding.mended(written).places > 0)
  }

  @Test(arguments: ["Café", "“CAFÉ”", "„MENÜ“", "IRMÃ”", "Ça va – là-bas", "日本語", "Žluťoučký kůň", "£5 ¿Qué?"])
  func rightLettersStay(_ text: String) {
    #expect(TextDecoding.mended(text).text == text)
    #expect(TextDecoding.mended(text).places == 0)
  }

  @Test func allLineEndsCount() throws {
    let source = try decode(Array("one\rtwo\r\nthree\n\nfive".utf8))
    #expect(source.lines().map(\.text) == ["one", "two", "three", "", "five"])
    #expect(source.lines().map(\.number) == [1, 2, 3, 4, 5])
  }

  @Test(
    arguments: [
      ([0x50, 0x4B, 0x03, 0x04, 0x14], "a ZIP archive"), ([0x7F, 0x45, 0x4C, 0x46], "a program"),
      ([0x25, 0x50, 0x44, 0x46, 0x2D], "a PDF"), ([0x00, 0x01, 0x02, 0xFF], "a zero byte at byte 1"),
      ([0, 0, 0, 0x18, 0x66, 0x74, 0x79, 0x70], "an MP4 recording"), ([0x41, 0x01, 0x02, 0x03, 0x04], "control bytes"),
    ] as [([UInt8], String)])
  func whatIsNoTextIsNamed(_ bytes: [UInt8], _ kind: String) {
    let error = #expect(throws: TranscriptError.self) { try decode(bytes) }
    #expect(error?.explanation.found?.contains(kind) == true)
    #expect(error?.explanation.location == "x.vtt")
  }

  @Test(arguments: [[], [0xEF, 0xBB, 0xBF], [0x20, 0x0A]] as [[UInt8]])
  func emptyFilesAreRefused(_ bytes: [UInt8]) {
    #expect(throws: TranscriptError.empty("x.vtt")) { try TranscriptReader.read(Data(bytes), name: "x.vtt") }
  }
}
