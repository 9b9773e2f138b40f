import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import OperatingSystem
import Tensors
import TextEncoder

/// Tunes a text encoder on labelled words, by a linear head on the mean of each utterance's tokens.
///
/// The epoch of the highest weighted F1 on the validation words is kept; the head is thrown away. Equal data, recipe and
/// seed give equal bytes, whatever the number of threads and however often it was interrupted and resumed.
public struct EncoderTuning: Sendable {
  /// How a call to `run` ended.
  public enum Outcome: Sendable {
    /// The tuned encoder.
    case finished(TunedEncoder)
    /// Asked to stop; the checkpoint after this many epochs can be resumed.
    case stopped(epoch: Int)
  }

  /// An utterance to learn from.
  private struct Sample {
    let sequence: TokenSequence
    let label: Int
  }

  private let encoder: TextEncoder
  private let recipe: TrainingRecipe
  private let seed: UInt64
  private let threads: Int
  private let emotions: EmotionSet
  private let training: [Sample]
  private let validation: [Sample]
  private let loss: TrainingLoss
  private let identity: Checkpoint.Identity

  private var tuning: EncoderRecipe { recipe.encoder }

  /// Checks the data against the recipe.
  ///
  /// - Parameters:
  ///   - encoder: the untuned one.
  ///   - validation: chooses the epoch; nil keeps the last one.
  /// - Throws: `TrainingError.noWords` where no labelled utterance has words.
  public init(
    _ encoder: TextEncoder, training: TrainingData, validation: TrainingData?, recipe: TrainingRecipe, seed: UInt64,
    threads: Int = Processor.cores
  ) throws {
    self.encoder = encoder
    self.recipe = recipe
    self.seed = seed
    self.threads = threads
    emotions = training.emotions
    self.training = Self.samples(training, of: emotions, encoder, recipe.encoder)
    self.validation = validation.map { Self.samples($0, of: training.emotions, encoder, recipe.encoder) } ?? []
    guard !self.training.isEmpty else { throw TrainingError.noWords(part: "training data") }
    guard validation == nil || !self.validation.isEmpty else { throw TrainingError.noWords(part: "validation data") }
    loss = TrainingLoss(
      classWeights: recipe.classWeighting.weights(counts: training.classCounts), labelSmoothing: recipe.labelSmoothing)
    identity = Checkpoint.Identity(
      trainingDigest: Self.digest(self.training), validationDigest: Self.digest(self.validation), seed: seed,
      recipe: recipe.values, teachingDigest: encoder.digest)
  }

  private static func samples(
    _ data: TrainingData, of emotions: EmotionSet, _ encoder: TextEncoder, _ recipe: EncoderRecipe
  ) -> [Sample] {
    let sequences = encoder.tokenizer.sequences(of: data.bundle, contextTurns: recipe.contextTurns)
    return zip(sequences, data.labels(among: emotions)).compactMap { sequence, label in
      guard let sequence, let label else { return nil }
      return Sample(sequence: sequence, label: label)
    }
  }

  private static func digest(_ samples: [Sample]) -> String {
    FileDigest.sha256(Data(samples.map { "\($0.label) \($0.sequence.ids)" }.joined(separator: "\n").utf8))
  }

  /// Optimiser steps of one epoch.
  private var stepsPerEpoch: Int { (training.count + tuning.batch - 1) / tuning.batch }

  /// Tunes from the start or from the last checkpoint, and writes a checkpoint after each epoch.
  ///
  /// - Parameters:
  ///   - folder: for checkpoints.
  ///   - isResumed: whether to go on from the checkpoint there.
  ///   - isStopped: asked between steps, as after Ctrl-C.
  /// - Throws: `TrainingError` where a checkpoint would be overwritten or belongs to other data, or tuning diverges;
  ///   `StorageError` where a checkpoint cannot be written.
  public func run(
    folder: URL, isResumed: Bool = false, isStopped: () -> Bool = { false },
    observe: (TrainingEvent) -> Void = { _ in }
  ) throws -> Outcome {
    Processor.useOneThreadPerProduct()
    let configuration = encoder.network.configuration
    let trained: ParameterSet =
      switch tuning.tuning {
      case .layers: encoder.network.parameters.subset { $0.hasPrefix("encoder.") }.copy()
      case .adapters, .none: ParameterSet(layouts: configuration.adapterTensors(rank: tuning.rank), seed: seed)
      }
    let kept = encoder.network.parameters.subset { !trained.has($0) }
    let head = ParameterSet(layouts: Self.headLayouts(configuration.hidden, emotions.count), seed: seed)
    let state = TrainingState(trained.joined(head), averages: false)
    let checkpoint = Checkpoint(folder: folder, identity: identity)
    if isResumed {
      try checkpoint.read(into: state)
      observe(.resumed(epoch: state.epoch))
    } else {
      guard !checkpoint.exists else { throw TrainingError.checkpointExists(folder: folder.path) }
      try checkpoint.write(state)
    }
    let network = BertEncoder(configuration, kept.joined(trained))
    let layer = LinearLayer(Self.head, state.parameters)
    while state.epoch < tuning.epochs {
      guard try epoch(state, network, layer, isStopped, observe) else { return .stopped(epoch: state.epoch) }
      let best = state.record.best?.weightedF1 ?? -1
      let judged = validation.isEmpty ? nil : try judged(network, layer)
      let counts = judged?.counts
      let isBest = counts.map { $0.weightedF1 > best } ?? true
      let losses = state.record.steps.suffix(stepsPerEpoch).map(\.loss)
      let record = EpochRecord(
        epoch: state.epoch + 1, loss: losses.reduce(0, +) / Double(max(losses.count, 1)),
        accuracy: counts?.accuracy, weightedF1: counts?.weightedF1, macroF1: counts?.macroF1,
        validationLoss: judged?.loss,
        isBest: isBest)
      state.record.epochs.append(record)
      state.epoch += 1
      if isBest { state.keepBest() }
      try checkpoint.write(state)
      observe(.epoch(record, of: tuning.epochs))
    }
    let best = state.best.subset { !$0.hasPrefix(Self.head) }
    return .finished(TunedEncoder(of: encoder, parameters: best, contextTurns: tuning.contextTurns))
  }

  private static let head = "head"

  private static func headLayouts(_ width: Int, _ classes: Int) -> [TensorLayout] {
    [
      TensorLayout("\(head).weight", [classes, width], .linear(fanIn: width), transposed: true),
      TensorLayout("\(head).bias", [classes], .constant(0)),
    ]
  }

  /// Runs the state's next epoch.
  ///
  /// - Returns: false where it was stopped between two steps.
  private func epoch(
    _ state: TrainingState, _ network: BertEncoder, _ head: LinearLayer, _ isStopped: () -> Bool,
    _ observe: (TrainingEvent) -> Void
  ) throws -> Bool {
    let order = DialogueOrder.shuffled(
      training.count,
      key: CounterBasedRandom.key(seed, CounterBasedRandom.key(named: "utterances"), UInt64(state.epoch + 1)))
    for first in stride(from: 0, to: order.count, by: tuning.batch) {
      if isStopped() { return false }
      // By length: a piece's sequences are then of one size; the order of a sum is fixed all the same.
      let chosen = order[first..<min(first + tuning.batch, order.count)].map { training[$0] }
        .sorted { $0.sequence.ids.count < $1.sequence.ids.count }
      let loss = try step(chosen, state, network, head)
      let record = StepRecord(
        epoch: state.epoch + 1, step: state.step, learningRate: rate(state.step - 1), loss: loss, fusionLoss: loss,
        branchLosses: [:], performance: [:], dropProbabilities: [:], isDropping: false)
      state.record.steps.append(record)
      observe(.step(record, of: stepsPerEpoch * tuning.epochs))
    }
    if let tensor = state.parameters.all.first(where: { $0.value.firstNotFinite != nil })?.name {
      throw TrainingError.diverged(
        epoch: state.epoch + 1, step: state.step, place: "tensor \(tensor) of the encoder",
        checkpoint: state.epoch > 0 ? state.epoch : nil)
    }
    return true
  }

  /// One step; gives its loss.
  private func step(
    _ samples: [Sample], _ state: TrainingState, _ network: BertEncoder, _ head: LinearLayer
  ) throws -> Double {
    let sequences = samples.map(\.sequence)
    let pieces = TextEncoder.batches(sequences.map { $0.ids.count })
    let parameters = state.parameters.all
    let pool = BufferPool()
    state.step += 1
    let key = CounterBasedRandom.key(seed, CounterBasedRandom.key(named: "tuning"), UInt64(state.step))
    let passes = try Parallel.map(count: pieces.count, threads: threads) { index in
      EncoderPass(
        sequences[pieces[index]], encoder: network, head: head, trained: parameters,
        key: CounterBasedRandom.key(key, UInt64(index)), pool: pool)
    }
    let logits = Matrix(rows: samples.count, columns: emotions.count, passes.flatMap(\.logits.values))
    guard let value = loss.crossEntropy(logits, labels: samples.map(\.label)), value.loss.isFinite else {
      throw TrainingError.diverged(
        epoch: state.epoch + 1, step: state.step, place: "the encoder's loss",
        checkpoint: state.epoch > 0 ? state.epoch : nil)
    }
    _ = try Parallel.map(count: pieces.count, threads: threads) { index in
      passes[index].backward(value.gradient.rows(pieces[index]))
    }
    let gradients = parameters.map { parameter in Matrix.sum(passes.compactMap { $0.gradient(of: parameter) }) }
    clip(gradients.compactMap { $0 })
    try update(state, gradients)
    return value.loss
  }

  /// The greatest norm of all gradients together.
  private static let clippingNorm = 1.0

  private func clip(_ gradients: [Matrix]) {
    let squares = gradients.reduce(0.0) { sum, gradient in
      sum + gradient.withElements { $0.reduce(0.0) { $0 + Double($1) * Double($1) } }
    }
    let norm = squares.squareRoot()
    guard norm > Self.clippingNorm else { return }
    for gradient in gradients { gradient.scale(by: Float(Self.clippingNorm / norm)) }
  }

  private func update(_ state: TrainingState, _ gradients: [Matrix?]) throws {
    let names = state.parameters.layouts.map(\.name)
    let rate = rate(state.step - 1)
    // A head begins at random and learns fast; whole layers are touched with a tenth of its rate.
    let parts: [(rate: Double, isIn: (String) -> Bool)] =
      tuning.tuning == .layers
      ? [(rate / 10, { !$0.hasPrefix(Self.head) }), (rate, { $0.hasPrefix(Self.head) })] : [(rate, { _ in true })]
    for part in parts {
      try state.optimiser.step(
        &state.progress, rate: part.rate, l2: 0, threads: threads,
        gradients: zip(names, gradients).map { name, gradient in part.isIn(name) ? gradient.map { [$0] } ?? [] : [] })
    }
  }

  /// The rate of a step, from 0: a linear rise over a tenth of all, then a linear fall to zero.
  private func rate(_ step: Int) -> Double {
    let steps = stepsPerEpoch * tuning.epochs
    let rise = max(1, steps / 10)
    let factor = step < rise ? Double(step + 1) / Double(rise) : Double(steps - step) / Double(max(1, steps - rise))
    return tuning.rate * factor
  }

  /// The validation words' labels by the head against the truth, and the loss.
  private func judged(
    _ network: BertEncoder, _ head: LinearLayer
  ) throws -> (counts: ConfusionCounts, loss: Double) {
    let sequences = validation.map(\.sequence)
    let pieces = TextEncoder.batches(sequences.map { $0.ids.count })
    let pool = BufferPool()
    let parts = try Parallel.map(count: pieces.count, threads: threads) { index in
      let run = Computation(pool: pool)
      let batch = TokenBatch(sequences[pieces[index]])
      return head(run.means(network.hiddenStates(batch, run), over: batch.pooled), run).value.values
    }
    let logits = Matrix(rows: validation.count, columns: emotions.count, parts.flatMap(\.self))
    var counts = ConfusionCounts(classes: emotions.count)
    for (row, sample) in validation.enumerated() {
      counts.add(truth: sample.label, predicted: argmax(logits.row(row)))
    }
    return (counts, TrainingLoss().crossEntropy(logits, labels: validation.map(\.label))?.loss ?? .nan)
  }
}
