import DSGDN
import Dialogue
import Training

/// A figure that was published of one setting, in per cent, and where it stands.
public struct PublishedFigure: Sendable, Hashable {
  public let preset: Preset
  public let weightedF1: Double
  /// Where the source gives it.
  public let accuracy: Double?
  public let source: String
}

/// What is known of the paper's figures.
///
/// The experiments' own tables and figures were not at hand when this was written, so only two sources are used: the last row
/// of the paper's Tables 2 and 3 (arXiv 2603.10043; its weighted F1 of the complete model), and the logs that stand in the
/// published code's run scripts (repository wys-ljq/AMB-DSGDN, commit e03befa, run_iemocap.sh and run_meld.sh; one seed, the
/// epoch chosen on the test set). A cell that neither covers has no published figure here.
public enum PublishedFigures {
  static let unknown = "not known here"

  /// The complete model of the paper.
  static let paper = [
    PublishedFigure(preset: .iemocap, weightedF1: 75.64, accuracy: nil, source: "paper"),
    PublishedFigure(preset: .meld, weightedF1: 66.18, accuracy: nil, source: "paper"),
  ]

  /// The runs of the published scripts.
  static let logs = [
    PublishedFigure(preset: .iemocap, weightedF1: 75.67, accuracy: 75.48, source: "log"),
    PublishedFigure(preset: .meld, weightedF1: 66.06, accuracy: 67.51, source: "log"),
  ]

  /// The figures of a cell: those of the complete model, or of the published run whose setting the cell's arm has.
  static func of(_ cell: Cell, in plan: ExperimentPlan) -> [PublishedFigure] {
    guard let arm = plan.arms.first(where: { $0.name == cell.arm }) else { return [] }
    func sameSetting(_ setting: (TrainingRecipe) -> [Double]) -> [PublishedFigure] {
      logs.filter { setting(TrainingRecipe($0.preset)) == setting(arm.recipe) }
    }
    switch plan.experiment {
    case .modalities: return arm.recipe.modalities == Modality.allCases ? paper : []
    case .ablation: return cell.isBase ? paper : []
    case .windows: return sameSetting { [Double($0.window)] }
    case .heads: return sameSetting { [Double($0.encoderHeads)] }
    case .warmUp: return sameSetting { [Double($0.balancingWarmUp), Double($0.epochs)] }
    case .balancing: return sameSetting { [$0.baseProbability, $0.executionProbability] }
    case .longDialogues, .cost, .parameters: return []
    }
  }

  /// What the logs say beyond the cells.
  static func note(_ experiment: Experiment) -> String? {
    guard experiment == .warmUp else { return nil }
    return "The published IEMOCAP log balances in its last epoch only: its weighted F1 on the test set was 73.56 after "
      + "epoch 60, without balancing, and 75.67 after epoch 61, with it."
  }

  /// Run time of the published code on a CUDA card, from its logs: seconds of an epoch (mean of the epochs printed), of
  /// scoring one utterance as printed, and 10⁹ multiply-adds as its profiler counts them.
  static let runTime: [Preset: (parameters: Int, epoch: Double, utterance: String, operations: Double)] = [
    .iemocap: (13_133_234, 19.70, "0.0001", 9.561), .meld: (12_481_973, 9.32, "0.0001", 9.108),
  ]
}
