import TestFolders
import Testing

@testable import TypedSettings

/// TOML text into values, and what is wrong with text that is not TOML.
struct TOMLParserTests {
  /// The values of a text by their dotted keys, as they are spoken.
  private func flattened(_ table: TOMLTable, under prefix: String = "") -> [String: String] {
    var found: [String: String] = [:]
    for (name, entry) in table.entries {
      switch entry.value {
      case .plain(let value): found[prefix + name] = value.spoken
      case .table(let inner): found.merge(flattened(inner, under: prefix + name + ".")) { $1 }
      case .tables(let inner):
        for (index, table) in inner.enumerated() {
          found.merge(flattened(table, under: "\(prefix)\(name)[\(index)].")) { $1 }
        }
      }
    }
    return found
  }

  @Test(arguments: [
    ("a = 1_000", "1000"), ("a = -0", "0"), ("a = 0xDEAD_beef", "3735928559"), ("a = 0o17", "15"), ("a = 0b101", "5"),
    ("a = 6.5e-1", "0.65"), ("a = +inf", "inf"), ("a = true", "true"),
    ("a = [ 1, # one\n [2, 'b'],\n]", "[1, [2, the text \"b\"]]"),
    ("a = \"\\u00e9\\t\\\\\" # no", "the text \"é\t\\\""), ("a = 'C:\\x'", "the text \"C:\\x\""),
    ("a = \"\"\"\nx\\\n   y\"\"\"\"", "the text \"xy\"\""), ("a = '''\r\nx\ny'''", "the text \"x\ny\""),
    ("a = 2026-11-26", "a date"), ("a = 2026-11-26 08:00:00Z", "a date and time"), ("a = 08:00:00.5", "a time"),
    ("\u{FEFF}a = 2", "2"), ("a = [{b = 1}]", "[a table]"),
  ])
  func everyKindOfValueIsRead(text: String, spoken: String) throws {
    #expect(flattened(try TOMLParser.table(text)) == ["a": spoken])
  }

  @Test func tablesAreBuiltFromHeadersDottedKeysAndBraces() throws {
    let text = """
      a.b = 1
      "quoted key".'c d' = 2
      [x.y]
      z = { p.q = 3, r = 4 }
      [x]
      k = 5
      [[list]]
      n = 6
      [[list]]
      n = 7
      [list.inner]
      m = 8
      """
    #expect(
      flattened(try TOMLParser.table(text)) == [
        "a.b": "1", "quoted key.c d": "2", "x.y.z.p.q": "3", "x.y.z.r": "4", "x.k": "5", "list[0].n": "6",
        "list[1].n": "7", "list[1].inner.m": "8",
      ])
  }

  @Test(arguments: [
    ("[\n", 1, 2), ("[a\n]", 1, 3), ("[]", 1, 2), ("a", 1, 2), ("a =", 1, 4), ("= 1", 1, 1), ("a = 1 b = 2", 1, 7),
    ("a = 1\na = 2", 2, 1), ("[a]\n[a]", 2, 1), ("a.b = 1\n[a]", 2, 1), ("a = {}\na.b = 1", 2, 1), ("a = [1 2]", 1, 8),
    ("a = {b = 1,}", 1, 12), ("a = 01", 1, 5), ("a = 1__0", 1, 5), ("a = 1_e5", 1, 5), ("a = .5", 1, 5),
    ("a = yes", 1, 5), ("a = \"x", 1, 5),
    ("a = \"\\q\"", 1, 6), ("a = \"\\ud800\"", 1, 6), ("a = \"é\u{1}\"", 1, 7), ("# \u{0}", 1, 3),
    ("a = 1\rb = 2", 1, 6),
    ("a = 9223372036854775808", 1, 5), ("a = '''x", 1, 5), ("[[a]]\n[a]", 2, 1),
  ])
  func whatIsWrongIsSaidWithLineAndColumn(text: String, line: Int, column: Int) throws {
    let error = try #require(throws: TOMLSyntaxError.self) { try TOMLParser.table(text) }
    #expect((error.line, error.column) == (line, column), "\(error.what)")
  }

  @Test func deepNestingIsRefused() {
    #expect(throws: TOMLSyntaxError.self) { try TOMLParser.table("a = " + String(repeating: "[", count: 100_000)) }
    #expect(throws: TOMLSyntaxError.self) { try TOMLParser.table("a = " + String(repeating: "{b=", count: 100_000)) }
  }

  @Test func noChangeOfBytesEndsTheProcess() {
    let sound = "[a.b]\nc = [1, 2.5, 'x']\nd = \"\"\"\\u0041\n\"\"\"\n[[e]]\nf = {g = true, h.i = 2026-11-26}\n"
    var chance = RepeatableRandom(1)
    for _ in 0..<2_000 {
      var bytes = Array(sound.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &chance) {
        let place = Int.random(in: 0..<bytes.count, using: &chance)
        switch Int.random(in: 0..<3, using: &chance) {
        case 0: bytes.remove(at: place)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &chance)
        default: bytes.insert(Array("[]{}=.\n\"'\\#,".utf8).randomElement(using: &chance) ?? 0, at: place)
        }
      }
      // An outcome of either kind will do: the test is that there is one.
      _ = try? TOMLParser.table(String(decoding: bytes, as: UTF8.self))
    }
  }
}
