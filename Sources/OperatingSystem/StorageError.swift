import DialogueDomain
import Foundation

/// A system call on a file failed.
public struct StorageError: ExplainedError {
  public let explanation: Explanation
  /// The system's error number, such as `ENOSPC`.
  public let code: Int32

  /// - Parameter action: what was being done, as in `writing`.
  public init(_ action: String, _ url: URL, code: Int32 = errno) {
    self.code = code
    let reason = String(cString: strerror(code))
    explanation = Explanation(
      code == ENOENT ? .missingInput : .io, "\(action) failed: \(reason)", at: url.path, remedy: Self.remedy(code))
  }

  /// True for trouble that passes: a full disk, a busy or briefly unreadable file, too many open files.
  public var isTransient: Bool {
    [EAGAIN, EBUSY, EINTR, EIO, ENOSPC, EDQUOT, ENFILE, EMFILE, ENOMEM, ESTALE, ETIMEDOUT, ETXTBSY].contains(code)
  }

  private static func remedy(_ code: Int32) -> String? {
    switch code {
    case ENOSPC, EDQUOT: "Free some space on that filesystem and try again."
    case EACCES, EPERM, EROFS: "Check that the user running this may read and write there."
    case ENOENT: "Check the path."
    case ENOTDIR: "A file lies where a folder is needed; name another path."
    case EXDEV: "Both folders must lie on one filesystem."
    default: nil
    }
  }
}
