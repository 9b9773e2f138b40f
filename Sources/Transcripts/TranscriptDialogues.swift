import DialogueDomain

/// A transcript as the domain's dialogues: what scoring, training and packing take.
///
///     let dialogues = TranscriptDialogues(transcript)
///     dialogues.dialogues[0].id          // "support-call", the file's name without its extension
///     dialogues.utterances[0].speaker    // "Anna"
///     dialogues.utterances[0].text       // "Where is it?"; nil where nothing is said
///
/// Every row of the transcript is an utterance here, in the same order within its dialogue.
public struct TranscriptDialogues: Sendable {
  /// The conversations, in the order of their first rows.
  public var dialogues: [Dialogue]
  /// One per row.
  ///
  /// A row that ends before it starts, or lacks one of the two, has no times; one that is no speech has no words.
  public var utterances: [Utterance]
  /// What the labels refer to; nil where the file labels nothing.
  public var emotions: EmotionSet?

  /// The speaker of a row that names nobody.
  public static let unknownSpeaker = "unknown"

  /// Converts a transcript.
  ///
  /// - Dialogues are the file's own, in the order of their first rows, or one that is called like the file.
  /// - Several people who speak together are one speaker of that name: `Anna & Ben`. Rows without a speaker are
  ///   `unknown`, since a bundle needs a name.
  /// - An utterance's id is the file's where each row of the dialogue has one of its own, else its turn's number.
  /// - Labels are names in the file. Without `emotions` the classes are those that occur: in the order of MELD's seven
  ///   where these suffice, else by name.
  ///
  /// - Parameter emotions: the classes of a model or of other files; a label outside of them is unknown.
  public init(_ transcript: Transcript, emotions: EmotionSet? = nil) {
    let only = Self.stem(transcript.name)
    var order: [String] = []
    var rows: [String: [TranscriptUtterance]] = [:]
    for row in transcript.utterances {
      let id = row.dialogue ?? only
      if rows[id] == nil { order.append(id) }
      rows[id, default: []].append(row)
    }
    self.emotions = emotions ?? Self.classes(of: transcript)
    dialogues = []
    utterances = []
    for id in order {
      let turns = rows[id] ?? []
      let ids = Self.ids(turns, of: id)
      dialogues.append(Dialogue(id: id, rows: utterances.count..<(utterances.count + turns.count)))
      for (row, utterance) in zip(turns, ids) {
        let hasTimes = row.start != nil && row.end != nil && !row.endsBeforeStart
        utterances.append(
          Utterance(
            id: utterance,
            speaker: row.speakers.isEmpty ? Self.unknownSpeaker : row.speakers.joined(separator: " & "),
            start: hasTimes ? row.start : nil, end: hasTimes ? row.end : nil,
            label: row.emotion.flatMap { self.emotions?.index(of: $0) },
            text: row.isSpeech && !row.text.isEmpty ? row.text : nil))
      }
    }
  }

  private static let usual = ["neutral", "surprise", "fear", "sadness", "joy", "disgust", "anger"]

  private static func classes(of transcript: Transcript) -> EmotionSet? {
    let names = Set(transcript.utterances.compactMap(\.emotion))
    guard !names.isEmpty else { return nil }
    return EmotionSet(names.isSubset(of: usual) ? usual : names.sorted())
  }

  private static func ids(_ rows: [TranscriptUtterance], of dialogue: String) -> [String] {
    let own = rows.compactMap(\.place.id)
    if own.count == rows.count, Set(own).count == own.count { return own }
    return rows.indices.map { "\(dialogue)#\($0)" }
  }

  private static func stem(_ name: String) -> String {
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return stem.isEmpty ? name : stem
  }
}
