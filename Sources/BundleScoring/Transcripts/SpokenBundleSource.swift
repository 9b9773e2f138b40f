import AMBDSGDN
import DialogueBundles
import DialogueDomain
import Foundation
import Synchronization
import Tensors
import TextEncoder

/// Reads feature bundles as another source does, and gives what that one makes of transcripts the features of their
/// words and times.
///
/// ```swift
/// let source = SpokenBundleSource(IsolatedBundleReader(), encoder: LazyEncoder())
/// let talk = try source.read(URL(filePath: "talk.vtt")).bundle     // features of all-MiniLM-L6-v2/384 and turn-timing/8
/// ```
public struct SpokenBundleSource: BundleSource {
  private let source: any BundleSource
  private let encoder: LazyEncoder
  private let threads: Int

  /// A share of pieces that the encoder does not know above this means that it does not know the language.
  static let mostUnknown = 0.2

  /// - Parameters:
  ///   - source: reads the files.
  ///   - encoder: makes features of words; loaded when the first transcript comes.
  ///   - threads: threads to encode with; they do not change the result.
  public init(_ source: any BundleSource, encoder: LazyEncoder, threads: Int = Processor.cores) {
    self.source = source
    self.encoder = encoder
    self.threads = threads
  }

  /// Reads one file of either kind.
  ///
  /// - Throws: `BundleError`; for a transcript also `EncoderUnavailable`.
  public func read(_ url: URL) throws -> BundleReading {
    var reading = try source.read(url)
    guard reading.transcript != nil else { return reading }
    let features = try FeatureExtraction(try encoder.loaded(), threads: threads).features(of: reading.bundle)
    reading.bundle = features.bundle
    if features.unknownShare > Self.mostUnknown {
      let share = Int((features.unknownShare * 100).rounded())
      reading.notes.append(
        "The text encoder does not know \(share) % of the words' pieces: it may not know the language, and the labels may "
          + "mean nothing.")
    }
    return reading
  }
}

/// An encoder that is read when it is first asked for, once for all who share it.
public final class LazyEncoder: Sendable {
  private let folder: URL?
  private let encoder = Mutex<TextEncoder?>(nil)

  /// - Parameter folder: the encoder's folder; nil for the one that `EncoderDirectory.find` finds.
  public init(folder: URL? = nil) {
    self.folder = folder
  }

  /// An encoder that is in memory already.
  public init(_ encoder: TextEncoder) {
    folder = nil
    self.encoder.withLock { $0 = encoder }
  }

  /// The encoder.
  ///
  /// - Throws: `EncoderUnavailable`; it is looked for again the next time.
  public func loaded() throws(EncoderUnavailable) -> TextEncoder {
    do {
      return try encoder.withLock { encoder in
        if let encoder { return encoder }
        let read = try TextEncoder(directory: folder.map { try EncoderDirectory($0) } ?? EncoderDirectory.find())
        encoder = read
        return read
      }
    } catch {
      throw EncoderUnavailable(error)
    }
  }
}

/// A transcript came and there is no encoder for its words: the machine's trouble, which passes when one is installed.
public struct EncoderUnavailable: ExplainedError {
  /// What is wrong with the encoder, and how to mend it.
  public let explanation: Explanation
  /// A later try may succeed.
  public let isTransient = true

  init(_ cause: any Error) {
    explanation = (cause as? any ExplainedError)?.explanation ?? Explanation(.io, "the text encoder: \(cause)")
  }
}
