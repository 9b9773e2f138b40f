import Bundles
import DSGDN

extension Model {
  /// What a bundle must hold for this model to score it.
  public var expectation: BundleExpectation {
    BundleExpectation(
      modalities: configuration.modalities.mapValues { ($0.width, $0.extractor) }, model: configuration.name)
  }
}
