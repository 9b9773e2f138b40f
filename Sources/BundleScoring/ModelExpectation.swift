import AMBDSGDN
import DialogueBundles

extension Model {
  /// What a bundle must hold for this model to score it.
  public var expectation: BundleExpectation {
    BundleExpectation(
      features: configuration.modalities.mapValues {
        BundleExpectation.Features(width: $0.width, extractor: $0.extractor)
      })
  }
}
