import DialogueDomain
import Foundation
import GRDB
import OperatingSystem

/// A place in the order in which an index recorded its utterances: up to and with one of them.
///
/// Rows get ascending numbers in the order of their commits, since one connection writes them, and none is ever deleted or
/// numbered anew. So a row's number divides an index into what was there and what comes, whatever commits meanwhile and
/// however many rows one transaction adds. That holds for one index only: `mark` tells by what was scored there, when and by
/// which model whether a row is that of another index, such as one that was made again.
public struct IndexCursor: Sendable, Hashable, CustomStringConvertible {
  /// The number of the last row before it; 0 before the first.
  let row: Int64
  /// The beginning of a digest of what tells the row's bundle from any other's; empty before the first row.
  let mark: String

  private static let prefix = "ambq1"
  private static let digits = 16

  init(row: Int64, mark: String) {
    (self.row, self.mark) = (row, mark)
  }

  /// Before the first row: a place in any index.
  public static let start = IndexCursor(row: 0, mark: "")

  /// A cursor as `description` writes it; nil for any other text.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts[0] == Self.prefix, parts[1].allSatisfy({ $0.isASCII && $0.isNumber }),
      let row = Int64(parts[1])
    else { return nil }
    let mark = parts.count == 3 ? String(parts[2]) : ""
    guard (row == 0) == mark.isEmpty, mark.isEmpty || mark.count == Self.digits, mark.allSatisfy(\.isHexDigit) else {
      return nil
    }
    self.init(row: row, mark: mark)
  }

  /// `ambq1.4711.1a2b3c4d5e6f7081`: one word, for programs to keep and hand back.
  public var description: String { mark.isEmpty ? "\(Self.prefix).\(row)" : "\(Self.prefix).\(row).\(mark)" }

  /// What stands in a cursor at any row of a bundle.
  static func mark(_ facts: [String]) -> String {
    String(FileDigest.sha256(Data(facts.joined(separator: " ").utf8)).prefix(digits))
  }
}

/// The marks of the bundles met so far.
struct CursorMarks {
  private var known: [Int64: String] = [:]

  /// - Returns: the mark of a bundle's rows; nil where there is no such bundle.
  mutating func mark(ofBundle id: Int64, _ database: Database) throws -> String? {
    if let mark = known[id] { return mark }
    let statement = try database.cachedStatement(
      sql: """
        SELECT b.digest, m.digest, b.scored, (SELECT id FROM utterance WHERE bundle = b.id ORDER BY id LIMIT 1)
        FROM bundle b JOIN model m ON m.id = b.model WHERE b.id = ?
        """)
    guard let row = try Row.fetchOne(statement, arguments: [id]) else { return nil }
    let (digest, model, scored, first): (String, String, Int64, Int64?) = (row[0], row[1], row[2], row[3])
    let mark = IndexCursor.mark([digest, model, String(scored), String(id), first.map(String.init) ?? ""])
    known[id] = mark
    return mark
  }

  /// The cursor behind a row; `start` for 0.
  mutating func cursor(at row: Int64, _ database: Database) throws -> IndexCursor? {
    guard row > 0 else { return .start }
    let statement = try database.cachedStatement(sql: "SELECT bundle FROM utterance WHERE id = ?")
    guard let bundle = try Int64.fetchOne(statement, arguments: [row]) else { return nil }
    return try mark(ofBundle: bundle, database).map { IndexCursor(row: row, mark: $0) }
  }
}

extension IndexError {
  /// The cursor's row is not in this index, or is another one here.
  static func cursorOfAnotherIndex(_ cursor: IndexCursor, _ url: URL) -> IndexError {
    IndexError(
      Explanation(
        .data, "the cursor belongs to another index, or to this one before it was made again", at: url.path,
        found: cursor.description,
        remedy:
          "What came after it cannot be told. Begin anew: --since-cursor start tells every row there is, --since TIME"
          + " those scored since."))
  }

  /// The file was replaced while its rows were being followed.
  static func replacedWhileFollowed(_ url: URL) -> IndexError {
    IndexError(
      Explanation(
        .io, "the index was replaced, moved or deleted while it was followed", at: url.path,
        remedy: "All rows of the old one have been told. Begin anew with the one that lies there now."))
  }
}
