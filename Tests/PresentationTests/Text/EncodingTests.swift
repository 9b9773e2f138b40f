import Foundation
import Testing

@testable import Presentation

struct EncodingTests {
  private static let texts = [
    "plain", "", "comma, and \"quotes\"", "tab\there", "line\nbreak", "return\rhere", "back\\slash", "Müller 田中 😀",
    "\u{1}\u{1F}\u{7F}", "\"", "a\u{2028}b",
  ]

  @Test(arguments: texts)
  func jsonTextReadsBackTheSame(_ text: String) throws {
    var json = JSONText()
    json.object { $0.member(text, text) }
    let read = try JSONDecoder().decode([String: String].self, from: Data(json.bytes))
    #expect(read == [text: text])
    #expect(json.bytes.allSatisfy { $0 >= 0x20 })
  }

  @Test(arguments: [
    0.1, -0.0, 1e-300, .pi, 1e22, 123456789.123456789, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
  ])
  func jsonNumbersKeepEveryBit(_ number: Double) throws {
    var json = JSONText()
    json.array { $0.value(number) }
    let read = try JSONDecoder().decode([Double].self, from: Data(json.bytes))
    #expect(read.first?.bitPattern == number.bitPattern)
  }

  @Test func jsonHoldsNothingThatSteersATerminal() throws {
    let text = "a\u{9B}b\u{202E}c\u{7F}\u{2028}ü 田"
    let quoted = JSONText.quoted(text)
    #expect(quoted == "\"a\\u009bb\\u202ec\\u007f\\u2028ü 田\"")
    #expect(try JSONDecoder().decode([String].self, from: Data("[\(quoted)]".utf8)) == [text])
  }

  @Test func jsonSeparatesValuesAndKnowsNoInfinity() {
    var json = JSONText()
    json.object { json in
      json.member("a", 1)
      json.object("b") { $0.member("c", nil as String?) }
      json.array("d") { json in
        json.value(Double.nan)
        json.value(Float.infinity)
        json.value(Float(0.1))
        json.value("x")
      }
      json.members(Array("\"e\":2".utf8))
      json.member("f", true)
    }
    let expected = #"{"a":1,"b":{"c":null},"d":[null,null,0.1,"x"],"e":2,"f":true}"#
    #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
  }

  @Test func jsonArraysCanStreamLineByLine() throws {
    var json = JSONText()
    json.beginArray()
    for number in 0..<3 {
      json.endLine(separated: number > 0)
      json.object { $0.member("n", number) }
    }
    json.endLine(separated: false)
    json.endArray()
    json.endLine(separated: false)
    let text = String(decoding: json.bytes, as: UTF8.self)
    #expect(text == "[\n{\"n\":0},\n{\"n\":1},\n{\"n\":2}\n]\n")
  }

  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"no\"", "\"say \"\"no\"\"\""), ("two\nlines", "\"two\nlines\""),
    ("a\rb", "\"a\rb\""), ("a\tb", "a\tb"), ("", ""), ("田中", "田中"),
  ])
  func csvQuotesWhatNeedsIt(_ text: String, _ expected: String) {
    var csv = DelimitedText(.csv)
    csv.record([text, "x"])
    #expect(String(decoding: csv.bytes, as: UTF8.self) == expected + ",x\n")
  }

  @Test(arguments: [
    ("plain", "plain"), ("a\tb", "a\\tb"), ("a\nb", "a\\nb"), ("a\rb", "a\\rb"), ("a\\tb", "a\\\\tb"),
    ("a,\"b\"", "a,\"b\""),
  ])
  func tsvEscapesWhatNeedsIt(_ text: String, _ expected: String) {
    var tsv = DelimitedText(.tsv)
    tsv.record(["x", text])
    #expect(String(decoding: tsv.bytes, as: UTF8.self) == "x\t" + expected + "\n")
  }

  @Test(arguments: [
    (0, "0"), (1, "1"), (-2.5, "-2.5"), (0.1, "0.1"), (1.0 / 3, "0.333333"), (2.0 / 3, "0.666667"),
    (0.000001, "0.000001"),
    (0.0000001, "0"), (-0.0000001, "0"), (999999.9999999, "1000000"), (12.050, "12.05"), (.nan, ""), (1e20, "1e+20"),
  ])
  func delimitedNumbersHaveSixDecimals(_ number: Double, _ expected: String) {
    var tsv = DelimitedText(.tsv)
    tsv.field(number)
    #expect(String(decoding: tsv.bytes, as: UTF8.self) == expected)
  }

  @Test func fieldsOfAllKindsAreSeparated() {
    var csv = DelimitedText(.csv)
    csv.field("a")
    csv.field(-12)
    csv.field(nil as Double?)
    csv.field(nil as Int?)
    csv.fields(Array("b,c".utf8))
    csv.field(nil as String?)
    csv.endRecord()
    csv.field(Int.min)
    #expect(String(decoding: csv.bytes, as: UTF8.self) == "a,-12,,,b,c,\n-9223372036854775808")
  }
}
