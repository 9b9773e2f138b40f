import DialogueDomain
import Foundation

/// What a process was given by whoever started it, put right or refused before anything else happens.
public enum ProcessSurroundings {
  /// Descriptors that the programs need at the least: libraries fail in strange ways for want of one.
  private static let leastDescriptors: rlim_t = 64

  /// Opens the standard descriptors that are closed, so that no file of ours gets the number of one and is written to by
  /// mistake; has a limit on file sizes tell rather than kill; raises the limit of open files as far as it goes.
  ///
  /// A limit on address space that is too low for OpenBLAS is refused before this: its initialiser runs before `main`
  /// (`CStartup`).
  ///
  /// - Throws: `SurroundingsError` where the limits leave too little to work with.
  public static func prepare() throws(SurroundingsError) {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is the one that is missing.
      _ = open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY)
    }
    signal(SIGXFSZ, SIG_IGN)
    var files = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files) == 0 {
      files.rlim_cur = files.rlim_max
      _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
      guard files.rlim_max >= leastDescriptors else {
        throw SurroundingsError(
          "too few files may be open at once", found: "\(files.rlim_max)", expected: "at least \(leastDescriptors)",
          remedy: "Raise the limit (ulimit -n, LimitNOFILE= of the service).")
      }
    }
  }

  /// Checks that so many files may be open at once, beside what the program itself needs.
  ///
  /// - Throws: `SurroundingsError` where the limit is lower.
  public static func requireOpenFiles(_ count: Int, for what: String) throws(SurroundingsError) {
    var files = rlimit()
    let needed = rlim_t(count) + leastDescriptors
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files) == 0, files.rlim_cur < needed else { return }
    throw SurroundingsError(
      "too few files may be open at once for \(what)", found: "\(files.rlim_cur)", expected: "at least \(needed)",
      remedy: "Raise the limit (ulimit -n, LimitNOFILE= of a service).")
  }
}

/// The limits that a process was started with leave too little to work with.
public struct SurroundingsError: ExplainedError {
  /// Which limit, and how to raise it.
  public let explanation: Explanation

  init(_ what: String, found: String, expected: String, remedy: String) {
    explanation = Explanation(.io, what, found: found, expected: expected, remedy: remedy)
  }
}
