import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import SampleModels
import Testing

@Suite struct ModelExplainingTests {
  private let model = TinyModel.model()

  private var bundle: FeatureBundle {
    TinyModel.bundle([4, 9, 1], model, missing: [.visual: [5], .text: [13], .audio: [13]])
  }

  private func explained(_ dialogue: Int, turn: Int? = nil, by other: Model? = nil) -> DialogueExplanation {
    (other ?? model).explanation(of: bundle, dialogue: dialogue, digest: "bytes", turn: turn)
  }

  @Test func theLabelsAreThoseOfScoringToTheLastBit() throws {
    let scored = try BundleScorer(model).score(bundle).utterances
    var place = 0
    for dialogue in bundle.dialogues.indices {
      let told = explained(dialogue)
      #expect(told.dialogue == "dialogue \(dialogue)" && told.bundleDigest == "bytes" && told.modelDigest == "model")
      for utterance in told.utterances {
        #expect(utterance.turn == scored[place].turn && utterance.speaker == scored[place].speaker)
        #expect(utterance.branchLogits == scored[place].branchLogits && utterance.shares == scored[place].shares)
        #expect(utterance.emotion == scored[place].emotion && utterance.margin == scored[place].margin)
        #expect(utterance.probabilities == scored[place].probabilities)
        place += 1
      }
    }
    #expect(place == scored.count)
  }

  @Test func aSetTellsTheMeanOfItsNetworks() throws {
    let networks = (5...7).map { TinyModel.model(seed: $0) }
    let set = Model(
      model.configuration, members: networks.map(\.network.parameters), standardisation: model.standardisation)
    let (all, each) = (explained(1, turn: 3, by: set), networks.map { explained(1, turn: 3, by: $0) })
    #expect(all.members == 3)
    for place in all.utterances[0].neighbours.indices {
      let mean = AttentionWeights.mean(each.map { $0.utterances[0].neighbours[place].mean })
      #expect(abs(all.utterances[0].neighbours[place].mean.left - mean.left) < 1e-6)
      #expect(abs(all.utterances[0].neighbours[place].mean.cancelled - mean.cancelled) < 1e-6)
    }
    for place in all.lambdas.indices {
      #expect(abs(all.lambdas[place].lambda - each.reduce(0) { $0 + $1.lambdas[place].lambda } / 3) < 1e-9)
    }
  }

  @Test func leavingOutAModalityIsTheSoftmaxOfTheOthersSum() throws {
    let utterance = explained(1).utterances[4]
    #expect(Set(utterance.without.keys) == Set(Modality.allCases))
    let audio = try #require(utterance.branchLogits[.audio])
    let visual = try #require(utterance.branchLogits[.visual])
    let fused = zip(visual, audio).map(+)
    let label = try #require(utterance.without[.text])
    #expect(label.emotion == model.configuration.emotions[argmax(fused)])
    #expect(label.confidence == Double(Softmax(fused, temperature: 1.5).probabilities[argmax(fused)]))
  }

  @Test func whatAnUtteranceLacksIsNotTold() throws {
    let lacksPicture = explained(1).utterances[1]
    #expect(Set(lacksPicture.without.keys) == [.text, .audio])
    #expect(Set(lacksPicture.neighbours.map(\.modality)) == [.text, .audio])
    let alone = explained(2).utterances[0]
    #expect(alone.branchLogits.keys.map(\.self) == [.visual] && alone.without.isEmpty)
    // A dialogue of one utterance: it listens to itself, wholly.
    #expect(alone.neighbours.allSatisfy { $0.relation == .itself && abs($0.mean.attended - 1) < 1e-6 })
    #expect(alone.neighbours.count == 2)
  }

  @Test func neighboursAreThoseWithinReachWhoSpeakOrAnother() throws {
    let dialogue = explained(1, turn: 4)
    let utterance = dialogue.utterances[0]
    // To the network speakers beyond its number are one.
    let slots = model.configuration.speakerSlots(of: explained(1).utterances.map(\.speaker))
    #expect(dialogue.utterances.count == 1 && utterance.turn == 4 && dialogue.window == 3)
    for graph in SpeakerGraph.allCases {
      let turns = utterance.neighbours.filter { $0.modality == .text && $0.graph == graph }
      #expect(turns.map(\.turn) == turns.map(\.turn).sorted())
      for neighbour in turns {
        #expect(abs(neighbour.turn - 4) <= 3)
        switch neighbour.relation {
        case .itself: #expect(neighbour.turn == 4)
        case .sameSpeaker: #expect(graph == .ownSpeaker && slots[neighbour.turn] == slots[4])
        case .otherSpeaker: #expect(graph == .otherSpeakers && slots[neighbour.turn] != slots[4])
        }
      }
      let layers = try #require(turns.first?.layers)
      #expect(layers.map(\.layer) == [.head(0), .head(1), .joining])
    }
    // Both graphs together reach everybody, and the utterance itself twice.
    #expect(utterance.neighbours.count { $0.modality == .audio } == 8)
    #expect(explained(1).utterances[4].neighbours.allSatisfy { $0.layers == nil })
  }

  @Test func aModelWithoutGraphsListensToNobody() throws {
    var configuration = model.configuration
    configuration.graphs = .none
    let without = Model(configuration, members: [ParameterSet(configuration, seed: 2)])
    let told = explained(0, by: without)
    #expect(told.lambdas.isEmpty && told.utterances.allSatisfy { $0.neighbours.isEmpty && !$0.shares.isEmpty })
  }

  @Test func aReplyIsReadAsItWasWritten() throws {
    let told = explained(1, turn: 2)
    let json = try ExplanationReply(told).json()
    #expect(json.last == UInt8(ascii: "\n") && json.count { $0 == UInt8(ascii: "\n") } == 1)
    #expect(try ExplanationReply(json: json).explanation == told)
    let error = Explanation(.missingInput, "the bundle is gone", at: "done/friday.h5")
    let failed = try ExplanationReply(json: ExplanationReply(error).json())
    #expect(failed.error == error && failed.explanation == nil)
  }
}
