import DialogueDomain
import Synchronization
import Transcripts

/// A bundle that has been checked and whose features come part by part, so that those of a large one are held nowhere.
///
/// ```swift
/// let opened = try IsolatedBundleReader().open(URL(filePath: "year.h5"))
/// print(opened.outline.utterances.count)
/// while let part = try opened.next() { print(part.dialogues.count) }
/// ```
///
/// Each part is a bundle of some whole dialogues (`BundleOutline.parts`), in order, and is given out once. A small bundle is
/// one part.
public final class OpenedBundle: Sendable {
  /// One part, and what is known with it.
  public struct Part: Sendable {
    /// Its dialogues, with every modality of the outline.
    public var bundle: FeatureBundle
    /// Share of the words' pieces that the text encoder does not know, up to here; nil where it has read none.
    public var unknownWords: Double?
    /// What a person should know, one sentence each.
    public var notes: [String]

    /// A part with these dialogues.
    public init(_ bundle: FeatureBundle, unknownWords: Double? = nil, notes: [String] = []) {
      self.bundle = bundle
      self.unknownWords = unknownWords
      self.notes = notes
    }
  }

  private struct State {
    var next = 0
    /// Read and not given out.
    var ready: FeatureBundle?
    var unknownWords: Double?
    var notes: [String]
  }

  /// All but the features' values.
  public let outline: BundleOutline
  /// SHA-256 of the file, lower-case hexadecimal.
  public let digest: String
  /// Size of the file.
  public let byteCount: Int
  /// What was made of a transcript; nil for a feature bundle.
  public let transcript: TranscriptReport?
  /// The dialogues of each part.
  public let parts: [Range<Int>]
  private let source: @Sendable (Range<Int>) throws -> Part
  private let state: Mutex<State>

  /// - Parameters:
  ///   - outline: all but the features' values.
  ///   - digest: SHA-256 of the file.
  ///   - byteCount: size of the file.
  ///   - transcript: what was made of a transcript.
  ///   - notes: what a person should know already.
  ///   - parts: the dialogues of each part; nil for those of the outline.
  ///   - source: gives the parts when they are asked for, one after the other, each once.
  public init(
    _ outline: BundleOutline, digest: String, byteCount: Int, transcript: TranscriptReport? = nil,
    notes: [String] = [], parts: [Range<Int>]? = nil, source: @escaping @Sendable (Range<Int>) throws -> Part
  ) {
    self.outline = outline
    self.digest = digest
    self.byteCount = byteCount
    self.transcript = transcript
    self.parts = parts ?? outline.parts
    self.source = source
    state = Mutex(State(notes: notes))
  }

  /// A bundle that is in memory already.
  public convenience init(_ reading: BundleReading) {
    let outline = BundleOutline(reading.bundle)
    self.init(
      outline, digest: reading.digest, byteCount: reading.byteCount, transcript: reading.transcript,
      notes: reading.notes
    ) { dialogues in
      let rows = outline.rows(of: dialogues)
      return Part(
        outline.part(dialogues, features: reading.bundle.features.mapValues { $0.rows(rows) }),
        unknownWords: reading.unknownWords)
    }
  }

  /// What a person should know, one sentence each: complete when all parts have been given out.
  public var notes: [String] { state.withLock { $0.notes } }

  /// Share of the words' pieces that the text encoder does not know: of all of them when all parts have been given out.
  public var unknownWords: Double? { state.withLock { $0.unknownWords } }

  /// Adds a sentence to what a person should know.
  public func note(_ sentence: String) { state.withLock { $0.notes.append(sentence) } }

  /// Whether every part has been read: then nothing is left in the process that reads.
  public var isRead: Bool { state.withLock { $0.next == parts.count } }

  /// Bytes of features that have been read and not been given out.
  public var byteCountReady: Int {
    state.withLock { state in
      state.ready?.features.values.reduce(0) { $0 + $1.values.count * MemoryLayout<Float>.stride } ?? 0
    }
  }

  /// Reads the first part before it is asked for.
  ///
  /// - Throws: as `next`.
  public func prepare() throws {
    try state.withLock { state in
      if state.next == 0 { state.ready = try read(&state) }
    }
  }

  /// The next part; nil when all have been given out.
  ///
  /// - Throws: what reading throws: `BundleError` where a child process reads, and what encoding of words throws.
  public func next() throws -> FeatureBundle? {
    try state.withLock { state in
      if let ready = state.ready.take() { return ready }
      return try read(&state)
    }
  }

  private func read(_ state: inout State) throws -> FeatureBundle? {
    guard state.next < parts.count else { return nil }
    let part = try source(parts[state.next])
    state.next += 1
    state.notes += part.notes
    state.unknownWords = part.unknownWords ?? state.unknownWords
    return part.bundle
  }

  /// All parts as one bundle, for those who need it whole.
  ///
  /// - Throws: as `next`.
  public func whole() throws -> BundleReading {
    var bundle = try next() ?? outline.part(0..<0, features: [:])
    if parts.count > 1 {
      var features = outline.features.mapValues { table in
        FeatureTable(
          width: table.width, values: [Float](repeating: 0, count: table.missing.count * table.width),
          missing: table.missing)
      }
      var part: FeatureBundle? = bundle
      while let current = part {
        for (modality, table) in current.features {
          let first = current.firstRow * table.width
          features[modality]?.values.replaceSubrange(first..<first + table.values.count, with: table.values)
        }
        part = try next()
      }
      bundle = outline.part(0..<outline.dialogues.count, features: features)
    }
    var reading = BundleReading(bundle: bundle, digest: digest, byteCount: byteCount, transcript: transcript)
    reading.notes = notes
    reading.unknownWords = unknownWords
    return reading
  }
}
