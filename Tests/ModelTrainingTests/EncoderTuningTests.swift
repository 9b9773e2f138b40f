import AMBDSGDN
import DialogueDomain
import Foundation
import Tensors
import TestFolders
import Testing
import TextEncoder

@testable import ModelTraining

/// A small encoder tuned on words that tell the emotion.
@Suite struct EncoderTuningTests {
  private let encoder: TextEncoder

  init() throws {
    let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "yes", "no", "so", "well", ":"]
    let folder = try TemporaryFolder()
    let configuration = EncoderConfiguration(
      vocabulary: pieces.count, hidden: 16, layers: 2, heads: 2, intermediate: 24, positions: 64)
    let json: [String: Any] = [
      "model_type": "bert", "vocab_size": pieces.count, "hidden_size": 16, "num_hidden_layers": 2,
      "num_attention_heads": 2, "intermediate_size": 24, "max_position_embeddings": 64, "hidden_act": "gelu",
    ]
    try folder.write(JSONSerialization.data(withJSONObject: json), to: "tiny/config.json")
    try folder.write(pieces.joined(separator: "\n"), to: "tiny/vocab.txt")
    try SafetensorsWriter.write(
      configuration.tensors.map { layout in
        NamedTensor(
          name: layout.name, shape: layout.shape,
          values: CounterBasedRandom.standardNormal(CounterBasedRandom.key(named: layout.name), count: layout.count)
            .map { layout.name.hasSuffix("LayerNorm.weight") ? 1 + $0 / 10 : $0 / 4 })
      }, to: folder["tiny/model.safetensors"])
    encoder = try TextEncoder(directory: EncoderDirectory(folder["tiny"]))
  }

  /// Dialogues of four turns; "yes" is glad and "no" is angry, among words that say nothing.
  private func data(dialogues: Int, seed: UInt64) throws -> TrainingData {
    let key = CounterBasedRandom.key(seed, 1)
    let rows = dialogues * 4
    let labels = (0..<rows).map { Int(CounterBasedRandom.uniform(key, UInt64($0)) * 2) }
    let bundle = FeatureBundle(
      emotions: EmotionSet(["glad", "angry"]),
      dialogues: (0..<dialogues).map { Dialogue(id: "\(seed)-\($0)", rows: $0 * 4..<$0 * 4 + 4) },
      utterances: (0..<rows).map { row in
        let filler = CounterBasedRandom.uniform(key, UInt64(row + 10_000)) < 0.5 ? "so" : "well"
        return Utterance(
          id: "\(row)", speaker: row % 2 == 0 ? "A" : "B", label: labels[row],
          text: "\(filler) \(labels[row] == 0 ? "yes" : "no") \(filler)")
      },
      features: [
        // Replaced by the tuned encoder's; dialogues must differ.
        .text: FeatureTable(
          width: 16, values: CounterBasedRandom.standardNormal(CounterBasedRandom.key(seed, 2), count: rows * 16),
          missing: [Bool](repeating: false, count: rows))
      ])
    return try TrainingData([.init(name: "words", bundle: bundle)])
  }

  private func recipe(_ change: (inout EncoderRecipe) -> Void = { _ in }) -> TrainingRecipe {
    var recipe = SmallDialogues.recipe
    recipe.encoder.tuning = .adapters
    (recipe.encoder.rank, recipe.encoder.batch, recipe.encoder.epochs, recipe.encoder.rate) = (4, 8, 3, 0.02)
    change(&recipe.encoder)
    return recipe
  }

  private func tuning(_ recipe: TrainingRecipe, threads: Int = 2) throws -> EncoderTuning {
    try EncoderTuning(
      encoder, training: data(dialogues: 20, seed: 1), validation: data(dialogues: 6, seed: 2), recipe: recipe, seed: 3,
      threads: threads)
  }

  private func finished(_ outcome: EncoderTuning.Outcome) throws -> TunedEncoder {
    guard case .finished(let tuned) = outcome else { throw CancellationError() }
    return tuned
  }

  @Test(arguments: [EncoderRecipe.Tuning.adapters, .layers])
  func wordsThatTellTheEmotionAreLearnt(what: EncoderRecipe.Tuning) throws {
    let folder = try TemporaryFolder()
    var epochs: [EpochRecord] = []
    let tuned = try finished(
      tuning(recipe { ($0.tuning, $0.rate) = (what, what == .layers ? 0.05 : 0.02) }).run(
        folder: folder["checkpoint"], observe: { if case .epoch(let record, _) = $0 { epochs.append(record) } }))
    #expect(epochs.count == 3)
    #expect(try #require(epochs.compactMap(\.weightedF1).max()) > 0.9)
    #expect(tuned.extractor.hasPrefix("tiny+"))
    let (plain, after) = (try encoder.encode(["so yes so"]), try encoder.tuned(tuned).encode(["so yes so"]))
    #expect(plain.values != after.values)
  }

  @Test func theSameSeedGivesTheSameBytesOnAnyNumberOfThreads() throws {
    let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
    let first = try finished(tuning(recipe(), threads: 1).run(folder: one["c"]))
    let second = try finished(tuning(recipe(), threads: 3).run(folder: two["c"]))
    #expect(first.parameters.all.map(\.value.values) == second.parameters.all.map(\.value.values))
  }

  @Test func aStoppedTuningResumesToTheSameBytes() throws {
    let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
    let whole = try finished(tuning(recipe()).run(folder: one["c"]))
    var steps = 0
    // Ten steps an epoch: in the middle of the second.
    let stopped = try tuning(recipe()).run(
      folder: two["c"],
      isStopped: {
        steps += 1
        return steps > 14
      })
    guard case .stopped(epoch: 1) = stopped else {
      Issue.record("stopped in the second epoch")
      return
    }
    let resumed = try finished(tuning(recipe()).run(folder: two["c"], isResumed: true))
    #expect(whole.parameters.all.map(\.value.values) == resumed.parameters.all.map(\.value.values))
    #expect(throws: TrainingError.self) {
      _ = try tuning(recipe { $0.rank = 2 }).run(folder: two["c"], isResumed: true)
    }
    #expect(throws: TrainingError.self) { _ = try tuning(recipe()).run(folder: two["c"]) }
  }

  @Test func withoutWordsNothingIsTuned() throws {
    var bundle = try data(dialogues: 4, seed: 1).bundle
    for row in bundle.utterances.indices { bundle.utterances[row].text = nil }
    let silent = try TrainingData([.init(name: "silent", bundle: bundle)])
    let error = try #require(throws: TrainingError.self) {
      _ = try EncoderTuning(encoder, training: silent, validation: nil, recipe: recipe(), seed: 1)
    }
    #expect(error.description.contains("the training data has no labelled words"))
  }

  @Test func aModelCarriesItsEncoderAndReadsWordsByIt() throws {
    let folder = try TemporaryFolder()
    var whole = recipe()
    whole.validationShare = 0.25
    let stage = try EncoderStage(
      .init(training: data(dialogues: 20, seed: 1), validation: nil, test: data(dialogues: 6, seed: 2)),
      encoder: encoder, recipe: whole, seed: 1, directory: folder.url)
    guard case .finished(let encoded, let tuned) = try stage.run() else { throw CancellationError() }
    let session = try TrainingSession(
      name: "m", data: encoded.training, validation: nil, test: encoded.test, recipe: whole, seeds: [1],
      directory: folder.url, encoder: tuned)
    guard case .finished(let results) = try session.run() else { throw CancellationError() }
    #expect(try #require(results.first?.test).accuracy > 0.9)
    EncoderStage.removeCheckpoint(in: folder.url)
    let model = try Model(directory: folder.url)
    #expect(model.configuration.modalities[.text]?.extractor == tuned.extractor)
    let read = try TunedEncoder(from: folder.url, for: encoder)
    #expect(read.extractor == tuned.extractor)
    let card = try String(contentsOf: folder["MODEL_CARD.md"], encoding: .utf8)
    #expect(card.contains("Beforehand adapters of rank 4 on the text encoder tiny/16 were tuned"))
    // Trained again without tuning, the folder carries none.
    let plain = try TrainingSession(
      name: "m", data: encoded.training, validation: nil, test: nil, recipe: whole, seeds: [1], directory: folder.url)
    _ = try plain.run()
    #expect(!TunedEncoder.isIn(folder.url))
  }
}
