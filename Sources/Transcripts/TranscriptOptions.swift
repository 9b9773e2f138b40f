/// How a transcript is read, where there is a choice.
public struct TranscriptOptions: Sendable, Hashable {
  /// How large the file may be.
  public var limits: TranscriptLimits
  /// Whether consecutive cues of one speaker's sentence become one row; `SentenceJoining` states the rule.
  public var joinsSentences: Bool

  /// Options; what is not named is as for every file.
  public init(limits: TranscriptLimits = TranscriptLimits(), joinsSentences: Bool = true) {
    self.limits = limits
    self.joinsSentences = joinsSentences
  }
}

/// How large a transcript may be; what lies beyond is refused with an error that names the limit.
public struct TranscriptLimits: Sendable, Hashable {
  /// Bytes of the file: 64 MiB, some two thousand hours of subtitles.
  public var bytes = 64 << 20
  /// Rows of the file: as many as two months of talk without a pause.
  public var utterances = 1_000_000
  /// Words of one row: half an hour of speech without a break.
  public var wordsPerUtterance = 5_000
  /// Different speakers in the file.
  public var speakers = 1_000
  /// How deep JSON values and XML elements may nest.
  public var depth = 64
  /// JSON values or XML elements in the file.
  public var elements = 8_000_000

  /// The limits for every file.
  public init() {}

  /// Refuses a file by its size, before anybody reads it into memory.
  ///
  /// - Throws: `TranscriptError` when `count` bytes are too many.
  public func check(bytes count: Int, of name: String) throws {
    guard count <= bytes else { throw TranscriptError.tooManyBytes(name, found: count, limit: bytes) }
  }
}
