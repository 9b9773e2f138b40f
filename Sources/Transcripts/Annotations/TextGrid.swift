/// Reads Praat's TextGrids, long and short.
///
/// Praat itself reads both by one rule, and so does this: of the whole file only free-standing strings (`"…"`, with `""`
/// for a quotation mark), numbers and flags (`<exists>`) count; `xmin =`, `intervals [1]:` and the like are decoration,
/// and `!` begins a comment. What is left is
///
///     "ooTextFile" "TextGrid" xmin xmax <exists> tiers
///     then for each tier  "IntervalTier" name xmin xmax size (xmin xmax text)*
///                     or  "TextTier" name xmin xmax size (time mark)*
///
/// - Each interval with a text is a row. An empty interval is the silence between two and is left out.
/// - The tier's name is the speaker, apart from a part that only says what the tier holds (see `TierRole`); `text` and
///   the like are nobody's name.
/// - Tiers of words or sounds repeat a tier of utterances and are left out. Where there are no others, their words are
///   joined by the rule of `WordTurns`.
/// - The marks of point tiers are no utterances, unless the file has no intervals with text: then each is a row with a
///   start alone.
/// - Rows of all tiers stand in the order of their starts.
enum TextGrid {
  static func begins(_ text: String) -> Bool { text.prefix(200).contains("ooTextFile") }

  /// - Throws: `TranscriptError` for a file that is damaged or no TextGrid, and beyond a limit.
  static func read(_ source: SourceText, into draft: inout TranscriptDraft) throws {
    draft.program = "Praat"
    let tiers = try tiers(source)
    let intervals = tiers.filter { !$0.isPoints && !$0.entries.allSatisfy(\.text.trimmed.isEmpty) }
    let speech = intervals.filter { TierRole($0.name).content == .speech }
    let finer = intervals.filter { TierRole($0.name).content == .finer }
    for tier in speech { try append(tier, to: &draft) }
    for tier in intervals where TierRole(tier.name).content == .remarks {
      draft.leaveOut("interval of tier \(tier.name), which is no speech", count: tier.entries.count)
    }
    if speech.isEmpty {
      try appendWords(finer, to: &draft)
    } else {
      draft.leaveOut("interval of a tier of words or sounds", count: finer.reduce(0) { $0 + $1.entries.count })
    }
    for tier in tiers where tier.isPoints {
      if intervals.isEmpty {
        try append(tier, to: &draft)
      } else {
        draft.leaveOut("mark of a point tier", count: tier.entries.count)
      }
    }
    draft.sortByStart()
  }

  /// Every tier of a file.
  ///
  /// - Throws: `TranscriptError` for a file that is damaged or no TextGrid.
  static func tiers(_ source: SourceText) throws -> [Tier] {
    var tokens = TextGridTokens(source)
    guard try tokens.string("`ooTextFile`").hasPrefix("ooTextFile") else { throw tokens.error("`ooTextFile`") }
    guard try tokens.string("the class `TextGrid`") == "TextGrid" else { throw tokens.error("the class `TextGrid`") }
    _ = try (tokens.number("the start"), tokens.number("the end"))
    guard try tokens.flag() else { return [] }
    var tiers: [Tier] = []
    for _ in 0..<(try tokens.count("the number of tiers")) { tiers.append(try tier(&tokens)) }
    return tiers
  }

  struct Tier {
    var name: String
    var isPoints: Bool
    var entries: [(start: Double, end: Double?, text: String, line: Int)] = []
  }

  private static func tier(_ tokens: inout TextGridTokens) throws -> Tier {
    let kind = try tokens.string("`IntervalTier` or `TextTier`")
    guard kind == "IntervalTier" || kind == "TextTier" else { throw tokens.error("`IntervalTier` or `TextTier`") }
    var tier = Tier(name: try tokens.string("the tier's name"), isPoints: kind == "TextTier")
    _ = try (tokens.number("the tier's start"), tokens.number("the tier's end"))
    for _ in 0..<(try tokens.count("the tier's size")) {
      let start = try tokens.number("a time")
      let end = tier.isPoints ? nil : try tokens.number("a time")
      let text = try tokens.string("a text in quotation marks")
      tier.entries.append((start, end, text, tokens.line))
    }
    return tier
  }

  private static func append(_ tier: Tier, to draft: inout TranscriptDraft) throws {
    let speaker = TierRole(tier.name).speaker
    for entry in tier.entries {
      guard !entry.text.trimmed.isEmpty else {
        draft.leaveOut("empty interval")
        continue
      }
      try draft.append(
        TranscriptUtterance(
          speakers: speaker.map { [$0] } ?? [], source: .tier, start: entry.start, end: entry.end, text: entry.text,
          place: SourcePlace(line: entry.line, tier: tier.name)))
    }
  }

  /// Rows made of tiers that hold a word an interval; tiers of sounds only count where there are none of words.
  private static func appendWords(_ tiers: [Tier], to draft: inout TranscriptDraft) throws {
    let words = tiers.filter { $0.name.lowercased().contains("word") }
    for tier in words.isEmpty ? tiers : words {
      let spoken = tier.entries.filter { !$0.text.trimmed.isEmpty }
      draft.leaveOut("empty interval", count: tier.entries.count - spoken.count)
      let timed = spoken.map {
        TimedWord(text: $0.text, start: $0.start, end: $0.end, speaker: TierRole(tier.name).speaker)
      }
      try draft.append(WordTurns.rows(timed), path: "tier \(tier.name)", source: .tier, tier: tier.name)
    }
  }
}
