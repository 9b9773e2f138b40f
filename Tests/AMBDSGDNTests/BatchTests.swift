import DialogueDomain
import GoldenData
import Testing

@testable import AMBDSGDN
@testable import Tensors

/// What a dialogue's neighbours in the batch, its length and the set of modalities must not change.
@Suite struct BatchTests {
  @Test(arguments: ["tiny9", "iemocap"], Kernels.all)
  func aDialogueScoresTheSameAloneAndInAnyBatchToTheLastBit(name: String, kernels: Kernels) throws {
    let model = try GoldenModel(name, window: 5)
    let order = [6, 0, 4, 1, 2, 5, 3]
    let together = logits(model, model.batch(order), kernels)
    let segments = Segments(lengths: order.map { model.lengths[$0] })
    for (place, dialogue) in order.enumerated() {
      let alone = logits(model, model.batch([dialogue]), kernels)
      for modality in Modality.allCases {
        let found = try segments[place].flatMap { try #require(together[modality]).row($0) }
        let isEqual = try found == #require(alone[modality]).values
        #expect(isEqual, "\(modality) of dialogue \(dialogue)")
      }
    }
  }

  private func logits(_ model: GoldenModel, _ batch: DialogueBatch, _ kernels: Kernels) -> [Modality: Matrix] {
    batch.features.reduce(into: [:]) { logits, entry in
      let run = Computation(kernels: kernels, pool: BufferPool(), tape: nil, dropout: nil, trace: nil)
      guard let branch = model.network.branch(entry.key) else { return }
      let encoded = branch.encoded(branch.projection(run.input(entry.value), run), batch, run)
      logits[entry.key] = branch.logits(encoded, run).value
    }
  }

  @Test func everyLengthUpToATileAndBeyondScoresTheSameAloneAndInABatch() throws {
    let model = try GoldenModel("tiny", window: 5)
    let lengths = Array(1...29) + [64, 100]
    let rows = lengths.reduce(0, +)
    func batch(_ range: Range<Int>, _ lengths: [Int]) -> DialogueBatch {
      var features: [Modality: Matrix] = [:]
      for (modality, entry) in model.configuration.modalities {
        let key = CounterBasedRandom.key(UInt64(entry.width))
        let all = CounterBasedRandom.standardNormal(key, count: rows * entry.width)
        features[modality] = Matrix(
          rows: range.count, columns: entry.width,
          all[range.lowerBound * entry.width..<range.upperBound * entry.width])
      }
      return DialogueBatch(
        segments: Segments(lengths: lengths), speakers: range.map { $0 % 2 }, features: features, window: 5)
    }
    let together = model.run(batch(0..<rows, lengths)).logits
    var first = 0
    for length in lengths {
      // The same speakers in the same rows: first is even or odd, and so is the row's speaker.
      let alone = model.run(batch(first..<first + length, [length])).logits
      for modality in Modality.allCases {
        let found = try (first..<first + length).flatMap { try #require(together[modality]).row($0) }
        let isEqual = try found == #require(alone[modality]).values
        #expect(isEqual, "\(modality), \(length) utterances")
      }
      first += length
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
    let logits = branch.logits(branch.encoded(branch.projection(run.input(features), run), batch, run), run)
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
