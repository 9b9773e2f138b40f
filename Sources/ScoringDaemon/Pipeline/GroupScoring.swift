import AMBDSGDN
import BundleScoring
import DialogueBundles
import DialogueDomain
import ResultIndex

/// A bundle that has been read, as far as its first part, and what it is called.
struct NamedReading {
  let name: String
  let content: OpenedBundle
}

/// Scores bundles that have been read, as one group: into what labels and index may tell of them.
struct GroupScoring {
  let scorer: BundleScorer
  /// Whether words go into the index.
  let keepsText: Bool
  /// Which class a true emotion's name means.
  let matching: EmotionMatching
  /// Called with each part of a bundle.
  var progress: () -> Void = {}

  /// What one bundle has come to.
  struct Outcome {
    let scored: ScoredBundle
    /// Its share of the seconds.
    let seconds: Double
    /// What a person should know.
    let notes: [String]
  }

  /// - Returns: of each its labels, or what keeps it from having any.
  func score(_ group: [NamedReading]) -> [Result<Outcome, any Error>] {
    let start = ContinuousClock.now
    var fitness = group.map { bundle in
      let outline = bundle.content.outline
      return ScoringFitness(scorer.models.model(for: outline), outline, matching: matching)
    }
    let bundles = group.map { bundle in
      let named = NamedBundle(bundle.content, name: bundle.name)
      return keepsText ? named : named.withoutWords
    }
    let results: [Result<ScoredBundle, any Error>]
    do {
      results = try scorer.score(bundles) {
        progress()
        fitness[$0].add($1)
      }
    } catch {
      results = group.map { _ in .failure(error) }
    }
    let rows = group.reduce(0) { $0 + $1.content.outline.utterances.count }
    let seconds = (ContinuousClock.now - start).inSeconds / Double(max(rows, 1))
    return zip(group.indices, results).map { number, result in
      Result {
        let scored = try result.get()
        // Nobody must find labels of what cannot be recorded.
        try IndexWriter.check(scored)
        return Outcome(
          scored: scored, seconds: seconds * Double(scored.utterances.count),
          notes: group[number].content.notes + fitness[number].notes)
      }
    }
  }
}
