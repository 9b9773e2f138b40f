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

/// How much one file may ask of whoever scores it.
public struct BundleLimits: Sendable, Hashable {
  /// Utterances in all; memory grows with them.
  public var utterances = 200_000
  /// Utterances of one dialogue; self-attention takes their square.
  public var dialogueUtterances = 50_000

  /// The default limits.
  public init() {}

  /// Checks what was read of a bundle's dialogues.
  ///
  /// - Throws: `BundleError`, naming the limit by its key in `ambd.toml`.
  func check(_ dialogues: [Dialogue], utterances: Int) throws {
    try check(utterances: utterances)
    guard let longest = dialogues.max(by: { $0.rows.count < $1.rows.count }), longest.rows.count > dialogueUtterances
    else { return }
    throw BundleError.overLimit(
      "a dialogue is longer than the limit", at: "dialogue \"\(longest.id)\"", found: longest.rows.count,
      limit: dialogueUtterances, key: "limits.dialogue_utterances", remedy: "Split it where the talk pauses")
  }

  /// Checks what a file says of its length before anything is made of it.
  ///
  /// - Throws: `BundleError`, as above.
  func check(utterances: Int) throws {
    guard utterances > self.utterances else { return }
    throw BundleError.overLimit(
      "the bundle has more utterances than the limit", at: BundleFormat.Path.speaker, found: utterances,
      limit: self.utterances, key: "limits.utterances", remedy: "Split it into several bundles of whole dialogues")
  }
}

/// Something that reads bundles: in this process, or in a child process of its own.
public protocol BundleSource: Sendable {
  /// Reads and checks one bundle.
  ///
  /// - Throws: `BundleError`; where transcripts are encoded, also what that throws.
  func read(_ url: URL) throws -> BundleReading

  /// Reads and checks one bundle and gives out its features part by part, so that those of a large one need not be held.
  ///
  /// - Throws: as `read`; all that is wrong with the content shows here.
  func open(_ url: URL) throws -> OpenedBundle
}

extension BundleSource {
  /// Reads the bundle whole and gives that out part by part.
  ///
  /// - Throws: as `read`.
  public func open(_ url: URL) throws -> OpenedBundle { OpenedBundle(try read(url)) }
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
  /// What a file may ask of whoever scores it; nil for what is not to be scored.
  public let limits: BundleLimits?
  /// Called when the file's bytes are in memory, before any of them means anything.
  var beforeParsing: @Sendable () -> Void = {}

  /// The default of `sizeLimit`: 4 GiB.
  public static let defaultSizeLimit = 4 << 30

  /// - Parameters:
  ///   - sizeLimit: bytes.
  ///   - limits: utterances; nil for no limit.
  public init(sizeLimit: Int = defaultSizeLimit, limits: BundleLimits? = nil) {
    self.sizeLimit = sizeLimit
    self.limits = limits
  }

  /// Reads the file once into memory, hashes those bytes and decodes the same bytes.
  ///
  /// - Throws: `BundleError` for the first fault found; `isTransient` tells whether a later try can succeed.
  public func read(_ url: URL) throws -> BundleReading {
    try decode(url) { file in
      BundleReading(
        bundle: try file.bundle.whole(), digest: file.digest, byteCount: file.byteCount, transcript: file.transcript)
    }
  }

  /// Decodes a file and hands what it holds to somebody.
  ///
  /// - Throws: `BundleError`, and what `body` throws.
  func decode<Result>(_ url: URL, _ body: (DecodedFile) throws -> Result) throws -> Result {
    do {
      return try body(try decodeUnnamed(url))
    } catch let error as BundleError {
      throw error.inFile(url.lastPathComponent)
    } catch let failure as HDF5Failure {
      throw BundleError.damaged(cause: failure.cause).inFile(url.lastPathComponent)
    }
  }

  /// A file with errors that do not name it yet.
  private func decodeUnnamed(_ url: URL) throws -> DecodedFile {
    if InputKind(fileName: url.lastPathComponent.utf8) == .transcript {
      let reading = try TranscriptReading.read(url, limits: TranscriptLimits(), beforeParsing: beforeParsing)
      let outline = BundleOutline(reading.bundle)
      try limits?.check(outline.dialogues, utterances: outline.utterances.count)
      return DecodedFile(
        bundle: DecodedBundle(outline: outline), digest: reading.digest, byteCount: reading.byteCount,
        transcript: reading.transcript)
    }
    let image = try FileImage(url, limit: sizeLimit)
    let sidecar = DigestSidecar(of: url)
    beforeParsing()
    return try decode(image, isVouchedFor: sidecar.vouches(for:))
  }

  /// Decodes a file's bytes.
  ///
  /// - Parameter isVouchedFor: whether what came with the file says that bytes of this digest are whole.
  func decode(_ image: FileImage, isVouchedFor: (String) throws -> Bool) throws -> DecodedFile {
    try Superblock.check(image)
    let digest = FileDigest.sha256(image.bytes)
    let zeroTail = ZeroTail(image, isVouchedFor: try isVouchedFor(digest))
    do {
      let bundle = try BundleDecoder(image, zeroTail: zeroTail, sizeLimit: sizeLimit, limits: limits).decode()
      return DecodedFile(bundle: bundle, digest: digest, byteCount: image.bytes.count)
    } catch let failure as HDF5Failure {
      throw zeroTail.fault(of: failure)
    }
  }
}

/// A file that has been taken apart: its content, and the identity of the very bytes it was decoded from.
struct DecodedFile {
  let bundle: DecodedBundle
  let digest: String
  let byteCount: Int
  var transcript: TranscriptReport?
}
