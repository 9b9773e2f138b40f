import DialogueDomain
import Foundation
import OperatingSystem
import Transcripts

/// A bundle that cannot be read, or cannot be used: one fault, explained.
public struct BundleError: ExplainedError, Codable, Hashable {
  /// What is wrong, for programs; the explanation says it for people.
  public enum Fault: String, Codable, Sendable, CaseIterable {
    // The file
    /// The file as such.
    case unreadable, notAFile, empty, notHDF5, truncated, incompleteCopy, stillBeingWritten, tooLarge, damaged
    /// The digest that came with the file.
    case digestMismatch, digestUnreadable
    // What HDF5 allows and a bundle does not
    /// What HDF5 allows and a bundle does not.
    case externalLink, brokenLink, externalStorage, virtualDataset, unknownFilter
    // The format
    /// The format.
    case notABundle, unknownFormat, missingVersion, unknownVersion, missingDataset, wrongShape, wrongType
    // The content
    /// The dialogues and their rows.
    case noModality, noDialogues, emptyDialogue, offsetsNotFromZero, offsetsNotMonotone, offsetsNotCovering
    /// Rows, features and ids.
    case lengthsDisagree, notFinite, duplicateDialogue, duplicateUtterance
    /// Names and ids as text.
    case emptyName, longName, controlCharacter, invalidUTF8
    /// Labels, classes and times.
    case labelsWithoutEmotions, labelOutsideClasses, noEmotions, duplicateEmotion, wrongTime
    // The isolated reader
    /// The process that reads the file.
    case readerCrashed, readerTooSlow, readerStalled, readerKilled, readerUnavailable, readerGarbled
    // Writing
    /// A value that half precision cannot hold.
    case beyondHalfPrecision
    // Transcripts
    /// A file that cannot be read as a transcript.
    case transcript
  }

  /// What is wrong, for programs.
  public let fault: Fault
  /// What is wrong, where, and how to mend it, for people.
  public var explanation: Explanation
  /// True where a later try with the same file may succeed: it is still being written, or the machine was in trouble.
  public let isTransient: Bool

  init(
    _ fault: Fault, _ what: String, at location: String? = nil, found: String? = nil, expected: String? = nil,
    remedy: String? = nil, kind: Explanation.Kind = .data, transient: Bool = false
  ) {
    self.fault = fault
    explanation = Explanation(kind, what, at: location, found: found, expected: expected, remedy: remedy)
    isTransient = transient
  }

  /// The fault of a transcript, its place without the file's name.
  static func transcript(_ error: TranscriptError, in name: String) -> BundleError {
    let explanation = error.explanation
    let place = explanation.location.flatMap { $0.hasPrefix(name + ": ") ? String($0.dropFirst(name.count + 2)) : nil }
    return BundleError(
      .transcript, explanation.what, at: place, found: explanation.found, expected: explanation.expected,
      remedy: explanation.remedy)
  }

  /// The same fault with the file's name put before the place within the file.
  func inFile(_ name: String) -> BundleError {
    var error = self
    error.explanation.location = explanation.location.map { "\(name): \($0)" } ?? name
    return error
  }
}

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

  static func notHDF5(start: String, format: ForeignFormat?) -> BundleError {
    BundleError(
      .notHDF5, "this is not an HDF5 file", found: format?.title ?? "a file that starts with \(start)",
      expected: "the HDF5 signature",
      remedy: format?.remedy ?? "Write the features in the format of dialogue-bundle(5).")
  }

  /// A sound file of a later library than the one here.
  static func newerHDF5(at path: String?, cause: String) -> BundleError {
    BundleError(
      .unknownVersion, "the file is written in a newer form of HDF5 than the library here reads", at: path,
      found: "\"\(cause)\"", expected: "the form of HDF5 1.10 or earlier",
      remedy:
        "Write it by h5py.File(name, \"w\", libver=(\"earliest\", \"v110\")). If an older library wrote it, the file is damaged: copy it again."
    )
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

  /// More of something than the configuration lets a file have.
  static func overLimit(
    _ what: String, at place: String, found: Int, limit: Int, key: String, remedy: String
  ) -> BundleError {
    BundleError(
      .tooLarge, what, at: place, found: "\(found) utterances", expected: "at most \(limit) (\(key))",
      remedy: "\(remedy), or raise the limit in ambd.toml.")
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
      expected: "a plain file that begins with a line of sha256sum", remedy: "Make it with sha256sum, or remove it.")
  }
}

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
