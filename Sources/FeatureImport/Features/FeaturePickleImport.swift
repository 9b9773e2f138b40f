import DialogueDomain
import Foundation

/// The feature pickles of this literature made into bundles, one for training and one for testing.
///
/// Text features are the first of several; sentences are left out. Extractors are recorded as
/// `<layout>/<modality>/<width>`, since the pickles do not say what made them.
public struct FeaturePickleImport: Sendable {
  /// Which of the known files it is.
  public let layout: FeaturePickleLayout
  /// The dialogues to train on.
  public let train: FeatureBundle
  /// The dialogues to test on.
  public let test: FeatureBundle
  /// What was found, a sentence each, for the user to read.
  public let findings: [String]

  /// Reads a pickle file.
  ///
  /// - Parameter emotions: the classes in the order in which the labels count them; where nil, those of the data set.
  /// - Throws: `StorageError` when the file cannot be read, `PickleError` when it is damaged or asks for more than plain
  ///   data, `FeatureImportError` when it is not one of the layouts; the message says what was found.
  public init(_ url: URL, emotions: EmotionSet? = nil) throws {
    try self.init(InputFile.bytes(of: url), location: url.path, emotions: emotions)
  }

  /// Reads a pickle in memory.
  ///
  /// - Parameters:
  ///   - location: what to call it in messages.
  ///   - emotions: as for a file.
  /// - Throws: `PickleError` or `FeatureImportError`, as for a file.
  public init(_ bytes: [UInt8], location: String, emotions: EmotionSet? = nil) throws {
    let value = try Unpickler.value(of: bytes, source: location)
    let elements: [PickleValue]
    switch value {
    case .tuple(let items), .list(let items): elements = items
    default: throw Self.unknown(location, found: value.summary)
    }
    guard elements.count > 1, let style = FeaturePickleReader.speakerStyle(elements[1]),
      let (layout, roles) = FeaturePickleLayout.layout(
        count: elements.count, speakers: style)
    else {
      let described = elements.prefix(16).enumerated().map { "\($0.offset + 1) \(describeElement($0.element))" }
      throw Self.unknown(location, found: "\(elements.count) elements: " + described.joined(separator: "; "))
    }

    var reader = FeaturePickleReader(
      layout: layout, roles: roles, elements: elements, location: location, emotions: emotions)
    if emotions == nil { try reader.requireDataSet() }
    let trainKeys = try reader.dialogues(.training)
    let testKeys = try reader.dialogues(.test)
    if let shared = Set(trainKeys).intersection(testKeys).map(\.summary).min() {
      throw FeatureImportError(
        "a dialogue is listed both for training and for testing", at: location, found: shared)
    }
    self.layout = layout
    train = try reader.bundle(trainKeys)
    test = try reader.bundle(testKeys)
    let widths = train.features.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \($0.value.width)" }
    findings =
      [
        "\(elements.count) elements, laid out as \(layout.rawValue) (\(layout.dataset)).",
        "Features: \(widths.joined(separator: ", ")).",
        "Training: \(train.dialogues.count) dialogues, \(train.utterances.count) utterances.",
        "Testing: \(test.dialogues.count) dialogues, \(test.utterances.count) utterances.",
      ] + reader.remarks
  }

  private static func unknown(_ location: String, found: String) -> FeatureImportError {
    FeatureImportError(
      "the pickle is not a known feature file", at: location, found: found,
      expected: FeaturePickleLayout.allCases.map { "\($0.rawValue) (\($0.description))" }.joined(separator: ", "),
      remedy: "Save the features as .npy files with a table of utterances and pack those.")
  }
}

/// An element of a feature pickle for a message, down to what its first dialogue holds.
private func describeElement(_ element: PickleValue) -> String {
  guard case .dictionary(let dictionary) = element, let first = dictionary.entries.first else { return element.summary }
  var text = element.summary + ", the first " + first.value.summary
  if case .list(let items) = first.value, let item = items.first { text += " that starts with " + item.summary }
  return text
}

/// The feature pickles that this literature passes around, told apart by element count and by how speakers are written.
public enum FeaturePickleLayout: String, Sendable, CaseIterable {
  /// IEMOCAP with RoBERTa text features.
  case iemocapMultimodal = "iemocap_multimodal_features"
  /// MELD with RoBERTa text features.
  case meldMultimodal = "meld_multimodal_features"
  /// IEMOCAP as DialogueRNN and MMGCN published it.
  case iemocap = "IEMOCAP_features"
  /// MELD as MMGCN published it.
  case meldRaw = "MELD_features_raw1"
  /// MELD as DialogueRNN published it, without visual features.
  case meldAudioText = "MELD_features_raw"
  /// IEMOCAP with four text features and audio, without visual features.
  case iemocapAudioText = "IEMOCAP_features_roberta_audio"

  /// What an element of the tuple holds.
  enum Role: String {
    case utteranceIDs = "utterance identifiers"
    case speakers
    case labels
    case text = "text features"
    case audio = "audio features"
    case visual = "visual features"
    case training = "the dialogues to train on"
    case test = "the dialogues to test on"
    /// Read past: further text features, sentences, sentiment.
    case unused
  }

  /// How a data set writes speakers.
  enum SpeakerStyle {
    /// One letter per utterance.
    case letters
    /// One row of nine per utterance, with a 1 at the speaker's place.
    case oneHot
  }

  private static let plain: [Role] = [
    .utteranceIDs, .speakers, .labels, .text, .audio, .visual, .unused, .training, .test,
  ]
  private static let roberta: [Role] = [
    .utteranceIDs, .speakers, .labels, .text, .unused, .unused, .unused, .audio, .visual, .unused, .training, .test,
  ]

  private static let audioText: [Role] = [
    .utteranceIDs, .speakers, .labels, .text, .audio, .unused, .training, .test, .unused,
  ]
  private static let fourTexts: [Role] = [
    .utteranceIDs, .speakers, .labels, .text, .unused, .unused, .unused, .audio, .training, .test,
  ]

  /// The layout of a pickle and what its elements hold; nil where it is none of these.
  static func layout(count: Int, speakers: SpeakerStyle) -> (FeaturePickleLayout, [Role])? {
    switch (count, speakers) {
    case (12, .letters): (.iemocapMultimodal, roberta)
    case (13, .oneHot): (.meldMultimodal, roberta + [.unused])
    case (9, .letters): (.iemocap, plain)
    case (10, .oneHot): (.meldRaw, plain + [.unused])
    case (12, .oneHot): (.meldRaw, roberta)
    case (9, .oneHot): (.meldAudioText, audioText)
    case (10, .letters): (.iemocapAudioText, fourTexts)
    default: nil
    }
  }

  /// The data set.
  public var dataset: String {
    switch self {
    case .iemocapMultimodal, .iemocap, .iemocapAudioText: "IEMOCAP"
    case .meldMultimodal, .meldRaw, .meldAudioText: "MELD"
    }
  }

  /// How it is told apart, for messages.
  var description: String {
    switch self {
    case .iemocapMultimodal: "12 elements, speakers M and F"
    case .meldMultimodal: "13 elements, speakers as rows of nine"
    case .iemocap: "9 elements, speakers M and F"
    case .meldRaw: "10 or 12 elements, speakers as rows of nine"
    case .meldAudioText: "9 elements, speakers as rows of nine, no visual features"
    case .iemocapAudioText: "10 elements, speakers M and F, no visual features"
    }
  }

  /// The classes in the order that the labels count them.
  public var emotions: EmotionSet {
    switch self {
    case .iemocapMultimodal, .iemocap, .iemocapAudioText:
      EmotionSet(["happy", "sad", "neutral", "angry", "excited", "frustrated"])
    case .meldMultimodal, .meldRaw, .meldAudioText:
      EmotionSet(["neutral", "surprise", "fear", "sadness", "joy", "disgust", "anger"])
    }
  }
}
