import DialogueDomain
import Presentation

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
