import DialogueDomain
import Foundation
import GRDB

/// The index cannot be opened, read or written.
public struct IndexError: ExplainedError {
  public let explanation: Explanation
  /// Whether a bundle is at fault, which contradicts itself, and not the index.
  public let isAboutBundle: Bool

  init(_ explanation: Explanation, isAboutBundle: Bool = false) {
    self.explanation = explanation
    self.isAboutBundle = isAboutBundle
  }

  /// No file lies where the index is expected.
  static func missing(_ url: URL) -> IndexError {
    IndexError(
      Explanation(
        .missingInput, "there is no index here", at: url.path,
        remedy: "Start ambd on this spool to make one, or name another with --spool DIR or --index FILE."))
  }

  /// The file is empty or the daemon is just making it.
  static func unfinished(_ url: URL) -> IndexError {
    IndexError(
      Explanation(
        .missingInput, "the index is empty: ambd has not set it up", at: url.path,
        remedy: "Start ambd on this spool, or name another index with --spool DIR or --index FILE."))
  }

  /// Some other program's file.
  static func foreign(_ url: URL, found: String) -> IndexError {
    IndexError(
      Explanation(
        .data, "this is not an ambq index", at: url.path, found: found, expected: "an SQLite file made by ambd",
        remedy: "Name the index with --index FILE, or move this file away and let ambd make a new one."))
  }

  static func newer(_ url: URL, version: Int) -> IndexError {
    IndexError(
      Explanation(
        .data, "the index was made by a newer version of ambq", at: url.path, found: "schema \(version)",
        expected: "schema \(IndexSchema.version) or older", remedy: "Use the newer programs, or another index."))
  }

  static func older(_ url: URL, version: Int) -> IndexError {
    IndexError(
      Explanation(
        .data, "the index was made by an older version of ambq", at: url.path, found: "schema \(version)",
        expected: "schema \(IndexSchema.version)",
        remedy: "Start this version's ambd once: it brings the index up to date."))
  }

  static func networkFilesystem(_ url: URL, type: String) -> IndexError {
    IndexError(
      Explanation(
        .usage, "the index must not lie on a network filesystem", at: url.path, found: type,
        expected: "a local filesystem: SQLite's write-ahead log needs shared memory",
        remedy: "Set index in ambd.toml (or AMBD_INDEX) to a file on a local disk; the spool may stay where it is."))
  }

  static func notWritable(_ url: URL) -> IndexError {
    IndexError(
      Explanation(
        .io, "the index cannot be written", at: url.path, remedy: "Give it to the user that ambd runs as."))
  }

  static func missingFolder(_ url: URL) -> IndexError {
    IndexError(
      Explanation(
        .io, "the folder of the index does not exist", at: url.path,
        remedy: "Make the folder, or set index in ambd.toml to a file elsewhere."))
  }

  static func anotherSpool(_ url: URL, found: String, expected: String) -> IndexError {
    IndexError(
      Explanation(
        .usage, "the index belongs to another spool", at: url.path, found: found, expected: expected,
        remedy: "Give each spool an index of its own; where this spool has taken the place of that one, move that one"
          + " away first."))
  }

  /// SQLite would let a power cut undo what it reports as recorded.
  static func notDurable(_ url: URL, found level: Int) -> IndexError {
    IndexError(
      Explanation(
        .io, "the index would lose its last rows in a power cut", at: url.path, found: "PRAGMA synchronous = \(level)",
        expected: "2 (FULL) or 3 (EXTRA)", remedy: "Use these programs with the SQLite of the system, unchanged."))
  }

  /// A scored bundle contradicts itself.
  static func inconsistent(_ what: String, bundle: String, found: String, expected: String) -> IndexError {
    IndexError(Explanation(.data, what, at: bundle, found: found, expected: expected), isAboutBundle: true)
  }

  /// Another file, or none, lies where the open one was.
  static func replaced(_ url: URL, isGone: Bool) -> IndexError {
    IndexError(
      Explanation(
        .io, "the index was \(isGone ? "deleted" : "replaced") while ambd worked on it", at: url.path,
        remedy: "Nothing is lost: ambd makes it again from the bundles in done/."))
  }

  /// The read-only opening failed for want of the write-ahead log's shared memory.
  static func unreadableLog(_ url: URL) -> IndexError {
    IndexError(
      Explanation(
        .io, "the index has changes in its write-ahead log, and the folder is not writable", at: url.path,
        remedy: "Copy \(url.lastPathComponent) and \(url.lastPathComponent)-wal into a folder of your own and use"
          + " --index there."))
  }

  /// Whatever SQLite reports.
  static func database(_ error: DatabaseError, _ url: URL) -> IndexError {
    let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_NOTADB: return .foreign(url, found: "a file that is not SQLite's")
    case .SQLITE_CORRUPT:
      return IndexError(
        Explanation(
          .data, "the index is damaged: \(reason)", at: url.path,
          remedy: "Stop ambd and run 'ambd --rebuild-index': it makes the index again from the bundles in done/."))
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return IndexError(
        Explanation(.io, "the index is busy: \(reason)", at: url.path, remedy: "Try again in a moment."))
    case .SQLITE_FULL:
      return IndexError(
        Explanation(
          .io, "the filesystem of the index is full", at: url.path, remedy: "Free some space and try again."))
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
      return IndexError(
        Explanation(
          .io, "the index cannot be opened: \(reason)", at: url.path,
          remedy: "Check that it is a file in a folder that exists, and that you may use both."))
    default: return IndexError(Explanation(.io, "the index failed: \(reason)", at: url.path))
    }
  }

  /// Runs `body` with SQLite's errors put into words.
  static func explained<Value>(_ url: URL, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw IndexError.database(error, url)
    }
  }
}
