import Foundation
import GRDB

extension UtteranceQuery {
  /// Whether every utterance of the bundles found passes.
  public var isOfWholeBundles: Bool { UtteranceSelection(self).isWholeBundles }
}

extension IndexReader {
  /// The numbers of the bundles that hold an utterance which a query finds.
  public func bundles(holding query: UtteranceQuery) throws -> Set<Int64> {
    try read { database in
      let sql: SQL = "SELECT DISTINCT u.bundle " + UtteranceSelection(query).source
      let (text, arguments) = try sql.build(database)
      return try Int64.fetchSet(database, sql: text, arguments: arguments)
    }
  }
}
