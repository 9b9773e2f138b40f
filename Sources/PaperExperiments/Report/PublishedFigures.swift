import AMBDSGDN
import DialogueDomain
import ModelTraining

/// Figures that were published of one setting of an experiment, in per cent.
public struct PublishedSetting: Sendable {
  /// Where a figure stands.
  public enum Source: String, Sendable {
    /// The paper's tables.
    case paper
    /// The logs in the published run scripts.
    case log
  }

  /// What tables call it.
  public let name: String
  /// Where its figures stand.
  public let source: Source
  /// Of the weighted F1 on each data set.
  public let weightedF1: [Preset: Double]
  /// Whether an arm has this setting.
  let matches: @Sendable (TrainingRecipe) -> Bool
}

/// What is known of the paper's figures.
///
/// The experiments' own tables and figures were not at hand when this was written, so only two sources are used: the
/// complete model's weighted F1 in the paper's Tables 2 and 3 (arXiv 2603.10043), and the logs that stand in the published
/// code's run scripts (repository wys-ljq/AMB-DSGDN, commit e03befa, run_iemocap.sh and run_meld.sh; one seed, the epoch
/// chosen on the test set). A setting that neither covers has no published figure here.
public enum PublishedFigures {
  static let unknown = "not known here"

  private static let complete: [Preset: Double] = [.iemocap: 75.64, .meld: 66.18]
  private static let iemocapLog: [Preset: Double] = [.iemocap: 75.67]
  private static let meldLog: [Preset: Double] = [.meld: 66.06]

  /// The settings of an experiment with a published figure.
  public static func settings(_ experiment: Experiment) -> [PublishedSetting] {
    switch experiment {
    case .modalities:
      [
        PublishedSetting(name: "text + visual + audio", source: .paper, weightedF1: complete) {
          $0.modalities == Modality.allCases
        }
      ]
    case .ablation:
      [
        PublishedSetting(name: ExperimentPlan.complete, source: .paper, weightedF1: complete) {
          $0.graphs == .differential && $0.isBalanced
        }
      ]
    case .windows:
      [
        PublishedSetting(name: "window 6", source: .log, weightedF1: meldLog) { $0.window == 6 },
        PublishedSetting(name: "window 20", source: .log, weightedF1: iemocapLog) { $0.window == 20 },
      ]
    case .heads:
      [
        PublishedSetting(name: "8 heads", source: .log, weightedF1: iemocapLog.merging(meldLog) { $1 }) {
          $0.encoderHeads == 8
        }
      ]
    case .warmUp:
      [
        PublishedSetting(name: "from the start", source: .log, weightedF1: meldLog) { $0.balancingWarmUp == 0 },
        PublishedSetting(name: "in the last epoch only", source: .log, weightedF1: iemocapLog) {
          $0.balancingWarmUp == $0.epochs - 1 && $0.epochs > 1
        },
      ]
    case .balancing:
      [
        PublishedSetting(name: "q_base 0.2, p_exe 0.2", source: .log, weightedF1: meldLog) {
          $0.baseProbability == 0.2 && $0.executionProbability == 0.2
        },
        PublishedSetting(name: "q_base 0.3, p_exe 0.5", source: .log, weightedF1: iemocapLog) {
          $0.baseProbability == 0.3 && $0.executionProbability == 0.5
        },
      ]
    case .longDialogues, .cost, .parameters: []
    }
  }

  /// What the logs say beyond the settings.
  static func note(_ experiment: Experiment) -> String? {
    guard experiment == .warmUp else { return nil }
    return "The published IEMOCAP log balances in its last epoch only: its weighted F1 on the test set was 73.56 after "
      + "epoch 60, without balancing, and 75.67 after epoch 61, with it."
  }

  /// Run time of the published code on a CUDA card, from the same logs: seconds of an epoch (mean over the epochs printed),
  /// of scoring one utterance as printed, and 10⁹ operations as its profiler counts them.
  static let runTime: [Preset: (parameters: Int, epoch: Double, utterance: String, operations: Double)] = [
    .iemocap: (13_133_234, 19.70, "0.0001", 9.561), .meld: (12_481_973, 9.32, "0.0001", 9.108),
  ]
}
