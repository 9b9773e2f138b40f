import DialogueDomain
import Foundation
import OperatingSystem
import ResultIndex

/// Where following begins.
public enum FollowingStart: Equatable, Sendable {
  /// Behind a row that has been told.
  case behind(IndexCursor)
  /// With so many rows of the past.
  case last(Int)

  /// Rows of the past that are told where nothing else is asked for, as `tail` and `journalctl` do.
  private static let usual = 10

  /// - Parameters:
  ///   - cursor: what `--since-cursor` was given: a cursor, `start`, or a file that holds one of them. A file that is not
  ///     there stands for `start`, so that the first run of a script is no special case.
  ///   - lines: rows of the past.
  ///   - hasPeriod: whether a time is named from which on everything is wanted.
  /// - Throws: `QueryError` for what is no cursor, `StorageError`.
  public init(cursor: String?, lines: Int?, hasPeriod: Bool) throws {
    if let cursor {
      self = .behind(try Self.cursor(cursor))
    } else if let lines {
      self = .last(lines)
    } else {
      self = hasPeriod ? .behind(.start) : .last(Self.usual)
    }
  }

  /// The same of a cursor that comes from elsewhere, which names no file.
  ///
  /// - Throws: `QueryError` for what is no cursor.
  public init(onlyCursor cursor: String?, lines: Int?, hasPeriod: Bool) throws {
    if let cursor, Self.read(cursor) == nil { throw Self.damaged(cursor, at: nil) }
    try self.init(cursor: cursor, lines: lines, hasPeriod: hasPeriod)
  }

  private static func cursor(_ text: String) throws -> IndexCursor {
    if let cursor = read(text) { return cursor }
    let file = URL(fileURLWithPath: text)
    let content: String
    do {
      content = try String(contentsOf: file, encoding: .utf8)
    } catch CocoaError.fileReadNoSuchFile {
      // What looks like a cursor and is none is a mistake, and no file's name.
      guard !text.hasPrefix("ambq1.") else { throw damaged(text, at: nil) }
      return .start
    } catch {
      throw QueryError(io: "the file of the cursor cannot be read", at: file.path, found: error.localizedDescription)
    }
    let word = content.trimmingCharacters(in: .whitespacesAndNewlines)
    guard let cursor = read(word) else { throw damaged(word, at: file) }
    return cursor
  }

  private static func read(_ text: String) -> IndexCursor? { text == "start" ? .start : IndexCursor(text) }

  private static func damaged(_ text: String, at file: URL?) -> QueryError {
    QueryError(
      usage: file.map { "the file \($0.path) holds no cursor" } ?? "this is no cursor", found: "'\(text.prefix(80))'",
      expected: "a cursor as 'ambq follow' writes it, or 'start' for the beginning")
  }
}

/// The file in which following keeps its place.
struct CursorFile {
  let url: URL
  private var written: IndexCursor?

  init(_ url: URL) {
    self.url = url
  }

  /// Writes the place, whole and safe from a crash, where it is another one than before.
  ///
  /// - Throws: `StorageError`.
  mutating func save(_ cursor: IndexCursor) throws {
    guard cursor != written else { return }
    try DurableFile.write(Data("\(cursor)\n".utf8), to: url)
    written = cursor
  }
}
