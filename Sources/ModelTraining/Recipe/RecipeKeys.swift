import AMBDSGDN
import DialogueDomain
import Foundation
import OperatingSystem
import TypedSettings

extension TrainingRecipe {
  /// The keys that a recipe file may hold.
  public static let keys = SettingTable<TrainingRecipe>(
    of: "recipe", listedIn: "ambtrain(1)", namedBy: "--config",
    keys: [
      .modalities, .count("hidden", \.hidden, in: 2...16_384), .count("encoder_heads", \.encoderHeads, in: 1...1024),
      .count("encoder_layers", \.encoderLayers, in: 1...64), .count("graph_heads", \.graphHeads, in: 1...64),
      .choice("graphs", \.graphs), .count("window", \.window, in: 1...1_000_000),
      .count("speakers", \.speakers, in: 1...1000),

      .number("learning_rate", \.learningRate, in: 0...1), .number("l2", \.l2, in: 0...1),
      .number("dropout", \.dropout, in: 0...0.95), .number("graph_dropout", \.graphDropout, in: 0...0.95),
      .count("batch_dialogues", \.batchDialogues, in: 1...100_000), .count("epochs", \.epochs, in: 1...100_000),
      .classWeights, .number("label_smoothing", \.labelSmoothing, in: 0...0.9), .choice("schedule", \.schedule),
      .number("schedule_warm_up", \.scheduleWarmUp, in: 0...0.9),
      .number("average_decay", \.averageDecay, in: 0...0.99999),

      .flag("balancing", \.isBalanced), .choice("balancing_rule", \.balancingRule),
      .number("base_probability", \.baseProbability, in: 0...1), .number("sensitivity", \.sensitivity, in: 0...100),
      .number("execution_probability", \.executionProbability, in: 0...1),
      .count("balancing_warm_up", \.balancingWarmUp, in: 0...100_000),

      .choice("encoder.tune", \.encoder.tuning), .count("encoder.rank", \.encoder.rank, in: 1...1024),
      .number("encoder.rate", \.encoder.rate, in: 0...1), .count("encoder.epochs", \.encoder.epochs, in: 1...1000),
      .count("encoder.batch", \.encoder.batch, in: 1...10_000),
      .count("encoder.context_turns", \.encoder.contextTurns, in: 0...20),

      .flag("standardise", \.standardises), .number("validation_share", \.validationShare, in: 0...0.9),
      .choice("split_by", \.splitUnit), .flag("select_on_test", \.selectsOnTest), .choice("keep", \.kept),
      .count("patience", \.patience, in: 0...100_000),
      .count("ensemble", \.ensemble, in: 1...ModelConfiguration.mostMembers), .count("folds", \.folds, in: 1...100),
      .flag("distil", \.isDistilled), .number("risk", \.risk, in: 0.001...0.9),
      .number("coverage", \.coverage, in: 0.5...0.999),
    ])

  /// Replaces what a TOML file of recipe keys names.
  ///
  /// - Throws: `SettingError` where the file cannot be read, is not TOML, holds an unknown key or an unusable value.
  public mutating func apply(file: URL) throws {
    try Self.keys.apply(to: &self, in: file.deletingLastPathComponent(), SettingsFile(file, keys: Self.keys).value)
  }

  /// Replaces what the given keys name.
  ///
  /// - Parameter source: where they come from, for messages: `command line`.
  /// - Throws: `SettingError` for an unknown key, with the nearest known one, or an unusable value.
  public mutating func apply(_ values: [String: SettingValue], source: String) throws {
    try Self.keys.checkNames(values.keys, origin: source)
    // No key is a path, so it does not matter what relative ones start from.
    try Self.keys.apply(to: &self, in: URL(fileURLWithPath: "/")) { key in values[key.path].map { ($0, source) } }
  }

  /// Every key with its value, as `apply` takes them.
  public var settings: [String: SettingValue] {
    Dictionary(uniqueKeysWithValues: Self.keys.map { ($0.path, $0.value(self)) })
  }

  /// Every key with its value, as JSON files hold them.
  public var values: [String: JSONValue] { settings.mapValues(JSONValue.init) }

  /// Every key with its value in words, in the keys' alphabetical order.
  public var descriptions: [(key: String, value: String)] {
    values.sorted { $0.key < $1.key }.map { ($0.key, $0.value == .null ? "those of the data" : $0.value.asText) }
  }
}

extension SettingKey where Record == TrainingRecipe {
  fileprivate static var modalities: Self {
    .field(
      "modalities", \.modalities, expected: "a list of text, visual, audio", choices: Modality.allCases.map(\.rawValue),
      wrapped: { modalities in modalities.map { .list($0.map { .text($0.rawValue) }) } ?? .none }
    ) { value, _ -> [Modality]?? in
      if value == .none { return .some(nil) }
      guard let values = value.asList, !values.isEmpty else { return nil }
      let modalities = values.compactMap { $0.asText.flatMap(Modality.init(rawValue:)) }
      guard modalities.count == values.count else { return nil }
      return Set(modalities).sorted()
    }
  }

  fileprivate static var classWeights: Self {
    .field(
      "class_weights", \.classWeighting,
      expected: "none, inverse-frequency, inverse-square-root, or a list of positive numbers, one a class",
      choices: ClassWeighting.named.keys.sorted(),
      wrapped: { weighting in
        if case .given(let weights) = weighting { return .list(weights.map { .number(Double($0)) }) }
        return .text(ClassWeighting.named.first { $0.value == weighting }?.key ?? "")
      }
    ) { value, _ in
      if let name = value.asText { return ClassWeighting.named[name] }
      guard let weights = value.asList?.map(\.asNumber) else { return nil }
      let usable = weights.compactMap { $0 }.filter { $0 > 0 && $0.isFinite }
      return usable.count == weights.count ? .given(usable.map(Float.init)) : nil
    }
  }
}

extension ClassWeighting {
  /// Those that have a name.
  fileprivate static let named: [String: ClassWeighting] = [
    "none": .none, "inverse-frequency": .inverseFrequency, "inverse-square-root": .inverseSquareRoot,
  ]
}

extension JSONValue {
  init(_ value: SettingValue) {
    switch value {
    case .none: self = .null
    case .text(let text), .word(let text), .other(let text): self = .string(text)
    case .integer(let number): self = .integer(number)
    case .number(let number): self = .number(number)
    case .flag(let flag): self = .bool(flag)
    case .list(let values): self = .array(values.map(JSONValue.init))
    }
  }

  /// A whole or broken number.
  var asNumber: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The value on one line.
  var asText: String {
    switch self {
    case .null: "nothing"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): "\"\(value)\""
    case .array(let values): "[\(values.map(\.asText).joined(separator: ", "))]"
    case .object(let entries): "an object with \(entries.count) keys"
    }
  }
}
