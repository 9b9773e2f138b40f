import DialogueDomain
import EvaluationStatistics
import ResultIndex

/// What people corrected within a period, and what agreement and certainty came to by it.
///
/// Over the bundles that were corrected, as their latest scoring has them; the truth before and after is what was known at
/// the beginning and at the end of the period.
public struct CorrectionFigures: Codable, Sendable, Equatable {
  /// How many corrections one person made.
  public struct Person: Codable, Sendable, Equatable {
    /// By their own word.
    public var name: String
    /// Corrections, of the same utterance more than once where they said so.
    public var corrections: Int
  }

  /// How labels and truth stand to each other.
  public struct Standing: Codable, Sendable, Equatable {
    /// Utterances whose label can be compared with the truth.
    public var utterances: Int
    /// Share of them that are labelled right; nil over none.
    public var accuracy: Double?
    /// Mean confidence of their labels, near `accuracy` where the model is well calibrated; nil over none.
    public var meanConfidence: Double?
    /// What the model promised of its doubt and kept, in words; nil where it promises nothing.
    public var doubt: String?
  }

  /// One model.
  public struct Model: Codable, Sendable, Equatable {
    /// The model's name.
    public var name: String
    /// SHA-256 of its weights and configuration.
    public var digest: String
    /// Bundles of it that were corrected.
    public var bundles: Int
    /// At the beginning of the period.
    public var before: Standing
    /// At its end.
    public var after: Standing
  }

  /// Corrections taken.
  public var taken: Int
  /// Who made them, most first.
  public var people: [Person]
  /// Utterances that were corrected to another emotion than their label.
  public var changed: Int
  /// Utterances whose label was agreed with.
  public var confirmed: Int
  /// The one with most bundles first.
  public var models: [Model]

  /// Nil where nothing was corrected.
  init?(_ corrections: NightCorrections) {
    guard !corrections.people.isEmpty else { return nil }
    people = corrections.people.map { Person(name: $0.key, corrections: $0.value) }
      .sorted { ($1.corrections, $0.name) < ($0.corrections, $1.name) }
    taken = people.reduce(0) { $0 + $1.corrections }
    (changed, confirmed) = (corrections.changed, corrections.confirmed)
    models = corrections.models.map { digest, tally in
      Model(
        name: tally.name, digest: digest, bundles: tally.bundles, before: Standing(tally.before),
        after: Standing(tally.after))
    }.sorted { ($1.bundles, $0.digest) < ($0.bundles, $1.digest) }
  }
}

extension CorrectionFigures.Standing {
  fileprivate init(_ tally: NightCorrections.Tally) {
    utterances = tally.truth.utterances
    accuracy = tally.truth.accuracy
    meanConfidence = utterances == 0 ? nil : tally.confidenceSum.value / Double(utterances)
    doubt = tally.doubt.inWords
  }
}

/// What was corrected within a period, counted.
public struct NightCorrections: Sendable, Equatable {
  /// Labels against what was known of the truth at one time.
  struct Tally: Sendable, Equatable {
    var truth: TruthComparison
    var doubt: DoubtComparison
    var confidenceSum = ExactSum.zero
  }

  struct Model: Sendable, Equatable {
    var name: String
    var bundles = 0
    var before: Tally
    var after: Tally
  }

  var people: [String: Int] = [:]
  var changed = 0
  var confirmed = 0
  /// By the model's digest.
  var models: [String: Model] = [:]

  mutating func add(_ bundle: CorrectedBundle, matching: EmotionMatching) {
    let empty = Tally(truth: TruthComparison(bundle.emotions), doubt: DoubtComparison(bundle.promise))
    var model = models[bundle.modelDigest] ?? Model(name: bundle.modelName, before: empty, after: empty)
    model.bundles += 1
    for utterance in bundle.utterances {
      model.before.add(utterance, truth: utterance.before, bundle.emotions, matching)
      model.after.add(utterance, truth: utterance.after, bundle.emotions, matching)
      guard utterance.isCorrected, let truth = utterance.after else { continue }
      if matching.index(of: truth, in: bundle.emotions).map({ bundle.emotions[$0] }) == utterance.label {
        confirmed += 1
      } else {
        changed += 1
      }
    }
    models[bundle.modelDigest] = model
  }
}

extension NightCorrections.Tally {
  fileprivate mutating func add(
    _ utterance: CorrectedUtterance, truth name: String?, _ emotions: EmotionSet, _ matching: EmotionMatching
  ) {
    let label = emotions.index(of: utterance.label)
    if let name {
      truth.add(truth: name, class: label, matching: matching)
      if case .judged = matching.agreement(truth: name, label: label, in: emotions) {
        confidenceSum += ExactSum(rounding: utterance.confidence)
      }
    }
    let place = name.flatMap { matching.index(of: $0, in: emotions) }
    doubt.add(
      isUncertain: utterance.isUncertain, setSize: utterance.labelSet?.count, truth: place.map { emotions[$0] },
      isRight: place != nil && label == place,
      isHeld: place.map { utterance.labelSet?.contains($0) == true } ?? false)
  }
}
