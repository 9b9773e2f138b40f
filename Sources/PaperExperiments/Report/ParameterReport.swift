import AMBDSGDN
import Benchmarking
import DialogueDomain
import Foundation
import ModelTraining
import OperatingSystem
import Presentation
import Tensors

/// Parameters and run time (Table 9): this recipe on this data, without its graphs, and the published sizes on dialogues of
/// the shape of their data.
public struct ParameterReport {
  /// One network and what it took.
  struct Row {
    let name: String
    let configuration: ModelConfiguration
    let preset: Preset?
    let time: RunTimeBenchmark.Result
  }

  private let rows: [Row]
  private let threads: Int
  private let command: String
  private let isQuick: Bool
  private let published: PublishedFigures

  /// - Parameter observe: told what is measured next.
  /// - Returns: nil where it was asked to stop.
  /// - Throws: `TrainingError` where data and recipe do not fit.
  public static func measuring(
    _ split: DialogueSplit, recipe: TrainingRecipe, threads: Int, command: String, isQuick: Bool,
    published: PublishedFigures, isStopped: () -> Bool, observe: (String) -> Void
  ) throws -> ParameterReport? {
    var rows: [Row] = []
    for (graphs, name) in [
      (GraphKind.differential, "this recipe"), (.plain, "without DiffRGCN"), (.none, "without graphs"),
    ] {
      if isStopped() { return nil }
      observe(name)
      var changed = recipe
      changed.graphs = graphs
      let trainer = try Trainer(
        name: name, training: split.training, validation: split.validation, recipe: changed, seed: 1, threads: threads)
      let bundle = split.training.keeping(trainer.configuration.modalityOrder).bundle
      rows.append(
        try row(name, trainer.configuration, changed, bundle, threads: threads, isQuick: isQuick))
    }
    for preset in Preset.allCases {
      if isStopped() { return nil }
      observe("published, \(preset.rawValue)")
      let lengths = preset == .iemocap ? SyntheticDialogues.iemocapTraining : SyntheticDialogues.meldTraining
      rows.append(
        try row(
          "published, \(preset.rawValue)", preset.configuration, TrainingRecipe(preset),
          SyntheticDialogues.bundle(lengths, for: preset.configuration), preset: preset, threads: threads,
          isQuick: isQuick))
    }
    return ParameterReport(rows: rows, threads: threads, command: command, isQuick: isQuick, published: published)
  }

  private static func row(
    _ name: String, _ configuration: ModelConfiguration, _ recipe: TrainingRecipe, _ bundle: FeatureBundle,
    preset: Preset? = nil, threads: Int, isQuick: Bool
  ) throws -> Row {
    // A quick look counts the first epoch of a published size, too: another would double its time.
    let time = try RunTimeBenchmark(configuration, recipe: recipe, bundle: bundle, threads: threads).run(
      rounds: isQuick ? 1 : 3, isWarmedUp: !isQuick || preset == nil)
    return Row(name: name, configuration: configuration, preset: preset, time: time)
  }

  /// The page, the file and the picture.
  public var document: ExperimentDocument {
    ExperimentDocument(experiment: .parameters, markdown: markdown, json: json, svg: svg)
  }

  private var markdown: String {
    let table = DataTable(
      header: ["network", "weights", "utterances", "epoch, s", "scoring, ms an utterance"],
      rows: rows.map { row in
        [
          row.name, NumberText.count(row.configuration.parameterCount),
          NumberText.count(row.time.utterances),
          ExperimentDocument.fixed(median(row.time.epochs), 3),
          ExperimentDocument.fixed(1000 * median(row.time.scorings) / Double(row.time.utterances), 4),
        ]
      })
    let logs = DataTable(
      header: ["published log, CUDA card", "weights", "epoch, s", "scoring, s an utterance", "10⁹ operations"],
      rows: Preset.allCases.map { preset in
        let log = published.tables.logs(preset)
        return [
          preset.rawValue, NumberText.count(log.weights), ExperimentDocument.fixed(log.epochSeconds, 2),
          log.utteranceSeconds, ExperimentDocument.fixed(log.operations, 3),
        ]
      })
    let runTime = published.tables.runTime
    let printed = DataTable(
      header: ["Table 9"] + runTime.columns.map { $0.replacingOccurrences(of: "_", with: " ") },
      rows: runTime.rows.sorted { $0.key < $1.key }.map { [$0.key] + $0.value.map { "\($0)" } })
    return """
      # \(Experiment.parameters.title) (\(Experiment.parameters.place) of the paper)

      \(isQuick ? "One epoch" : "Median of \(rows.first?.time.epochs.count ?? 0) epochs") of optimiser steps, without \
      validation, and of scoring the same utterances, on \(threads) thread\(threads == 1 ? "" : "s") of this machine (\(Processor.cores) cores, loops \
      \(Processor.loops), \(Processor.blas)). The published sizes run on random features in dialogues of the number and \
      length of their training sets. Times on a busy machine say little.

      \(table.markdown(isAligned: true))
      ## Beside the published code

      \(printed.markdown(isAligned: true))
      \(logs.markdown(isAligned: true))
      Seconds of the logs are those that the published run scripts record, the epoch's as the mean over the epochs.

      `\(command)`

      """
  }

  private var json: JSONValue {
    ExperimentDocument.json(
      .parameters,
      [
        "quick": .bool(isQuick), "command": .string(command), "threads": .integer(threads),
        "networks": .array(
          rows.map { row in
            var object: [String: JSONValue] = [
              "name": .string(row.name), "weights": .integer(row.configuration.parameterCount),
              "utterances": .integer(row.time.utterances),
              "epoch_seconds": .array(row.time.epochs.map(JSONValue.number)),
              "scoring_seconds": .array(row.time.scorings.map(JSONValue.number)),
            ]
            if let log = row.preset.map({ published.tables.logs($0) }) {
              object["published"] = .object([
                "weights": .integer(log.weights), "epoch_seconds": .number(log.epochSeconds),
                "source": .string("published log, CUDA card"),
              ])
            }
            return .object(object)
          }),
      ])
  }

  private var svg: String {
    IntervalChart(
      title: "Seconds an epoch of 1,000 utterances takes",
      rows: rows.map { row in
        let values = row.time.epochs.map { 1000 * $0 / Double(row.time.utterances) }
        return IntervalChart.Row(name: row.name, value: median(values), interval: nil, points: values)
      }, valueName: "median", pointName: "an epoch"
    ).svg
  }
}
