import AMBDSGDN
import DialogueDomain
import Testing

/// Features beyond the spread of the training data: a little is clipped, much is refused.
struct FeatureRangeTests {
  /// Text of two columns with mean 1 and deviations 0.5 and 2, and a third that hardly varied; audio without any figures.
  private let model: Model = {
    let configuration = ModelConfiguration(
      name: "other", emotions: EmotionSet(["joy", "sadness"]),
      modalities: [
        .text: ModalityConfiguration(width: 3, extractor: "counting/3"), .audio: ModalityConfiguration(width: 1),
      ],
      hidden: 16, window: 3, speakers: 2)
    return Model(
      network: Network(configuration, ParameterSet(configuration, seed: 1)),
      standardisation: [.text: Standardisation(mean: [1, 1, 1], deviation: [0.5, 2, 1e-6])], digest: "model")
  }()

  /// Two dialogues of two utterances at the training mean, changed.
  private func bundle(_ change: (inout [Float]) -> Void, missing: [Bool] = [false, false, false, false])
    -> FeatureBundle
  {
    var values = [Float](repeating: 1, count: 12)
    change(&values)
    return FeatureBundle(
      dialogues: [Dialogue(id: "monday", rows: 0..<2), Dialogue(id: "tuesday", rows: 2..<4)],
      utterances: (0..<4).map { Utterance(id: "u\($0)", speaker: "Ann") },
      features: [
        .text: FeatureTable(width: 3, values: values, missing: missing),
        .audio: FeatureTable(width: 1, values: [0, 3e38, 0, 0], missing: [false, false, false, false]),
      ])
  }

  private func refusal(_ bundle: FeatureBundle) throws -> FeatureMismatch {
    try #require(throws: FeatureMismatch.self) { try model.check(bundle, named: "friday.h5") }
  }

  @Test func oneValueThatIsFarOutIsClippedAndNoMore() throws {
    // 2000 deviations; and a column that is left out may hold anything.
    try model.check(bundle { $0[6] = 1001 }, named: "friday.h5")
    try model.check(bundle { $0[8] = 3e38 }, named: "friday.h5")
  }

  @Test(arguments: [9000, -3e38, 3.4e38] as [Float])
  func oneValueThatCannotBeAMeasurementIsRefused(value: Float) throws {
    let error = try refusal(bundle { $0[9] = value })
    guard case .outOfRange(let far) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(far.dialogue == "tuesday" && far.utterance == "u3" && far.row == 3 && far.column == 0)
    #expect(far.value == value && far.mean == 1 && far.deviation == 0.5)
    // The refusal of one value keeps a bundle out of what scores.
    #expect(throws: error) { try BundleScorer(model).score(bundle { $0[9] = value }, name: "friday.h5") }
  }

  @Test func theMessageNamesPlaceValueSpreadAndRemedy() throws {
    let error = try refusal(bundle { $0[9] = 9000 })
    #expect(
      error.description
        == "friday.h5: /text row 3 column 0, dialogue \"tuesday\", utterance \"u3\": a feature lies too far from the model's "
        + "training data to be the same measurement; found 9000.0, 1.8e+04 deviations from the mean; expected at most 10000 "
        + "deviations from the training mean 1, the deviation being 0.5. Look for what wrote this value. Where an "
        + "utterance's features are spoilt, mark it as lacking the modality: NaN in each of its columns.")
  }

  @Test func aModalityInAnotherUnitIsRefusedThoughNoValueIsAbsurd() throws {
    let error = try refusal(bundle { values in for index in values.indices { values[index] = 200 } })
    guard case .otherUnit(let far, let share, let extractor) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(share == 1 && extractor == "counting/3" && far.column == 0 && far.deviations == 398)
    #expect(error.description.contains("the text features are in another unit than the model's training data"))
    #expect(
      error.description.contains("100 % of all values beyond 20 deviations; farthest here: 200.0, 398 deviations"))
    // Half of the values may be clipped, as where one of two columns is another's.
    try model.check(bundle { values in for row in 0..<4 { values[row * 3] = 200 } })
  }

  @Test func missingRowsAreNotLookedAt() throws {
    try model.check(bundle({ $0[9] = 9000 }, missing: [false, false, false, true]))
  }

  @Test func theUnitIsJudgedOverAllParts() throws {
    // Of the first dialogue every value is clipped, of the whole half.
    let bundle = bundle { values in for index in 0..<6 { values[index] = 200 } }
    let outline = BundleOutline(bundle)
    var range = FeatureRange(model, bundle: "friday.h5")
    let parts = [0..<1, 1..<2].map { dialogues in
      let rows = outline.rows(of: dialogues)
      return outline.part(dialogues, features: bundle.features.mapValues { $0.rows(rows) })
    }
    try range.add(parts[0])
    #expect(throws: FeatureMismatch.self) { try range.finish() }
    try range.add(parts[1])
    try range.finish()
    // Rows are counted from the bundle's start.
    var late = parts[1]
    late.features[.text]?.values[0] = 1e9
    let error = try #require(throws: FeatureMismatch.self) { try range.add(late) }
    guard case .outOfRange(let far) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(far.row == 2 && far.dialogue == "tuesday")
  }
}
