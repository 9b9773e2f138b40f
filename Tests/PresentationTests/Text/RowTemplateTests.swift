import Foundation
import Presentation
import Testing

struct RowTemplateTests {
  private static let values: [String: RecordValue] = [
    "dialogue": .text("tea"), "turn": .integer(3), "confidence": .number(0.81649), "certain": .flag(true),
    "text": .text("one\ntwo"), "start": .number(nil), "p:joy": .number(0.25), "name": .text("田中"),
    "scored": .time(Date(timeIntervalSince1970: 0)),
    "emotions": .counts([NamedCount("joy", 2), NamedCount("fear", 1)]),
  ]

  private func written(_ template: String) throws -> String {
    var bytes: [UInt8] = []
    try RowTemplate(template, fields: Set(Self.values.keys)).append(to: &bytes) { Self.values[$0] ?? .text(nil) }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    ("{dialogue}:{turn} {confidence:.2}", "tea:3 0.82\n"), ("{confidence}", "0.81649\n"),
    ("{start}|{start:4}|", "|    |\n"),
    ("{dialogue:5}|{turn:5}|{confidence:7.1}|", "tea  |    3|    0.8|\n"), ("{p:joy} {p:joy:.3}", "0.25 0.250\n"),
    ("{name:6}|", "田中  |\n"), ("{certain} {emotions}", "yes joy=2,fear=1\n"),
    ("{scored}", "1970-01-01T00:00:00.000Z\n"),
    ("{text}", "one\\ntwo\n"), ("{{{turn}}}", "{3}\n"), ("{turn}\\t\\\\", "3\t\\\n"), ("{turn}\\0", "3\0"),
    ("{turn}\\n", "3\n"),
    ("no field", "no field\n"),
  ])
  func fieldsStandInTheirPlaces(_ template: String, _ expected: String) throws {
    #expect(try written(template) == expected)
  }

  @Test(arguments: [
    ("{turn", RowTemplate.Mistake.brace("{turn")), ("turn} x", .brace("} x")), ("{nope}", .field("nope")),
    ("{nope:3}", .field("nope")), ("{turn:}", .layout("turn:")), ("{turn:x}", .layout("turn:x")),
    ("{turn:-3}", .layout("turn:-3")), ("{turn:3.}", .layout("turn:3.")), ("{turn:.99}", .layout("turn:.99")),
    ("{turn:99999}", .layout("turn:99999")), ("\\x{turn}", .escape("\\x")), ("{turn}\\", .escape("\\")),
  ])
  func whatIsNoTemplateIsRefused(_ template: String, _ mistake: RowTemplate.Mistake) {
    #expect(throws: mistake) { try written(template) }
  }
}
