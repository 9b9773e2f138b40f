// Whoever imports this module has the words it speaks in: bundles, dialogues, modalities, scored utterances.
@_exported import DialogueDomain
import Foundation
import OperatingSystem
import Transcripts

/// A bundle read from a file: its content, and the identity of the very bytes it was decoded from.
public struct BundleReading: Sendable {
  /// The content.
  public var bundle: FeatureBundle
  /// SHA-256 of the file, lower-case hexadecimal.
  public var digest: String
  /// Size of the file.
  public var byteCount: Int
  /// What was made of a transcript, whose bundle has words and no features yet; nil for a feature bundle.
  public var transcript: TranscriptReport?
  /// Share of the words' pieces that the text encoder does not know; nil where it has read none.
  public var unknownWords: Double?
  /// What a person should know, one sentence each.
  public var notes: [String] = []

  /// A reading of these parts.
  public init(bundle: FeatureBundle, digest: String, byteCount: Int, transcript: TranscriptReport? = nil) {
    self.bundle = bundle
    self.digest = digest
    self.byteCount = byteCount
    self.transcript = transcript
    notes = transcript?.warnings ?? []
  }
}

/// Something that reads bundles: in this process, or in a child process of its own.
public protocol BundleSource: Sendable {
  /// Reads and checks one bundle.
  ///
  /// - Throws: `BundleError`; where transcripts are encoded, also what that throws.
  func read(_ url: URL) throws -> BundleReading
}

/// Reads dialogue feature bundles, and transcripts as far as their words, in this process.
///
/// ```swift
/// let reading = try BundleReader().read(URL(fileURLWithPath: "friday.h5"))
/// for dialogue in reading.bundle.dialogues {
///   for row in dialogue.rows { print(dialogue.id, reading.bundle.utterances[row].speaker) }
/// }
/// ```
///
/// The HDF5 library can crash on a damaged file, and this process with it: a program that must go on uses
/// `IsolatedBundleReader`.
public struct BundleReader: BundleSource {
  /// Bytes that a file, and likewise its decoded content, may have.
  public let sizeLimit: Int

  /// The default of `sizeLimit`: 4 GiB.
  public static let defaultSizeLimit = 4 << 30

  /// - Parameter sizeLimit: bytes.
  public init(sizeLimit: Int = defaultSizeLimit) {
    self.sizeLimit = sizeLimit
  }

  /// Reads the file once into memory, hashes those bytes and decodes the same bytes.
  ///
  /// - Throws: `BundleError` for the first fault found; `isTransient` tells whether a later try can succeed.
  public func read(_ url: URL) throws -> BundleReading {
    do {
      return try readUnnamed(url)
    } catch let error as BundleError {
      throw error.inFile(url.lastPathComponent)
    }
  }

  /// As `read`, with errors that do not name the file yet.
  private func readUnnamed(_ url: URL) throws -> BundleReading {
    if InputKind(fileName: url.lastPathComponent.utf8) == .transcript {
      return try TranscriptReading.read(url, limits: TranscriptLimits())
    }
    let image = try FileImage(url, limit: sizeLimit)
    try Superblock.check(image)
    let digest = FileDigest.sha256(image.bytes)
    let zeroTail = ZeroTail(image, isVouchedFor: try DigestSidecar.vouches(for: digest, of: url))
    do {
      let bundle = try BundleDecoder(image, zeroTail: zeroTail, sizeLimit: sizeLimit).decode()
      return BundleReading(bundle: bundle, digest: digest, byteCount: image.bytes.count)
    } catch let failure as HDF5Failure {
      throw zeroTail.fault(of: failure)
    }
  }
}
