import Foundation
import Testing

/// `ambq verify` and `ambq sql`.
struct AmbqVerifyTests {
  private let spool: AmbqSpool
  private let ambq: AmbqProgram

  init() throws {
    spool = try AmbqSpool()
    try spool.fill()
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.root.path, "COLUMNS": "120"])
  }

  @Test func whatDoesNotAgreeIsTheOutputAndTheExitCode() throws {
    // Its index tells of three bundles, and there is nothing else.
    let result = try ambq("verify", "--format", "jsonl")
    #expect(result.status == 1 && result.lines.count == 6)
    #expect(
      result.errors
        == "ambq: 3 scored bundles: 0 label files and 0 files in done agree with the index; 6 disagreements.\n")
    let table = try ambq("verify", "--quick", "--format", "table")
    #expect(table.status == 1 && table.errors.isEmpty && table.lines[0].hasPrefix("PROBLEM"))
    #expect(table.lines.last?.hasSuffix("by name and size; 6 disagreements.") == true)
    let quiet = try ambq("verify", "--quiet")
    #expect(quiet.status == 1 && quiet.output.isEmpty && quiet.errors.isEmpty)
  }

  @Test func anIndexAloneDoesNotSayWhereTheFilesLie() throws {
    var alone = ambq
    alone.environment["AMBQ_SPOOL"] = nil
    let result = try alone("verify", "--index", spool.index.path)
    #expect(result.status == 64 && result.errors.contains("--spool"))
  }

  @Test func sqlAnswersInEveryFormat() throws {
    let counted = "SELECT speaker, count(*) AS n FROM utterances GROUP BY speaker ORDER BY n DESC, speaker LIMIT 1"
    let result = try ambq("sql", counted, "--format", "json")
    #expect(result.status == 0 && result.output.contains(#"{"speaker":"Rachel","n":"#))
    #expect(try ambq("sql", counted).lines[0] == "speaker\tn")
    #expect(try ambq.shell("echo 'SELECT 7 AS seven' | \"$AMBQ\" sql - --format csv").output == "seven\n7\n")
    let none = try ambq("sql", "SELECT 1 WHERE 0")
    #expect(none.status == 1 && none.errors == "ambq: nothing found: the query gives no row\n")
  }

  @Test func sqlThatIsWrongIsAQuestionOfUsage() throws {
    let wrong = try ambq("sql", "SELECT felt FROM utterances")
    #expect(wrong.status == 64 && wrong.output.isEmpty)
    #expect(wrong.errors.hasPrefix("ambq: character 8, from 'felt FROM utterances': "))
    let writing = try ambq("sql", "DELETE FROM utterance")
    #expect(writing.status == 64 && writing.errors.contains("ambq sql only reads"))
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT count(*) FROM n"
    #expect(try ambq("sql", endless, "--timeout", "0.1").status == 64)
    #expect(try ambq("sql").status == 64)
  }
}
