import DialogueDomain
import Tensors

/// From what was said, by whom and when, to the features that the models take: `all-MiniLM-L6-v2/384` as the text
/// modality and `turn-timing/8` as the audio modality.
///
///     let extraction = FeatureExtraction(encoder)
///     let features = try extraction.features(of: bundle)     // dialogues, utterances and their words
///     features.bundle          // ready to be scored or written
///     features.unknownShare    // 0.01; near 1 for a language that the encoder does not know
public struct FeatureExtraction: Sendable {
  private let encoder: TextEncoder
  private let threads: Int

  /// A bundle, and how much of its words the encoder knows.
  public struct Features: Sendable {
    /// Dialogues, utterances and features.
    public var bundle: FeatureBundle
    /// Pieces of all texts together, without `[CLS]` and `[SEP]`.
    public var pieces: Int
    /// How many of them are `[UNK]`: letters that the vocabulary does not have.
    public var unknownPieces: Int

    /// `unknownPieces / pieces`; 0 where nothing is said.
    public var unknownShare: Double { pieces == 0 ? 0 : Double(unknownPieces) / Double(pieces) }
  }

  /// - Parameter threads: threads to encode with; they do not change the result.
  public init(_ encoder: TextEncoder, threads: Int = Processor.cores) {
    self.encoder = encoder
    self.threads = threads
  }

  /// A bundle's dialogues with the features of their words and times, in place of any that it has.
  ///
  /// A row without words lacks the text modality, one without any time lacks the audio modality; a modality that every
  /// row lacks is left out of the bundle.
  ///
  /// - Parameter spoken: dialogues, and utterances with their words as written.
  /// - Throws: nothing of its own; the encoder's threads may pass an error on.
  public func features(of spoken: FeatureBundle) throws -> Features {
    let (dialogues, utterances) = (spoken.dialogues, spoken.utterances)
    let cleaned = utterances.map { $0.text.map(TextCleaning.cleaned) ?? "" }
    let sequences = encoder.tokenizer.sequences(of: spoken, contextTurns: encoder.contextTurns)
    var tables: [Modality: FeatureTable] = [:]
    tables[.text] = try embeddings(sequences)
    tables[.audio] = timing(dialogues, utterances, cleaned)
    tables = tables.filter { $0.value.missing.contains(false) }
    var bundle = spoken
    bundle.extractors = Self.extractors(of: encoder).filter { tables[$0.key] != nil }
    bundle.features = tables
    let special = [encoder.tokenizer.classificationID, encoder.tokenizer.separatorID]
    let ids = sequences.compactMap { sequence in sequence.map { $0.ids[$0.pooled].filter { !special.contains($0) } } }
      .joined()
    return Features(
      bundle: bundle, pieces: ids.count, unknownPieces: ids.count { $0 == encoder.tokenizer.unknownID })
  }

  /// The name of the text features.
  public var extractor: String { encoder.extractor }

  /// What `features(of:)` will make of dialogues: which modalities there are, and which rows lack them.
  public func outline(of spoken: BundleOutline) -> BundleOutline {
    var tables = [Modality.text: outlineOfWords(spoken.utterances)]
    tables[.audio] = FeatureOutline(
      width: TurnTiming.columns.count,
      missing: spoken.utterances.map(TurnTiming.isMissing))
    tables = tables.filter { $0.value.missing.contains(false) }
    var outline = spoken
    outline.extractors = Self.extractors(of: encoder).filter { tables[$0.key] != nil }
    outline.features = tables
    return outline
  }

  /// Which rows have no words and so no text features.
  public func outlineOfWords(_ utterances: [Utterance]) -> FeatureOutline {
    FeatureOutline(
      width: encoder.width, missing: utterances.map { $0.text.map(TextCleaning.cleaned)?.isEmpty ?? true })
  }

  private static func extractors(of encoder: TextEncoder) -> [Modality: String] {
    [.text: encoder.extractor, .audio: TurnTiming.extractor]
  }

  /// A bundle with the vectors of its words in place of its text features; its other modalities stay.
  ///
  /// - Throws: as `features(of:)`.
  public func reencoded(_ bundle: FeatureBundle) throws -> FeatureBundle {
    var encoded = bundle
    encoded.features[.text] = try embeddings(
      encoder.tokenizer.sequences(of: bundle, contextTurns: encoder.contextTurns))
    encoded.extractors[.text] = encoder.extractor
    return encoded
  }

  private func embeddings(_ sequences: [TokenSequence?]) throws -> FeatureTable {
    let width = encoder.width
    let embedded = try encoder.encode(sequences.compactMap(\.self), threads: threads)
    var values = [Float](repeating: 0, count: sequences.count * width)
    embedded.withElements { elements in
      var next = 0
      for (row, sequence) in sequences.enumerated() where sequence != nil {
        values.replaceSubrange((row * width)..<((row + 1) * width), with: elements[next..<(next + width)])
        next += width
      }
    }
    return FeatureTable(width: width, values: values, missing: sequences.map { $0 == nil })
  }

  private func timing(_ dialogues: [Dialogue], _ utterances: [Utterance], _ cleaned: [String]) -> FeatureTable {
    let words = cleaned.map(TextCleaning.wordCount)
    let width = TurnTiming.columns.count
    var table = FeatureTable(
      width: width, values: [Float](repeating: 0, count: utterances.count * width),
      missing: [Bool](repeating: true, count: utterances.count))
    for dialogue in dialogues {
      let features = TurnTiming.features(utterances[dialogue.rows], words: Array(words[dialogue.rows]))
      let (first, end) = (dialogue.rows.lowerBound, dialogue.rows.upperBound)
      table.values.replaceSubrange((first * width)..<(end * width), with: features.values)
      table.missing.replaceSubrange(dialogue.rows, with: features.missing)
    }
    return table
  }
}
