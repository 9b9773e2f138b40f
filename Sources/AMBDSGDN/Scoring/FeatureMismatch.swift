import DialogueDomain

/// Features that a model cannot score: they are not what it was trained on.
public enum FeatureMismatch: ExplainedError, Equatable {
  /// The bundle has none of the model's modalities.
  case noSharedModality(bundle: String?, found: [Modality], expected: [Modality])
  /// A modality has more or fewer columns than the model's.
  case otherWidth(bundle: String?, Modality, found: Int, extractor: String?, expected: ModalityConfiguration)
  /// A modality's features were made by another program than the model's.
  case otherExtractor(bundle: String?, Modality, found: String, expected: String)
  /// Nobody says what program made a modality's features, and that is asked for.
  case noExtractor(bundle: String?, Modality, expected: String)
  /// A value that no measurement of what the model was trained on can give.
  case outOfRange(FarValue)
  /// Most values of a modality are farther from the training data than the network looks: another unit, or other features.
  case otherUnit(FarValue, clippedShare: Double, extractor: String?)

  public var explanation: Explanation {
    switch self {
    case .noSharedModality(let bundle, let found, let expected):
      let wanted = Self.paths(expected)
      return Explanation(
        .data, "the bundle has none of the model's modalities", at: bundle,
        // Only a transcript comes as far as here without any features.
        found: found.isEmpty ? "no row with words or times" : Self.paths(found),
        expected: expected.count == 1 ? wanted : "at least one of \(wanted)",
        remedy: "Add the features, or use a model for these modalities.")
    case .otherWidth(let bundle, let modality, let found, let extractor, let expected):
      return Explanation(
        .data, "the feature width is not the model's", at: Self.place(Self.paths([modality]), in: bundle),
        found: Self.columns(found, extractor), expected: Self.columns(expected.width, expected.extractor),
        remedy: Self.remedy)
    case .otherExtractor(let bundle, let modality, let found, let expected):
      return Explanation(
        .data, "the features come from another extractor than the model's",
        at: Self.place("/ attribute `\(modality.rawValue)_extractor`", in: bundle), found: "\"\(found)\"",
        expected: "\"\(expected)\"", remedy: Self.remedy)
    case .noExtractor(let bundle, let modality, let expected):
      return Explanation(
        .data, "the bundle does not say what made its \(modality.rawValue) features",
        at: Self.place("/ attribute `\(modality.rawValue)_extractor`", in: bundle), found: "none",
        expected: "\"\(expected)\"",
        remedy: "Write the attribute, or set scoring.strict to false to take such bundles on trust.")
    case .outOfRange(let far):
      return Explanation(
        .data, "a feature lies too far from the model's training data to be the same measurement",
        at: Self.place(far.place, in: far.bundle), found: far.found,
        expected: "at most \(Int(FeatureRange.farthest)) deviations from \(far.spread)",
        remedy: "Look for what wrote this value. Where an utterance's features are spoilt, mark it as lacking the "
          + "modality: NaN in each of its columns.")
    case .otherUnit(let far, let share, let extractor):
      return Explanation(
        .data,
        "the \(far.modality.rawValue) features are in another unit than the model's training data, or are others",
        at: Self.place(far.place, in: far.bundle),
        found: "\(Int((share * 100).rounded(.down))) % of all values beyond \(Int(Standardisation.bound)) deviations; "
          + "farthest here: \(far.found)",
        expected: "at most \(Int(FeatureRange.mostClipped * 100)) %; this column's \(far.spread)",
        remedy: "Extract them as those that the model was trained on"
          + (extractor.map { ", \($0)" } ?? "") + ", without scaling them; or train a model on these.")
    }
  }

  private static let remedy = "Extract the features that the model was trained on, or use a model for these."

  /// Where bundle files hold the features.
  private static func paths(_ modalities: [Modality]) -> String {
    modalities.map { "/\($0.rawValue)" }.joined(separator: ", ")
  }

  private static func place(_ place: String, in bundle: String?) -> String {
    bundle.map { "\($0): \(place)" } ?? place
  }

  private static func columns(_ width: Int, _ extractor: String?) -> String {
    "\(width) columns" + (extractor.map { " of \($0)" } ?? "")
  }
}

extension ModelConfiguration {
  /// Refuses a bundle whose features are not what the model was trained on.
  ///
  /// A bundle may lack some of the model's modalities, but not all. Modalities that the model does not know are of no
  /// concern, nor are classes of labels that it does not know. An extractor is compared only where both sides name one.
  ///
  /// - Parameters:
  ///   - bundle: what is to be scored.
  ///   - name: what to call the bundle in the message.
  ///   - strict: whether features whose extractor nobody names are refused.
  /// - Throws: `FeatureMismatch`: another width, another extractor, or none of the model's modalities.
  public func check(
    _ bundle: BundleOutline, named name: String? = nil, strict: Bool = false
  ) throws(FeatureMismatch) {
    let shared = modalityOrder.filter { bundle.features[$0] != nil }
    guard !shared.isEmpty else {
      throw .noSharedModality(bundle: name, found: bundle.features.keys.sorted(), expected: modalityOrder)
    }
    for modality in shared {
      guard let expected = modalities[modality], let table = bundle.features[modality] else { continue }
      let extractor = bundle.extractors[modality]
      guard table.width == expected.width else {
        throw .otherWidth(bundle: name, modality, found: table.width, extractor: extractor, expected: expected)
      }
      if let extractor, let wanted = expected.extractor, extractor != wanted {
        throw .otherExtractor(bundle: name, modality, found: extractor, expected: wanted)
      }
    }
    if strict, let modality = unnamedExtractors(of: bundle).first {
      throw .noExtractor(bundle: name, modality, expected: modalities[modality]?.extractor ?? "")
    }
  }

  /// The same for a bundle with its features, whose values are not looked at: `Model.check` does that.
  public func check(
    _ bundle: FeatureBundle, named name: String? = nil, strict: Bool = false
  ) throws(FeatureMismatch) {
    try check(BundleOutline(bundle), named: name, strict: strict)
  }

  /// The modalities whose extractor the model knows and the bundle does not name.
  public func unnamedExtractors(of bundle: BundleOutline) -> [Modality] {
    modalityOrder.filter {
      bundle.features[$0] != nil && bundle.extractors[$0] == nil && modalities[$0]?.extractor != nil
    }
  }
}
