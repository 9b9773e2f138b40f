import DialogueDomain
import Glibc

/// Writing to standard output or another descriptor failed.
public struct OutputError: ExplainedError {
  /// The system's error number, such as `ENOSPC`.
  public let code: Int32
  public let explanation: Explanation

  init(code: Int32) {
    self.code = code
    explanation = Explanation(
      .io, "writing the output failed: \(String(cString: strerror(code)))",
      remedy: code == ENOSPC ? "Free some space on the filesystem that the output goes to." : nil)
  }

  /// The reader went away, as `head` does when it has its lines: nothing to tell anybody about.
  public var isClosedPipe: Bool { code == EPIPE }
}
