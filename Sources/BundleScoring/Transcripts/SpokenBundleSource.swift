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
  public func read(_ url: URL) throws -> BundleReading { try open(url).whole() }

  /// Opens one file of either kind; the words of each part are encoded when it is asked for.
  ///
  /// - Throws: as `read`.
  public func open(_ url: URL) throws -> OpenedBundle {
    let opened = try source.open(url)
    if opened.transcript != nil { return encoding(opened, FeatureExtraction(try encoder.loaded(), threads: threads)) }
    guard let tuned = try encoder.retuned(opened.outline) else { return opened }
    return reencoding(opened, FeatureExtraction(tuned, threads: threads))
  }

  /// A transcript with features of its words and times.
  private func encoding(_ opened: OpenedBundle, _ extraction: FeatureExtraction) -> OpenedBundle {
    let outline = extraction.outline(of: opened.outline)
    let counted = Mutex((pieces: 0, unknown: 0))
    return opened.changed(to: outline) { spoken in
      let features = try extraction.features(of: spoken)
      var bundle = features.bundle
      // A modality that only other parts have is missing here.
      for (modality, table) in outline.features where bundle.features[modality] == nil {
        bundle.features[modality] = FeatureTable(
          width: table.width, values: [Float](repeating: 0, count: spoken.utterances.count * table.width),
          missing: [Bool](repeating: true, count: spoken.utterances.count))
      }
      bundle.extractors = outline.extractors
      let (pieces, unknown) = counted.withLock { counted in
        counted.pieces += features.pieces
        counted.unknown += features.unknownPieces
        return counted
      }
      let share = pieces == 0 ? 0 : Double(unknown) / Double(pieces)
      let isLast = spoken.firstRow + spoken.utterances.count == outline.utterances.count
      return OpenedBundle.Part(bundle, unknownWords: share, notes: isLast ? Self.notes(unknownShare: share) : [])
    }
  }

  private static func notes(unknownShare share: Double) -> [String] {
    guard UnknownWords.areMany(share) else { return [] }
    return [
      "The text encoder does not know \(Int((share * 100).rounded())) % of the words' pieces: it may not know the language, "
        + "and the labels may mean nothing."
    ]
  }

  /// A bundle with the vectors of its words in place of its text features.
  private func reencoding(_ opened: OpenedBundle, _ extraction: FeatureExtraction) -> OpenedBundle {
    var outline = opened.outline
    outline.features[.text] = extraction.outlineOfWords(opened.outline.utterances)
    outline.extractors[.text] = extraction.extractor
    let reencoded = opened.changed(to: outline) { OpenedBundle.Part(try extraction.reencoded($0)) }
    reencoded.note("The text features were made anew from the words, by the model's own encoder.")
    return reencoded
  }
}

extension OpenedBundle {
  /// The same bundle with other features, which are made part by part of its own.
  fileprivate func changed(
    to outline: BundleOutline, _ change: @escaping @Sendable (FeatureBundle) throws -> Part
  ) -> OpenedBundle {
    OpenedBundle(
      outline, digest: digest, byteCount: byteCount, transcript: transcript, notes: notes, parts: parts
    ) { [self] part in
      // Every part of the one is one of the other.
      guard let own = try next() else { return Part(outline.part(part, features: [:])) }
      return try change(own)
    }
  }
}

/// An encoder that is read when it is first asked for, once for all who share it.
public final class LazyEncoder: Sendable {
  private let folder: URL?
  private let model: URL?
  private let precision: Precision
  private let encoder = Mutex<TextEncoder?>(nil)

  /// - Parameters:
  ///   - folder: the encoder's folder; nil for the one that `EncoderDirectory.find` finds.
  ///   - model: the folder of the model that is to read the vectors, which may carry what its encoder was tuned to.
  ///   - precision: in which it computes, single or one that the processor has.
  public init(folder: URL? = nil, model: URL? = nil, precision: Precision = .single) {
    self.folder = folder
    self.model = model
    self.precision = precision
  }

  /// An encoder that is in memory already.
  public init(_ encoder: TextEncoder) {
    (folder, model, precision) = (nil, nil, encoder.precision)
    self.encoder.withLock { $0 = encoder }
  }

  /// The encoder.
  ///
  /// - Throws: `EncoderUnavailable`; it is looked for again the next time.
  public func loaded() throws(EncoderUnavailable) -> TextEncoder {
    do {
      return try encoder.withLock { encoder in
        if let encoder { return encoder }
        var read = try TextEncoder(directory: folder.map { try EncoderDirectory($0) } ?? EncoderDirectory.find())
        if let tuning = model.flatMap(TunedEncoder.folder(in:)) {
          read = read.tuned(try TunedEncoder(from: tuning, for: read))
        }
        read = read.computed(in: precision)
        encoder = read
        return read
      }
    } catch {
      throw EncoderUnavailable(error)
    }
  }
}

extension LazyEncoder {
  /// The model's own encoder, where a bundle's text features are of the encoder that it was tuned from and all its words
  /// are there to be read again; nil where the features are taken as they are.
  fileprivate func retuned(_ bundle: BundleOutline) throws(EncoderUnavailable) -> TextEncoder? {
    guard model.flatMap(TunedEncoder.folder(in:)) != nil, let table = bundle.features[.text],
      let extractor = bundle.extractors[.text],
      zip(bundle.utterances, table.missing).allSatisfy({ $1 || $0.text != nil })
    else { return nil }
    let tuned = try loaded()
    return tuned.untunedExtractor == extractor ? tuned : nil
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
