import DialogueDomain
import Foundation

/// The feature pickles of this literature made into bundles, one for training and one for testing.
///
/// Text features are the first of several; sentences are left out. Extractors are recorded as
/// `<layout>/<modality>/<width>`, since the pickles do not say what made them.
public struct FeaturePickleImport: Sendable {
  public let layout: FeaturePickleLayout
  public let train: FeatureBundle
  public let test: FeatureBundle
  /// What was found, a sentence each, for the user to read.
  public let findings: [String]

  /// Reads a pickle file.
  ///
  /// - Throws: `StorageError` when the file cannot be read, `PickleError` when it is damaged or asks for more than plain
  ///   data, `InterchangeError` when it is not one of the layouts; the message says what was found.
  public init(_ url: URL) throws {
    try self.init(InputFile.bytes(of: url), location: url.path)
  }

  /// Reads a pickle in memory.
  ///
  /// - Parameter location: what to call it in messages.
  public init(_ bytes: [UInt8], location: String) throws {
    let value = try Unpickler.value(of: bytes, source: location)
    let elements: [PickleValue]
    switch value {
    case .tuple(let items), .list(let items): elements = items
    default: throw Self.unknown(location, found: value.summary)
    }
    guard elements.count > 1, let style = FeaturePickleReader.speakerStyle(elements[1]),
      let (layout, roles) = FeaturePickleLayout.layout(count: elements.count, speakers: style)
    else {
      let described = elements.prefix(16).enumerated().map { "\($0.offset + 1) \(describeElement($0.element))" }
      throw Self.unknown(location, found: "\(elements.count) elements: " + described.joined(separator: "; "))
    }

    var reader = FeaturePickleReader(layout: layout, roles: roles, elements: elements, location: location)
    let trainKeys = try reader.dialogues(.training)
    let testKeys = try reader.dialogues(.test)
    if let shared = Set(trainKeys).intersection(testKeys).map(\.summary).min() {
      throw InterchangeError(
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

  private static func unknown(_ location: String, found: String) -> InterchangeError {
    InterchangeError(
      "the pickle is not a known feature file", at: location, found: found,
      expected: FeaturePickleLayout.allCases.map(\.rawValue).joined(separator: ", "),
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
