import AMBDSGDN
import Benchmarking
import DialogueDomain
import Foundation
import ModelTraining
import OperatingSystem
import Presentation
import Tensors

/// The cost of each module (Table 8): weights, and measured seconds forward and in a training step.
public struct CostReport {
  private let rows: [ModuleBenchmark.Row]
  private let configuration: ModelConfiguration
  private let bundle: FeatureBundle
  private let command: String
  private let isQuick: Bool
  private let published: PublishedFigures

  /// Measures the recipe's network, with random weights, on the training dialogues.
  ///
  /// - Returns: nil where it was asked to stop.
  /// - Throws: `TrainingError` where data and recipe do not fit.
  public static func measuring(
    _ split: DialogueSplit, recipe: TrainingRecipe, command: String, isQuick: Bool, published: PublishedFigures,
    isStopped: () -> Bool, observe: (_ done: Int, _ total: Int) -> Void
  ) throws -> CostReport? {
    let trainer = try Trainer(
      name: "cost", training: split.training, validation: split.validation, recipe: recipe, seed: 1)
    let network = Network(trainer.configuration, ParameterSet(trainer.configuration, seed: 1).frozen())
    let benchmark = ModuleBenchmark(
      Model(network: network), bundle: split.training.bundle, rates: recipe.rates, repetitions: isQuick ? 3 : 10)
    guard let rows = benchmark.run(isStopped: isStopped, observe: observe) else { return nil }
    return CostReport(
      rows: rows, configuration: trainer.configuration, bundle: split.training.bundle, command: command,
      isQuick: isQuick, published: published)
  }

  /// The page, the file and the picture.
  public var document: ExperimentDocument {
    ExperimentDocument(experiment: .cost, markdown: markdown, json: json, svg: svg)
  }

  /// The rows of each module, over the modalities that have it.
  private var modules: [(module: BranchModule, rows: [ModuleBenchmark.Row])] {
    BranchModule.allCases.map { module in (module, rows.filter { $0.module == module }) }.filter { !$0.rows.isEmpty }
  }

  private static func total(_ rows: [ModuleBenchmark.Row], _ seconds: (ModuleBenchmark.Row) -> [Double]) -> Double {
    rows.reduce(0) { $0 + median(seconds($1)) }
  }

  private var markdown: String {
    let forward = Self.total(rows, \.forward)
    let training = Self.total(rows, \.training)
    func line(_ name: String, _ rows: [ModuleBenchmark.Row]) -> [String] {
      let (ahead, back) = (Self.total(rows, \.forward), Self.total(rows, \.training))
      return [
        name, NumberText.count(rows.reduce(0) { $0 + $1.parameters }),
        ExperimentDocument.fixed(1000 * ahead, 2),
        ExperimentDocument.fixed(100 * ahead / forward, 1), ExperimentDocument.fixed(1000 * back, 2),
        ExperimentDocument.fixed(100 * back / training, 1),
      ]
    }
    let lines = modules.flatMap { module, rows in
      [line(rows.count == 1 ? "\(module.rawValue) of \(rows[0].modality.rawValue)" : module.rawValue, rows)]
        + (rows.count > 1 ? rows.map { line("  of \($0.modality.rawValue)", [$0]) } : [])
    }
    let table = DataTable(
      header: ["module", "weights", "forward, ms", "share, %", "forward and back, ms", "share, %"],
      rows: lines + [line("all modules", rows)])
    let widths = configuration.modalities.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \($0.value.width)" }
    return """
      # \(Experiment.cost.title) (\(Experiment.cost.place) of the paper)

      Medians of \(rows.first?.forward.count ?? 0) repetitions over \(bundle.dialogues.count) dialogues, \
      \(bundle.utterances.count) utterances, on one thread: forward as scoring does it, and forward and back as training \
      does it. Joining, loss and optimiser are in no module.

      \(table.markdown(isAligned: true))
      Hidden size \(configuration.hidden), window \(configuration.window); \(widths.joined(separator: ", ")). The machine: \
      \(Processor.cores) cores, loops \(Processor.loops), \(Processor.blas). Times on a busy machine say little.

      ## Beside the paper

      \(printed.markdown(isAligned: true))
      The paper's times are of its own modules on a CUDA card. \(published.tables.overhead.note)

      `\(command)`

      """
  }

  /// Table 8.
  private var printed: DataTable {
    let columns = [
      ("inference_ms", "inference, ms"), ("samples_per_s", "samples/s"), ("batch_ms", "batch, ms"),
      ("tflops_per_s", "TFLOP/s"),
    ]
    let rows = published.tables.overhead.modules.sorted { $0.key < $1.key }.flatMap { module, sets in
      sets.sorted { $0.key < $1.key }.map { set, figures in
        [module, set]
          + columns.map { key, _ in
            guard let pair = figures[key], pair.count == 2 else { return "–" }
            return "\(pair[0]) \(pair[1] < 0 ? "-" : "+") \(abs(pair[1]))"
          }
      }
    }
    return DataTable(header: ["adding", "data set"] + columns.map(\.1), rows: rows)
  }

  private var json: JSONValue {
    func seconds(_ values: [Double]) -> JSONValue { .array(values.map(JSONValue.number)) }
    return ExperimentDocument.json(
      .cost,
      [
        "quick": .bool(isQuick), "command": .string(command), "threads": .integer(1),
        "dialogues": .integer(bundle.dialogues.count), "utterances": .integer(bundle.utterances.count),
        "hidden": .integer(configuration.hidden),
        "modules": .array(
          rows.map { row in
            .object([
              "module": .string(row.module.rawValue), "modality": .string(row.modality.rawValue),
              "weights": .integer(row.parameters), "forward_seconds": seconds(row.forward),
              "training_seconds": seconds(row.training),
            ])
          }),
      ])
  }

  private var svg: String {
    func sums(_ rows: [ModuleBenchmark.Row]) -> [Double] {
      (rows.first?.training.indices ?? 0..<0).map { repetition in
        1000 * rows.reduce(0) { $0 + $1.training[repetition] }
      }
    }
    return IntervalChart(
      title: "Forward and back, ms: median and repetitions",
      rows: modules.map { module, rows in
        let values = sums(rows)
        return IntervalChart.Row(name: module.rawValue, value: median(values), interval: nil, points: values)
      }, valueName: "median", pointName: "a repetition"
    ).svg
  }
}
