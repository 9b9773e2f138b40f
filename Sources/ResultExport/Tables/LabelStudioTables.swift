import DialogueDomain
import Presentation
import ResultIndex

/// Dialogues as a JSON array of Label Studio's tasks: a task a dialogue, so that annotators see each turn in its context.
///
/// `data.dialogue` holds the turns for a `Paragraphs` tag. The model's labels are a prediction: a `paragraphlabels` region
/// over each turn, its `score` the label's probability. Where the bundle has labels of its own, they are an annotation
/// marked as ground truth. Turns without a label have no region, and `data.dialogue` says why.
struct LabelStudioTasks: ExportTable {
  private var json = JSONText()
  private var isEmpty = true

  init() {
    json.beginArray()
  }

  var bytes: [UInt8] {
    get { json.bytes }
    _modify { yield &json.bytes }
  }

  mutating func append(_ dialogue: ExportedDialogue) {
    json.endLine(separated: !isEmpty)
    isEmpty = false
    json.object { json in
      json.object("data") { Self.encodeData(dialogue, into: &$0) }
      json.array("predictions") { json in
        json.object { Self.encodePrediction(dialogue, into: &$0) }
      }
      guard dialogue.turns.contains(where: { $0.row.truth != nil }) else { return }
      json.array("annotations") { json in
        json.object { json in
          json.member("ground_truth", true)
          json.array("result") { json in
            for (place, turn) in dialogue.turns.enumerated() {
              if let truth = turn.row.truth { Self.region("truth", place, turn, truth, score: nil, into: &json) }
            }
          }
        }
      }
    }
  }

  mutating func finish() {
    json.endLine(separated: false)
    json.endArray()
    json.endLine(separated: false)
  }

  private static func encodeData(_ dialogue: ExportedDialogue, into json: inout JSONText) {
    json.array("dialogue") { json in
      for turn in dialogue.turns {
        json.object { json in
          json.member("speaker", turn.speaker)
          json.member("text", turn.spoken)
          json.member("utterance", turn.row.utterance)
          json.member("turn", turn.row.turn)
          // By which a truth that nobody touched is told from one that somebody set.
          if let truth = turn.row.truth { json.member("truth", truth) }
          if let span = turn.span {
            json.member("start", Double(span.lowerBound) / 1000)
            json.member("end", Double(span.upperBound) / 1000)
          }
          if let reason = turn.row.reasonForNoLabel { json.member("reason", reason) }
        }
      }
    }
    json.member("name", dialogue.name)
    json.member("bundle", dialogue.bundle.name)
    json.member("bundle_digest", dialogue.bundle.digest)
    json.member("model_digest", dialogue.bundle.modelDigest)
  }

  private static func encodePrediction(_ dialogue: ExportedDialogue, into json: inout JSONText) {
    json.member("model_version", "\(dialogue.bundle.modelName) \(dialogue.bundle.modelDigest.prefix(8))")
    let sure = dialogue.turns.filter { $0.row.reasonForNoLabel == nil }.map(\.row.confidence)
    json.member("score", sure.isEmpty ? 0 : sure.reduce(0, +) / Double(sure.count))
    json.array("result") { json in
      for (place, turn) in dialogue.turns.enumerated() where turn.row.reasonForNoLabel == nil {
        region("label", place, turn, turn.row.emotion, score: turn.row.confidence, into: &json)
      }
    }
  }

  /// A region over a whole turn; offsets count UTF-16 units, as browsers do.
  private static func region(
    _ kind: String, _ place: Int, _ turn: ExportedTurn, _ emotion: String, score: Double?, into json: inout JSONText
  ) {
    json.object { json in
      json.member("id", "\(kind)-\(place)")
      json.member("from_name", "emotion")
      json.member("to_name", "dialogue")
      json.member("type", "paragraphlabels")
      json.object("value") { json in
        json.member("start", String(place))
        json.member("end", String(place))
        json.member("startOffset", 0)
        json.member("endOffset", turn.spoken.utf16.count)
        json.member("text", turn.spoken)
        json.array("paragraphlabels") { $0.value(emotion) }
      }
      if let score { json.member("score", score) }
    }
  }
}

/// The labelling configuration for those tasks, with the emotions of the models that labelled them and of the truth that
/// came with the bundles.
struct LabelStudioConfiguration: ExportTable {
  var bytes: [UInt8] = []
  private let emotions: [String]
  private var truths: Set<String> = []

  init(emotions: [String]) {
    self.emotions = emotions
  }

  mutating func append(_ dialogue: ExportedDialogue) {
    for turn in dialogue.turns { if let truth = turn.row.truth { truths.insert(truth) } }
  }

  mutating func finish() {
    var text = "<View>\n  <ParagraphLabels name=\"emotion\" toName=\"dialogue\">\n"
    for emotion in emotions + truths.subtracting(emotions).sorted() {
      text += "    <Label\(XMLText.attribute("value", emotion))/>\n"
    }
    text += "  </ParagraphLabels>\n"
    text += "  <Paragraphs name=\"dialogue\" value=\"$dialogue\" layout=\"dialogue\" nameKey=\"speaker\" "
    text += "textKey=\"text\"/>\n</View>\n"
    bytes = Array(text.utf8)
  }
}
