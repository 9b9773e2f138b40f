import AMBDSGDN
import DialogueDomain
import SampleModels
import Testing

@testable import BundleScoring

/// What a person is told before believing labels.
struct ScoringFitnessTests {
  private let model = TinyModel.model()

  private func notes(_ change: (inout FeatureBundle) -> Void) -> [String] {
    var bundle = TinyModel.bundle([6, 4], model)
    bundle.extractors = model.configuration.modalities.compactMapValues(\.extractor)
    bundle.emotions = nil
    for row in bundle.utterances.indices {
      bundle.utterances[row].label = nil
      bundle.utterances[row].speaker = ["Ann", "Ben"][row % 2]
    }
    change(&bundle)
    return ScoringFitness(model, bundle).notes
  }

  @Test func nothingIsSaidOfABundleLikeTheTrainingData() {
    #expect(notes { _ in } == [])
  }

  @Test func whatIsMissingIsSaid() {
    let audio = notes { $0.features[.audio] = nil }
    #expect(audio == ["There are no audio features: that branch of the model does not run."])
    let rows = notes { bundle in
      for modality in bundle.features.keys { bundle.features[modality]?.missing[2] = true }
    }
    #expect(rows == ["1 of 10 utterances lack every modality of the model: nothing can be said of them."])
  }

  @Test func trueEmotionsThatTheModelDoesNotKnowAreNamed() {
    let unknown = notes { bundle in
      bundle.emotions = EmotionSet([model.configuration.emotions[0].uppercased(), "awe", "unused"])
      bundle.utterances[0].label = 0
      bundle.utterances[1].label = 1
    }
    #expect(unknown == ["The model does not know the true emotions awe: no figure counts them."])
  }

  @Test func speakersBeyondTheLastPlaceAreCounted() {
    let crowd = notes { bundle in
      for row in 0..<6 { bundle.utterances[row].speaker = "speaker \(row)" }
    }
    #expect(crowd.count == 1 && crowd[0].hasPrefix("In one dialogue more people speak than the model tells apart"))
    #expect(crowd[0].contains("up to \(6 - model.configuration.speakers + 1) of them"))
  }

  @Test func columnsUnlikeTheTrainingDataAreNamed() {
    let strange = notes { bundle in
      guard let width = bundle.features[.text]?.width else { return }
      for row in 0..<10 {
        bundle.features[.text]?.values[row * width] = 1e6
        bundle.features[.text]?.values[row * width + 1] = 0
      }
    }
    #expect(strange.contains("The text column 0 is unlike the training data: the labels mean little."))
    #expect(strange.contains("The text column 1 is nothing but zeros, unlike in training."))
  }
}
