import Foundation
import ResultIndex
import Testing

@testable import ResultQueries

struct SQLOutputTests {
  private static let query = """
    SELECT speaker, count(*) AS n, count(*) AS n, avg(margin) AS margin, NULL AS none, x'00ff' AS bytes
    FROM utterances WHERE speaker LIKE 'R%' GROUP BY 1 ORDER BY 1
    """

  private func text(_ format: OutputFormat, _ query: String = query) throws -> String {
    let sample = try SampleIndex()
    return try printed(format) { _ = try SQLOutput(sample.reader, $0).write(SQLQuery(query)) }
  }

  @Test func everyFormatHasTheRows() throws {
    #expect(
      try text(.csv) == "speaker,n,n:2,margin,none,bytes\nRachel,2,2,0.125,,00ff\nRoss,2,2,0.125,,00ff\n")
    let (tsv, jsonl) = (lines(try text(.tsv)), lines(try text(.jsonl)))
    #expect(tsv[1] == "Rachel\t2\t2\t0.125\t\t00ff")
    #expect(jsonl[0] == #"{"speaker":"Rachel","n":2,"n:2":2,"margin":0.125,"none":null,"bytes":"00ff"}"#)
    #expect(try objects(try text(.json)).count == 2)
    let table = lines(try text(.table))
    #expect(
      table.count == 3 && table[0].hasPrefix("speaker  n  n  margin") && table[1].hasPrefix("Rachel   2  2   0.125"))
  }

  @Test func aQueryWithoutRowsHasAHeaderForPrograms() throws {
    let none = "SELECT speaker FROM utterances WHERE 0"
    #expect(try text(.csv, none) == "speaker\n")
    #expect(try objects(try text(.json, none)).isEmpty && text(.table, none).isEmpty)
  }

  @Test func theViewsAreListedWithTheirColumns() throws {
    let rows = try objects(try printed(.json) { try SQLOutput.listViews(on: $0) })
    #expect(rows.count == IndexView.all.reduce(0) { $0 + $1.columns.count })
    #expect(rows.allSatisfy { ($0["meaning"] as? String)?.isEmpty == false })
    let table = try printed(.table) { try SQLOutput.listViews(on: $0) }
    #expect(IndexView.all.allSatisfy { table.contains("\($0.name): \($0.meaning)\n") })
  }
}
