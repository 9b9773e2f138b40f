import AMBDSGDN
import DialogueDomain
import Testing

/// A sound bundle and a model that may not be made for it.
@Suite struct FeatureMismatchTests {
  private let bundle = FeatureBundle(
    extractors: [.text: "counting/3"], emotions: EmotionSet(["neutral", "anger"]),
    dialogues: [Dialogue(id: "friday", rows: 0..<1)], utterances: [Utterance(id: "1", speaker: "Ann", label: 1)],
    features: [
      .text: FeatureTable(width: 3, values: [1, 2, 3], missing: [false]),
      .audio: FeatureTable(width: 2, values: [1, 2], missing: [false]),
    ])

  private func configuration(_ modalities: [Modality: ModalityConfiguration]) -> ModelConfiguration {
    ModelConfiguration(
      name: "other", emotions: EmotionSet(["joy", "sadness"]), modalities: modalities, hidden: 16, window: 3,
      speakers: 2)
  }

  private func refusal(
    _ modalities: [Modality: ModalityConfiguration], named name: String? = "friday.h5"
  ) throws -> FeatureMismatch {
    try #require(throws: FeatureMismatch.self) { try configuration(modalities).check(bundle, named: name) }
  }

  @Test func bundleOfTheModel() throws {
    try configuration([
      .text: .init(width: 3, extractor: "counting/3"), .audio: .init(width: 2, extractor: "never named in the bundle"),
      .visual: .init(width: 100),
    ]).check(bundle, named: "friday.h5")
  }

  @Test func anExtractorThatNobodyNamesIsTakenOnTrustUnlessStrict() throws {
    let model = configuration([.audio: .init(width: 2, extractor: "loud/2"), .text: .init(width: 3)])
    try model.check(bundle, named: "friday.h5")
    #expect(model.unnamedExtractors(of: BundleOutline(bundle)) == [.audio])
    #expect(throws: FeatureMismatch.noExtractor(bundle: "friday.h5", .audio, expected: "loud/2")) {
      try model.check(bundle, named: "friday.h5", strict: true)
    }
  }

  @Test func modalityThatTheModelDoesNotKnow() throws {
    try configuration([.audio: .init(width: 2)]).check(bundle, named: "friday.h5")
  }

  @Test func otherWidth() throws {
    let error = try refusal([.text: .init(width: 384, extractor: "all-MiniLM-L6-v2/384")])
    #expect(
      error.description == "friday.h5: /text: the feature width is not the model's; found 3 columns of counting/3; "
        + "expected 384 columns of all-MiniLM-L6-v2/384. "
        + "Extract the features that the model was trained on, or use a model for these.")
  }

  @Test func otherExtractor() throws {
    let error = try refusal([.text: .init(width: 3, extractor: "weighing/3")])
    #expect(
      error.description == "friday.h5: / attribute `text_extractor`: the features come from another extractor than the "
        + "model's; found \"counting/3\"; expected \"weighing/3\". "
        + "Extract the features that the model was trained on, or use a model for these.")
  }

  @Test func noneOfTheModelsModalities() throws {
    let error = try refusal([.visual: .init(width: 342)])
    #expect(
      error.description == "friday.h5: the bundle has none of the model's modalities; found /text, /audio; "
        + "expected /visual. Add the features, or use a model for these modalities.")
  }

  @Test func aBundleInMemoryHasNoFileToName() throws {
    let error = try refusal([.visual: .init(width: 342), .audio: .init(width: 4)], named: nil)
    #expect(error.description.hasPrefix("/audio: the feature width is not the model's; found 2 columns; expected 4 "))
  }

  @Test func emotionsThatTheModelDoesNotKnowAreNoFault() throws {
    try configuration([.text: .init(width: 3)]).check(bundle)
  }
}
