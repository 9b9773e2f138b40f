/// Reads ELAN's annotation files (`.eaf`), a tier per speaker.
///
///     <ANNOTATION_DOCUMENT>
///       <TIME_ORDER><TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="300"/>…</TIME_ORDER>
///       <TIER TIER_ID="anna" PARTICIPANT="Anna Berg">
///         <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
///           <ANNOTATION_VALUE>Where is it?</ANNOTATION_VALUE>…
///
/// - A tier without a parent holds utterances, unless its name says otherwise (see `TierRole`).
/// - The speaker is the tier's `PARTICIPANT`; else its name, apart from a part that only says what it holds.
/// - A dependent tier (`PARENT_REF`) divides or comments on its parent's annotations and is left out. Where a parent holds
///   no words but numbers of utterances, as files from Toolbox do, its first dependent tier that has one annotation for
///   each of the parent's is read in its place, with the parent's times.
/// - Times are milliseconds. A time slot without a value has no time: ELAN would spread such slots evenly, which is a guess.
/// - Rows of all tiers stand in the order of their starts.
enum ELAN {
  /// - Throws: `TranscriptError` for XML that is damaged or of another kind, and beyond a limit.
  static func read(_ source: SourceText, into draft: inout TranscriptDraft) throws {
    let tiers = try tiers(try XMLReader.read(source, limits: draft.limits), of: source)
    draft.program = "ELAN"
    var used: Set<String> = []
    for tier in tiers where tier.parent == nil {
      used.insert(tier.name)
      guard tier.holdsSpeech else {
        draft.leaveOut("annotation of tier \(tier.name), which is no speech", count: tier.annotations.count)
        continue
      }
      var words = tier
      if !tier.holdsWords, let dependent = tiers.first(where: { $0.tells(tier) }) {
        used.insert(dependent.name)
        words = dependent.withTimes(of: tier)
      }
      try draft.append(words)
    }
    for tier in tiers where !used.contains(tier.name) {
      draft.leaveOut("annotation of a dependent tier", count: tier.annotations.count)
    }
    draft.sortByStart()
  }

  /// Every tier of a document, with its times.
  ///
  /// - Throws: `TranscriptError` for XML of another kind.
  static func tiers(_ document: XMLElement, of source: SourceText) throws -> [Tier] {
    guard document.name == "ANNOTATION_DOCUMENT" else {
      throw TranscriptError.unknownXML(source.name, root: document.name, line: document.line)
    }
    let slots = document.children("TIME_ORDER").flatMap { $0.children("TIME_SLOT") }
    let times = Dictionary(
      slots.compactMap { slot in slot["TIME_SLOT_ID"].map { ($0, slot["TIME_VALUE"].flatMap(TimeCode.finite)) } },
      uniquingKeysWith: { first, _ in first })
    return document.children("TIER").map { Tier($0, times: times) }
  }

  struct Tier {
    struct Annotation {
      var id: String?
      /// The annotation of the parent tier that this one belongs to.
      var reference: String?
      var start: Double?
      var end: Double?
      var text: String
      var line: Int
      /// Whether a time slot that it names does not exist.
      var lacksSlot = false
    }

    var name: String
    var participant: String?
    var parent: String?
    var annotations: [Annotation]

    init(_ element: XMLElement, times: [String: Double?]) {
      name = element["TIER_ID"] ?? ""
      participant = element["PARTICIPANT"]?.trimmed
      parent = element["PARENT_REF"]
      annotations = element.children("ANNOTATION").flatMap(\.children).map { value in
        let slots = (value["TIME_SLOT_REF1"], value["TIME_SLOT_REF2"])
        func seconds(_ slot: String?) -> Double? { slot.flatMap { times[$0] ?? nil }.map { $0 / 1000 } }
        return Annotation(
          id: value["ANNOTATION_ID"], reference: value["ANNOTATION_REF"], start: seconds(slots.0),
          end: seconds(slots.1),
          text: value.child("ANNOTATION_VALUE")?.text ?? "", line: value.line,
          lacksSlot: [slots.0, slots.1].contains { slot in slot.map { times[$0] == nil } ?? false })
      }
    }

    var role: TierRole { TierRole(name) }

    var speaker: String? { participant ?? role.speaker }

    var holdsSpeech: Bool { role.content == .speech }

    /// Whether any annotation reads like words rather than like the number of an utterance: `ref.012`.
    var holdsWords: Bool {
      annotations.contains { annotation in
        let text = annotation.text.trimmed
        return text.contains(" ") || (text.contains(where: \.isLetter) && !text.contains(where: \.isNumber))
      }
    }

    /// Whether this tier has one annotation with words for each of the parent's.
    func tells(_ other: Tier) -> Bool {
      let references = annotations.compactMap(\.reference)
      return parent == other.name && holdsWords && references.count == annotations.count
        && Set(references).count == references.count
    }

    func withTimes(of parent: Tier) -> Tier {
      let timed = Dictionary(
        parent.annotations.compactMap { annotation in annotation.id.map { ($0, annotation) } },
        uniquingKeysWith: { first, _ in first })
      var tier = self
      tier.participant = participant ?? parent.speaker
      for index in tier.annotations.indices {
        let source = tier.annotations[index].reference.flatMap { timed[$0] }
        tier.annotations[index].start = source?.start
        tier.annotations[index].end = source?.end
      }
      return tier
    }
  }
}

extension TranscriptDraft {
  /// Adds a row for each annotation of a tier.
  fileprivate mutating func append(_ tier: ELAN.Tier) throws {
    if let speaker = tier.speaker, !speakerTable.contains(where: { $0.id == tier.name }) {
      speakerTable.append(SpeakerEntry(id: tier.name, name: speaker))
    }
    for annotation in tier.annotations {
      if annotation.lacksSlot {
        note("An annotation names a time slot that does not exist", at: "line \(annotation.line)")
      }
      try append(
        TranscriptUtterance(
          speakers: tier.speaker.map { [$0] } ?? [], source: .tier, start: annotation.start, end: annotation.end,
          text: annotation.text, place: SourcePlace(line: annotation.line, id: annotation.id, tier: tier.name)))
    }
  }
}
