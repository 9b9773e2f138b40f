import DialogueDomain

/// An encoder that cannot be found or used, and why.
///
/// Trouble with its weights is a `ModelError`.
public enum EncoderError: ExplainedError {
  /// No folder that is looked in holds an encoder.
  case notInstalled(searched: [String])
  /// A folder that was named holds no encoder.
  case missingFile(directory: String, name: String)
  /// A setting of another kind of network, or beyond sense.
  case configuration(file: String, key: String, found: String, expected: String)
  /// A vocabulary that is none, or another network's.
  case vocabulary(file: String, found: String)
  /// A model's tuning belongs to another encoder than the one that is installed.
  case otherBase(file: String, found: String, expected: String)
  /// A line of the input that is no JSON string.
  case notAText(line: Int)

  /// What is wrong, where, and how to mend it.
  public var explanation: Explanation {
    switch self {
    case .notInstalled(let searched):
      Explanation(
        .missingInput, "no text encoder is installed, so words cannot be made into features",
        found: "none in \(searched.joined(separator: ", "))",
        remedy: "Run etc/fetch-encoder.sh once, or name a folder that holds one in AMBQ_ENCODER.")
    case .missingFile(let directory, let name):
      Explanation(
        .missingInput, "no \(name) in the encoder's folder", at: directory,
        remedy:
          "An encoder's folder holds config.json, vocab.txt and model.safetensors, as Hugging Face publishes them.")
    case .configuration(let file, let key, let found, let expected):
      Explanation(
        .data, "the encoder's \(key) cannot be used", at: file, found: found, expected: expected,
        remedy: "BERT and MiniLM encoders can be used, such as all-MiniLM-L6-v2.")
    case .vocabulary(let file, let found):
      Explanation(
        .data, "not a WordPiece vocabulary", at: file, found: found, expected: "one piece a line, in UTF-8")
    case .otherBase(let file, let found, let expected):
      Explanation(
        .data, "the model's text encoder was tuned from another one than is installed", at: file, found: found,
        expected: expected, remedy: "Name the folder of that encoder in AMBQ_ENCODER.")
    case .notAText(let line):
      Explanation(
        .data, "not a JSON string", at: "line \(line)", expected: "a text in double quotes, one a line",
        remedy: "In a shell, jq --raw-input prints lines of text as JSON strings.")
    }
  }
}
