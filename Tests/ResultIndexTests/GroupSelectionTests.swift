import Foundation
import GRDB
import TestFolders
import Testing

@testable import ResultIndex

/// By which way SQLite groups utterances.
struct GroupSelectionTests {
  @Test(arguments: [
    (UtteranceGrouping.emotion, "USING COVERING INDEX utterance_emotion"),
    (.speaker, "USING COVERING INDEX utterance_speaker"), (.model, "SCAN b"), (.day, "SCAN b"),
  ])
  func countsReadNoUtterance(_ grouping: UtteranceGrouping, _ way: String) throws {
    let folder = try TemporaryFolder()
    var source = SyntheticBundles(seed: 4)
    let writer = try IndexWriter(folder.index)
    let bundle = source.bundle("a.h5", digest: SyntheticBundles.digest("a"), dialogues: 2, turns: 3...4)
    _ = try writer.record(bundle, SyntheticBundles.scoring(at: Date(timeIntervalSince1970: 0), name: bundle.name))
    try writer.close()
    let plan = try IndexReader(folder.index).read { database in
      let selection = try GroupSelection(grouping, UtteranceQuery(), hasFigures: false, database)
      let sql: SQL = "EXPLAIN QUERY PLAN " + (try selection.sql(GroupOrder(.name), limit: nil))
      let (text, arguments) = try sql.build(database)
      return try Row.fetchAll(database, sql: text, arguments: arguments).map { $0["detail"] as String }
    }
    #expect(plan.contains { $0.contains(way) }, "\(plan)")
    #expect(!plan.contains { $0.contains("SEARCH u USING INDEX") || $0.contains("SCAN u") }, "\(plan)")
  }
}
