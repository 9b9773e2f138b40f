import DialogueDomain
import Foundation

/// A bundle that cannot be read, or cannot be used: one fault, explained.
public struct BundleError: ExplainedError, Codable, Hashable {
  /// What is wrong, for programs; the explanation says it for people.
  public enum Fault: String, Codable, Sendable, CaseIterable {
    // The file
    case unreadable, notAFile, empty, notHDF5, truncated, incompleteCopy, stillBeingWritten, tooLarge, damaged
    case digestMismatch, digestUnreadable
    // What HDF5 allows and a bundle does not
    case externalLink, brokenLink, externalStorage, virtualDataset, unknownFilter
    // The format
    case notABundle, unknownFormat, missingVersion, unknownVersion, missingDataset, wrongShape, wrongType
    // The content
    case noModality, noDialogues, emptyDialogue, offsetsNotFromZero, offsetsNotMonotone, offsetsNotCovering
    case lengthsDisagree, notFinite, duplicateDialogue, duplicateUtterance
    case emptyName, longName, controlCharacter, invalidUTF8
    case labelsWithoutEmotions, labelOutsideClasses, noEmotions, duplicateEmotion, wrongTime
    // The isolated reader
    case readerCrashed, readerTooSlow, readerStalled, readerKilled, readerUnavailable, readerGarbled
    // Writing
    case beyondHalfPrecision
  }

  public let fault: Fault
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

  /// The same fault with the file's name put before the place within the file.
  func inFile(_ name: String) -> BundleError {
    var error = self
    error.explanation.location = explanation.location.map { "\(name): \($0)" } ?? name
    return error
  }
}
