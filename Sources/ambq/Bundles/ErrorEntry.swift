import AmbqConfiguration
import Foundation
import ResultIndex

/// A failure with the file it is about and the way back into the queue.
struct ErrorEntry {
  let failure: FailureRecord
  /// Where the bundle lies now; nil where it is gone, or where the spool is not known.
  let file: URL?
  /// The shell command that has the bundle scored again; nil where there is nothing to do, or nothing to be done by hand.
  let requeue: String?

  init(_ failure: FailureRecord, spool: SpoolLayout?) {
    self.failure = failure
    let folder = failure.state == .failed ? spool?.failed : spool?.deferred
    let file = folder?.appendingPathComponent(failure.name)
    let isThere = file.map { FileManager.default.fileExists(atPath: $0.path) } ?? false
    self.file = isThere ? file : nil
    if isThere, !failure.isResolved, failure.state == .failed, let file, let spool {
      requeue = "mv \(Self.quoted(file.path)) \(Self.quoted(spool.incoming.path + "/"))"
    } else {
      requeue = nil
    }
  }

  /// The text as one word of a shell.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      byte.isLetterOrDigit
        || [UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
    }
    return isPlain
      ? text : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}

extension UInt8 {
  fileprivate var isLetterOrDigit: Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self)
  }
}
