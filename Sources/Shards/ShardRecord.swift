import DialogueDomain
import Foundation

/// What the results of a shard are: written beside them as JSON, last, so that it never names what is not there.
public struct ShardRecord: Codable, Sendable, Hashable {
  /// What everything in a merged index must have in common.
  public struct Terms: Codable, Sendable, Hashable {
    /// The version of the program that scored.
    public var program: String
    /// Names and digests of the models in the model directory.
    public var models: [Model]
    /// Settings that results depend on, by key.
    public var configuration: [String: String]
    /// The time that all results bear, where one was given; ISO 8601.
    public var time: String?

    /// One model of the directory.
    public struct Model: Codable, Sendable, Hashable {
      /// As its configuration says.
      public var name: String
      /// SHA-256 of its weights and configuration.
      public var digest: String

      /// A model of this name and digest.
      public init(name: String, digest: String) {
        self.name = name
        self.digest = digest
      }
    }

    /// The terms that a shard is scored on.
    public init(program: String, models: [Model], configuration: [String: String], time: String?) {
      self.program = program
      self.models = models
      self.configuration = configuration
      self.time = time
    }
  }

  /// The file that holds the rows.
  public struct Results: Codable, Sendable, Hashable {
    /// Its name, beside the record.
    public var file: String
    /// SHA-256 of its bytes.
    public var sha256: String
    /// Its size.
    public var bytes: Int
    /// Bundles in it.
    public var bundles: Int
    /// Utterances in it.
    public var utterances: Int

    /// Rows in a file of this name and content.
    public init(file: String, sha256: String, bytes: Int, bundles: Int, utterances: Int) {
      self.file = file
      self.sha256 = sha256
      self.bytes = bytes
      self.bundles = bundles
      self.utterances = utterances
    }
  }

  /// An input without labels, and why.
  public struct Failed: Codable, Sendable, Hashable {
    /// As the list of inputs names it.
    public var input: String
    /// SHA-256 of its bytes, by the list.
    public var digest: String
    /// What is wrong.
    public var explanation: Explanation

    /// An input that could not be scored.
    public init(input: String, digest: String, explanation: Explanation) {
      self.input = input
      self.digest = digest
      self.explanation = explanation
    }
  }

  /// What kind of file this is.
  public var format = "ambq-shard"
  /// Of the format.
  public var version = 1
  /// Which part of the list, from 0.
  public var shard: Int
  /// How many parts there are.
  public var shards: Int
  /// Whether every input of the shard has been tried.
  public var isComplete: Bool
  /// What all shards must have in common.
  public var terms: Terms
  /// Tells the list of all inputs from others.
  public var list: String
  /// Tells this shard's inputs from others.
  public var inputs: String
  /// How many inputs the shard has.
  public var inputCount: Int
  /// Where the rows are.
  public var results: Results
  /// Inputs that have been tried in vain.
  public var failed: [Failed]

  enum CodingKeys: String, CodingKey {
    case format, version, shard, shards, terms, list, inputs, results, failed
    case isComplete = "complete"
    case inputCount = "input_count"
  }

  /// The record of what a shard of a list has come to.
  public init(
    _ shard: Shard, isComplete: Bool, terms: Terms, inputs: InputList, results: Results, failed: [Failed]
  ) {
    self.init(
      shard, isComplete: isComplete, terms: terms, list: inputs.fingerprint, inputs: inputs.shardFingerprint,
      inputCount: inputs.inputs.count, results: results, failed: failed)
  }

  /// A record of these parts.
  public init(
    _ shard: Shard, isComplete: Bool, terms: Terms, list: String, inputs: String, inputCount: Int, results: Results,
    failed: [Failed]
  ) {
    self.shard = shard.number
    shards = shard.count
    self.isComplete = isComplete
    self.terms = terms
    self.list = list
    self.inputs = inputs
    self.inputCount = inputCount
    self.results = results
    self.failed = failed
  }

  /// Reads a record.
  ///
  /// - Throws: `ShardError` where the file is none, or of a newer version.
  public init(json: Data, from url: URL) throws {
    do {
      self = try JSONDecoder().decode(ShardRecord.self, from: json)
    } catch {
      throw ShardError(.data, "this is no record of a shard", at: url.path, found: "\(error)".prefix(120).description)
    }
    guard format == "ambq-shard", version == 1, Shard(number: shard, of: shards) != nil else {
      throw ShardError(
        .data, "this is no record of a shard that this version reads", at: url.path,
        found: "\(format) \(version), shard \(shard)/\(shards)", expected: "ambq-shard 1")
    }
  }

  /// The record as it is written, for people and programs.
  ///
  /// - Throws: nothing in practice: every value can be encoded.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }
}
