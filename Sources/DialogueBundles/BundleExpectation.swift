import DialogueDomain

/// What a model asks of the bundles it scores.
public struct BundleExpectation: Sendable, Hashable {
  /// The features of one modality.
  public struct Features: Sendable, Hashable {
    /// Columns per row.
    public var width: Int
    /// The program and settings that must have made them; nil where the model does not say.
    public var extractor: String?

    /// Features of this width, from this extractor.
    public init(width: Int, extractor: String? = nil) {
      self.width = width
      self.extractor = extractor
    }
  }

  /// The model's modalities; a bundle may lack some of them, but not all.
  public var features: [Modality: Features]

  /// An expectation of these modalities.
  public init(features: [Modality: Features]) {
    self.features = features
  }

  /// Refuses a bundle that the model cannot score.
  ///
  /// Modalities and emotions that the model does not know are of no concern, and an extractor is compared only where both
  /// sides name one.
  ///
  /// - Parameter name: the bundle's file name, for the message.
  /// - Throws: `BundleError`: another width, another extractor, or none of the model's modalities.
  public func check(_ bundle: FeatureBundle, named name: String) throws {
    do {
      try check(bundle)
    } catch let error as BundleError {
      throw error.inFile(name)
    }
  }

  private func check(_ bundle: FeatureBundle) throws {
    let shared = features.keys.filter { bundle.features[$0] != nil }.sorted()
    guard !shared.isEmpty else {
      throw BundleError.noSharedModality(found: bundle.features.keys.sorted(), expected: features.keys.sorted())
    }
    for modality in shared {
      guard let expected = features[modality], let table = bundle.features[modality] else { continue }
      let extractor = bundle.extractors[modality]
      guard table.width == expected.width else {
        throw BundleError.otherWidth(of: modality, found: table.width, by: extractor, expected: expected)
      }
      if let extractor, let wanted = expected.extractor, extractor != wanted {
        throw BundleError.otherExtractor(of: modality, found: extractor, expected: wanted)
      }
    }
  }
}

/// Faults of a sound bundle that meets the wrong model.
extension BundleError {
  static func noSharedModality(found: [Modality], expected: [Modality]) -> BundleError {
    func paths(_ modalities: [Modality]) -> String {
      modalities.map { BundleFormat.Path.features($0) }.joined(separator: ", ")
    }
    return BundleError(
      .noSharedModality, "the bundle has none of the model's modalities", found: paths(found),
      expected: expected.count == 1 ? paths(expected) : "at least one of \(paths(expected))",
      remedy: "Add the features, or use a model for these modalities.")
  }

  static func otherWidth(
    of modality: Modality, found: Int, by extractor: String?, expected: BundleExpectation.Features
  ) -> BundleError {
    func features(_ width: Int, _ extractor: String?) -> String {
      "\(width) columns" + (extractor.map { " of \($0)" } ?? "")
    }
    return BundleError(
      .otherWidth, "the feature width is not the model's", at: BundleFormat.Path.features(modality),
      found: features(found, extractor), expected: features(expected.width, expected.extractor),
      remedy: "Extract the features that the model was trained on, or use a model for these.")
  }

  static func otherExtractor(of modality: Modality, found: String, expected: String) -> BundleError {
    BundleError(
      .otherExtractor, "the features come from another extractor than the model's",
      at: "/ attribute `\(BundleFormat.Attribute.extractor(modality))`", found: "\"\(found)\"",
      expected: "\"\(expected)\"",
      remedy: "Extract the features that the model was trained on, or use a model for these.")
  }
}
