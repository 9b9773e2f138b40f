import DialogueDomain
import EvaluationStatistics
import Tensors

extension Model {
  /// How the labels of one dialogue came about: the forward pass that scores it, run once more and listened to.
  ///
  /// Branch logits are those that scoring gives, to the last bit. Of a set every figure is the mean over its networks.
  ///
  /// - Parameters:
  ///   - bundle: what holds the dialogue; `ModelConfiguration.check(_:named:strict:)` must have passed it.
  ///   - dialogue: its place among the bundle's dialogues.
  ///   - digest: SHA-256 of the bundle's file.
  ///   - turn: the only utterance to tell of, layer by layer; nil for all of them, with the layers' mean.
  ///   - threads: for the arithmetic.
  public func explanation(
    of bundle: FeatureBundle, dialogue: Int, digest: String, turn: Int? = nil, threads: Int = Processor.cores
  ) -> DialogueExplanation {
    let alone = FeatureBundle(of: bundle, dialogue: dialogue)
    let batch = batch(alone, dialogues: [0])
    let present = configuration.modalityOrder.filter { alone.features[$0] != nil }
    var logits: [Modality: [Float]] = [:]
    var recordings: [Modality: [RecordedAttention]] = [:]
    for modality in present {
      logits[modality] = meanOverMembers(modality) { branch in
        let trace = Trace(only: RecordedAttention.names(modality, configuration))
        let run = Computation(precision: precision, threads: threads, trace: trace)
        recordings[modality, default: []].append(RecordedAttention(trace, modality))
        return BranchInference.logits(branch, batch, run).values
      }
    }
    let scored = scored(
      alone, name: "", digest: digest,
      logits: BranchLogits(
        classes: configuration.emotions.count, rows: alone.utterances.count, logits: logits, missing: batch.missing))
    let told = turn.map { $0..<$0 + 1 } ?? scored.utterances.indices
    return DialogueExplanation(
      model: configuration.name, modelDigest: self.digest, members: members.count, bundleDigest: digest,
      dialogue: bundle.dialogues[dialogue].id, emotions: configuration.emotions, window: configuration.window,
      lambdas: present.flatMap { lambdas($0, recordings[$0] ?? []) },
      utterances: told.map { row in
        let utterance = scored.utterances[row]
        return UtteranceExplanation(
          utterance, without: without(utterance.branchLogits),
          neighbours: present.filter { utterance.branchLogits[$0] != nil }.flatMap { modality in
            neighbours(modality, recordings[modality] ?? [], batch, row: row, byLayer: turn != nil)
          })
      })
  }

  /// The label that the sum of the other branches gives (Eqns 29, 30), for each branch.
  private func without(_ branches: [Modality: [Float]]) -> [Modality: LabelWithout] {
    guard branches.count > 1 else { return [:] }
    return branches.keys.reduce(into: [:]) { labels, modality in
      let others = branches.filter { $0.key != modality }
      let fused = ScoredUtterance.fused(others, classes: configuration.emotions.count)
      let label = argmax(fused)
      let probabilities = Softmax(fused, temperature: configuration.temperature).probabilities
      labels[modality] = LabelWithout(
        emotion: configuration.emotions[label], confidence: Double(probabilities[label]))
    }
  }

  private func lambdas(_ modality: Modality, _ recordings: [RecordedAttention]) -> [LayerLambda] {
    SpeakerGraph.allCases.flatMap { graph in
      configuration.attentionLayers.map { layer in
        let sum = recordings.reduce(0) { $0 + $1.lambda(graph, layer) }
        return LayerLambda(
          modality: modality, graph: graph, layer: layer, lambda: sum / Double(max(recordings.count, 1)))
      }
    }
  }

  /// The edges of one row in both graphs of one branch.
  private func neighbours(
    _ modality: Modality, _ recordings: [RecordedAttention], _ batch: DialogueBatch, row: Int, byLayer: Bool
  ) -> [NeighbourAttention] {
    SpeakerGraph.allCases.flatMap { graph in
      let edges = batch.edges(of: graph)
      return (0..<edges.width).compactMap { column -> NeighbourAttention? in
        guard let relation = Relation(rawValue: edges.relations[row * edges.width + column])?.ofNeighbour else {
          return nil
        }
        let layers = configuration.attentionLayers.map { layer in
          NeighbourAttention.LayerWeights(
            layer: layer, weights: .mean(recordings.compactMap { $0.weights(graph, layer, row, column) }))
        }
        guard let joining = layers.last?.weights else { return nil }
        return NeighbourAttention(
          modality: modality, graph: graph, turn: row + column - edges.window, relation: relation,
          mean: .mean([.mean(layers.dropLast().map(\.weights)), joining]), layers: byLayer ? layers : nil)
      }
    }
  }
}

extension Relation {
  /// How people call it, before and after being told by the turns; nil where there is no edge.
  fileprivate var ofNeighbour: NeighbourRelation? {
    switch self {
    case .none: nil
    case .itself: .itself
    case .sameSpeakerBefore, .sameSpeakerAfter: .sameSpeaker
    case .otherSpeakerBefore, .otherSpeakerAfter: .otherSpeaker
    }
  }
}

extension FeatureBundle {
  /// One dialogue of a bundle, alone: a dialogue's results do not depend on its neighbours.
  fileprivate init(of bundle: FeatureBundle, dialogue: Int) {
    let rows = bundle.dialogues[dialogue].rows
    self.init(
      dataset: bundle.dataset, extractors: bundle.extractors, emotions: bundle.emotions,
      dialogues: [Dialogue(id: bundle.dialogues[dialogue].id, rows: 0..<rows.count)],
      utterances: Array(bundle.utterances[rows]),
      features: bundle.features.mapValues { table in
        FeatureTable(
          width: table.width,
          values: Array(table.values[rows.lowerBound * table.width..<rows.upperBound * table.width]),
          missing: Array(table.missing[rows]))
      })
  }
}
