import DialogueDomain
import GoldenData
import Tensors
import Testing

@testable import AMBDSGDN

/// What a dialogue's neighbours in the batch, its length and the set of modalities must not change.
@Suite struct BatchTests {
  @Test(arguments: ["tiny9", "iemocap"]) func aDialogueScoresTheSameAloneAndInAnyBatch(name: String) throws {
    let model = try GoldenModel(name, window: 5)
    let together = model.run(model.batch([6, 0, 4, 1, 2, 5, 3])).logits
    let segments = Segments(lengths: [6, 0, 4, 1, 2, 5, 3].map { model.lengths[$0] })
    for (place, dialogue) in [6, 0, 4, 1, 2, 5, 3].enumerated() {
      let alone = model.run(model.batch([dialogue])).logits
      for modality in Modality.allCases {
        let found = try segments[place].flatMap { try #require(together[modality]).row($0) }
        let expected = try #require(alone[modality]).values
        let scale = expected.map(abs).max() ?? 0
        let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
        // Not to the bit on every processor: BLAS may sum a matrix's last rows in another order.
        #expect(worst <= 1e-6 * scale, "\(modality) of dialogue \(dialogue)")
      }
    }
  }

  @Test func aBranchDoesNotDependOnTheOtherModalities() throws {
    let model = try GoldenModel("tiny", window: 5)
    var textOnly = model.configuration
    textOnly.modalities = [.text: ModalityConfiguration(width: 12)]
    let parameters = ParameterSet(textOnly) { layout in
      layout.filed(model.network.parameters[layout.name].value)
    }
    #expect(parameters.layouts.count < model.network.parameters.layouts.count)
    let network = Network(textOnly, parameters)
    let branch = try #require(network.branch(.text))
    let batch = model.batch([3])
    let run = Computation()
    let features = try #require(batch.features[.text])
    let logits = branch.logits(branch.represented(branch.projected(run.input(features), run), batch, run), run)
    let isEqual = logits.value.values == model.run(batch).logits[.text]?.values
    #expect(isEqual)
  }

  @Test func relationsFollowSpeakersAndOrder() {
    let segments = Segments(lengths: [3, 1])
    let speakers = [0, 1, 0, 0]
    let intra = RelationGraph.intraSpeaker(segments, speakers: speakers, window: 2)
    let inter = RelationGraph.interSpeaker(segments, speakers: speakers, window: 2)
    // Columns are the neighbours at −2, −1, 0, 1, 2.
    #expect(intra.relations == [0, 0, 1, 0, 3] + [0, 0, 1, 0, 0] + [2, 0, 1, 0, 0] + [0, 0, 1, 0, 0])
    #expect(inter.relations == [0, 0, 1, 4, 0] + [0, 5, 1, 4, 0] + [0, 5, 1, 0, 0] + [0, 0, 1, 0, 0])
  }

  @Test func aDialogueLongerThanThePositionTableIsScored() throws {
    let model = try GoldenModel("tiny", window: 5)
    let rows = 1500
    let batch = DialogueBatch(
      segments: Segments(lengths: [rows]), speakers: (0..<rows).map { $0 % 2 },
      features: [
        .audio: Matrix(
          rows: rows, columns: 9, CounterBasedRandom.standardNormal(CounterBasedRandom.key(1), count: rows * 9))
      ], window: 5)
    let logits = try #require(model.run(batch).logits[.audio])
    #expect(logits.rows == rows && logits.values.allSatisfy(\.isFinite))
  }
}
