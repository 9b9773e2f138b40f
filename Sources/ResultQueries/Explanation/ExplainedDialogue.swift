import AmbqConfiguration
import DialogueDomain
import ResultIndex

/// A dialogue as the index holds it and, where it was run again, as the model explains it.
struct ExplainedDialogue {
  /// All turns, with their logits.
  let turns: [IndexedUtterance]
  /// What the model said when it was run again.
  let explanation: DialogueExplanation

  /// The stored bundle, run again with the model that made the labels.
  ///
  /// - Parameter turn: the only one to explain, layer by layer; nil for all.
  /// - Throws: `QueryError` where there is no spool, the bundle or the model is gone, or `ambd` says so; `IndexError`.
  init(
    _ turns: [IndexedUtterance], of bundle: IndexedBundle, turn: Int?, from reader: IndexReader,
    at location: ResultLocation, by program: ExplainingProgram
  ) throws {
    guard let layout = location.spool else {
      throw QueryError(
        usage: "a label is explained from its bundle, and an index alone does not say where that lies",
        remedy: "Name the spool with --spool as well.")
    }
    self.turns = turns
    explanation = try program.explain(
      StoredBundle(layout: layout, reader: reader).file(of: bundle), dialogue: turns.first?.dialogue ?? "", turn: turn,
      bundleDigest: bundle.digest, modelDigest: bundle.modelDigest)
  }

  init(turns: [IndexedUtterance], explanation: DialogueExplanation) {
    (self.turns, self.explanation) = (turns, explanation)
  }

  /// What was told of a turn; nil where nothing was.
  func explanation(of turn: Int) -> UtteranceExplanation? { explanation.utterances.first { $0.turn == turn } }

  /// The words of a turn, where they are kept.
  func words(of turn: Int) -> String? { turns.first { $0.turn == turn }?.text }

  /// Whether index and rerun agree, over all that was explained.
  var agreement: RerunAgreement {
    let pairs = explanation.utterances.compactMap { told in
      turns.first { $0.turn == told.turn }.map { RerunAgreement($0, told) }
    }
    return pairs.max { ($0.isSameLabel ? 0 : 1, $0.difference) < ($1.isSameLabel ? 0 : 1, $1.difference) }
      ?? RerunAgreement(isSameLabel: false, difference: .infinity)
  }
}

/// How far what the index holds of a label is from what the model gives when it is run again.
struct RerunAgreement: Equatable {
  /// Whether both have the same label.
  let isSameLabel: Bool
  /// The greatest difference between two logits, in units of the greater one's size or 1; infinite where a branch is missing.
  let difference: Double

  /// Processors whose instructions differ may round differently; beyond this it is not rounding.
  private static let tolerance = 1e-4

  init(isSameLabel: Bool, difference: Double) {
    (self.isSameLabel, self.difference) = (isSameLabel, difference)
  }

  init(_ indexed: IndexedUtterance, _ told: UtteranceExplanation) {
    isSameLabel = indexed.emotion == told.emotion
    guard Set(indexed.branchLogits.keys) == Set(told.branchLogits.keys) else {
      difference = .infinity
      return
    }
    difference = indexed.branchLogits.reduce(0) { greatest, branch in
      let other = told.branchLogits[branch.key] ?? []
      guard other.count == branch.value.count else { return .infinity }
      return zip(branch.value, other).reduce(greatest) {
        max($0, Double(abs($1.0 - $1.1)) / max(1, Double(max(abs($1.0), abs($1.1)))))
      }
    }
  }

  /// Whether both say the same.
  var holds: Bool { isSameLabel && difference <= Self.tolerance }
}
