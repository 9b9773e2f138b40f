/// What a tier's name says about what stands in it.
///
/// Tiers are named by people. The last part of a name, behind `-`, `_`, `@`, `:`, `.`, a blank or in brackets, often says
/// what the tier holds: `Anna - words`, `words@Anna`, `Ben (notes)`; what is left is the speaker's name.
struct TierRole: Equatable {
  enum Content: Equatable {
    /// Utterances.
    case speech
    /// The same speech again, word by word or sound by sound.
    case finer
    /// Something else: notes, gestures, translations.
    case remarks
  }

  var content: Content
  /// The name without the part that says what the tier holds; nil where nothing is left, as in `text` and `default`.
  var speaker: String?

  private static let finer: Set<String> = [
    "word", "words", "phone", "phones", "phoneme", "phonemes", "phon", "syllable", "syllables", "syll", "mau", "kan",
    "segments", "segment", "morph", "morphs", "morphemes", "mb", "gloss", "glosses", "ge", "pos", "ps", "tokens",
    "token",
    "ipa", "mot", "mots", "wort", "wörter", "letters", "characters", "tones", "pitch", "intonation",
  ]
  private static let remarks: Set<String> = [
    "note", "notes", "comment", "comments", "remark", "remarks", "gesture", "gestures", "gaze", "noise", "noises",
    "event", "events", "translation", "translations", "ft", "topic", "topics", "silence", "silences", "pause", "pauses",
    "laughter", "nonverbal", "kommentar", "kommentare", "background", "marker", "markers", "music", "emotion",
    "emotions", "confidence", "ambq",
    "valence", "arousal", "quality", "overlap", "hand", "hands", "head", "posture", "todo",
  ]
  private static let plain: Set<String> = [
    "default", "text", "texts", "speech", "utterance", "utterances", "utt", "sentence", "sentences", "transcript",
    "transcripts", "transcription", "ort", "orthography", "orthographic", "turn", "turns", "tier", "tx", "trs", "ref",
    "phrase", "phrases", "speaker", "trn", "untitled", "new", "annotation", "annotations", "main",
  ]

  init(_ name: String) {
    let parts = name.split { "-_@:.()[] ".contains($0) }
    guard let first = parts.first?.lowercased(), let last = parts.last?.lowercased() else {
      self.init(content: .speech, speaker: nil)
      return
    }
    let isLast = Self.content(last) != nil
    guard let content = Self.content(last) ?? (parts.count > 1 ? Self.content(first) : nil) else {
      self.init(content: .speech, speaker: name.trimmed)
      return
    }
    let marks: (Character) -> Bool = { "-_@:.()[] ".contains($0) }
    let word = isLast ? parts[parts.count - 1] : parts[0]
    let rest = isLast ? name[..<word.startIndex] : name[word.endIndex...]
    let speaker = String(rest.trimming(marks))
    // `Speaker 1` is a name, `utterances 1` is none.
    let isNumber = !speaker.isEmpty && speaker.allSatisfy(\.isNumber)
    if isNumber, !isLast, content == .speech, ["speaker", "spk", "turn"].contains(first) {
      self.init(content: .speech, speaker: name.trimmed)
    } else {
      let role = speaker.isEmpty || isNumber ? nil : speaker
      let inner = role.map { TierRole($0) }
      self.init(content: content, speaker: inner.map { $0.content == .speech ? $0.speaker : role } ?? role)
    }
  }

  private init(content: Content, speaker: String?) {
    self.content = content
    self.speaker = speaker
  }

  private static func content(_ word: String) -> Content? {
    if finer.contains(word) { return .finer }
    if remarks.contains(word) { return .remarks }
    return plain.contains(word) ? .speech : nil
  }
}
