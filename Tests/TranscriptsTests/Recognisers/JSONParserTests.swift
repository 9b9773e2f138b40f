import Testing

@testable import Transcripts

struct JSONParserTests {
  private func parse(_ text: String, _ limits: TranscriptLimits = TranscriptLimits()) throws -> JSONValue {
    let encoding = TextEncoding(name: .utf8, evidence: .validity)
    return try JSONParser.parse(SourceText(name: "x.json", text: text, encoding: encoding), limits: limits)
  }

  @Test func everyKindOfValue() throws {
    let value = try parse(#" {"a": [1, -2.5e1, "x\n\"\u00e9\ud83d\ude00\/", true, false, null], "b": {}, "c": []} "#)
    #expect(
      value["a"]?.elements == [.number(1), .number(-25), .string("x\n\"é😀/"), .bool(true), .bool(false), .null])
    #expect(value["b"] == .object([]))
    #expect(value["c"] == .array([]))
    #expect(value["d"] == nil)
  }

  @Test func notANumberIsAcceptedAndNoTime() throws {
    #expect(try parse("[NaN, -Infinity]").elements.allSatisfy { $0.seconds == nil })
  }

  @Test func halfASurrogatePairIsReplaced() throws {
    #expect(try parse(#""a\ud83dz""#).string == "a\u{FFFD}z")
  }

  @Test(arguments: [
    "", "{", "[1,]", "[1 2]", #"{"a" 1}"#, #"{"a": 1,}"#, "tru", #""abc"#, #""\x""#, #""\u12""#, "01x", "--1", "[1]]",
    "+1",
    "{1: 2}",
  ])
  func damageIsAnError(_ text: String) {
    #expect(throws: TranscriptError.self) { try parse(text) }
  }

  @Test func damageIsToldWithItsLine() throws {
    let error = #expect(throws: TranscriptError.self) { try parse("{\n \"a\": 1,\n \"b\": oops\n}") }
    #expect(error?.explanation.location == "x.json: line 3")
    #expect(error?.explanation.found?.hasPrefix("oops") == true)
  }

  @Test func deepNestingIsRefused() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: TranscriptError.tooDeep("x.json", line: 1, limit: 64)) { try parse(text) }
  }

  @Test func tooManyValuesAreRefused() {
    var limits = TranscriptLimits()
    limits.elements = 3
    #expect(throws: TranscriptError.self) { try parse("[1, 2, 3]", limits) }
  }
}
