import Testing

@testable import FeatureImport

@Test func quotedFieldsHoldSeparatorsQuotesAndLineBreaks() throws {
  let table = try DelimitedTable(ascii("a,b,c\r\n1,\"x, \"\"y\"\"\nz\",\r\n\r\n\"\",2,3"), location: "t.csv")
  #expect(table.columns == ["a", "b", "c"])
  #expect(
    table.rows == [
      DelimitedTable.Row(line: 2, fields: ["1", "x, \"y\"\nz", ""]),
      DelimitedTable.Row(line: 5, fields: ["", "2", "3"]),
    ])
}

@Test(arguments: ["a\tb,c\n1,5\t2\n", "a;b\n1,5;2\n", "\u{FEFF}a\tb\r1,5\t2\r"])
func separatorsAndLineEndsAreRecognised(text: String) throws {
  let table = try DelimitedTable(ascii(text), location: "t.tsv")
  #expect(table.columns.first == "a" && table.columns.count == 2)
  #expect(table.rows == [DelimitedTable.Row(line: 2, fields: ["1,5", "2"])])
}

@Test func aTableOfOneColumnNeedsNoSeparator() throws {
  #expect(try DelimitedTable(ascii("a\nx\ny\n"), location: "t.csv").rows.map(\.fields) == [["x"], ["y"]])
}

@Test(arguments: [
  (ascii(""), "the table is empty; expected a header row"),
  (ascii("a,b\n1,2\n3\n"), "t.csv: line 3: the row has another number of fields than the header; found 1; expected 2"),
  (ascii("a,b\n1,\"2\n3\n"), "a quoted field never ends"),
  (ascii("a,b\n1,\"2\"3\n"), "t.csv: line 2: text follows a closing quote"),
  ([0xFF, 0xFE, 0x61, 0x00], "the table is not UTF-8; found UTF-16"),
  (ascii("a,b\n1,") + [0xE9] + ascii("\n"), "t.csv: line 2: the table is not UTF-8"),
])
func wrongTablesAreExplained(bytes: [UInt8], message: String) throws {
  let error = #expect(throws: FeatureImportError.self) { try DelimitedTable(bytes, location: "t.csv") }
  #expect(try #require(error).description.contains(message))
}
