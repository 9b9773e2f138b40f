import DialogueDomain
import Foundation

/// Faults of reading in a child process.
extension BundleError {
  static func readerCrashed(signal: Int32) -> BundleError {
    BundleError(
      .readerCrashed, "the HDF5 library crashed on this file", found: String(cString: strsignal(signal)),
      expected: "a sound HDF5 file", remedy: "The file is damaged: copy it again, or write it again.")
  }

  static func readerTooSlow(seconds: Int) -> BundleError {
    BundleError(
      .readerTooSlow, "the file takes too long to read", found: "more than \(seconds) s of processor time",
      expected: "less", remedy: "The file may be damaged. If not, split it, or write it with less compression.")
  }

  static func readerStalled(seconds: Double) -> BundleError {
    BundleError(
      .readerStalled, "reading the file did not end in time", found: "no result after \(seconds.formatted()) s",
      expected: "a result",
      remedy: "Check the disk or the network the file lies on; it is tried again.", kind: .io, transient: true)
  }

  static func readerKilled(signal: Int32) -> BundleError {
    BundleError(
      .readerKilled, "the process that reads the file was stopped from outside",
      found: String(cString: strsignal(signal)),
      remedy: "Check whether the machine ran out of memory; it is tried again.",
      kind: .io, transient: true)
  }

  static func readerUnavailable(_ reason: String) -> BundleError {
    BundleError(
      .readerUnavailable, "no process to read the file could be started", found: reason,
      remedy: "Check the installation and the limits on processes and open files.", kind: .io, transient: true)
  }

  static func readerGarbled(_ what: String) -> BundleError {
    BundleError(
      .readerGarbled, "the process that read the file answered nonsense", found: what, expected: "a bundle",
      remedy: "The file is probably damaged: copy it again, or write it again.")
  }
}
