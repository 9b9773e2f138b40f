import AMBDSGDN
import DialogueDomain
import OperatingSystem

/// One key of a recipe file: how it is read, checked and written.
struct RecipeKey: Sendable {
  let name: String
  /// What the value may be, for messages and manuals.
  let expected: String
  let get: @Sendable (TrainingRecipe) -> JSONValue
  /// False where the value is not what is expected.
  let set: @Sendable (inout TrainingRecipe, JSONValue) -> Bool

  private init(
    _ name: String, _ expected: String, get: @escaping @Sendable (TrainingRecipe) -> JSONValue,
    set: @escaping @Sendable (inout TrainingRecipe, JSONValue) -> Bool
  ) {
    self.name = name
    self.expected = expected
    self.get = get
    self.set = set
  }

  static let all: [RecipeKey] = [
    modalities,
    count("hidden", \.hidden, 2...16_384), count("encoder_heads", \.encoderHeads, 1...1024),
    count("encoder_layers", \.encoderLayers, 1...64), count("graph_heads", \.graphHeads, 1...64),
    choice("graphs", \.graphs), count("window", \.window, 1...1_000_000), count("speakers", \.speakers, 1...1000),
    number("learning_rate", \.learningRate, 0...1), number("l2", \.l2, 0...1),
    number("dropout", \.dropout, 0...0.95), number("graph_dropout", \.graphDropout, 0...0.95),
    count("batch_dialogues", \.batchDialogues, 1...100_000), count("epochs", \.epochs, 1...100_000), classWeights,
    number("label_smoothing", \.labelSmoothing, 0...0.9), choice("schedule", \.schedule),
    number("schedule_warm_up", \.scheduleWarmUp, 0...0.9), number("average_decay", \.averageDecay, 0...0.99999),
    flag("balancing", \.isBalanced), choice("balancing_rule", \.balancingRule),
    number("base_probability", \.baseProbability, 0...1), number("sensitivity", \.sensitivity, 0...100),
    number("execution_probability", \.executionProbability, 0...1),
    count("balancing_warm_up", \.balancingWarmUp, 0...100_000), flag("standardise", \.standardises),
    number("validation_share", \.validationShare, 0.001...0.9), flag("select_on_test", \.selectsOnTest),
  ]

  private static func count(
    _ name: String, _ path: any WritableKeyPath<TrainingRecipe, Int> & Sendable, _ range: ClosedRange<Int>
  ) -> RecipeKey {
    RecipeKey(
      name, "a whole number from \(range.lowerBound) to \(range.upperBound)", get: { .integer($0[keyPath: path]) },
      set: { recipe, value in
        guard case .integer(let number) = value, range.contains(number) else { return false }
        recipe[keyPath: path] = number
        return true
      })
  }

  private static func number(
    _ name: String, _ path: any WritableKeyPath<TrainingRecipe, Double> & Sendable, _ range: ClosedRange<Double>
  ) -> RecipeKey {
    RecipeKey(
      name, "a number from \(range.lowerBound) to \(range.upperBound)", get: { .number($0[keyPath: path]) },
      set: { recipe, value in
        guard let number = value.asNumber, range.contains(number) else { return false }
        recipe[keyPath: path] = number
        return true
      })
  }

  private static func flag(
    _ name: String, _ path: any WritableKeyPath<TrainingRecipe, Bool> & Sendable
  ) -> RecipeKey {
    RecipeKey(
      name, "true or false", get: { .bool($0[keyPath: path]) },
      set: { recipe, value in
        guard case .bool(let flag) = value else { return false }
        recipe[keyPath: path] = flag
        return true
      })
  }

  private static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: any WritableKeyPath<TrainingRecipe, Choice> & Sendable
  ) -> RecipeKey {
    RecipeKey(
      name, "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))",
      get: { .string($0[keyPath: path].rawValue) },
      set: { recipe, value in
        guard case .string(let text) = value, let choice = Choice(rawValue: text) else { return false }
        recipe[keyPath: path] = choice
        return true
      })
  }

  private static let modalities = RecipeKey(
    "modalities", "a list of text, visual, audio",
    get: { recipe in recipe.modalities.map { .array($0.map { .string($0.rawValue) }) } ?? .null },
    set: { recipe, value in
      if value == .null {
        recipe.modalities = nil
        return true
      }
      guard case .array(let values) = value, !values.isEmpty else { return false }
      var chosen: Set<Modality> = []
      for value in values {
        guard case .string(let name) = value, let modality = Modality(rawValue: name) else { return false }
        chosen.insert(modality)
      }
      recipe.modalities = chosen.sorted()
      return true
    })

  private static let classWeights = RecipeKey(
    "class_weights", "none, inverse-frequency, inverse-square-root, or a list of positive numbers, one a class",
    get: { recipe in
      switch recipe.classWeighting {
      case .none: .string("none")
      case .inverseFrequency: .string("inverse-frequency")
      case .inverseSquareRoot: .string("inverse-square-root")
      case .given(let weights): .array(weights.map { .number(Double($0)) })
      }
    },
    set: { recipe, value in
      switch value {
      case .string("none"): recipe.classWeighting = .none
      case .string("inverse-frequency"): recipe.classWeighting = .inverseFrequency
      case .string("inverse-square-root"): recipe.classWeighting = .inverseSquareRoot
      case .array(let values):
        let weights = values.compactMap(\.asNumber)
        guard weights.count == values.count, weights.allSatisfy({ $0 > 0 && $0.isFinite }) else { return false }
        recipe.classWeighting = .given(weights.map(Float.init))
      default: return false
      }
      return true
    })
}

extension TrainingRecipe {
  /// The keys that a recipe file may hold, with what each value may be.
  public static var keys: [(name: String, expected: String)] {
    RecipeKey.all.map { ($0.name, $0.expected) }
  }

  /// Replaces what the given keys name.
  ///
  /// - Parameter source: the file or command line they come from, for messages.
  /// - Throws: `TrainingError` for an unknown key, with the nearest known one, or an unusable value.
  public mutating func apply(_ values: [String: JSONValue], source: String) throws {
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      guard let key = RecipeKey.all.first(where: { $0.name == name }) else {
        throw TrainingError.recipeKey(
          name, source: source, nearest: nearestName(to: name, among: RecipeKey.all.map(\.name)))
      }
      guard key.set(&self, value) else {
        throw TrainingError.recipeValue(key: name, source: source, found: value.asText, expected: key.expected)
      }
    }
  }

  /// Every key with its value, as `apply` takes them.
  public var values: [String: JSONValue] {
    Dictionary(uniqueKeysWithValues: RecipeKey.all.map { ($0.name, $0.get(self)) })
  }

  /// Every key with its value in words, in the keys' alphabetical order.
  public var descriptions: [(key: String, value: String)] {
    values.sorted { $0.key < $1.key }.map { ($0.key, $0.value == .null ? "those of the data" : $0.value.asText) }
  }
}

extension JSONValue {
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
