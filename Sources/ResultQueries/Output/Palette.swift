import DialogueDomain
import Presentation
import ResultIndex

/// The colours of emotions, speakers and modalities.
///
/// Nothing is told by colour alone.
enum Palette {
  /// The usual colour of a well-known emotion; any other keeps the terminal's own.
  static func style(ofEmotion name: String) -> Style {
    switch name.lowercased() {
    case "neutral", "calm", "boredom", ScoredUtterance.unknownEmotion: Style(.grey)
    case "anger", "angry": Style(.red, bold: true)
    case "frustration", "frustrated": Style(.red)
    case "joy", "happiness", "happy": Style(.yellow)
    case "excitement", "excited": Style(.brightYellow)
    case "sadness", "sad": Style(.blue)
    case "fear", "fearful": Style(.magenta)
    case "disgust", "contempt": Style(.green)
    case "surprise", "surprised": Style(.cyan)
    default: .plain
    }
  }

  private static let speakerColours: [Style.Colour] = [
    .brightCyan, .brightGreen, .brightMagenta, .brightBlue, .brightYellow, .brightRed,
  ]

  /// - Parameter position: the speaker's place in the order of first appearance.
  static func style(ofSpeaker position: Int) -> Style {
    Style(speakerColours[position % speakerColours.count])
  }

  static func style(of modality: Modality) -> Style {
    switch modality {
    case .text: Style(.cyan)
    case .visual: Style(.magenta)
    case .audio: Style(.yellow)
    }
  }
}

extension Table.Cell {
  /// What is not known.
  static let unknown = Table.Cell("–", .faint)
  private static let blank = Table.Cell("")
  private static let same = Table.Cell("=", .faint)
  private static let different = Table.Cell("≠ ", .bold)

  /// A stability: two decimals, bold where less than half of the noisy runs keep the label.
  static func stability(_ stability: Double?) -> Table.Cell {
    guard let stability else { return unknown }
    let text = NumberText.decimal(stability)
    return stability < UtteranceQuery.unstableBelow ? Table.Cell(text, .bold) : Table.Cell(text)
  }

  /// The label's set; a dash where there is none.
  static func labelSet(_ row: IndexedUtterance) -> Table.Cell {
    row.labelSetNames.map { Table.Cell($0.joined(separator: ","), .faint) } ?? unknown
  }

  /// How a label compares with the truth: `=` where they agree, `≠` and the truth where they differ, the truth in brackets
  /// where no figure counts it, nothing where it is unknown.
  static func truth(_ row: IndexedUtterance, _ matching: EmotionMatching) -> Table.Cell {
    guard let truth = row.truth else { return blank }
    let emotions = row.bundle.emotions
    switch matching.agreement(truth: truth, label: emotions.index(of: row.emotion), in: emotions) {
    case .judged(let truth, let label) where truth == label: return same
    case .judged: return different + Table.Cell(truth, Palette.style(ofEmotion: truth))
    case .otherEmotion, .unanswered: return Table.Cell("(\(truth))", .faint)
    }
  }
}
