import AMBDSGDN
import DialogueBundles
import DialogueDomain
import Foundation
import SampleModels
import TestFolders
import Testing

@testable import BundleScoring

struct ExplanationRequestTests {
  private let folder: TemporaryFolder
  private let file: URL
  private let digest: String
  private let models = ModelFolder(SmallModel.model)

  init() throws {
    folder = try TemporaryFolder()
    file = folder.url.appendingPathComponent("friday.h5")
    try BundleWriter().write(SmallModel.bundle([3, 5]), to: file)
    digest = try BundleReader().read(file).digest
  }

  private func answer(_ change: (inout ExplanationRequest) -> Void = { _ in }) throws -> DialogueExplanation {
    var request = ExplanationRequest(
      file: file, dialogue: "d1", bundleDigest: digest, modelDigest: SmallModel.model.digest)
    change(&request)
    return try request.answer(by: models, in: URL(fileURLWithPath: "/models/small"), reading: BundleReader())
  }

  @Test func theStoredBundleIsExplainedByTheModelThatScoredIt() throws {
    let told = try answer()
    let scored = try BundleScorer(models).score(try BundleReader().read(file).bundle)
    #expect(told.utterances.map(\.branchLogits) == scored.utterances.filter { $0.dialogue == "d1" }.map(\.branchLogits))
    #expect(try answer { $0.turn = 2 }.utterances.map(\.turn) == [2])
    #expect(try answer { ($0.bundleDigest, $0.modelDigest) = (nil, nil) } == told)
  }

  @Test func anotherModelOrOtherBytesAreRefused() throws {
    let model = #expect(throws: ExplanationError.self) { _ = try answer { $0.modelDigest = "0123456789" } }
    #expect(model == .otherModel("/models/small", found: ["model digest"], expected: "0123456789"))
    #expect(model?.explanation.message.contains("expected 01234567") == true)
    let bytes = #expect(throws: ExplanationError.self) { _ = try answer { $0.bundleDigest = "0123456789" } }
    #expect(bytes == .otherBytes("friday.h5", found: digest, expected: "0123456789"))
  }

  @Test func whatTheBundleDoesNotHoldIsSaid() throws {
    #expect(throws: ExplanationError.noDialogue("friday.h5", "d2")) { _ = try answer { $0.dialogue = "d2" } }
    for turn in [-1, 5] {
      #expect(throws: ExplanationError.noTurn("friday.h5", "d1", turn, count: 5)) { _ = try answer { $0.turn = turn } }
    }
  }
}
