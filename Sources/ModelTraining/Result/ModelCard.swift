import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import Presentation
import TextEncoder

/// `MODEL_CARD.md`: what a model is, how it was made, how well it does and what it must not be used for.
struct ModelCard {
  /// Data that chose nothing, and how the model does on it.
  struct Measured {
    let summary: DataSummary
    let evaluation: Evaluation
  }

  let trained: TrainedModel
  let command: String?
  let test: Measured?
  /// The set that taught the model, where it was distilled.
  let teacher: TrainedModel?
  /// The tuned encoder whose vectors it reads.
  let encoder: TunedEncoder?

  var text: String {
    [title, making, data, results, calibration, doubt, use, law].filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private var configuration: ModelConfiguration { trained.configuration }

  private var title: String {
    let modalities = configuration.modalityOrder.map { modality -> String in
      let entry = configuration.modalities[modality]
      return "\(modality.rawValue) (\(entry?.extractor ?? "unknown extractor"), width \(entry?.width ?? 0))"
    }
    return """
      # \(configuration.name)

      An AMB-DSGDN model for the emotions of utterances in conversations: \(configuration.emotions.names.joined(separator: ", ")).
      Modalities: \(modalities.joined(separator: ", ")). Hidden size \(configuration.hidden), \
      window \(configuration.window), \(configuration.sizeInWords).
      """
  }

  private var making: String {
    let rows = trained.recipe.descriptions.map { "| \($0.key) | \($0.value) |" }
    return """
      ## How it was made

      \(command.map { "Command: `\($0)`\n\n" } ?? "")\(([networks, choice] + tuned + taught + trained.advice).joined(separator: " "))
      The same data, recipe and seed make the same bytes on the same machine, whatever the number of threads.

      | key | value |
      | --- | --- |
      \(rows.joined(separator: "\n"))
      """
  }

  private var networks: String {
    let kept = trained.networks.map { network in
      "\(network.seed) (epoch \(network.record.best?.epoch ?? 0) of \(network.record.epochs.count))"
    }
    return "Seed\(kept.count == 1 ? "" : "s") \(kept.joined(separator: ", "))."
  }

  private var choice: String {
    switch (trained.heldOut?.origin, trained.recipe.kept) {
    case (.test, _):
      "**The epoch was chosen on the test data, as the paper does: the figures below are optimistic.**"
    case (.folds, _):
      "The last epoch was kept. Each dialogue was left out of one of \(trained.recipe.folds) folds' training; figures out "
        + "of fold are those of networks trained on the others."
    case (nil, _): "The last epoch was kept."
    case (.validation, .last): "The last epoch was kept; the held-out dialogues chose nothing."
    case (.validation, .best):
      "The epoch was chosen on held-out dialogues; figures on the same dialogues flatter it a little."
    }
  }

  private var tuned: [String] {
    guard let encoder else { return [] }
    let recipe = trained.recipe.encoder
    let what = recipe.tuning == .layers ? "the layers of" : "adapters of rank \(recipe.rank) on"
    let context =
      recipe.contextTurns > 0 ? ", reading \(recipe.contextTurns) preceding turns before each utterance" : ""
    return ["Beforehand \(what) the text encoder \(encoder.base) were tuned on the same training dialogues\(context)."]
  }

  private var taught: [String] {
    guard let teacher else { return [] }
    let figures = teacher.evaluation.map { ": weighted F1 \(NumberText.percent($0.weightedF1, places: 2)) there" } ?? ""
    return [
      "It was taught by a set of \(teacher.networks.count), whose probabilities made half of each target\(figures)."
    ]
  }

  private var data: String {
    func row(_ name: String, _ summary: DataSummary) -> String {
      "| \(name) | \(summary.dataset ?? "unnamed") | \(summary.dialogues) | \(summary.utterances) | `\(summary.digest)` |"
    }
    let counts = zip(configuration.emotions.names, trained.trainingData.classCounts).map { "\($0) \($1)" }
    let heldOut = trained.heldOut.map { row(Self.part($0.origin), $0.data) } ?? "| held out | none | 0 | 0 | |"
    let tested = test.map { "\n" + row("test", $0.summary) } ?? ""
    return """
      ## Data

      | part | data set | dialogues | utterances | SHA-256 of the content |
      | --- | --- | --- | --- | --- |
      \(row("training", trained.trainingData))
      \(heldOut)\(tested)

      Training labels: \(counts.joined(separator: ", ")).\(constantColumns)
      """
  }

  private var constantColumns: String {
    let parts = configuration.modalityOrder.compactMap { modality -> String? in
      guard let columns = trained.standardisation[modality]?.constantColumns, !columns.isEmpty else { return nil }
      return "\(modality.rawValue) \(columns.map(String.init).joined(separator: ", "))"
    }
    guard !parts.isEmpty else { return "" }
    return "\n\nColumns that hardly varied in training and are left out, from 0: \(parts.joined(separator: "; "))."
  }

  private static func part(_ origin: HeldOut.Origin) -> String {
    switch origin {
    case .validation: "validation"
    case .test: "test, which chose the epoch"
    case .folds: "the training data, out of fold"
    }
  }

  private var results: String {
    var parts: [String] = []
    if let heldOut = trained.heldOut, let evaluation = trained.evaluation {
      parts.append(
        """
        ### On the held-out dialogues (\(Self.part(heldOut.origin)))

        ```
        \(evaluation.table)```

        Confusion, truth in rows:

        ```
        \(evaluation.confusionText)```
        """)
    }
    if let test {
      parts.append("### On the test data, which chose nothing\n\n```\n\(test.evaluation.table)```")
    }
    return parts.isEmpty ? "" : "## Results\n\n" + parts.joined(separator: "\n\n")
  }

  private var calibration: String {
    guard let fit = trained.temperatureFit, let evaluation = trained.evaluation else {
      return "## Calibration\n\nNone: T = 1, since too few labelled utterances were held out."
    }
    let losses = String(format: "negative log-likelihood %.4f before, %.4f after", fit.before, fit.after)
    return """
      ## Calibration

      Probabilities are softmax(logits / T) with T = \(String(format: "%.4f", configuration.temperature)), \
      fitted on the \(fit.rows) labelled utterances that were held out (\(losses)). \
      Expected calibration error there: \(String(format: "%.4f", evaluation.expectedCalibrationError)).
      """
  }

  private var doubt: String {
    guard let rule = configuration.doubt else { return "" }
    let certain =
      rule.leastConfidence.map {
        "A label is called certain from confidence \(NumberText.fixed($0, places: 3)) on, else uncertain: of certain labels at "
          + "most \(NumberText.percent(rule.risk)) are to be wrong."
      } ?? "No confidence keeps a risk of \(NumberText.percent(rule.risk)): no label is called certain or uncertain."
    let sparse = rule.sparseClasses.map { "\(configuration.emotions[$0]) (\(rule.classRows[$0]))" }
    let shared =
      sparse.isEmpty
      ? ""
      : " Too few held-out utterances for a promise of their own: \(sparse.joined(separator: ", "))."
    let kept = [
      ("On the held-out dialogues, which set the limits", trained.evaluation), ("On the test data", test?.evaluation),
    ].compactMap { part, evaluation in evaluation?.doubt?.inWords.map { "\n- \(part): \($0)." } }
    return """
      ## Doubt

      \(certain) A label's set is to hold the truth for \(NumberText.percent(rule.coverage)) of the utterances of each \
      emotion.\(shared)
      \(kept.joined())
      """
  }

  private var use: String {
    """
    ## Intended use and limits

    Research on, and review of, recorded conversations whose speakers know of it and agree. The labels are guesses at how \
    an utterance would be judged by annotators of the training data; they are not what a person feels.
    - Features must come from the extractors named above; other features give labels without meaning.
    - Classes with few training labels are recognised badly: see the table.
    - Language, culture, age and recording conditions other than the training data's were not tested.
    - Do not base a decision about a person on these labels.
    """
  }

  private var law: String {
    """
    ## Law

    In the European Union, Article 5(1)(f) of the AI Act (Regulation (EU) 2024/1689) prohibits AI systems that infer \
    emotions of natural persons in the areas of workplace and education institutions from biometric data, such as voice \
    or face, except for medical or safety reasons. Other uses of emotion recognition are high-risk (Annex III) and must be \
    disclosed to the people concerned (Article 50(3)).
    """
  }
}
