import Foundation
import OperatingSystem

/// What the files beside a vocabulary say of its tokenizer; each of them may be absent.
struct TokenizerSettings {
  /// `do_lower_case` in `tokenizer_config.json`; true where it is not stated, as for BERT's own vocabularies.
  let isUncased: Bool
  /// Tokens of a sequence: `max_seq_length` in `sentence_bert_config.json`, at most the model's positions.
  let longest: Int

  /// The files that say so.
  static let files = ["tokenizer_config.json", "sentence_bert_config.json"]

  /// - Parameter positions: tokens that the network has positions for.
  /// - Throws: `EncoderError.configuration` where a file is no JSON object; `StorageError` where it cannot be read.
  init(_ folder: URL, positions: Int) throws {
    let tokenizer = try Self.object(Self.files[0], in: folder)
    let sentences = try Self.object(Self.files[1], in: folder)
    if case .bool(let flag)? = tokenizer["do_lower_case"] { isUncased = flag } else { isUncased = true }
    if case .integer(let length)? = sentences["max_seq_length"], length >= 3 {
      longest = min(length, positions)
    } else {
      longest = positions
    }
  }

  private static func object(_ name: String, in folder: URL) throws -> [String: JSONValue] {
    let url = folder.appendingPathComponent(name)
    guard FileManager.default.fileExists(atPath: url.path) else { return [:] }
    let json = try MappedFile(url).withBytes { Data($0) }
    guard let object = try? JSONDecoder().decode([String: JSONValue].self, from: json) else {
      throw EncoderError.configuration(
        file: url.path, key: "tokenizer settings", found: "something else", expected: "a JSON object")
    }
    return object
  }
}
