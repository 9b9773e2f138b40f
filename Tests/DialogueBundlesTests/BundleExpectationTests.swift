import DialogueDomain
import Foundation
import Testing

@testable import DialogueBundles

/// A sound bundle and a model that may not be made for it.
struct BundleExpectationTests {
  private let bundle: FeatureBundle

  init() throws {
    bundle = try BundleFixture().read()
  }

  private func refusal(_ expectation: BundleExpectation) throws -> BundleError {
    try #require(throws: BundleError.self) { try expectation.check(bundle, named: "friday.h5") }
  }

  @Test func bundleOfTheModel() throws {
    try BundleExpectation(features: [
      .text: .init(width: 3, extractor: "counting/3"), .audio: .init(width: 2, extractor: "never named in the bundle"),
      .visual: .init(width: 100),
    ]).check(bundle, named: "friday.h5")
  }

  @Test func modalityThatTheModelDoesNotKnow() throws {
    try BundleExpectation(features: [.audio: .init(width: 2)]).check(bundle, named: "friday.h5")
  }

  @Test func otherWidth() throws {
    let error = try refusal(BundleExpectation(features: [.text: .init(width: 384, extractor: "all-MiniLM-L6-v2/384")]))
    #expect(error.fault == .otherWidth)
    #expect(
      error.description == "friday.h5: /text: the feature width is not the model's; found 3 columns of counting/3; "
        + "expected 384 columns of all-MiniLM-L6-v2/384. "
        + "Extract the features that the model was trained on, or use a model for these.")
  }

  @Test func otherExtractor() throws {
    let error = try refusal(BundleExpectation(features: [.text: .init(width: 3, extractor: "weighing/3")]))
    #expect(error.fault == .otherExtractor)
    #expect(
      error.description == "friday.h5: / attribute `text_extractor`: the features come from another extractor than the "
        + "model's; found \"counting/3\"; expected \"weighing/3\". "
        + "Extract the features that the model was trained on, or use a model for these.")
  }

  @Test func noneOfTheModelsModalities() throws {
    let error = try refusal(BundleExpectation(features: [.visual: .init(width: 342)]))
    #expect(error.fault == .noSharedModality)
    #expect(
      error.description == "friday.h5: the bundle has none of the model's modalities; found /text, /audio; "
        + "expected /visual. Add the features, or use a model for these modalities.")
  }
}
