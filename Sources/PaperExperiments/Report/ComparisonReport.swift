import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import ModelTraining
import OperatingSystem
import Presentation

/// A comparison as a page, a file and a picture.
public struct ComparisonReport {
  let comparison: Comparison
  let split: DialogueSplit
  private let command: String
  private let isQuick: Bool
  let published: PublishedFigures

  /// - Parameters:
  ///   - command: what makes the same again.
  ///   - isQuick: whether the recipe and the values are those of a quick look.
  ///   - published: what stands in the paper.
  public init(
    _ comparison: Comparison, split: DialogueSplit, command: String, isQuick: Bool, published: PublishedFigures
  ) {
    self.published = published
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
  var experiment: Experiment { plan.experiment }

  // MARK: The page

  private var markdown: String {
    let parts: [String?] = [
      "# \(experiment.title) (\(experiment.place) of the paper)", experiment.varies, table, reading,
      plan.notes.isEmpty ? nil : plan.notes.map { "- \($0)" }.joined(separator: "\n"), classes, confusions,
      besideThePaper,
      making,
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

  private var besideThePaper: String {
    let settings = published.settings(experiment)
    func cells(_ known: [PublishedSetting]) -> [String] {
      Preset.allCases.flatMap { preset in
        [\PublishedSetting.weightedF1, \.weightedPrecision].map { figure in
          known.lazy.compactMap { setting in
            setting[keyPath: figure][preset].map { "\(ExperimentDocument.fixed($0, 2)) (\(setting.source.rawValue))" }
          }.first ?? "–"
        }
      }
    }
    let rows = comparison.rows.map { row in
      [
        row.cell.name, ExperimentDocument.percent(row.weightedF1.mean),
        ExperimentDocument.percent(row.weightedPrecision.mean),
      ] + cells(published(row.cell))
    }
    let others = settings.filter { setting in !plan.arms.contains { setting.matches($0.recipe) } }
    let table = DataTable(
      header: [
        "per cent", "ours: weighted F1", "weighted precision", "IEMOCAP: weighted F1", "weighted precision",
        "MELD: weighted F1", "weighted precision",
      ],
      rows: rows + others.map { [$0.name, "not run", ""] + cells([$0]) })
    let parts: [String?] = [
      "## Beside the paper",
      settings.isEmpty ? nil : table.markdown(isAligned: true).trimmed,
      settings.isEmpty ? nil : sources(settings), published.note(experiment), schedule,
    ]
    return (parts.compactMap { $0 } + Preset.allCases.compactMap(models)).joined(separator: "\n\n")
  }

  private func sources(_ settings: [PublishedSetting]) -> String {
    let choices = Set(settings.map { "\"\($0.source.rawValue)\": epoch \($0.epochChoice)" }).sorted()
    return
      "Published figures are of other data, features and choice of epoch (\(choices.joined(separator: "; "))): compare "
      + "directions, not numbers. \"paper\" stands in its tables, where precision is headed ACC; \"log\" is the run of this "
      + "setting that the published scripts record, one seed. A dash: not published."
  }

  /// What the recipe's own balancing means for the epochs that are chosen; nil where it starts at once.
  private var schedule: String? {
    let recipe = plan.recipe
    guard experiment != .warmUp, recipe.isBalanced, recipe.balancingWarmUp > 0 else { return nil }
    return
      "This recipe starts balancing after epoch \(recipe.balancingWarmUp) of \(recipe.epochs), as the published one of "
      + "IEMOCAP does in its last: an epoch that is chosen before was trained without it."
  }

  private func published(_ cell: Cell) -> [PublishedSetting] {
    guard let recipe = plan.arms.first(where: { $0.name == cell.arm })?.recipe else { return [] }
    return published.settings(experiment).filter { $0.matches(recipe) }
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
      "name": .string(row.cell.name), "base": .string(row.cell.base),
      "shortest_dialogue": .integer(row.cell.condition.shortest),
      "noise": .number(row.cell.condition.noise),
      "fusion_weights": row.cell.condition.weights.map { .object($0.mapValues(JSONValue.number)) } ?? .null,
      "recipe_changes": .object(changed.filter { $0.value != plan.recipe.values[$0.key] }),
      "accuracy": Self.json(row.accuracy), "weighted_f1": Self.json(row.weightedF1),
      "weighted_precision": Self.json(row.weightedPrecision),
      "seeds": .array(
        row.seeds.map { seed in
          .object([
            "seed": .integer(Int(truncatingIfNeeded: seed.seed)), "accuracy": .number(seed.accuracy),
            "weighted_f1": .number(seed.weightedF1), "macro_f1": .number(seed.macroF1),
            "best_epoch": .integer(seed.bestEpoch), "confusion": Self.json(seed.confusion),
          ])
        }),
      "published": .array(
        published(row.cell).flatMap { setting in
          setting.weightedF1.sorted { $0.key.rawValue < $1.key.rawValue }.map { preset, value in
            .object([
              "data_set": .string(preset.rawValue), "weighted_f1": .number(value / 100),
              "weighted_precision": setting.weightedPrecision[preset].map { .number($0 / 100) } ?? .null,
              "source": .string(setting.source.rawValue), "epoch_choice": .string(setting.epochChoice),
            ])
          }
        }),
    ]
    object["accuracy_less_base"] = row.accuracyDifference.map(Self.json)
    object["weighted_f1_less_base"] = row.weightedF1Difference.map(Self.json)
    return .object(object)
  }

  private static func json(_ counts: ConfusionCounts) -> JSONValue {
    .array(
      (0..<counts.classes).map { row in .array((0..<counts.classes).map { .integer(counts[truth: row, predicted: $0]) })
      })
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
      }, valueName: "mean over seeds", pointName: "a seed"
    ).svg
  }
}

extension String {
  /// Without the line end.
  var trimmed: String { trimmingCharacters(in: .newlines) }
}
