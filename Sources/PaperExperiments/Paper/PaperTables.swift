import AMBDSGDN
import Foundation

/// The paper's Tables 1 to 9 as printed, and what the logs in the published code's run scripts say: `tables.json`.
public struct PaperTables: Decodable, Sendable {
  /// A setting's figures on one data set, in per cent.
  public struct Figures: Decodable, Sendable {
    /// Precision averaged over classes by support: what the paper heads "wa-ACC".
    public let weightedPrecision: Double
    /// F1 averaged over classes by support.
    public let weightedF1: Double

    enum CodingKeys: String, CodingKey {
      case weightedPrecision = "weighted_precision"
      case weightedF1 = "weighted_f1"
    }
  }

  /// A model's figures of one class, in per cent.
  public struct ClassFigures: Decodable, Sendable {
    /// Right labels of all labels given so: what the paper heads "ACC".
    public let precision: Double
    /// The balance of precision and recall.
    public let f1: Double
  }

  /// A row of Table 2 or 3.
  public struct ModelRow: Decodable, Sendable {
    /// What the paper calls the model.
    public let model: String
    /// By class.
    public let classes: [String: ClassFigures]
    /// Precision averaged over classes by support.
    public let weightedPrecision: Double
    /// F1 averaged over classes by support.
    public let weightedF1: Double

    enum CodingKeys: String, CodingKey {
      case model
      case classes = "per_class"
      case weightedPrecision = "weighted_precision"
      case weightedF1 = "weighted_f1"
    }
  }

  /// Rows by setting, with what to know of how they are printed.
  struct Ablation: Decodable, Sendable {
    let note: String
    let rows: [String: [String: Figures]]
  }

  /// Weighted F1 over q_base and p_exe.
  struct Grid: Decodable, Sendable {
    let executionProbabilities: [Double]
    let weightedF1: [String: [Double]]

    enum CodingKeys: String, CodingKey {
      case executionProbabilities = "p_exe"
      case weightedF1 = "q_base"
    }
  }

  /// What a module costs: the time without it, and what it adds.
  struct Overhead: Decodable, Sendable {
    let note: String
    let modules: [String: [String: [String: [Double]]]]
  }

  /// Parameters in millions and seconds of training.
  struct RunTime: Decodable, Sendable {
    let columns: [String]
    let rows: [String: [Double]]
  }

  /// One run of the published code.
  struct Log: Decodable, Sendable {
    let weightedF1: Double
    let weights: Int
    let epochSeconds: Double
    let utteranceSeconds: String
    let operations: Double

    enum CodingKeys: String, CodingKey {
      case weights
      case weightedF1 = "weighted_f1"
      case epochSeconds = "epoch_seconds"
      case utteranceSeconds = "utterance_seconds"
      case operations = "operations_1e9"
    }
  }

  /// The logs of both data sets.
  struct Logs: Decodable, Sendable {
    let source: String
    private let iemocap: Log
    private let meld: Log

    enum CodingKeys: String, CodingKey {
      case source
      case iemocap = "IEMOCAP"
      case meld = "MELD"
    }

    func callAsFunction(_ preset: Preset) -> Log { preset == .iemocap ? iemocap : meld }
  }

  /// How the epoch of a published figure was chosen, as far as that is known.
  struct EpochChoice: Decodable, Sendable {
    let paper: String
    let log: String
    let baselines: String
  }

  /// Where the figures stand.
  public let source: String
  let epochChoice: EpochChoice
  /// Tables 2 and 3: every model by data set.
  let comparison: [String: [ModelRow]]
  /// Table 4, by the letters of the modalities: `A+V+T`.
  let modalities: [String: [String: Figures]]
  /// Table 5.
  let graphAblation: Ablation
  /// Table 6.
  let balancingAblation: Ablation
  /// Table 7.
  let balancingGrid: [String: Grid]
  /// Table 8.
  let overhead: Overhead
  /// Table 9.
  let runTime: RunTime
  /// What the text says of figures that print no values.
  let figures: [String: String]
  let logs: Logs

  enum CodingKeys: String, CodingKey {
    case source, comparison, modalities, overhead, figures, logs
    case epochChoice = "epoch_choice"
    case graphAblation = "graph_ablation"
    case balancingAblation = "balancing_ablation"
    case balancingGrid = "balancing_grid"
    case runTime = "run_time"
  }

  /// Reads the tables, which are part of the program.
  ///
  /// - Throws: `DecodingError` where the file that was built in is not what this type says.
  public static func read() throws -> PaperTables {
    try JSONDecoder().decode(PaperTables.self, from: Data(PackageResources.tables_json))
  }

  /// Every model of Table 2 or 3.
  public func models(_ preset: Preset) -> [ModelRow] { comparison[preset.paperName] ?? [] }
}

extension Preset {
  /// What the paper calls the data set.
  var paperName: String { rawValue.uppercased() }
}
