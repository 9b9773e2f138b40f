import DialogueDomain
import Foundation
import OperatingSystem

/// Faults of the file as a whole.
extension BundleError {
  /// A system call failed; only trouble that passes by itself is transient.
  static func unreadable(_ action: String, code: Int32) -> BundleError {
    let passing: Set<Int32> = [EAGAIN, EBUSY, EINTR, EIO, EMFILE, ENFILE, ENOMEM, ENOBUFS, ESTALE, ETIMEDOUT]
    let reason = String(cString: strerror(code))
    let remedy =
      switch code {
      case ENOENT: "Check the path."
      case EACCES, EPERM: "Let the user running this read the file."
      default: "Try again; if it stays, check the disk."
      }
    return BundleError(
      .unreadable, "\(action) failed: \(reason)", remedy: remedy, kind: code == ENOENT ? .missingInput : .io,
      transient: passing.contains(code))
  }

  static var notAFile: BundleError {
    BundleError(
      .notAFile, "this is not a regular file", expected: "a dialogue feature bundle",
      remedy: "Name the .h5 file itself.")
  }

  static var empty: BundleError {
    BundleError(
      .empty, "the file is empty", found: "0 bytes", expected: "a dialogue feature bundle", remedy: "Copy it again.")
  }

  static func notHDF5(start: String) -> BundleError {
    BundleError(
      .notHDF5, "this is not an HDF5 file", found: "a file that starts with \(start)", expected: "the HDF5 signature",
      remedy: "Write the features in the format of dialogue-bundle(5).")
  }

  static func truncated(size: Int, expected: String) -> BundleError {
    BundleError(
      .truncated, "the file is cut short", found: "\(size) bytes", expected: expected,
      remedy: "Copy it again, under a temporary name, and rename it when it is whole.")
  }

  static func incompleteCopy(at path: String? = nil, found: String, expected: String) -> BundleError {
    BundleError(
      .incompleteCopy, "this looks like an incomplete copy", at: path, found: found, expected: expected,
      remedy: "Copy it again. If the zeros are meant, put the file's digest beside it as <file>.sha256, "
        + "or write NaN in rows that lack a modality.")
  }

  static func stillBeingWritten(found: String, remedy: String) -> BundleError {
    BundleError(
      .stillBeingWritten, "the file is still being written", found: found, expected: "a closed file", remedy: remedy,
      kind: .io, transient: true)
  }

  static func tooLarge(at path: String? = nil, found: String, limit: Int) -> BundleError {
    BundleError(
      .tooLarge, "the bundle is larger than the limit", at: path, found: found,
      expected: "at most \(limit) bytes in all",
      remedy: "Split it into several bundles of whole dialogues.")
  }

  static func damaged(at path: String? = nil, cause: String) -> BundleError {
    BundleError(
      .damaged, "the HDF5 library cannot read this", at: path, found: cause.isEmpty ? nil : "\"\(cause)\"",
      remedy: "The file is damaged: copy it again, or write it again.")
  }

  static func digestMismatch(found: String, expected: String, sidecar: String) -> BundleError {
    BundleError(
      .digestMismatch, "the content does not match \(sidecar)", found: "SHA-256 \(found)", expected: expected,
      remedy: "Copy both again.")
  }

  static func digestUnreadable(sidecar: String, found: String) -> BundleError {
    BundleError(
      .digestUnreadable, "\(sidecar) holds no SHA-256 digest", found: found,
      expected: "64 hexadecimal digits, then nothing or a file name", remedy: "Make it with sha256sum, or remove it.")
  }
}
