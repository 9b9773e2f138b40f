import AMBDSGDN
import DialogueDomain

/// Everything that decides a training besides its data and its seed.
public struct TrainingRecipe: Sendable, Hashable {
  /// The modalities to train; nil takes those that the data has.
  public var modalities: [Modality]?
  /// Hidden size d.
  public var hidden = 512
  /// Heads of the encoder's self-attention.
  public var encoderHeads = 8
  /// Layers of the encoder.
  public var encoderLayers = 1
  /// Heads of each graph layer.
  public var graphHeads = 2
  /// What kind of graphs join the utterances.
  public var graphs = GraphKind.differential
  /// Neighbours to either side that the graphs reach.
  public var window: Int
  /// Speaker slots.
  public var speakers: Int
  /// Slots fixed by speaker name; nil where slots go by order of appearance.
  public var speakerSlots: [String: Int]?

  /// Of Adam, before the schedule.
  public var learningRate: Double
  /// Factor of Adam's coupled L2.
  public var l2: Double
  /// Of the encoder and before the heads' last layer.
  public var dropout: Double
  /// Of the graph layers.
  public var graphDropout = 0.2
  /// Dialogues in one optimiser step.
  public var batchDialogues: Int
  /// How often every dialogue is trained on.
  public var epochs: Int
  /// How classes are weighted in the losses.
  public var classWeighting: ClassWeighting
  /// Share of each target that is spread over all classes; 0 is the published loss.
  public var labelSmoothing = 0.0
  /// How the learning rate changes over the training.
  public var schedule = LearningRateSchedule.constant
  /// Share of all steps over which a cosine schedule rises.
  public var scheduleWarmUp = 0.05
  /// Decay of the running average of weights that is validated and kept; 0 keeps the weights themselves.
  public var averageDecay = 0.0

  /// Whether modalities are balanced at all.
  public var isBalanced = true
  /// The published code's rule or the paper's.
  public var balancingRule = ModalityBalancing.Rule.published
  /// q_base of Eqn 24.
  public var baseProbability: Double
  /// λ of Eqn 24.
  public var sensitivity = 0.9
  /// p_exe: how likely a step drops anything at all.
  public var executionProbability: Double
  /// Epochs before balancing starts.
  public var balancingWarmUp: Int

  /// Which epoch's weights are kept.
  public var kept = KeptEpoch.best
  /// Epochs without a better one after which a training ends, where the best is kept; 0 goes through all.
  public var patience = 0
  /// Networks that are trained, each on its own seed, and whose logits are averaged.
  public var ensemble = 1
  /// Parts that every dialogue is held out in one of, to fit temperature and doubt on; 1 holds a share out instead.
  public var folds = 1
  /// Whether the set teaches one network, which is kept in its place.
  public var isDistilled = false
  /// Share of wrong labels among the certain ones that the model is to promise.
  public var risk = 0.2
  /// Share of sets that hold the truth that the model is to promise.
  public var coverage = 0.9

  /// How the text encoder is tuned beforehand.
  public var encoder = EncoderRecipe()
  /// Whether features are brought to mean 0 and deviation 1 by the training data's statistics.
  public var standardises = true
  /// Share of dialogues held out for validation where no validation data is given.
  public var validationShare = 0.1
  /// What stays together when dialogues are held out.
  public var splitUnit = SplitUnit.dialogue
  /// Whether the epoch is chosen on the test data, as the paper does; said in the log and the model card.
  public var selectsOnTest = false

  /// A recipe of our own, for any features and any amount of data: what `train` takes where nothing else is named.
  ///
  /// The published recipes suit features of 1,024 columns and thousands of utterances. This one was chosen on training
  /// dialogues of MELD that were held out (docs/MEASURED.md): about 1,200 steps whatever the data's size, a rate of
  /// 3e-4 · √(128 / hidden), rare classes weighted up, a running average of the weights.
  ///
  /// - Parameters:
  ///   - dialogues: how many there are to train on.
  ///   - hidden: the network's hidden size.
  public init(dialogues: Int, hidden: Int = 128) {
    self.init(.meld)
    self.hidden = hidden
    learningRate = 3e-4 * (128 / Double(max(1, hidden))).squareRoot()
    batchDialogues = min(max(dialogues / 16, 2), 16)
    epochs = min(max(1_200 * batchDialogues / max(1, dialogues), 20), 200)
    classWeighting = .inverseSquareRoot
    averageDecay = 0.995
    patience = max(10, epochs / 4)
  }

  /// The recipe behind the published numbers of a data set.
  public init(_ preset: Preset) {
    switch preset {
    case .iemocap:
      window = 20
      speakers = 2
      speakerSlots = ["M": 0, "F": 1]
      learningRate = 6.8e-5
      l2 = 5e-5
      dropout = 0.5
      batchDialogues = 16
      epochs = 61
      classWeighting = .inverseFrequency
      baseProbability = 0.3
      executionProbability = 0.5
      balancingWarmUp = 60
    case .meld:
      window = 6
      speakers = 9
      learningRate = 5e-5
      l2 = 7.5e-5
      dropout = 0.11
      batchDialogues = 64
      epochs = 20
      classWeighting = .none
      baseProbability = 0.2
      executionProbability = 0.2
      balancingWarmUp = 0
    }
  }

  /// Refuses what cannot be had together.
  ///
  /// - Throws: `TrainingError.conflict`.
  func requireConsistent(hasValidation: Bool) throws {
    func conflict(_ isFound: Bool, _ problem: String, _ remedy: String) throws {
      if isFound { throw TrainingError.conflict(problem, remedy: remedy) }
    }
    try conflict(
      folds > 1 && hasValidation, "folds hold every training dialogue out once, and there is validation data, too",
      "Name the validation data with --test, or leave the folds out.")
    try conflict(
      folds > 1 && selectsOnTest, "an epoch cannot be chosen on the test data where folds are trained",
      "Leave out --select-on-test or the folds.")
    try conflict(
      selectsOnTest && kept == .last, "the last epoch is to be kept, and the test data is to choose one",
      "Leave out --select-on-test or --keep last.")
    try conflict(
      folds > 1 && isDistilled, "a network that a set teaches is not trained in folds",
      "Leave out the folds: a share of the dialogues is held out instead.")
    try conflict(
      folds > 1 && encoder.tuning != .none,
      "an encoder that is tuned on all dialogues has seen those that folds hold out",
      "Leave out the folds: a share of the dialogues is held out of both trainings instead.")
    try conflict(
      isDistilled && ensemble < 2, "there is no set to teach the network", "Train one with --ensemble 5.")
    try conflict(
      validationShare == 0 && kept == .best && folds < 2 && !hasValidation && !selectsOnTest,
      "nothing is held out to choose the epoch on", "Keep the last one with --keep last, or hold a share out.")
  }

  /// Dropout as the network takes it.
  public var rates: DropoutRates {
    DropoutRates(encoder: Float(dropout), graph: Float(graphDropout))
  }

  /// Optimiser steps of the whole training on so many dialogues.
  public func steps(dialogues: Int) -> Int {
    (dialogues + batchDialogues - 1) / batchDialogues * epochs
  }

  /// Nil where modalities are not balanced.
  public var balancing: ModalityBalancing? {
    guard isBalanced else { return nil }
    return ModalityBalancing(
      rule: balancingRule, baseProbability: baseProbability, sensitivity: sensitivity,
      executionProbability: executionProbability)
  }

  /// The network for training data of the given classes and modalities.
  ///
  /// - Throws: `TrainingError` where the sizes do not fit each other.
  public func configuration(
    name: String, emotions: EmotionSet, modalities: [Modality: ModalityConfiguration]
  ) throws -> ModelConfiguration {
    guard hidden % (2 * encoderHeads) == 0 else { throw TrainingError.hidden(hidden, heads: encoderHeads) }
    if case .given(let weights) = classWeighting, weights.count != emotions.count {
      throw TrainingError.classWeightCount(found: weights.count, expected: emotions.count)
    }
    // Slots beyond what the recipe leaves are no use to anybody.
    let slots = speakerSlots.flatMap { $0.values.allSatisfy { $0 < speakers } ? $0 : nil }
    return ModelConfiguration(
      name: name, emotions: emotions, modalities: modalities, hidden: hidden, encoderHeads: encoderHeads,
      encoderLayers: encoderLayers, graphHeads: graphHeads, graphs: graphs, window: window, speakers: speakers,
      speakerSlots: slots)
  }
}

/// Which epoch's weights a training keeps.
public enum KeptEpoch: String, CaseIterable, Sendable {
  /// The one with the highest weighted F1 on the validation dialogues.
  case best
  /// The last one, whatever its figures.
  case last
}
