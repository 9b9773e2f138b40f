import DialogueDomain
import EvaluationStatistics
import Foundation
import OperatingSystem

extension ModelConfiguration {
  /// The most networks that a set may have.
  public static let mostMembers = 100

  static let format = "amb-dsgdn-model"
  static let version = 1

  /// Reads and checks a `config.json`.
  ///
  /// - Throws: `ModelError` naming the file, the key, what was found and what was expected.
  public init(json: Data, file: String) throws {
    let object: [String: JSONValue]
    do {
      object = try JSONDecoder().decode([String: JSONValue].self, from: json)
    } catch {
      throw ModelError.configurationNotJSON(file: file)
    }
    let reader = KeyReader(object: object, file: file)
    try reader.require("format", equals: .string(Self.format))
    try reader.require("version", equals: .integer(Self.version))
    let emotions = try reader.strings("emotions")
    guard emotions.count >= 2, Set(emotions).count == emotions.count, !emotions.contains("") else {
      throw ModelError.configuration(
        file: file, key: "emotions", found: "\(emotions)", expected: "two or more different names")
    }
    self.init(
      name: try reader.string("name"), emotions: EmotionSet(emotions), modalities: try reader.modalities(),
      hidden: try reader.positive("hidden"), encoderHeads: try reader.positive("encoder_heads"),
      encoderLayers: try reader.positive("encoder_layers"), graphHeads: try reader.positive("graph_heads"),
      graphs: try reader.graphs(), window: try reader.positive("window"), speakers: try reader.positive("speakers"),
      speakerSlots: try reader.speakerSlots(), temperature: try reader.positiveNumber("temperature", default: 1),
      training: object["training"], others: object.filter { !Self.knownKeys.contains($0.key) })
    doubt = try reader.doubt(classes: emotions.count)
    if object["members"] != nil { members = try reader.positive("members", atMost: Self.mostMembers) }
    guard hidden % (2 * encoderHeads) == 0 else {
      throw ModelError.configuration(
        file: file, key: "hidden", found: "\(hidden)",
        expected: "a multiple of twice encoder_heads (\(2 * encoderHeads))")
    }
  }

  /// The content of `config.json`: keys sorted, so that equal configurations give equal bytes.
  ///
  /// - Throws: `EncodingError` where a number is not finite.
  public func json() throws -> Data {
    var object = others
    object["format"] = .string(Self.format)
    object["version"] = .integer(Self.version)
    object["name"] = .string(name)
    object["emotions"] = .array(emotions.names.map(JSONValue.string))
    object["modalities"] = .object(
      Dictionary(uniqueKeysWithValues: modalities.map { ($0.key.rawValue, $0.value.json) }))
    object["hidden"] = .integer(hidden)
    object["encoder_heads"] = .integer(encoderHeads)
    object["encoder_layers"] = .integer(encoderLayers)
    object["graph_heads"] = .integer(graphHeads)
    // The published network's files do not have this key.
    object["graphs"] = graphs == .differential ? nil : .string(graphs.rawValue)
    object["window"] = .integer(window)
    object["speakers"] = .integer(speakers)
    object["speaker_slots"] = speakerSlots.map { .object($0.mapValues(JSONValue.integer)) }
    object["members"] = members == 1 ? nil : .integer(members)
    object["temperature"] = .number(temperature)
    object["doubt"] = doubt?.json
    object["training"] = training
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(object) + Data("\n".utf8)
  }

  private static let knownKeys: Set<String> = [
    "format", "version", "name", "emotions", "modalities", "hidden", "encoder_heads", "encoder_layers", "graph_heads",
    "graphs", "window", "speakers", "speaker_slots", "members", "temperature", "doubt",
    "training",
  ]
}

extension DoubtRule {
  fileprivate var json: JSONValue {
    .object([
      "risk": .number(risk), "least_confidence": leastConfidence.map(JSONValue.number) ?? .null,
      "coverage": .number(coverage), "least_probabilities": .array(leastProbabilities.map(JSONValue.number)),
      "class_rows": .array(classRows.map(JSONValue.integer)),
    ])
  }
}

extension ModalityConfiguration {
  fileprivate var json: JSONValue {
    var object: [String: JSONValue] = ["width": .integer(width)]
    object["extractor"] = extractor.map(JSONValue.string)
    object["noise_deviation"] = noiseDeviation.map(JSONValue.number)
    return .object(object)
  }
}

/// Typed access to the keys of one configuration file.
private struct KeyReader {
  let object: [String: JSONValue]
  let file: String

  func require(_ key: String, equals expected: JSONValue) throws {
    guard object[key] == expected else { throw error(key, expected: expected.shortText) }
  }

  func string(_ key: String) throws -> String {
    guard case .string(let value)? = object[key] else { throw error(key, expected: "a string") }
    return value
  }

  func strings(_ key: String) throws -> [String] {
    guard case .array(let values)? = object[key] else { throw error(key, expected: "a list of strings") }
    return try values.map {
      guard case .string(let value) = $0 else { throw error(key, expected: "a list of strings") }
      return value
    }
  }

  func positive(_ key: String, atMost most: Int = 1_000_000) throws -> Int {
    // An upper bound keeps the sizes computed from these numbers within reason.
    guard case .integer(let value)? = object[key], (1...most).contains(value) else {
      throw error(key, expected: "a whole number from 1 to \(most)")
    }
    return value
  }

  func positiveNumber(_ key: String, default fallback: Double) throws -> Double {
    switch object[key] {
    case nil: return fallback
    case .integer(let value)? where value > 0: return Double(value)
    case .number(let value)? where value > 0 && value.isFinite: return value
    default: throw error(key, expected: "a positive number")
    }
  }

  func graphs() throws -> GraphKind {
    guard object["graphs"] != nil else { return .differential }
    guard let kind = GraphKind(rawValue: try string("graphs")) else {
      throw error("graphs", expected: GraphKind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return kind
  }

  func doubt(classes: Int) throws -> DoubtRule? {
    guard let value = object["doubt"] else { return nil }
    let expected =
      "an object with risk and coverage from 0 to 1, least_confidence, and least_probabilities and class_rows of "
      + "\(classes) numbers"
    guard let rule = try? JSONDecoder().decode(DoubtRule.self, from: JSONEncoder().encode(value)),
      rule.leastProbabilities.count == classes, rule.classRows.count == classes, (0...1).contains(rule.risk),
      (0...1).contains(rule.coverage)
    else { throw error("doubt", expected: expected) }
    return rule
  }

  func modalities() throws -> [Modality: ModalityConfiguration] {
    let expected = "one to three of text, visual, audio"
    guard case .object(let entries)? = object["modalities"], !entries.isEmpty else {
      throw error("modalities", expected: expected)
    }
    var modalities: [Modality: ModalityConfiguration] = [:]
    for (name, entry) in entries {
      guard let modality = Modality(rawValue: name), case .object(let keys) = entry else {
        throw ModelError.configuration(file: file, key: "modalities", found: name, expected: expected)
      }
      let reader = KeyReader(object: keys, file: file)
      modalities[modality] = ModalityConfiguration(
        width: try reader.positive("width"), extractor: keys["extractor"] == nil ? nil : try reader.string("extractor"),
        noiseDeviation: keys["noise_deviation"] == nil ? nil : try reader.positiveNumber("noise_deviation", default: 1))
    }
    return modalities
  }

  func speakerSlots() throws -> [String: Int]? {
    guard let entry = object["speaker_slots"] else { return nil }
    guard case .object(let entries) = entry else { throw error("speaker_slots", expected: "names with slot numbers") }
    let speakers = try positive("speakers")
    return try entries.mapValues {
      guard case .integer(let slot) = $0, (0..<speakers).contains(slot) else {
        throw error("speaker_slots", expected: "slots from 0 to \(speakers - 1)")
      }
      return slot
    }
  }

  private func error(_ key: String, expected: String) -> ModelError {
    ModelError.configuration(file: file, key: key, found: object[key]?.shortText ?? "no such key", expected: expected)
  }
}

extension JSONValue {
  fileprivate var shortText: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): "\"\(value)\""
    case .array(let values): "a list of \(values.count)"
    case .object(let entries): "an object with \(entries.count) keys"
    }
  }
}
