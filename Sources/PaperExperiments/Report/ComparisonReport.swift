import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import ModelTraining
import OperatingSystem
import Presentation

/// A comparison as a page, a file and a picture.
public struct ComparisonReport {
  private let comparison: Comparison
  private let split: DialogueSplit
  private let command: String
  private let isQuick: Bool

  /// - Parameters:
  ///   - command: what makes the same again.
  ///   - isQuick: whether the recipe and the values are those of a quick look.
  public init(_ comparison: Comparison, split: DialogueSplit, command: String, isQuick: Bool) {
    self.comparison = comparison
    self.split = split
    self.command = command
    self.isQuick = isQuick
  }

  /// The page, the file and the picture.
  public var document: ExperimentDocument {
    ExperimentDocument(experiment: plan.experiment, markdown: markdown, json: json, svg: svg)
  }

  private var plan: ExperimentPlan { comparison.plan }
  private var experiment: Experiment { plan.experiment }

  // MARK: The page

  private var markdown: String {
    let parts: [String?] = [
      "# \(experiment.title) (\(experiment.place) of the paper)", experiment.varies, table, reading,
      plan.notes.isEmpty ? nil : plan.notes.map { "- \($0)" }.joined(separator: "\n"), published, making,
    ]
    return parts.compactMap { $0 }.joined(separator: "\n\n") + "\n"
  }

  private var table: String {
    let header = [
      "setting", "weighted F1, %", "95 % interval", "accuracy, %", "95 % interval", "weighted F1 less base",
      "95 % interval",
    ]
    let rows = comparison.rows.map { row in
      [row.cell.isBase ? "\(row.cell.name) (base)" : row.cell.name]
        + Self.cells(row.weightedF1) + Self.cells(row.accuracy)
        + (row.weightedF1Difference.map { Self.cells($0, signed: true) } ?? ["", ""])
    }
    return DataTable(header: header, rows: rows).markdown(isAligned: true).trimmed
  }

  /// `53.39 ± 0.71` and `[52.51, 54.27]`; one seed has neither deviation nor interval.
  private static func cells(_ summary: SeedSummary, signed: Bool = false) -> [String] {
    let mean = ExperimentDocument.percent(summary.mean, signed: signed)
    let deviation = summary.standardDeviation.map { " ± \(ExperimentDocument.percent($0))" } ?? ""
    let interval = summary.interval.map {
      "[\(ExperimentDocument.percent($0.lowerBound, signed: signed)), "
        + "\(ExperimentDocument.percent($0.upperBound, signed: signed))]"
    }
    return [mean + deviation, interval ?? ""]
  }

  private var reading: String {
    let seeds = comparison.seeds.map(String.init).joined(separator: ", ")
    let plural = comparison.seeds.count == 1 ? "seed \(seeds)" : "seeds \(seeds)"
    let spread =
      comparison.seeds.count == 1
      ? "One seed has no interval: differences of a few points mean nothing."
      : "After ± stands the standard deviation over seeds; intervals are of the mean, by Student's t. Differences are taken "
        + "seed by seed."
    return """
      Mean over \(plural), evaluated on \(evaluatedOn). \(spread) Every row has the same dialogues, recipe and seeds but for \
      what its name says.
      """
  }

  private var evaluatedOn: String {
    let size =
      "\(split.evaluated.bundle.dialogues.count) dialogues, \(split.evaluated.bundle.utterances.count) utterances"
    if plan.recipe.selectsOnTest {
      return "the test data (\(size)), which also chose the epoch, as in the paper: optimistic"
    }
    if split.test != nil { return "the test data (\(size)), which chose nothing" }
    return "the validation dialogues (\(size)), which also chose the epoch: there is no test data"
  }

  private var published: String {
    let settings = PublishedFigures.settings(experiment)
    func cells(_ known: [PublishedSetting]) -> [String] {
      Preset.allCases.map { preset in
        known.lazy.compactMap { setting in
          setting.weightedF1[preset].map { "\(ExperimentDocument.fixed($0, 2)) (\(setting.source.rawValue))" }
        }.first ?? PublishedFigures.unknown
      }
    }
    let rows = comparison.rows.map { row in
      [row.cell.name, ExperimentDocument.percent(row.weightedF1.mean)] + cells(published(row.cell))
    }
    let others = settings.filter { setting in !plan.arms.contains { setting.matches($0.recipe) } }
    let table = DataTable(
      header: ["weighted F1, %", "ours, this data", "published, IEMOCAP", "published, MELD"],
      rows: rows + others.map { [$0.name, "not run"] + cells([$0]) })
    let sources =
      settings.isEmpty
      ? "No published figure of this experiment is known here."
      : "Published figures are of other data, features and choice of epoch (on the test set): compare directions, not "
        + "numbers. \"paper\" is the complete model of its Tables 2 and 3; \"log\" is the run of this setting that the "
        + "published scripts record. Where neither has the setting, no figure is given."
    return """
      ## Beside the paper

      \(table.markdown(isAligned: true))
      \(sources)\(PublishedFigures.note(experiment).map { " " + $0 } ?? "")
      """
  }

  private func published(_ cell: Cell) -> [PublishedSetting] {
    guard let recipe = plan.arms.first(where: { $0.name == cell.arm })?.recipe else { return [] }
    return PublishedFigures.settings(experiment).filter { $0.matches(recipe) }
  }

  private var making: String {
    let keys = plan.recipe.descriptions.map { "\($0.key) \($0.value)" }
    let training = split.training.bundle
    return """
      ## How it was made

      `\(command)`

      \(isQuick ? "A quick look: a small network, few epochs, few values. It shows that the experiment works, not what it finds.\n\n" : "")\
      Trained on \(training.dialogues.count) dialogues, \(training.utterances.count) utterances. Recipe: \
      \(keys.joined(separator: ", ")).
      """
  }

  // MARK: The file

  private var json: JSONValue {
    func data(_ part: TrainingData) -> JSONValue {
      .object([
        "dialogues": .integer(part.bundle.dialogues.count), "utterances": .integer(part.bundle.utterances.count),
        "digest": .string(part.digest),
      ])
    }
    var parts: [String: JSONValue] = ["training": data(split.training)]
    parts["validation"] = split.validation.map(data)
    parts["test"] = split.test.map(data)
    return ExperimentDocument.json(
      experiment,
      [
        "quick": .bool(isQuick), "command": .string(command), "data": .object(parts),
        "selected_on": .string(plan.recipe.selectsOnTest ? "test" : "validation"),
        "judged_on": .string(split.test != nil || plan.recipe.selectsOnTest ? "test" : "validation"),
        "seeds": .array(comparison.seeds.map { .integer(Int(truncatingIfNeeded: $0)) }),
        "recipe": .object(plan.recipe.values), "notes": .array(plan.notes.map(JSONValue.string)),
        "cells": .array(comparison.rows.map(cell)),
      ])
  }

  private func cell(_ row: Comparison.Row) -> JSONValue {
    let changed = plan.arms.first { $0.name == row.cell.arm }?.recipe.values ?? [:]
    var object: [String: JSONValue] = [
      "name": .string(row.cell.name), "base": .string(row.cell.base), "shortest_dialogue": .integer(row.cell.shortest),
      "recipe_changes": .object(changed.filter { $0.value != plan.recipe.values[$0.key] }),
      "accuracy": Self.json(row.accuracy), "weighted_f1": Self.json(row.weightedF1),
      "seeds": .array(
        row.seeds.map { seed in
          .object([
            "seed": .integer(Int(truncatingIfNeeded: seed.seed)), "accuracy": .number(seed.accuracy),
            "weighted_f1": .number(seed.weightedF1), "macro_f1": .number(seed.macroF1),
            "best_epoch": .integer(seed.bestEpoch),
          ])
        }),
      "published": .array(
        published(row.cell).flatMap { setting in
          setting.weightedF1.sorted { $0.key.rawValue < $1.key.rawValue }.map { preset, value in
            .object([
              "data_set": .string(preset.rawValue), "weighted_f1": .number(value / 100),
              "source": .string(setting.source.rawValue),
            ])
          }
        }),
    ]
    object["accuracy_less_base"] = row.accuracyDifference.map(Self.json)
    object["weighted_f1_less_base"] = row.weightedF1Difference.map(Self.json)
    return .object(object)
  }

  private static func json(_ summary: SeedSummary) -> JSONValue {
    var object: [String: JSONValue] = ["mean": .number(summary.mean)]
    object["standard_deviation"] = summary.standardDeviation.map(JSONValue.number)
    object["half_width_95"] = summary.halfWidth.map(JSONValue.number)
    return .object(object)
  }

  // MARK: The picture

  private var svg: String {
    IntervalChart(
      title: "\(experiment.title): weighted F1, %",
      rows: comparison.rows.map { row in
        IntervalChart.Row(
          name: row.cell.name, value: 100 * row.weightedF1.mean,
          interval: row.weightedF1.interval.map { 100 * $0.lowerBound...100 * $0.upperBound },
          points: row.seeds.map { 100 * $0.weightedF1 }, isBase: row.cell.isBase)
      }
    ).svg
  }
}

extension String {
  /// Without the line end.
  var trimmed: String { trimmingCharacters(in: .newlines) }
}
